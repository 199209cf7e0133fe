import ArgumentParser
import FeatureStore
import Portrayal
import Reprojection
import TileCache
import TileProduction
import Wording

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "检查安装与数据 Say what is wrong with this installation and its data.")

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let installation = try installation.open()
        print("数据目录 data directory: \(installation.directory.path)")
        print("程序数据 share directory: \(installation.share.path)")
        print(installation.policy.statement)
        let library = try installation.library()
        try await library.prepareAll()
        let state = library.state
        var faults = 0
        if state.foreignFilesLeft > 0 {
            print("  ! 登记库已被替换或由旧备份恢复，派生文件已重新生成 the registry was replaced or restored from an older copy; what is derived from it was made again")
        }
        for layer in state.layersInOrder {
            switch layer.state {
            case .ready:
                print("  ✓ \(layer.definition.id)  \(layer.record?.featureCount ?? 0)")
                do {
                    try layer.prepared?.verify()
                    try layer.aggregate?.verify()
                    try layer.labelPoints?.verify()
                } catch {
                    faults += 1
                    print("  ✗ \(layer.definition.id): \(error)")
                }
            case .absent: print("  - \(layer.definition.id)  无数据 no data")
            case .preparing: print("  … \(layer.definition.id)  准备中 preparing")
            case .failed(let reason):
                faults += 1
                print("  ✗ \(layer.definition.id): \(reason)")
            }
        }
        for (map, reason) in state.styleFailures.sorted(by: { $0.key < $1.key }) {
            faults += 1
            print("  ✗ 地图 map \(map): \(reason)")
        }
        faults += try checkStore(installation.directory.tileDirectory)
        let styles = Dictionary(state.maps.values.compactMap(\.style).map { ($0.id, $0.renderer.style) }) { first, _ in first }
        for (id, style) in styles.sorted(by: { $0.key < $1.key }) {
            for remark in style.remarks { print("  ! 样式 style \(id): \(remark)") }
        }
        print(faults == 0 ? "一切正常 nothing is wrong" : "\(faults) 处问题 fault(s)")
        if faults > 0 { throw ExitCode(1) }
    }

    /// - Returns: how many faults it has.
    private func checkStore(_ directory: String) throws -> Int {
        let store = try StoreExamination(directory: directory)
        if store.tiles > 0 { print("  ✓ 瓦片库 tile store: \(store.tiles) 张 tiles, \(store.bytes >> 20) MB") }
        for fault in store.faults { print("  ✗ \(fault.both)") }
        for remark in store.remarks { print("  ! \(remark.both)") }
        return store.faults.count
    }
}
