internal import SQLite

/// The ids that a layer's features had and have no more, as far as new features could be given them again: under the id of a
/// feature nothing else is ever found.
enum RetiredIdentifiers {
    /// Made with the first feature that is removed.
    private static let table = """
        CREATE TABLE IF NOT EXISTS workmap_retired_identifiers (layer TEXT NOT NULL PRIMARY KEY COLLATE NOCASE, highest INTEGER NOT NULL);
        INSERT OR IGNORE INTO gpkg_extensions VALUES
          ('workmap_retired_identifiers', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only');
        """

    static func add(_ id: Int64, of layer: String, _ connection: borrowing Connection) throws {
        try connection.execute(table)
        try connection.run(
            "INSERT INTO workmap_retired_identifiers VALUES (?, ?) ON CONFLICT (layer) DO UPDATE SET highest = max(highest, excluded.highest)",
            [.text(layer), .integer(id)])
    }

    /// 0 where there is none.
    static func highest(of layer: String, _ connection: borrowing Connection) throws -> Int64 {
        guard try connection.integer("SELECT 1 FROM sqlite_schema WHERE name = 'workmap_retired_identifiers'") != nil else { return 0 }
        return try connection.integer("SELECT highest FROM workmap_retired_identifiers WHERE layer = ?", [.text(layer)]) ?? 0
    }
}
