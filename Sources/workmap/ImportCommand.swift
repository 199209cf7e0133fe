import ArgumentParser
import FeatureStore
import Foundation
import Reprojection
import TileProduction
import Wording

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "导入文件为一个图层 Import files into a layer, replacing it as a whole.",
        discussion: """
            Reads GeoJSON, newline-delimited GeoJSON, GeoPackage, Shapefile (also zipped) and CSV; into a layer of \
            imagery (base.image) GeoTIFF and COG, later files over earlier ones. The layer that was \
            there before is served until the new one is complete; whatever goes wrong, it stays. The former one is kept as a \
            version that `workmap versions` compares and goes back to.
            """)

    @Argument(help: "文件 The files.")
    var files: [String]

    @Option(help: "图层标识 The layer's id, such as base.building.")
    var layer: String

    @Option(help: "坐标系 The CRS of the files (EPSG:4547, GCJ-02, BD-09 …), overruling what they say.")
    var crs: String?

    @Option(help: "字符编码 The encoding of attribute text, such as GB18030.")
    var encoding: String?

    @Option(help: "图层名称 The layer's title.")
    var title: String?

    @Option(help: "源图层 The one layer to read of a file that holds several.")
    var sourceLayer: String?

    @Option(help: "东坐标列 The CSV column of east or longitude.")
    var xField: String?

    @Option(help: "北坐标列 The CSV column of north or latitude.")
    var yField: String?

    @Option(help: "敏感字段 A field that must never leave the registry; may be repeated.")
    var sensitive: [String] = []

    @Flag(help: "接受远离本市的数据 Accept data far from the city when its CRS is stated.")
    var remote = false

    @Option(help: "版本名称 The name of the version that this import becomes, such as 2026Q4; the day by default.")
    var versionName: String?

    @Flag(help: "暂不发布 Only stage the version: workmap versions publish serves it.")
    var staged = false

    @Option(help: "保留版本数 How many versions of the layer stay, the served one included; remembered, 2 at first.")
    var keep: Int?

    @Option(help: "报告文件 Write the report as JSON to this file.")
    var report: String?

    @OptionGroup var installation: InstallationOptions

    func validate() throws { try VersionOptions.check(keep: keep) }

    func run() async throws {
        try checkFiles()
        try checkCRS()
        var options = ReaderOptions(encoding: encoding, layer: sourceLayer, xField: xField, yField: yField)
        options.limits = ReaderLimits()
        var request = LayerImportRequest(layer: layer, files: files, readerOptions: options)
        request.title = title
        request.crs = crs
        request.acceptsRemoteData = remote
        request.sensitiveFields = Set(sensitive)
        request.delivery = DeliveryRequest(name: versionName, isStaged: staged, keep: keep)
        let meter = ProgressMeter()
        do {
            let outcome = try await installation.open().importLayer(request) { meter.show($0) }
            meter.clear()
            try deliver(outcome)
        } catch let error as ImportError {
            meter.clear()
            if let outcome = error.report {
                print("未入库：图层保持原样，以下是中止前的情况 Nothing was committed: the layer is as it was. Until the import ended:")
                try deliver(outcome)
            }
            throw error
        }
    }

    private func checkFiles() throws {
        for file in files {
            var isDirectory: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) else {
                throw ValidationError("文件不存在 there is no file \(file); check the path")
            }
            if isDirectory.boolValue { throw ValidationError("\(file) 是目录 is a directory; name the files in it") }
        }
    }

    private func checkCRS() throws {
        guard let crs else { return }
        do throws(ReprojectionError) {
            _ = try CRS(crs)
        } catch {
            throw ValidationError("--crs: \(error.message)")
        }
    }

    private func deliver(_ outcome: ImportReport) throws {
        print(outcome.text, terminator: "")
        guard let report else { return }
        let json = try outcome.json() + "\n"
        do {
            try Data(json.utf8).write(to: URL(filePath: report), options: .atomic)
        } catch {
            throw ProductionError(
                code: .storage,
                message: .init(
                    zh: "报告无法写入 \(report)；导入本身已如上结束",
                    en: "the report cannot be written to \(report); the import itself has ended as said above"),
                cause: error)
        }
    }
}
