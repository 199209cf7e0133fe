internal import SQLite

/// Which registry this is, and what it has lived through.
enum RegistryIdentity {
    static let tables = """
        CREATE TABLE IF NOT EXISTS workmap_identity (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL);
        INSERT OR IGNORE INTO workmap_identity VALUES (1, lower(hex(randomblob(8))));
        INSERT OR IGNORE INTO gpkg_extensions VALUES
          ('workmap_identity', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only');
        """

    private static let given = "SELECT version, layer, started_at FROM workmap_versions WHERE state <> 'writing'"

    static func moment(_ connection: borrowing Connection) throws -> RegistryMoment {
        var moment = RegistryMoment(registry: try name(connection), version: 0, layer: "", startedAt: "")
        try connection.withStatement("\(given) ORDER BY version DESC LIMIT 1") { row in
            guard try row.step() else { return }
            (moment.version, moment.layer, moment.startedAt) = (row.integer(at: 0), row.text(at: 1), row.text(at: 2))
        }
        return moment
    }

    static func hasLived(through moment: RegistryMoment, _ connection: borrowing Connection) throws -> Bool {
        guard try name(connection) == moment.registry else { return false }
        if moment.version == 0 { return true }
        return try connection.withStatement("\(given) AND version = ?") { row in
            try row.bind(moment.version, at: 1)
            return try row.step() && row.text(at: 1) == moment.layer && row.text(at: 2) == moment.startedAt
        }
    }

    private static func name(_ connection: borrowing Connection) throws -> String {
        try connection.text("SELECT name FROM workmap_identity") ?? ""
    }
}
