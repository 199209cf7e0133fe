import FeatureStore
import FoundationEssentials
import Reprojection
import SimpleFeatures

/// Writes the prepared file of a layer while it is being imported, so that nothing is read twice.
final class PreparingSink: ImportSink {
    private let installation: Installation
    private var preparation: LayerPreparation?
    private var path: String?

    init(installation: Installation) {
        self.installation = installation
    }

    func begin(_ definition: LayerDefinition, version: Int64) async throws {
        guard let crs = definition.crs else { return }
        let layer = installation.catalogue.definition(
            of: definition.id, title: definition.title, schema: definition.schema, dimension: nil)
        guard layer.isServedByFeature else { return }
        let name = PreparedFileName(
            layer: layer, version: version, schema: definition.schema, served: installation.served)
        let path = "\(installation.directory.preparedDirectory)/\(name.fileName)"
        self.path = path
        preparation = try LayerPreparation(
            layer: layer, schema: definition.schema, source: crs, served: installation.served,
            policy: installation.policy, path: path)
    }

    func take(_ features: [Feature]) async throws {
        try preparation?.append(features)
    }

    /// The file is whole and durable before the registry commits; its version makes it invisible until then.
    func finish() async throws {
        guard let preparation = preparation.take() else { return }
        _ = try preparation.finish()
    }

    func commit(_ record: LayerRecord) async throws {}

    func abort() async {
        preparation = nil
        guard let path, FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            return  // the next start finds it outdated and removes it
        }
    }
}
