import ArgumentParser
import Foundation
import TileProduction

struct LabelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels", abstract: "预先排布各级别的注记 Place the labels of whole levels ahead of demand.",
        discussion: """
            Labels are placed once a level for everything there is, and kept in the data directory under labels/. The service \
            does so by itself when a level is first asked for; done beforehand, nobody waits. Prints a row a level: 注记 \
            labels and icons with a place; CPU秒 CPU seconds; MB of the file; 内存 peak memory of this process so far in MB. \
            A level whose plan is there already and fits is read, not made.
            """)

    @Option(help: "地图标识 The map's id.")
    var map = "standard"

    @Option(help: "瓦片矩阵集 The tile matrix set.")
    var matrixSet = "w"

    @Option(help: "级别 The levels, such as 8-18 or 14.")
    var levels = "8-18"

    @Option(help: "像素比 Pixels a logical pixel, 1 or 2.")
    var ratio = 1

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard ratio == 1 || ratio == 2 else { throw ValidationError("--ratio is 1 or 2, not \(ratio)") }
        _ = try LevelRange(levels)
    }

    func run() async throws {
        let opened = try installation.open()
        let library = try opened.library()
        try await library.prepareAll()
        let planning = try LabelPlanning(
            library: library, files: LabelFiles(directory: opened.directory.labelDirectory), map: map, matrixSet: matrixSet)
        print("级别\t注记\tCPU秒\tMB\t内存\t")
        for level in try LevelRange(levels).levels {
            let start = Self.processorSeconds()
            let result = try planning.place(level: level, ratio: ratio)
            let seconds = Self.processorSeconds() - start
            print(row(level, result, seconds))
        }
    }

    private func row(_ level: Int, _ result: LabelPlanning.Result, _ seconds: Double) -> String {
        switch result {
        case .placed(let symbols, let bytes, let isNew):
            let cells = [
                "\(level)", "\(symbols)", Self.decimal(seconds), Self.decimal(Double(bytes) / 1e6),
                Self.decimal(Self.peakMegabytes()), isNew ? "" : "已有 already there",
            ]
            return cells.joined(separator: "\t")
        case .tooFine: return "\(level)\t-\t-\t-\t-\t范围过大,按瓦片块排布 too fine for the whole extent: placed a metatile at a time"
        }
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.2f", value) }

    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func peakMegabytes() -> Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
