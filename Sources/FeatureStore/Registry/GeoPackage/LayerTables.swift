internal import SQLite
internal import SimpleFeatures

/// The tables and catalogue rows of one layer, put in place and taken away.
enum LayerTables {
    /// Removes a current layer's tables and its rows in the GeoPackage's catalogues.
    static func drop(_ layout: TableLayout, from connection: borrowing Connection) throws {
        try dropTables(layout, from: connection)
        try removeEntries(layout, from: connection)
    }

    private static func removeEntries(_ layout: TableLayout, from connection: borrowing Connection) throws {
        for catalogue in ["gpkg_geometry_columns", "gpkg_extensions", "gpkg_data_columns", "gpkg_contents"] {
            try connection.run("DELETE FROM \(catalogue) WHERE table_name = ?", [.text(layout.table)])
        }
    }

    /// The opposite of `install`: the tables stay under other names, and nothing in the GeoPackage's catalogues names them.
    static func uninstall(_ layout: TableLayout, as kept: TableLayout, in connection: borrowing Connection) throws {
        try removeEntries(layout, from: connection)
        if let geometry = layout.geometry {
            for name in GeoPackageTriggers.names(table: layout.table, geometry: geometry) {
                try connection.execute("DROP TRIGGER IF EXISTS \(quotedIdentifier(name))")
            }
        }
        try set(aside: layout, as: kept, in: connection)
    }

    /// Gives tables that no catalogue names other names.
    static func set(aside written: TableLayout, as kept: TableLayout, in connection: borrowing Connection) throws {
        if let from = written.tree, let to = kept.tree { try rename(from, to: to, in: connection) }
        try rename(written.table, to: kept.table, in: connection)
    }

    /// The table's triggers go with it.
    static func dropTables(_ layout: TableLayout, from connection: borrowing Connection) throws {
        if let tree = layout.tree { try connection.execute("DROP TABLE IF EXISTS \(quotedIdentifier(tree))") }
        try connection.execute("DROP TABLE IF EXISTS \(quotedIdentifier(layout.table))")
    }

    /// Gives the tables of a written version the layer's name and enters them in the GeoPackage's catalogues.
    static func install(
        _ written: TableLayout, as layout: TableLayout, record: LayerRecord, srsID: Int32, in connection: borrowing Connection
    ) throws {
        try rename(written.table, to: layout.table, in: connection)
        let box = record.envelope
        let bounds: [SQLiteValue] =
            box.isEmpty ? [.null, .null, .null, .null] : [.real(box.minX), .real(box.minY), .real(box.maxX), .real(box.maxY)]
        try connection.run(
            """
            INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(layout.table), layout.geometry == nil ? "attributes" : "features", .text(layout.table),
                .text(record.title ?? ""),
            ] + bounds + [layout.geometry == nil ? .null : .integer(Int64(srsID))])
        for (column, field) in zip(layout.columns, record.schema.fields) where field.title != nil {
            try connection.run(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
                [.text(layout.table), .text(column), .text(field.name), SQLiteValue(field.title)])
        }
        if let geometry = layout.geometry {
            try installGeometry(geometry, written, layout, record, srsID: srsID, in: connection)
        }
    }

    private static func installGeometry(
        _ geometry: String, _ written: TableLayout, _ layout: TableLayout, _ record: LayerRecord, srsID: Int32,
        in connection: borrowing Connection
    ) throws {
        let type = record.geometry.geoPackageName
        try declare(layout.creation(schema: record.schema, geometryType: type), table: layout.table, in: connection)
        try connection.run(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
            [.text(layout.table), .text(geometry), .text(type), .integer(Int64(srsID))])
        guard let from = written.tree, let to = layout.tree else { return }
        try rename(from, to: to, in: connection)
        for statement in GeoPackageTriggers.statements(table: layout.table, geometry: geometry, key: layout.key) {
            try connection.execute(statement)
        }
        try connection.run(
            "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
            [.text(layout.table), .text(geometry)])
    }

    private static func rename(_ from: String, to: String, in connection: borrowing Connection) throws {
        try connection.execute("ALTER TABLE \(quotedIdentifier(from)) RENAME TO \(quotedIdentifier(to))")
    }

    /// The kind of geometry is known when the last feature is stored; the column's declared type is set then.
    static func declare(_ creation: String, table: String, in connection: borrowing Connection) throws {
        try connection.execute("PRAGMA writable_schema = ON")
        try connection.run("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", [.text(creation), .text(table)])
        try connection.execute("PRAGMA writable_schema = RESET")
    }

    /// Removes what writers left that ended before their commit; to be called with the directory's lock held.
    static func removeOrphans(_ connection: borrowing Connection) throws {
        var orphans: [(version: Int64, table: String)] = []
        try connection.withStatement("SELECT version, table_name FROM workmap_versions WHERE state = 'writing'") { row in
            while try row.step() { orphans.append((row.integer(at: 0), row.text(at: 1))) }
        }
        for orphan in orphans {
            let pattern = "rtree_\(orphan.table)_"
            let tree = try connection.text(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' AND substr(name, 1, ?) = ?",
                [.integer(Int64(pattern.unicodeScalars.count)), .text(pattern)])
            try connection.transaction { connection in
                if let tree { try connection.execute("DROP TABLE \(quotedIdentifier(tree))") }
                try connection.execute("DROP TABLE IF EXISTS \(quotedIdentifier(orphan.table))")
                try connection.run(
                    "UPDATE workmap_versions SET state = 'abandoned' WHERE version = ?", [.integer(orphan.version)])
            }
        }
    }
}
