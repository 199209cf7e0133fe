internal import SQLite
internal import SimpleFeatures

/// Indexes of the values of a layer's columns, so that a filter by a code or a type looks at what it asks for and not at everything.
///
/// They are SQLite's own, part of the layer's table: whatever replaces, keeps, edits or drops the table does the same to them, and
/// a GeoPackage may have them.
enum ValueIndexes {
    /// Features up to which a layer that nobody has said anything about has all its codes indexed: a second of work at most.
    private static let mostFeatures = 300_000
    private static let mostColumns = 12
    /// Rows that each index is measured by.
    private static let measuredRows = 1000

    /// The columns to be indexed, of those that anybody may ask for.
    static func columns(of layout: TableLayout, _ definition: LayerDefinition, featureCount: Int) -> [String] {
        let open = zip(layout.columns, definition.schema.fields).filter { !$0.1.isSensitive }
        if let stated = definition.indexedFields { return open.filter { stated.contains($0.1.name) }.map(\.0) }
        guard featureCount <= mostFeatures else { return [] }
        return Array(open.filter { $0.1.kind != .real && $0.1.kind != .boolean }.map(\.0).prefix(mostColumns))
    }

    /// - Parameter version: of the layer, which makes the names distinct.
    static func create(_ columns: [String], of layout: TableLayout, version: Int64, in connection: borrowing Connection) throws {
        for (place, column) in columns.enumerated() {
            let name = quotedIdentifier("workmap_index_\(version)_\(place + 1)")
            try connection.execute("CREATE INDEX \(name) ON \(quotedIdentifier(layout.table)) (\(quotedIdentifier(column)))")
        }
    }

    /// Lets SQLite know how many rows a value of each index has, by which it chooses among them.
    static func measure(_ table: String, in connection: borrowing Connection) throws {
        let indexes = try connection.integer(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND name LIKE 'workmap_index_%'", [.text(table)])
        guard indexes ?? 0 > 0 else { return }
        try connection.execute("PRAGMA analysis_limit = \(measuredRows)")
        try connection.execute("ANALYZE \(quotedIdentifier(table))")
    }
}
