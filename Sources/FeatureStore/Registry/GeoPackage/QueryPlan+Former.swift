internal import SQLite
internal import SimpleFeatures

/// Reading a former state: the table's rows without those that edits touched since, and the states of those from the history.
extension QueryPlan {
    /// The keys of all matching features in the query's order; `after` and `limit` play no part.
    func formerIdentifiers(_ connection: borrowing Connection) throws -> [Int64] {
        let wanted = try wantedIDs(connection)
        let columns = evaluator.map { judgedColumns($0) } ?? quotedIdentifier(layer.layout.key)
        let statement = formerStatement(columns: columns, wanted: wanted)
        guard let evaluator else { return try keys(connection, sorted(statement.sql), statement.values) }
        return try connection.withStatement(sorted(statement.sql)) { rows in
            try rows.bind(statement.values)
            return try judgedKeys(rows, evaluator)
        }
    }

    func scanFormer(_ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool) throws {
        let wanted = try wantedIDs(connection)
        let key = quotedIdentifier(layer.layout.key)
        let after: SQLiteValue? = query.order.isEmpty ? .integer(query.after) : nil
        let statement = formerStatement(
            columns: columnText, wanted: wanted, condition: after == nil ? "" : " AND \(key) > ?", after)
        try connection.withStatement(sorted(statement.sql) + " LIMIT ?") { rows in
            try rows.bind(statement.values + [limitValue(evaluator)])
            try show(rows, evaluator, body)
        }
    }

    /// A union is sorted by what it gives: the columns of the order stand behind the others under names of their own.
    private func sorted(_ sql: String) -> String {
        if query.order.isEmpty { return sql + " ORDER BY 1" }
        let terms = query.order.enumerated().map { place, key in
            "\(Self.sortColumn(place)) IS NULL, \(Self.sortColumn(place))\(key.isDescending ? " DESC" : "")"
        }
        return "SELECT * FROM (\(sql)) ORDER BY \(terms.joined(separator: ", ")), 1"
    }

    private static func sortColumn(_ place: Int) -> String { "\"workmap order \(place)\"" }

    private var sortColumns: String {
        query.order.enumerated().map { ", \(quotedIdentifier(layer.layout.columns[$1.field])) AS \(Self.sortColumn($0))" }.joined()
    }

    /// Which features of the table and which of the history are in question; `nil` for all.
    private struct Wanted {
        var rows: [Int64]?
        var states: [Int64]?
    }

    private func wantedIDs(_ connection: borrowing Connection) throws -> Wanted {
        guard query.ids != nil || searchBox != nil else { return Wanted(rows: nil, states: nil) }
        var states = Array(former.states.keys)
        if let ids = query.ids {
            let asked = Set(ids)
            states = states.filter(asked.contains)
        }
        if let box = searchBox { states = try touching(box, ofStates: states, connection) }
        return Wanted(rows: try inBox(connection), states: states)
    }

    /// Rows of both kinds; the order is the caller's.
    private func formerStatement(
        columns: String, wanted: Wanted, condition: String = "", _ value: SQLiteValue? = nil
    ) -> (sql: String, values: [SQLiteValue]) {
        let key = quotedIdentifier(layer.layout.key)
        let from = wanted.rows == nil ? quotedIdentifier(layer.layout.table) : wantedRows
        let extra = value.map { [$0] } ?? []
        let sql = """
            SELECT \(columns)\(sortColumns) FROM \(from) WHERE \(key) NOT IN (SELECT value FROM json_each(?))\(condition)\(filterText) \
            UNION ALL SELECT \(columns)\(sortColumns) FROM \(FormerRows.table(layer.layout)) WHERE 1\(condition)\(filterText)
            """
        let rows = wanted.rows.map { [SQLiteValue.list($0)] } ?? []
        let states = [former.stateList(ids: wanted.states)]
        return (sql, rows + [former.touchedList] + extra + filterValues + states + extra + filterValues)
    }

    /// Those of the states whose geometry has a position in the box.
    private func touching(_ box: Envelope, ofStates ids: [Int64], _ connection: borrowing Connection) throws -> [Int64] {
        guard !ids.isEmpty, !box.isEmpty, let geometry = layer.layout.geometry else { return [] }
        let sql = "SELECT \(quotedIdentifier(layer.layout.key)), \(quotedIdentifier(geometry)) FROM \(FormerRows.table(layer.layout))"
        return try connection.withStatement(sql) { row in
            try row.bind([former.stateList(ids: ids)])
            return try Self.touching(box, row)
        }
    }
}
