internal import SQLite
internal import SimpleFeatures

/// What features were before they were edited, and by which version: never forgotten while the registry lives.
enum EditHistory {
    /// `feature_values` is a JSON array in the order of the layer's fields; `existed` is 0 for a feature that the edit added.
    static let tables = """
        CREATE TABLE IF NOT EXISTS workmap_edits (
          version INTEGER PRIMARY KEY, layer TEXT NOT NULL COLLATE NOCASE, former INTEGER NOT NULL, edited_at TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS workmap_edits_layer ON workmap_edits (layer, version);
        CREATE TABLE IF NOT EXISTS workmap_edited_features (
          version INTEGER NOT NULL, feature INTEGER NOT NULL, existed INTEGER NOT NULL, geometry BLOB, feature_values TEXT,
          PRIMARY KEY (version, feature));
        INSERT OR IGNORE INTO gpkg_extensions VALUES
          ('workmap_edits', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only'),
          ('workmap_edited_features', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only');
        """

    static func begin(_ version: Int64, of record: LayerRecord, at time: String, _ connection: borrowing Connection) throws {
        try connection.run(
            "INSERT INTO workmap_edits VALUES (?, ?, ?, ?)",
            [.integer(version), .text(record.id), .integer(record.version), .text(time)])
    }

    /// Keeps the feature as it is now; the first state of an edit that names it twice.
    ///
    /// - Returns: whether there is such a feature.
    static func keep(_ id: Int64, _ version: Int64, _ layout: TableLayout, _ connection: borrowing Connection) throws -> Bool {
        let (table, key) = (quotedIdentifier(layout.table), quotedIdentifier(layout.key))
        let values = layout.columns.map { exactJSON(quotedIdentifier($0)) }.joined(separator: " || ',' || ")
        let array = layout.columns.isEmpty ? "'[]'" : "'[' || \(values) || ']'"
        try connection.run(
            """
            INSERT OR IGNORE INTO workmap_edited_features \
            SELECT ?1, \(key), 1, \(layout.geometry.map(quotedIdentifier) ?? "NULL"), \(array) FROM \(table) WHERE \(key) = ?2
            """, [.integer(version), .integer(id)])
        if try connection.integer("SELECT 1 FROM \(table) WHERE \(key) = ?", [.integer(id)]) != nil { return true }
        try connection.run(
            "INSERT OR IGNORE INTO workmap_edited_features VALUES (?, ?, 0, NULL, NULL)", [.integer(version), .integer(id)])
        return false
    }

    /// The column as JSON that reads back as the same value: `json_quote` gives fifteen digits of a number.
    private static func exactJSON(_ column: String) -> String {
        "CASE WHEN typeof(\(column)) = 'real' AND abs(\(column)) < 9e999 THEN printf('%!.17g', \(column)) ELSE json_quote(\(column)) END"
    }

    /// The ids that edits touched after a version; `nil` where something other than an edit lies between.
    static func identifiers(
        of layer: String, since version: Int64, until current: Int64, _ connection: borrowing Connection
    ) throws -> Set<Int64>? {
        if version == current { return [] }
        guard version < current else { return nil }
        let range: [SQLiteValue] = [.text(layer), .integer(version), .integer(current)]
        let isKnown = try connection.integer(
            """
            SELECT count(*) FROM workmap_versions WHERE layer = ?1 COLLATE NOCASE AND version = ?2 \
            AND state NOT IN ('writing', 'abandoned', 'staged')
            """, Array(range.prefix(2)))
        let versions = try connection.integer(
            """
            SELECT count(*) FROM workmap_versions WHERE layer = ?1 COLLATE NOCASE AND version > ?2 AND version <= ?3 \
            AND state NOT IN ('writing', 'abandoned', 'staged')
            """, range)
        let edits = try connection.integer(
            "SELECT count(*) FROM workmap_edits WHERE layer = ?1 AND version > ?2 AND version <= ?3", range)
        guard isKnown == 1, versions == edits else { return nil }
        var ids: Set<Int64> = []
        try connection.withStatement(
            """
            SELECT DISTINCT feature FROM workmap_edited_features JOIN workmap_edits USING (version) \
            WHERE layer = ?1 AND version > ?2 AND version <= ?3
            """
        ) { row in
            try row.bind(range)
            while try row.step() { ids.insert(row.integer(at: 0)) }
        }
        return ids
    }
}
