import FeatureStore
import FoundationEssentials
import Reprojection
import SimpleFeatures

/// Makes the prepared files that the registry's current versions call for.
struct LayerPreparer: Sendable {
    let directory: DataDirectory
    let registry: any FeatureRegistry
    let served: ServedCRSs
    let policy: DatumPolicy

    /// The prepared file of a layer's features; `nil` for a layer without places.
    func fileName(_ definition: CatalogueLayer, _ record: LayerRecord) -> PreparedFileName? {
        guard record.crs != nil, record.geometry != .none, definition.isServedByFeature else { return nil }
        return PreparedFileName(layer: definition, version: record.version, schema: record.schema, served: served)
    }

    /// The name index of a layer; `nil` for a layer that is not searched.
    func nameFile(_ definition: CatalogueLayer, _ record: LayerRecord) -> PreparedFileName? {
        guard record.crs != nil, record.geometry != .none else { return nil }
        return PreparedFileName(names: definition, version: record.version, schema: record.schema)
    }

    func path(_ name: PreparedFileName) -> String { "\(directory.preparedDirectory)/\(name.fileName)" }

    /// Reads the layer once and writes its file.
    ///
    /// What is edited meanwhile may be in the file as it was or as it is: later versions amend it with all of that. Shared borders
    /// cannot be amended.
    /// - Parameters:
    ///   - ids: of the features to read; `nil` for all.
    ///   - state: of the layer to read; `nil` for what is served.
    @concurrent
    func prepare(
        _ definition: CatalogueLayer, _ record: LayerRecord, ids: Set<Int64>? = nil, state: LayerState? = nil,
        as name: PreparedFileName
    ) async throws {
        guard let crs = record.crs else { return }
        var preparation = try LayerPreparation(
            layer: definition, schema: record.schema, source: crs, served: served, policy: policy, path: path(name))
        let heedsVersion = ids != nil || definition.sharedBorders
        try await registry.forEachPage(of: record, fields: .withoutSensitive, ids: ids, heedsVersion: heedsVersion, state: state) {
            try preparation.append($0)
        }
        _ = try preparation.finish()
    }

    /// Writes an amended layer as one file.
    ///
    /// - Returns: `false` for one that has to be prepared from its features.
    @concurrent
    func compact(_ layer: PreparedLayer, as name: PreparedFileName) async throws -> Bool {
        try layer.writeCompacted(to: path(name))
    }

    /// The newest file of an older version from which `name` differs by edits of features only, and the ids of those.
    func base(of name: PreparedFileName, in record: LayerRecord) async throws -> (name: PreparedFileName, edited: Set<Int64>)? {
        let older = try directory.preparedFiles().compactMap(PreparedFileName.init(fileName:)).filter {
            $0.layer == name.layer && $0.kind == name.kind && $0.digest == name.digest && $0.version < name.version
        }
        for base in older.sorted(by: { $0.version > $1.version }) {
            if let ids = try await registry.identifiersEdited(in: record.id, since: base.version) { return (base, ids) }
        }
        return nil
    }

    /// Reads the layer once and writes its name index.
    @concurrent
    func indexNames(
        _ definition: CatalogueLayer, _ record: LayerRecord, state: LayerState? = nil, as name: PreparedFileName
    ) async throws {
        let writer = try NameIndexWriter(layer: definition, schema: record.schema, path: path(name))
        try await registry.forEachPage(of: record, fields: .withoutSensitive, heedsVersion: false, state: state) { try await writer.append($0) }
        let isWhole = try await writer.finish()
        precondition(isWhole, "the registry gives features by ascending id")
    }

    /// Removes a file, if it is there.
    func remove(_ name: PreparedFileName) throws {
        guard FileManager.default.fileExists(atPath: path(name)) else { return }
        try FileManager.default.removeItem(atPath: path(name))
    }

    /// Removes the files of layer versions that are no longer current.
    ///
    /// A version above the current one belongs to an import about to be committed and stays. A running server that
    /// still has an old file mapped keeps reading it: the name goes, the pages stay until it lets go.
    func removeOutdated(current: [String: (version: Int64, keep: Set<String>)]) throws(ProductionError) {
        let outdated = try directory.preparedFiles().filter { file in
            guard let name = PreparedFileName(fileName: file), let now = current[name.layer] else { return false }
            return !now.keep.contains(file) && name.version <= now.version
        }
        for file in try outdated + directory.abandonedFiles() {
            do {
                try FileManager.default.removeItem(atPath: "\(directory.preparedDirectory)/\(file)")
            } catch {
                // Another process tidied up first; a file that really stays is only disk space, found again next time.
                continue
            }
        }
    }
}
