internal import SQLite

/// The moments that a registry has lived through: a name given by chance to each version, and one to its making.
enum RegistryLife {
    static let tables = """
        CREATE TABLE IF NOT EXISTS workmap_moments (version INTEGER PRIMARY KEY, name TEXT NOT NULL);
        INSERT OR IGNORE INTO workmap_moments VALUES (0, lower(hex(randomblob(8))));
        INSERT OR IGNORE INTO gpkg_extensions VALUES
          ('workmap_moments', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only');
        """

    /// To be called where a version number is given, in the same transaction. Not a trigger: edits run without triggers.
    static func begin(_ version: Int64, _ connection: borrowing Connection) throws {
        try connection.run("INSERT OR REPLACE INTO workmap_moments VALUES (?, lower(hex(randomblob(8))))", [.integer(version)])
    }

    static func moment(_ connection: borrowing Connection) throws -> RegistryMoment {
        try connection.withStatement("SELECT version, name FROM workmap_moments ORDER BY version DESC LIMIT 1") { row in
            guard try row.step() else { return RegistryMoment(version: 0, name: "") }
            return RegistryMoment(version: row.integer(at: 0), name: row.text(at: 1))
        }
    }

    static func hasLived(through moment: RegistryMoment, _ connection: borrowing Connection) throws -> Bool {
        try connection.text("SELECT name FROM workmap_moments WHERE version = ?", [.integer(moment.version)]) == moment.name
    }
}
