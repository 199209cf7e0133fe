import ArgumentParser
import FeatureStore
import Foundation
import Reprojection
import TileProduction

struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "编辑图层中的个别要素 Change, add or remove single features of a layer.",
        discussion: """
            A feature of the files with the id of one in the layer changes it, one without an id is added; fields that a file \
            lacks stay as they are. All is done or nothing: one record that cannot be stored leaves the layer as it was. A \
            running service shows the change without a restart. What the features were before is kept in the registry.
            """)

    @Argument(help: "文件 Files with the features to change or to add.")
    var files: [String] = []

    @Option(help: "图层标识 The layer's id, such as base.building.")
    var layer: String

    @Option(help: "删除的要素标识，以逗号分隔 Ids of features to remove, separated by commas.")
    var remove: String?

    @Option(help: "所据版本 The version of the layer that the edit was made from; another one is refused.")
    var basedOn: Int64?

    @Option(help: "坐标系 The CRS of the files, overruling what they say.")
    var crs: String?

    @Option(help: "字符编码 The encoding of attribute text, such as GB18030.")
    var encoding: String?

    @Flag(help: "接受远离本市的数据 Accept data far from the city when its CRS is stated.")
    var remote = false

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard !files.isEmpty || remove != nil else { throw ValidationError("请给出文件或 --remove：name files, or ids with --remove") }
        _ = try removals()
    }

    func run() async throws {
        var options = ReaderOptions(encoding: encoding, layer: nil, xField: nil, yField: nil)
        options.limits = ReaderLimits()
        var request = LayerImportRequest(layer: layer, files: files, readerOptions: options)
        request.crs = crs
        request.acceptsRemoteData = remote
        do {
            let report = try await installation.open().editLayer(request, removals: try removals(), version: basedOn)
            print(report.text, terminator: "")
        } catch let error as ImportError {
            if let report = error.report, report.recordsRejected > 0 { print(report.text, terminator: "") }
            throw error
        }
    }

    private func removals() throws -> [Int64] {
        try (remove ?? "").split(separator: ",").map { text in
            guard let id = Int64(text.trimmingCharacters(in: .whitespaces)), id > 0 else {
                throw ValidationError("--remove：\(text) 不是要素标识 is no feature id; ids are whole numbers from 1")
            }
            return id
        }
    }
}
