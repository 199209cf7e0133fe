internal import SQLite
internal import SimpleFeatures

/// A page and the number of all that matches, from one look: most answers hold all that there is, and then what was read says how
/// many it is.
extension QueryPlan {
    /// Shows the rows of one page of what matches, in the query's order; `after` plays no part, `limit` is the page's.
    func page(
        _ connection: borrowing Connection, skip: Int, _ body: (borrowing FeatureRow) -> Bool
    ) throws -> MatchedFeatures {
        if former.isEmpty, query.order.isEmpty, query.ids == nil {
            if let evaluator, let bounds = filterBounds, isNarrowed {
                return try page(of: try candidates(connection, evaluator, bounds), connection, skip, body)
            }
            if searchBox == nil, evaluator == nil { return .count(try tablePage(connection, skip, body)) }
        }
        let found = try identifiers(connection)
        try show(found.dropFirst(skip).prefix(query.limit ?? .max), connection, body)
        return .ids(found)
    }

    /// Rows one behind another until one more than the page holds was seen; only where there is one are they counted.
    private func tablePage(
        _ connection: borrowing Connection, _ skip: Int, _ body: (borrowing FeatureRow) -> Bool
    ) throws -> Int {
        let wanted = query.limit ?? Int(Int32.max)
        let key = quotedIdentifier(layer.layout.key)
        let sql = "SELECT \(columnText) FROM \(quotedIdentifier(layer.layout.table)) WHERE 1\(filterText) ORDER BY \(key) LIMIT ? OFFSET ?"
        var shown = 0
        var hasMore = false
        try connection.withStatement(sql) { statement in
            try statement.bind(filterValues + [.integer(Int64(wanted) + 1), .integer(Int64(skip))])
            var reader = RowReader(layer: layer, fields: fields)
            while try statement.step() {
                if shown == wanted {
                    hasMore = true
                    break
                }
                shown += 1
                if !reader.show(statement, body) { break }
            }
        }
        // A page behind the last one does not say how far behind.
        return hasMore || shown == 0 && skip > 0 ? try count(connection) : skip + shown
    }

    /// Where the page may hold all candidates, those still in doubt are judged while they are shown; else before.
    private func page(
        of candidates: Candidates, _ connection: borrowing Connection, _ skip: Int, _ body: (borrowing FeatureRow) -> Bool
    ) throws -> MatchedFeatures {
        guard let evaluator, skip == 0, candidates.count <= query.limit ?? .max else {
            let found = try settled(candidates, connection)
            try show(found.dropFirst(skip).prefix(query.limit ?? .max), connection, body)
            return .ids(found)
        }
        if candidates.count == 0 { return .count(0) }
        let doubtful = Set(candidates.doubtful)
        var shown = 0
        var failure: (any Error)?
        let sql = "SELECT \(columnText) FROM \(wantedRows) WHERE 1\(filterText)"
        try connection.withStatement(sql) { statement in
            try statement.bind([.list((candidates.sure + candidates.doubtful).sorted())] + filterValues)
            let columns = judgedFields
            evaluator.expect(columns)
            var reader = RowReader(layer: layer, fields: columns, shown: fields.count)
            var goesOn = true
            while goesOn, try statement.step() {
                try evaluator.checkTime()
                goesOn = reader.show(statement) { row in
                    if doubtful.contains(row.id) {
                        guard evaluator.holds(row) else { return true }
                        do {
                            if let box = searchBox, try row.geometry()?.intersects(box) != true { return true }
                        } catch {
                            failure = error
                            return false
                        }
                    }
                    shown += 1
                    return body(row)
                }
            }
        }
        if let failure { throw failure }
        return .count(shown)
    }

    /// Rows of features that are known to match.
    private func show(
        _ ids: ArraySlice<Int64>, _ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool
    ) throws {
        if ids.isEmpty { return }
        var page = query
        page.ids = Array(ids)
        page.envelope = nil
        page.filters = []
        page.exclusions = []
        page.filter = nil
        try QueryPlan(page, layer: layer, former: former).run(connection, body)
    }
}
