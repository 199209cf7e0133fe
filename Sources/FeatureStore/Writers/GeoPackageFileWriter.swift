internal import Glibc
public import Reprojection
public import SimpleFeatures
internal import SQLite

/// Writes layers into a GeoPackage 1.3 of its own, the same bytes for the same features.
///
/// Without a spatial index: it is meant to be imported, and whoever opens it in a GIS is offered to make one.
public final class GeoPackageFileWriter {
    private let connection: Connection
    private let path: String

    private init(_ connection: consuming Connection, path: String) {
        self.connection = connection
        self.path = path
    }

    /// A writer for a new file, which replaces one that is there.
    public static func create(path: String) throws -> GeoPackageFileWriter {
        try remove(path)
        let connection = try Connection(path: path, access: .readWriteOrCreate)
        try connection.execute("PRAGMA synchronous = OFF")
        try GeoPackageSchema.install(in: connection)
        _ = try SpatialReferenceSystem.identifier(of: .wgs84, in: connection)
        return GeoPackageFileWriter(connection, path: path)
    }

    private static func remove(_ path: String) throws {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw WriterError(code: .fileNotWritable, message: "\(path) cannot be replaced; check the directory's permissions")
    }

    /// Adds a layer whose features `body` hands over one after the other.
    ///
    /// - Parameter lastChange: ISO 8601; stated because a clock would make every file different.
    public func addLayer(
        _ name: String, kind: GeometryKind?, schema: FeatureSchema, crs: CRS, lastChange: String,
        _ body: ((Feature) throws -> Void) throws -> Void
    ) throws {
        try connection.transaction(.immediate) { connection in
            let system = try SpatialReferenceSystem.identifier(of: crs, in: connection)
            try createTable(name, kind, schema, system)
            var envelope = Envelope.empty
            let columns = schema.fields.map { Self.quoted($0.name) }
            let names = (["fid", "geom"] + columns).joined(separator: ", ")
            let marks = [String](repeating: "?", count: columns.count + 2).joined(separator: ", ")
            try connection.withStatement("INSERT INTO \(Self.quoted(name)) (\(names)) VALUES (\(marks))") { statement in
                try body { feature in
                    statement.reset()
                    try statement.bind(feature.id, at: 1)
                    if let geometry = feature.geometry {
                        envelope.formUnion(geometry.envelope)
                        let blob = GeoPackageBinary.encode(geometry, srsID: system)
                        try unsafe blob.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 2) }
                    } else {
                        try statement.bindNull(at: 2)
                    }
                    for (index, value) in feature.values.enumerated() { try Self.bind(value, at: index + 3, statement) }
                    _ = try statement.step()
                }
            }
            try connection.run(
                "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)",
                [
                    .text(name), .text(name), .text(lastChange), .real(envelope.minX), .real(envelope.minY),
                    .real(envelope.maxX), .real(envelope.maxY), .integer(Int64(system)),
                ])
            try connection.run(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
                [.text(name), .text(kind?.name.uppercased() ?? "GEOMETRY"), .integer(Int64(system))])
        }
    }

    private func createTable(_ name: String, _ kind: GeometryKind?, _ schema: FeatureSchema, _ system: Int32) throws {
        let columns = schema.fields.map { field in
            let type =
                switch field.kind {
                case .boolean: "BOOLEAN"
                case .integer: "INTEGER"
                case .real: "DOUBLE"
                case .text: "TEXT"
                case .date: "DATE"
                case .dateTime: "DATETIME"
                }
            return ", \(Self.quoted(field.name)) \(type)"
        }.joined()
        let geometry = kind?.name.uppercased() ?? "GEOMETRY"
        try connection.execute(
            "CREATE TABLE \(Self.quoted(name)) (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom \(geometry)\(columns))")
    }

    private static func bind(_ value: PropertyValue, at index: Int, _ statement: borrowing Statement) throws {
        switch value {
        case .null: try statement.bindNull(at: index)
        case .boolean(let flag): try statement.bind(Int64(flag ? 1 : 0), at: index)
        case .integer(let n): try statement.bind(n, at: index)
        case .real(let r): try statement.bind(r, at: index)
        case .text(let text): try statement.bind(text, at: index)
        }
    }

    private static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
