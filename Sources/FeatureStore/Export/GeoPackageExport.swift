internal import Reprojection
import SimpleFeatures
internal import SQLite

/// One layer as a GeoPackage 1.3 with a spatial index and the fields' titles, the same bytes for the same features.
final class GeoPackageExport: FileExport {
    private let layer: ExportLayer
    private let layout: TableLayout
    private let connection: Connection
    private let path: String
    private let system: Int32
    private var tree = PackedRTree()
    private var envelope = Envelope.empty
    private var blob: [UInt8] = []
    private(set) var tally = ExportTally()

    init(_ layer: ExportLayer, directory: String) throws {
        self.layer = layer
        path = directory + "/export.gpkg"
        layout = TableLayout(table: layer.id, schema: layer.schema, hasGeometry: layer.geometry != .none)
        let connection = try Connection(path: path, access: .readWriteOrCreate)
        // A scratch file: whoever loses power asks again.
        try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384")
        try connection.execute("BEGIN")
        try GeoPackageSchema.install(in: connection)
        _ = try SpatialReferenceSystem.identifier(of: .wgs84, in: connection)
        system = try SpatialReferenceSystem.identifier(of: layer.crs, in: connection)
        try connection.execute(layout.creation(schema: layer.schema, geometryType: Self.typeName(layer.geometry)))
        self.connection = connection
    }

    private static func typeName(_ geometry: LayerGeometry) -> String {
        if case .only(let kind) = geometry { kind.name.uppercased() } else { "GEOMETRY" }
    }

    func append(_ features: [Feature]) throws {
        try connection.withStatement(layout.insertion) { statement in
            for feature in features {
                tally.features += 1
                statement.reset()
                try statement.bind(feature.id, at: 1)
                if layout.geometry != nil { try bind(feature.geometry, of: feature.id, statement) }
                let first = layout.geometry == nil ? 2 : 3
                for (index, value) in feature.values.enumerated() {
                    try bind(value, layer.schema.fields[index].kind, at: first + index, statement)
                }
                _ = try statement.step()
            }
        }
    }

    private func bind(_ geometry: Geometry?, of id: Int64, _ statement: borrowing Statement) throws {
        guard let geometry else { return try statement.bindNull(at: 2) }
        blob.removeAll(keepingCapacity: true)
        GeoPackageBinary.append(geometry, srsID: system, to: &blob)
        try unsafe blob.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 2) }
        let box = geometry.envelope
        guard !box.isEmpty else { return }
        envelope.formUnion(box)
        tree.append(id: id, envelope: box)
    }

    private func bind(_ value: PropertyValue, _ kind: FieldKind, at index: Int, _ statement: borrowing Statement) throws {
        switch value {
        case .null: try statement.bindNull(at: index)
        case .boolean(let flag): try statement.bind(Int64(flag ? 1 : 0), at: index)
        case .integer(let n): try statement.bind(n, at: index)
        case .real(let r): try statement.bind(r, at: index)
        case .text(let text): try statement.bind(kind == .dateTime ? GeoPackageDateTime.stored(text) : text, at: index)
        }
    }

    func finish() throws -> String {
        let hasGeometry = layout.geometry != nil
        let box: [SQLiteValue] = envelope.isEmpty
            ? [.null, .null, .null, .null]
            : [.real(envelope.minX), .real(envelope.minY), .real(envelope.maxX), .real(envelope.maxY)]
        try connection.run(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
            [.text(layout.table), .text(hasGeometry ? "features" : "attributes"), .text(layer.title), .text(lastChange)] + box + [.integer(Int64(system))])
        if let geometry = layout.geometry, let name = layout.tree {
            try connection.run(
                "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
                [.text(layout.table), .text(geometry), .text(Self.typeName(layer.geometry)), .integer(Int64(system))])
            try connection.run(
                "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
                [.text(layout.table), .text(geometry)])
            try tree.write(to: connection, table: name)
            for trigger in GeoPackageTriggers.statements(table: layout.table, geometry: geometry, key: layout.key) {
                try connection.execute(trigger)
            }
        }
        for (column, field) in zip(layout.columns, layer.schema.fields) {
            guard let title = field.title else { continue }
            try connection.run(
                "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, NULL)",
                [.text(layout.table), .text(column), .text(column), .text(title)])
        }
        connection.forgetStatements()
        try connection.execute("COMMIT")
        return path
    }

    /// With the milliseconds that GeoPackage 1.3 asks for.
    private var lastChange: String { GeoPackageDateTime.stored(layer.lastChange) }
}
