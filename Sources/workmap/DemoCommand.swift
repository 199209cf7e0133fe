public import ArgumentParser
public import DemoCity
import FeatureStore
import Foundation
import TileProduction

extension DemoScale: ExpressibleByArgument {}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "生成并导入演示城市 Make a synthetic city as files, and import them.")

    @Option(help: "规模 hamlet (one community), town or city.")
    var scale = DemoScale.town

    @Option(help: "种子 The seed; the same seed gives the same bytes.")
    var seed: UInt64 = 441_900

    @Option(help: "镇街代码 The town that hamlet and town fill.")
    var town = DemoCity.defaultTown

    @Flag(help: "只生成文件 Only make the files.")
    var filesOnly = false

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let installation = try installation.open()
        let directory = installation.directory.path + "/demo"
        let start = ContinuousClock.now
        let manifest = try DemoCity.generate(
            scale: scale, seed: seed, town: town, tables: installation.share.tiles + "/demo", into: directory,
            policy: installation.policy
        ) { Self.say($0) }
        Self.say("生成 made in \(Self.seconds(since: start)) s: \(manifest.sources.reduce(0) { $0 + $1.featureCount }) 条记录 records")
        guard !filesOnly else { return }
        for source in manifest.sources { try await importSource(source, directory, installation) }
        try await installation.library().prepareAll()
        Self.say("完成 done in \(Self.seconds(since: start)) s")
    }

    private func importSource(_ source: DemoManifest.Source, _ directory: String, _ installation: Installation) async throws {
        var request = LayerImportRequest(
            layer: source.layer, files: ["\(directory)/\(source.file)"],
            readerOptions: ReaderOptions(layer: source.sourceLayer))
        request.title = source.title
        request.crs = source.crs
        let meter = ProgressMeter()
        let report = try await installation.importLayer(request) { meter.show($0) }
        meter.clear()
        Self.say("  \(source.layer): \(report.recordsIn) = \(report.featuresStored) + \(report.recordsRejected), \(Int(report.recordsPerSecond)) 条/秒")
    }

    /// At once, also into a file or a pipe: a city takes minutes.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        (Double(start.duration(to: .now).components.seconds * 10 + start.duration(to: .now).components.attoseconds / 100_000_000_000_000_000) / 10)
    }
}
