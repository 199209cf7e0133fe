internal import SQLite
internal import SimpleFeatures

/// What a GeoPackage says about one of its tables or views.
struct GeoPackageTable {
    let name: String
    /// The whole-number primary key; `nil` for a view or a table without one.
    let key: String?
    /// `nil` for attributes.
    let geometry: String?
    /// In the schema's order.
    let columns: [String]
    let schema: FeatureSchema
    /// Columns of kinds that no feature can have.
    let unreadable: [String]
    let declaredCRS: DeclaredCRS
    let count: Int

    init(_ entry: GeoPackageFile.Entry, path: String, in connection: borrowing Connection) throws {
        name = entry.table
        let geometry = try GeoPackageTable.geometry(of: name, connection)
        if entry.dataType == "features", geometry == nil {
            throw ReaderError(
                code: .contentDamaged,
                message: "\(path): layer \(name) is listed as features, but gpkg_geometry_columns does not name its geometry")
        }
        let titles = try GeoPackageTable.titles(of: name, connection)
        var key: String?
        var columns: [String] = []
        var fields: [Field] = []
        var unreadable: [String] = []
        try connection.withStatement("SELECT name, type, pk FROM pragma_table_info(?)") { row in
            try row.bind(entry.table, at: 1)
            while try row.step() {
                let column = row.text(at: 0)
                let type = row.text(at: 1).uppercased()
                if row.integer(at: 2) == 1, type == "INTEGER" {
                    key = column
                } else if column.lowercased() != geometry?.lowercased() {
                    guard let kind = GeoPackageTable.kind(ofType: type) else {
                        unreadable.append(column)
                        continue
                    }
                    columns.append(column)
                    fields.append(Field(name: column, kind: kind, title: titles[column]))
                }
            }
        }
        guard key != nil || !columns.isEmpty || geometry != nil else {
            throw ReaderError(code: .contentDamaged, message: "\(path): gpkg_contents lists \(name), and there is no such table")
        }
        self.key = key
        self.columns = columns
        self.unreadable = unreadable
        self.geometry = geometry
        schema = FeatureSchema(fields: fields)
        declaredCRS = geometry == nil ? .none : try GeoPackageTable.crs(of: name, connection)
        count = Int(try connection.integer("SELECT count(*) FROM \(quotedIdentifier(name))") ?? 0)
    }

    private static func has(_ table: String, _ connection: borrowing Connection) throws -> Bool {
        try connection.integer("SELECT count(*) FROM sqlite_schema WHERE lower(name) = ?", [.text(table)]) == 1
    }

    private static func geometry(of table: String, _ connection: borrowing Connection) throws -> String? {
        guard try has("gpkg_geometry_columns", connection) else { return nil }
        return try connection.text(
            "SELECT column_name FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)", [.text(table)])
    }

    private static func titles(of table: String, _ connection: borrowing Connection) throws -> [String: String] {
        guard try has("gpkg_data_columns", connection) else { return [:] }
        var titles: [String: String] = [:]
        let sql = "SELECT column_name, title FROM gpkg_data_columns WHERE lower(table_name) = lower(?) AND title IS NOT NULL"
        try connection.withStatement(sql) { row in
            try row.bind(table, at: 1)
            while try row.step() { titles[row.text(at: 0)] = row.text(at: 1) }
        }
        return titles
    }

    /// OGC 12-128r17 table 1, and the affinity rules of SQLite for the rest; `nil` for BLOB.
    private static func kind(ofType type: String) -> FieldKind? {
        switch type.prefix(while: { $0 != "(" }).trimmingPrefix(" ") {
        case "BOOLEAN": .boolean
        case "DATE": .date
        case "DATETIME", "TIMESTAMP": .dateTime
        case let t where t.hasPrefix("BLOB"): nil
        case let t where t.contains("INT"): .integer
        case let t where t.contains("REAL") || t.contains("FLOA") || t.contains("DOUB") || t.contains("NUMERIC"): .real
        default: .text
        }
    }

    private static func crs(of table: String, _ connection: borrowing Connection) throws -> DeclaredCRS {
        let sql = """
            SELECT s.srs_id, s.organization, s.organization_coordsys_id, s.definition FROM gpkg_geometry_columns g \
            JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE lower(g.table_name) = lower(?)
            """
        return try connection.withStatement(sql) { row in
            try row.bind(table, at: 1)
            // -1 and 0: undefined by clause 1.1.2.1.2.
            guard try row.step(), row.integer(at: 0) > 0 else { return .none }
            let organization = row.text(at: 1).uppercased()
            if organization == "EPSG" || organization == "ESRI" { return .identifier("\(organization):\(row.integer(at: 2))") }
            let definition = row.text(at: 3)
            return definition.contains("[") ? .wkt(definition) : .none
        }
    }
}
