import FeatureStore
import FoundationEssentials
import Imagery
import Reprojection
import SimpleFeatures
import Tiling

/// Makes the archive of a layer of imagery while its sheets are being registered.
///
/// Unlike what is derived from features the archive cannot be made again without the images: it is whole before the
/// registry commits, and stays until a later version is.
final class ImagerySink: ImportSink {
    private let installation: Installation
    private let sources: [SheetSource]
    private let progress: (@Sendable (ImportProgress) -> Void)?
    private var path: String?

    init(installation: Installation, sources: [SheetSource], progress: (@Sendable (ImportProgress) -> Void)?) {
        self.installation = installation
        self.sources = sources
        self.progress = progress
    }

    func begin(_ definition: LayerDefinition, version: Int64) async throws {
        let name = PreparedFileName(imageryOf: definition.id, version: version)
        path = "\(installation.directory.preparedDirectory)/\(name.fileName)"
    }

    func take(_ features: [Feature]) async throws {}

    func finish() async throws {
        guard let path else { return }
        let targets = try installation.sets.sets.map { set in
            ImageryTarget(set: set, crs: try CRS(ServedCRSs.datumTwin(of: set.crs)))
        }
        let builder = try PyramidBuilder(
            sources: sources, targets: targets, geographic: .cgcs2000, policy: installation.policy)
        let started = ContinuousClock.now
        let progress = progress
        try await builder.build(path: path, workers: ProcessInfo.processInfo.activeProcessorCount) { state in
            let elapsed = ContinuousClock.now - started
            let seconds = max(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18, 1e-3)
            progress?(
                ImportProgress(
                    source: "瓦片 tiles \(state.set)", recordsRead: state.tiles, recordsPerSecond: Double(state.tiles) / seconds,
                    fraction: state.fraction, secondsRemaining: seconds * (1 - state.fraction) / max(state.fraction, 1e-3)))
        }
    }

    func commit(_ record: LayerRecord) async throws {}

    func abort() async {
        guard let path, FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            return  // the next start finds it outdated and removes it
        }
    }
}
