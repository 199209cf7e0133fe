internal import SQLite
internal import SimpleFeatures

/// How a layer's fields become the columns of its table.
struct TableLayout: Hashable, Sendable {
    /// Also the layer's id, unless the table is of a version still being written.
    let table: String
    /// The whole-number primary key, a feature's id.
    let key: String
    /// `nil` for a table without geometry.
    let geometry: String?
    /// One name a field, in schema order: the field's own, made distinct where SQLite sees no difference of case.
    let columns: [String]

    init(table: String, schema: FeatureSchema, hasGeometry: Bool) {
        var taken: Set<String> = []
        func distinct(_ wish: String) -> String {
            var name = wish
            var number = 2
            while !taken.insert(name.lowercased()).inserted {
                name = "\(wish)_\(number)"
                number += 1
            }
            return name
        }
        self.table = table
        columns = schema.fields.enumerated().map { index, field in
            distinct(field.name.isEmpty ? "field_\(index + 1)" : field.name)
        }
        key = distinct("fid")
        geometry = hasGeometry ? distinct("geom") : nil
    }

    /// Of a version that is not being served: it lies in a table of its own.
    init(keptFor delivery: LayerDelivery) {
        let record = delivery.record
        self.init(
            table: DeliveryTable.tableName(delivery.number), schema: record.schema, hasGeometry: record.geometry != .none)
    }

    init(_ layout: TableLayout, table: String) {
        self.table = table
        key = layout.key
        geometry = layout.geometry
        columns = layout.columns
    }

    /// The R-tree's virtual table; `nil` without geometry.
    var tree: String? { geometry.map { "rtree_\(table)_\($0)" } }

    /// The CREATE statement; the geometry column is declared as `geometryType`.
    func creation(schema: FeatureSchema, geometryType: String) -> String {
        var parts = ["\(quotedIdentifier(key)) INTEGER PRIMARY KEY NOT NULL"]
        if let geometry { parts.append("\(quotedIdentifier(geometry)) \(geometryType)") }
        for (column, field) in zip(columns, schema.fields) {
            parts.append("\(quotedIdentifier(column)) \(field.kind.columnType)")
        }
        return "CREATE TABLE \(quotedIdentifier(table)) (\(parts.joined(separator: ", ")))"
    }

    /// The insertion of key, geometry where there is one, and every field.
    var insertion: String {
        let count = 1 + (geometry == nil ? 0 : 1) + columns.count
        let names = ([key] + (geometry.map { [$0] } ?? []) + columns).map(quotedIdentifier)
        let marks = repeatElement("?", count: count).joined(separator: ",")
        return "INSERT INTO \(quotedIdentifier(table)) (\(names.joined(separator: ","))) VALUES (\(marks))"
    }
}

extension FieldKind {
    /// The GeoPackage data type (OGC 12-128r17 table 1).
    var columnType: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .integer: "INTEGER"
        case .real: "DOUBLE"
        case .text: "TEXT"
        case .date: "DATE"
        case .dateTime: "DATETIME"
        }
    }
}

/// GeoPackage 1.3 writes milliseconds into every DATETIME; the project's values have whole seconds.
enum GeoPackageDateTime {
    static func stored(_ text: String) -> String {
        text.utf8.count == 20 && text.hasSuffix("Z") ? text.dropLast() + ".000Z" : text
    }
}
