internal import SQLite
internal import SimpleFeatures

/// The vector layers and attribute tables of a GeoPackage that somebody else wrote.
public enum GeoPackageFile {
    /// A reader for every layer of the file, or for the one that `options.layer` names, in the file's order.
    ///
    /// Files of version 1.0 (`GP10`) on are read, whatever requirements of the standard they break otherwise.
    /// - Throws: `ReaderError` naming the file: damaged, no GeoPackage, or without anything but tiles.
    public static func open(path: String, options: ReaderOptions = ReaderOptions()) throws(ReaderError) -> [any FeatureReader] {
        try ReaderError.wording(path) {
            let contents = try contents(path: path)
            let vector = contents.filter(\.isVector)
            if let wanted = options.layer {
                guard let entry = contents.first(where: { $0.table == wanted }) else {
                    let names = vector.map(\.table).joined(separator: ", ")
                    throw ReaderError(
                        code: .optionInvalid, message: "\(path) has no layer \(wanted); it has: \(names.isEmpty ? "none" : names)")
                }
                guard entry.isVector else { throw refusal([entry], path) }
                return [try GeoPackageReader(path: path, entry: entry, limits: options.limits)]
            }
            guard !vector.isEmpty else { throw refusal(contents, path) }
            return try vector.map { try GeoPackageReader(path: path, entry: $0, limits: options.limits) }
        }
    }

    /// A row of `gpkg_contents`.
    struct Entry {
        var table: String
        var dataType: String
        /// Features, or rows without geometry (`aspatial` is what GDAL 1.11 to 2.1 called them).
        var isVector: Bool { ["features", "attributes", "aspatial"].contains(dataType) }
    }

    private static func contents(path: String) throws -> [Entry] {
        let connection = try connect(path: path)
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema WHERE lower(name) = 'gpkg_contents'")
        guard tables == 1 else {
            throw ReaderError(
                code: .formatUnknown, message: "\(path) is an SQLite database and no GeoPackage: it has no table gpkg_contents")
        }
        var entries: [Entry] = []
        try connection.withStatement("SELECT table_name, lower(data_type) FROM gpkg_contents ORDER BY rowid") { row in
            while try row.step() { entries.append(Entry(table: row.text(at: 0), dataType: row.text(at: 1))) }
        }
        return entries
    }

    /// A connection that changes nothing, also where the medium allows no lock.
    static func connect(path: String) throws -> Connection {
        do {
            let connection = try Connection(path: path, access: .readOnly)
            _ = try connection.integer("SELECT count(*) FROM sqlite_schema")
            return connection
        } catch let error as SQLiteError {
            guard error.code == .cannotOpen || error.code == .readOnly || error.code == .inputOutput else { throw error }
        }
        return try Connection(path: path, access: .immutable)
    }

    private static func refusal(_ entries: [Entry], _ path: String) -> ReaderError {
        if entries.isEmpty {
            return ReaderError(code: .formatUnknown, message: "\(path) is a GeoPackage without any layer; there is nothing to read")
        }
        let names = entries.map { "\($0.table) (\($0.dataType))" }.joined(separator: ", ")
        return ReaderError(
            code: .formatUnknown,
            message: "\(path) has no vector layer, only: \(names); tiles and coverages are pictures and are not read as features")
    }
}

extension ReaderError {
    /// Runs `body` and words what SQLite threw as the reader's own error about the file.
    static func wording<Result>(_ path: String, _ body: () throws -> Result) throws(ReaderError) -> Result {
        do {
            return try body()
        } catch let error as ReaderError {
            throw error
        } catch let error as SQLiteError {
            throw ReaderError(error, path: path)
        } catch {
            throw ReaderError(code: .fileNotReadable, message: "\(path): \(error)", cause: error)
        }
    }

    private init(_ error: SQLiteError, path: String) {
        switch error.code {
        case .cannotOpen:
            self.init(
                code: .fileNotFound, message: "\(path) is not there or may not be read by this user", cause: error)
        case .notADatabase:
            self.init(code: .formatUnknown, message: "\(path) is not a GeoPackage", cause: error)
        case .corrupt, .inputOutput:
            self.init(
                code: .contentDamaged, message: "\(path) is damaged or cut short (\(error.message)); transfer it again",
                cause: error)
        case .busy, .locked:
            self.init(
                code: .fileNotReadable, message: "\(path) is being written by another program; close it there and try again",
                cause: error)
        default:
            self.init(code: .contentDamaged, message: "\(path): \(error)", cause: error)
        }
    }
}
