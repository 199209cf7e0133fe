import FeatureStore
import FoundationEssentials
import SimpleFeatures

/// Writes the name index of a layer while it is being imported, so that nothing is read twice.
final class NameIndexingSink: ImportSink {
    private let installation: Installation
    private var writer: NameIndexWriter?
    private var path: String?
    /// The batch before, being indexed while this one is read.
    private var indexing: Task<Void, any Error>?

    init(installation: Installation) {
        self.installation = installation
    }

    func begin(_ definition: LayerDefinition, version: Int64) async throws {
        guard definition.crs != nil else { return }
        let layer = installation.catalogue.definition(
            of: definition.id, title: definition.title, schema: definition.schema, dimension: nil)
        guard let name = PreparedFileName(names: layer, version: version, schema: definition.schema) else { return }
        let path = "\(installation.directory.preparedDirectory)/\(name.fileName)"
        self.path = path
        writer = try NameIndexWriter(layer: layer, schema: definition.schema, path: path)
    }

    func take(_ features: [Feature]) async throws {
        guard let writer else { return }
        try await indexing?.value
        indexing = Task { try await writer.append(features) }
    }

    /// The file is whole and durable before the registry commits; its version makes it invisible until then.
    ///
    /// There is none where the ids did not ascend: the library makes it from the registry.
    func finish() async throws {
        try await indexing?.value
        _ = try await writer?.finish()
        writer = nil
    }

    func commit(_ record: LayerRecord) async throws {}

    func abort() async {
        // What it threw is already on its way to the caller.
        _ = await indexing?.result
        writer = nil
        guard let path, FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            return  // the next start finds it outdated and removes it
        }
    }
}
