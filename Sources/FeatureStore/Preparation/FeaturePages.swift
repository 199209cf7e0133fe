public import SimpleFeatures

extension FeatureRegistry {
    /// Hands every feature of one layer version to `body`, page by page in order of id.
    ///
    /// - Throws: `versionChanged` when the layer is replaced on the way, and what `body` throws.
    public func forEachPage(
        of record: LayerRecord, fields: FeatureQuery.Fields, _ body: ([Feature]) async throws -> Void
    ) async throws {
        var query = FeatureQuery(layer: record.id, fields: fields)
        query.version = record.version
        query.limit = 20_000
        while true {
            let page = try await features(query)
            guard let last = page.last else { return }
            try await body(page)
            query.after = last.id
        }
    }
}
