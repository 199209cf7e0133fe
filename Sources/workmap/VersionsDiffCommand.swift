import ArgumentParser
import FeatureStore
import Foundation
import TileProduction
import Wording

struct VersionsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "比较版本 Say what a version added, removed and changed; a notice for the departments that use the layer.",
        discussion: """
            Without names, the staged version is compared with the served one, else the served one with the one before. Features \
            are told to be the same one by id, or with --key by a field, for files whose records have no lasting id. The GeoJSON \
            written with -o is a layer: its `_change` says added, removed or changed. Sensitive fields are counted and never shown.
            """)

    @Argument(help: "图层标识 The layer's id.")
    var layer: String

    @Argument(help: "旧版本 The earlier version.")
    var before: String?

    @Argument(help: "新版本 The later version; the served one by default.")
    var after: String?

    @Option(help: "对应字段 The field whose value says which features are the same one.")
    var key: String?

    @Option(name: .short, help: "变更图层 Write the differences as GeoJSON to this file.")
    var output: String?

    @Option(help: "报告文件 Write the report as JSON to this file.")
    var report: String?

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let installation = try installation.open()
        let deliveries = try await installation.registry.deliveries(of: layer)
        let pair = try ComparedVersions(deliveries, layer: layer, before: before, after: after)
        let comparison = LayerComparison(
            registry: installation.registry, before: ComparedState(pair.before), after: ComparedState(pair.after),
            policy: installation.policy, key: key)
        let found = try await compare(comparison, pair.after.record, installation)
        print(found.text, terminator: "")
        if let report { try write(found, to: report) }
    }

    private func compare(
        _ comparison: LayerComparison, _ later: LayerRecord, _ installation: Installation
    ) async throws -> LayerDifferenceReport {
        guard let output else { return try await comparison.run { _ in } }
        let layer = try DifferenceLayer(shown: comparison.shownSchema, crs: later.crs, policy: installation.policy)
        let writer = try GeoJSONFileWriter(path: output, schema: layer.schema)
        let report = try await comparison.run { try writer.append(layer.feature($0)) }
        try writer.finish()
        return report
    }

    private func write(_ found: LayerDifferenceReport, to path: String) throws {
        let json = try found.json() + "\n"
        do {
            try Data(json.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw ProductionError(
                code: .storage, message: .init(zh: "报告无法写入 \(path)", en: "the report cannot be written to \(path)"), cause: error)
        }
    }
}
