internal import Reprojection
internal import SQLite
internal import Wording

/// Makes the registry's file and the connections to it.
enum GeoPackageFileCreation {
    /// The reference systems a registry of this city names from the start.
    private static let referenceSystems: [CRS] = [.wgs84, .cgcs2000, .gk114, .webMercator]

    /// Makes the file at `path` a registry unless it is one already, or brings one of an earlier program up to date.
    ///
    /// - Parameter mayCreate: `false` where a file that is no registry is refused, and none is made.
    static func prepare(path: String, mayCreate: Bool) throws(RegistryError) {
        try RegistryError.wording(path) {
            let access: Connection.Access = mayCreate ? .readWriteOrCreate : .readWrite
            let connection = try Connection(path: path, access: access, busyTimeoutInMilliseconds: 30_000)
            if try isRegistry(connection, path: path) {
                if try version(connection) == GeoPackageSchema.registryVersion { return }
                return try connection.transaction { try bringUpToDate($0) }
            }
            guard mayCreate else { throw incomplete(path) }
            try connection.execute("PRAGMA journal_mode = WAL")
            try connection.transaction { connection in
                // Another process may have made it while this one waited for the lock.
                if try isRegistry(connection, path: path) { return }
                try GeoPackageSchema.install(in: connection)
                try connection.execute(GeoPackageSchema.registryTables)
                try connection.execute(EditHistory.tables)
                try connection.execute(DeliveryTable.tables)
                try connection.execute(RegistryLife.tables)
                for crs in referenceSystems + [try CRS("EPSG:4526")] {
                    _ = try SpatialReferenceSystem.identifier(of: crs, in: connection)
                }
            }
        }
    }

    /// Looks whether a file is a whole registry, without leaving anything beside it.
    ///
    /// - Throws: `notARegistry`, also for one that is still being copied.
    static func check(path: String) throws(RegistryError) {
        try RegistryError.wording(path) {
            if let header = DatabaseFileHeader(path: path), !header.isWhole { throw incomplete(path) }
            let connection = try Connection(path: path, access: .immutable)
            guard try isRegistry(connection, path: path) else { throw incomplete(path) }
        }
    }

    private static func incomplete(_ path: String) -> RegistryError {
        RegistryError(
            code: .notARegistry,
            message: .init(
                zh: "\(path) 为空或尚未复制完；请先复制到旁边，再改名替换",
                en: "\(path) is empty or still being copied; copy it beside and rename it into place"))
    }

    private static func isRegistry(_ connection: borrowing Connection, path: String) throws -> Bool {
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
        if tables == 0 { return false }
        let state = try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'workmap_state'")
        let version = state == 1 ? try version(connection) : nil
        guard let version, version <= GeoPackageSchema.registryVersion else {
            let whose =
                version == nil
                ? LocalisedText(zh: "存放的是其他数据", en: "holds other data")
                : LocalisedText(zh: "由更新版本的程序生成", en: "was made by a later program")
            throw RegistryError(
                code: .notARegistry,
                message: .init(
                    zh: "\(path) \(whose.zh)；请将其移走，或指定另一数据目录",
                    en: "\(path) \(whose.en); move it away or name another data directory"))
        }
        return true
    }

    private static func version(_ connection: borrowing Connection) throws -> Int64? {
        try connection.integer("SELECT registry_version FROM workmap_state")
    }

    /// Gives the registry of an earlier program what this one needs; another process may have done so meanwhile.
    private static func bringUpToDate(_ connection: borrowing Connection) throws {
        guard let version = try version(connection), version < GeoPackageSchema.registryVersion else { return }
        try connection.execute(EditHistory.tables)
        try connection.execute(DeliveryTable.tables)
        try connection.execute(RegistryLife.tables)
        if version < 2 { try DeliveryTable.takeOverServedLayers(connection) }
        try connection.execute("UPDATE workmap_state SET registry_version = \(GeoPackageSchema.registryVersion)")
    }

    /// A connection for bulk writing.
    static func writer(path: String) throws -> Connection {
        let connection = try Connection(path: path, access: .readWrite, busyTimeoutInMilliseconds: 30_000)
        // NORMAL in a write-ahead log: a killed process loses nothing that was committed, and the file stays whole
        // through a power failure. Names are changed as they stand: triggers call functions that only a GIS has.
        try connection.execute(
            """
            PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
            PRAGMA wal_autocheckpoint = 16384; PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;
            """)
        return connection
    }
}
