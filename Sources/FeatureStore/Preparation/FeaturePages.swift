public import SimpleFeatures

extension FeatureRegistry {
    /// Hands every feature of one layer version to `body`, page by page in order of id.
    ///
    /// - Parameters:
    ///   - ids: only these; `nil` for all.
    ///   - heedsVersion: whether all pages must be of the record's version; without it, what is edited meanwhile comes as it is
    ///     when its page is read.
    ///   - state: the state to read in place of what is served, whose version is then not heeded.
    /// - Throws: `versionChanged` when the layer is changed on the way, and what `body` throws.
    public func forEachPage(
        of record: LayerRecord, fields: FeatureQuery.Fields, ids: Set<Int64>? = nil, heedsVersion: Bool = true,
        state: LayerState? = nil, _ body: ([Feature]) async throws -> Void
    ) async throws {
        var query = FeatureQuery(layer: record.id, fields: fields)
        query.ids = ids?.sorted()
        query.version = heedsVersion && state == nil ? record.version : nil
        query.state = state
        query.limit = 20_000
        while true {
            let page = try await features(query)
            guard let last = page.last else { return }
            try await body(page)
            query.after = last.id
        }
    }
}
