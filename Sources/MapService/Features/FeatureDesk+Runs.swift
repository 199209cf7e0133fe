import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures

/// Selections without a shape: what they hold, run by run.
extension FeatureDesk {
    /// The first run of a plain selection, and with it how much the selection holds in all.
    ///
    /// - Parameters:
    ///   - skip: features that are passed over.
    ///   - limit: of the run; fewer come where the selection ends before.
    /// - Returns: the features as they are stored, with the values of the selection's open fields, and where the next run begins.
    func firstRun(
        _ selection: FeatureSelection, skip: Int, limit: Int
    ) async throws -> (features: [Feature], cursor: PageCursor) {
        guard selection.envelopes.count == 1, let only = selection.envelopes.first, !selection.isWhole else {
            var cursor = PageCursor(try await matched(selection), skip: skip)
            let left = max(0, min(limit, cursor.matched.count - skip))
            return (left > 0 ? try await features(of: selection, cursor: &cursor, limit: left) : [], cursor)
        }
        var query = selection.query(only)
        query.order = selection.order
        query.limit = limit
        let (page, matched) = try await registry.page(query, skip: skip, into: RowPage(skip: 0))
        if let failure = page.failure { throw failure }
        var cursor = PageCursor(matched, skip: skip)
        cursor.pass(page)
        return (page.features, cursor)
    }

    /// The first run as GeoJSON features with commas between them.
    func firstRun(
        _ selection: FeatureSelection, skip: Int, limit: Int, output: GeoJSONOutput
    ) async throws -> (bytes: [UInt8], cursor: PageCursor) {
        let (features, cursor) = try await firstRun(selection, skip: skip, limit: limit)
        return (try write(features, of: selection, output, isFirst: true), cursor)
    }

    /// The first run in another CRS, east first; features whose geometry cannot be carried have none.
    ///
    /// - Parameter unplaced: grows by their number.
    func firstCarriedRun(
        _ selection: FeatureSelection, skip: Int, limit: Int, to crs: CRS, unplaced: inout Int
    ) async throws -> (features: [Feature], cursor: PageCursor) {
        let (features, cursor) = try await firstRun(selection, skip: skip, limit: limit)
        return (try carried(features, of: selection, to: crs, unplaced: &unplaced), cursor)
    }

    /// What a plain selection holds: the ids where they had to be searched for, else how many there are.
    func matched(_ selection: FeatureSelection) async throws -> MatchedFeatures {
        if selection.isWhole { return .count(selection.record.featureCount) }
        if selection.envelopes == [nil], selection.filter == nil, selection.order.isEmpty { return .count(try await registry.count(selection.query(nil))) }
        guard let only = selection.envelopes.first, selection.envelopes.count == 1 else {
            // A box across the antimeridian is two, and a feature may lie in both.
            var ids: Set<Int64> = []
            for envelope in selection.envelopes { ids.formUnion(try await registry.identifiers(selection.query(envelope))) }
            return .ids(try await sorted(Array(ids), as: selection))
        }
        var query = selection.query(only)
        query.order = selection.order
        return .ids(try await registry.identifiers(query))
    }

    /// The ids of features that belong to a selection, in its order.
    func sorted(_ ids: [Int64], as selection: FeatureSelection) async throws -> [Int64] {
        if selection.order.isEmpty { return ids.sorted() }
        var query = selection.query(nil)
        query.filter = nil
        query.ids = ids
        query.order = selection.order
        return try await registry.identifiers(query)
    }

    /// One run of a plain selection as GeoJSON features with commas between them.
    ///
    /// - Parameter cursor: where the run begins; moved on to where the next one does.
    func run(
        _ selection: FeatureSelection, cursor: inout PageCursor, limit: Int, output: GeoJSONOutput
    ) async throws -> [UInt8] {
        let isFirst = cursor.written == 0
        let features = try await features(of: selection, cursor: &cursor, limit: limit)
        return try write(features, of: selection, output, isFirst: isFirst)
    }

    /// The features of one run of a plain selection as they are stored, with the values of its open fields.
    func features(of selection: FeatureSelection, cursor: inout PageCursor, limit: Int) async throws -> [Feature] {
        guard case .ids(let ids) = cursor.matched else { return try await next(of: selection, cursor: &cursor, limit: limit) }
        var query = selection.query(nil)
        query.ids = Array(ids.dropFirst(cursor.written + cursor.skip).prefix(limit))
        query.filters = []
        query.filter = nil
        query.exclusions = []
        query.order = selection.order
        let page = try await registry.scan(query, into: RowPage(skip: 0))
        if let failure = page.failure { throw failure }
        cursor.written += page.features.count
        return page.features
    }

    /// The next features by ascending id.
    private func next(of selection: FeatureSelection, cursor: inout PageCursor, limit: Int) async throws -> [Feature] {
        let (layer, version) = (selection.record.id, selection.record.version)
        // Rows have their numbers where none is left out.
        let isNumbered = selection.isWhole && cursor.after == .min && cursor.skip >= PageMarks.distance
        var passed = 0
        if isNumbered, let mark = marks.nearest(to: cursor.skip, layer: layer, version: version) {
            passed = mark.passed
            cursor.after = mark.after
            cursor.skip -= passed
        }
        var query = selection.query(nil)
        query.limit = limit + cursor.skip
        query.after = cursor.after
        let page = try await registry.scan(query, into: RowPage(skip: cursor.skip))
        if let failure = page.failure { throw failure }
        if isNumbered { marks.learn(page.marks, after: passed, layer: layer, version: version) }
        cursor.skip -= page.skipped
        cursor.after = page.lastID
        cursor.written += page.features.count
        return page.features
    }

    /// The features of one run in another CRS, east first, with the values of the selection's open fields; those of a selection
    /// with a shape that have it.
    ///
    /// - Parameter unplaced: grows by the features whose geometry cannot be carried; they keep none.
    func carriedRun(
        _ selection: FeatureSelection, cursor: inout PageCursor, limit: Int, to crs: CRS, unplaced: inout Int
    ) async throws -> [Feature] {
        var features = try await features(of: selection, cursor: &cursor, limit: limit)
        if selection.shape != nil { features = try shaped(features, by: selection) }
        return try carried(features, of: selection, to: crs, unplaced: &unplaced)
    }
}
