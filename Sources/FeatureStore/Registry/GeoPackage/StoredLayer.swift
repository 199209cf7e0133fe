internal import FoundationEssentials
internal import Reprojection
internal import SQLite
internal import SimpleFeatures
internal import Wording

/// A layer's record with the table that holds it.
struct StoredLayer: Sendable {
    var record: LayerRecord
    var layout: TableLayout

    /// A field as the catalogue spells it.
    struct CatalogueField: Codable {
        var name: String
        var kind: String
        var title: String?
        var sensitive: Bool?
    }

    /// What a catalogue says of a layer, in the order of `values`.
    static let columns = """
        layer, title, geometry, crs, fields, feature_count, min_x, min_y, max_x, max_y, version, content_hash, imported_at, \
        sources, report
        """

    init(record: LayerRecord, layout: TableLayout) {
        self.record = record
        self.layout = layout
    }

    /// All layers, in one statement.
    static func readAll(_ connection: borrowing Connection) throws -> [String: StoredLayer] {
        var layers: [String: StoredLayer] = [:]
        try connection.withStatement("SELECT \(columns) FROM workmap_layers ORDER BY layer") { row in
            while try row.step() {
                let layer = try StoredLayer(row)
                layers[layer.record.id] = layer
            }
        }
        return layers
    }

    /// The record of a row of `columns`, its table called as the layer.
    init(_ row: borrowing Statement) throws {
        let decoder = JSONDecoder()
        let fields = try decoder.decode([CatalogueField].self, from: Data(row.text(at: 4).utf8))
        let schema = FeatureSchema(fields: try fields.map { field in
            guard let kind = FieldKind(rawValue: field.kind) else {
                throw RegistryError(
                    code: .notARegistry,
                    message: .init(
                        zh: "登记库中有未知类型 \(field.kind) 的字段；请用更新版本的程序",
                        en: "the catalogue has a field of the unknown kind \(field.kind); use a later program"))
            }
            return Field(name: field.name, kind: kind, title: field.title, isSensitive: field.sensitive ?? false)
        })
        let optional = { (index: Int, row: borrowing Statement) in row.isNull(at: index) ? nil : row.text(at: index) }
        let definition = LayerDefinition(
            id: row.text(at: 0), title: optional(1, row), crs: try optional(3, row).map { try CRS($0) }, schema: schema,
            sourceNames: try decoder.decode([String].self, from: Data(row.text(at: 13).utf8)))
        let envelope =
            row.isNull(at: 6)
            ? Envelope.empty
            : Envelope(minX: row.real(at: 6), minY: row.real(at: 7), maxX: row.real(at: 8), maxY: row.real(at: 9))
        let geometry = LayerGeometry(catalogueText: row.text(at: 2))
        record = LayerRecord(
            definition: definition, geometry: geometry,
            content: LayerContent(featureCount: Int(row.integer(at: 5)), envelope: envelope, hash: row.text(at: 11)),
            version: row.integer(at: 10), importedAt: row.text(at: 12), reportJSON: optional(14, row))
        layout = TableLayout(table: definition.id, schema: schema, hasGeometry: geometry != .none)
    }

    /// Writes the record into the catalogue, in place of the former version's.
    static func write(_ record: LayerRecord, to connection: borrowing Connection) throws {
        let values = try values(of: record)
        let marks = values.map { _ in "?" }.joined(separator: ",")
        try connection.run("INSERT OR REPLACE INTO workmap_layers (\(columns)) VALUES (\(marks))", values)
    }

    /// One value for each of `columns`.
    static func values(of record: LayerRecord) throws -> [SQLiteValue] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let fields = record.schema.fields.map {
            CatalogueField(name: $0.name, kind: $0.kind.rawValue, title: $0.title, sensitive: $0.isSensitive ? true : nil)
        }
        let box = record.envelope
        let bounds: [SQLiteValue] =
            box.isEmpty ? [.null, .null, .null, .null] : [.real(box.minX), .real(box.minY), .real(box.maxX), .real(box.maxY)]
        return [
            .text(record.id), SQLiteValue(record.title), .text(record.geometry.catalogueText), SQLiteValue(record.crs?.id),
            .text(String(decoding: try encoder.encode(fields), as: UTF8.self)), .integer(Int64(record.featureCount)),
        ] + bounds + [
            .integer(record.version), .text(record.contentHash), .text(record.importedAt),
            .text(String(decoding: try encoder.encode(record.sourceNames), as: UTF8.self)), SQLiteValue(record.reportJSON),
        ]
    }
}

extension LayerGeometry {
    /// `none`, `mixed` or the kind's name.
    var catalogueText: String {
        switch self {
        case .none: "none"
        case .mixed: "mixed"
        case .only(let kind): kind.name
        }
    }

    init(catalogueText: String) {
        self =
            switch catalogueText {
            case "none": .none
            case let name: GeometryKind.allCases.first { $0.name == name }.map(LayerGeometry.only) ?? .mixed
            }
    }

    /// The name in `gpkg_geometry_columns` (OGC 12-128r17 annex G).
    var geoPackageName: String {
        switch self {
        case .none, .mixed: "GEOMETRY"
        case .only(.geometryCollection): "GEOMETRYCOLLECTION"
        case .only(let kind): kind.name.uppercased()
        }
    }
}
