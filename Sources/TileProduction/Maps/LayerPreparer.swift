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

    func path(_ name: PreparedFileName) -> String { "\(directory.preparedDirectory)/\(name.fileName)" }

    /// Reads the layer once and writes its file.
    @concurrent
    func prepare(_ definition: CatalogueLayer, _ record: LayerRecord, as name: PreparedFileName) async throws {
        guard let crs = record.crs else { return }
        var preparation = try LayerPreparation(
            layer: definition, schema: record.schema, source: crs, served: served, policy: policy, path: path(name))
        var query = FeatureQuery(layer: record.id)
        query.version = record.version
        query.limit = 20_000
        while true {
            let page = try await registry.features(query)
            guard let last = page.last else { break }
            try preparation.append(page)
            query.after = last.id
        }
        _ = try preparation.finish()
    }

    /// Removes the files of layer versions that are no longer current.
    ///
    /// A version above the current one belongs to an import about to be committed and stays. A running server that
    /// still has an old file mapped keeps reading it: the name goes, the pages stay until it lets go.
    func removeOutdated(current: [String: (version: Int64, keep: Set<String>)]) throws(ProductionError) {
        let outdated = try directory.preparedFiles().filter { file in
            guard let (layer, version) = PreparedFileName.parse(file), let now = current[layer] else { return false }
            return !now.keep.contains(file) && version <= now.version
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
