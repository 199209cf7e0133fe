internal import SQLite
internal import SimpleFeatures

/// Which features of a former state are not in the layer's table as they were: they are read from the history of edits.
struct FormerRows {
    /// Ids whose rows in the table do not count.
    private(set) var touched: [Int64] = []
    /// For each feature that there was: the edit that keeps its state.
    private(set) var states: [Int64: Int64] = [:]

    static let none = FormerRows()

    var isEmpty: Bool { touched.isEmpty }

    private init() {}

    /// - Parameters:
    ///   - undoing: edits that had not been made, ascending.
    ///   - removals: edits whose removed features count in.
    init(undoing: [Int64], removals: [Int64], _ layout: TableLayout, _ connection: borrowing Connection) throws {
        var seen: Set<Int64> = []
        // The first edit after the state keeps what a feature was in it.
        try Self.forEach(undoing, ascending: true, connection) { version, feature, existed in
            guard seen.insert(feature).inserted else { return }
            if existed { states[feature] = version }
        }
        var candidates: [Int64: Int64] = [:]
        try Self.forEach(removals, ascending: false, connection) { version, feature, existed in
            guard existed, candidates[feature] == nil, states[feature] == nil else { return }
            candidates[feature] = version
        }
        let there = try Self.existing(Array(candidates.keys), layout, connection)
        for (feature, version) in candidates where seen.contains(feature) || !there.contains(feature) {
            states[feature] = version
            seen.insert(feature)
        }
        touched = seen.sorted()
    }

    private static func forEach(
        _ versions: [Int64], ascending: Bool, _ connection: borrowing Connection, _ body: (Int64, Int64, Bool) -> Void
    ) throws {
        guard !versions.isEmpty else { return }
        let sql = """
            SELECT version, feature, existed FROM workmap_edited_features WHERE version IN (SELECT value FROM json_each(?)) \
            ORDER BY version \(ascending ? "ASC" : "DESC")
            """
        try connection.withStatement(sql) { row in
            try row.bind([SQLiteValue.list(versions)])
            while try row.step() { body(row.integer(at: 0), row.integer(at: 1), row.integer(at: 2) != 0) }
        }
    }

    /// Those of the ids that the table has.
    private static func existing(_ ids: [Int64], _ layout: TableLayout, _ connection: borrowing Connection) throws -> Set<Int64> {
        guard !ids.isEmpty else { return [] }
        let (table, key) = (quotedIdentifier(layout.table), quotedIdentifier(layout.key))
        return try connection.withStatement("SELECT \(key) FROM \(table) WHERE \(key) IN (SELECT value FROM json_each(?))") { row in
            try row.bind([SQLiteValue.list(ids)])
            var found: Set<Int64> = []
            while try row.step() { found.insert(row.integer(at: 0)) }
            return found
        }
    }

    /// How many features the state has.
    func count(_ layout: TableLayout, _ connection: borrowing Connection) throws -> Int {
        let rows = try connection.integer("SELECT count(*) FROM \(quotedIdentifier(layout.table))") ?? 0
        return Int(rows) - (try Self.existing(touched, layout, connection).count) + states.count
    }

    /// `touched` for `json_each`.
    var touchedList: SQLiteValue { .list(touched) }

    /// Edits and features for `table`, only those of the ids where some are named.
    func stateList(ids: [Int64]?) -> SQLiteValue {
        let wanted = ids.map(Set.init)
        let pairs = states.filter { wanted?.contains($0.key) ?? true }.sorted { $0.key < $1.key }
        return .text("[" + pairs.map { "[\($0.value),\($0.key)]" }.joined(separator: ",") + "]")
    }

    /// The states as a table with the layout's columns; its one parameter is `stateList`.
    static func table(_ layout: TableLayout) -> String {
        let geometry = layout.geometry.map { ["f.geometry AS \(quotedIdentifier($0))"] } ?? []
        let fields = layout.columns.enumerated().map { "json_extract(f.feature_values, '$[\($0)]') AS \(quotedIdentifier($1))" }
        let columns = (["f.feature AS \(quotedIdentifier(layout.key))"] + geometry + fields).joined(separator: ", ")
        return """
            (SELECT \(columns) FROM json_each(?) AS w CROSS JOIN workmap_edited_features AS f ON \
            f.version = json_extract(w.value, '$[0]') AND f.feature = json_extract(w.value, '$[1]'))
            """
    }
}
