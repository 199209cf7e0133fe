import SQLite
public import Wording

/// A store read from end to end: whether it agrees with itself, and what to do where it does not.
public struct StoreExamination: Sendable {
    public private(set) var tiles = 0
    /// Bytes of the file in use, overhead included.
    public private(set) var bytes = 0
    /// What is wrong, each with what to do.
    public private(set) var faults: [LocalisedText] = []
    /// What an operator may want to know.
    public private(set) var remarks: [LocalisedText] = []

    /// - Parameter directory: of the store; one that is not there is in order.
    /// - Throws: `TileStoreError` where it cannot be listed.
    public init(directory: String) throws {
        let directory = StoreDirectory(path: directory)
        if directory.exists(directory.damagedPath) {
            remarks.append(
                .init(
                    zh: "\(directory.damagedPath) 是此前损坏而移出的瓦片库，可以删除；若反复出现，请检查磁盘",
                    en: "\(directory.damagedPath) is a tile store that was damaged and set aside; it may be deleted. If it comes back, check the disk"))
        }
        guard let number = try directory.latest() else { return }
        let path = directory.file(number)
        do {
            try examine(path)
        } catch {
            faults.append(Self.advice(path, "\(error)"))
        }
    }

    private mutating func examine(_ path: String) throws {
        let connection = try Connection(path: path, access: .readWrite)
        try connection.execute("PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON")
        // One snapshot: a server may be writing.
        try connection.transaction(.deferred) { connection in
            tiles = Int(try connection.integer("SELECT count(*) FROM tiles") ?? 0)
            bytes = 4096 * Int((try connection.integer("PRAGMA page_count") ?? 0) - (try connection.integer("PRAGMA freelist_count") ?? 0))
            for finding in try connection.quickCheck() { faults.append(Self.advice(path, finding)) }
            let counted = try connection.text(
                "SELECT (SELECT count(*) FROM tiles) || ' ' || count(*) || ' ' || coalesce(sum(length(bytes)), 0) FROM blobs")
            let accounted = try connection.text("SELECT tiles || ' ' || blobs || ' ' || bytes FROM account")
            if counted != accounted { faults.append(Self.advice(path, "account \(accounted ?? "-"), counted \(counted ?? "-")")) }
            try checkContents(connection, path)
        }
    }

    private mutating func checkContents(_ connection: borrowing Connection, _ path: String) throws {
        let orphans = try connection.integer("SELECT count(*) FROM tiles WHERE blob NOT IN (SELECT id FROM blobs)") ?? 0
        if orphans > 0 { faults.append(Self.advice(path, "\(orphans) tiles without content")) }
        var altered = 0
        try connection.withStatement("SELECT tag, bytes FROM blobs") { statement in
            while try statement.step() {
                let body = unsafe statement.withBlob(at: 1) { unsafe Array($0) }
                if EncodedTile.entityTag(of: body) != statement.text(at: 0) { altered += 1 }
            }
        }
        if altered > 0 { faults.append(Self.advice(path, "\(altered) contents altered")) }
    }

    private static func advice(_ path: String, _ finding: String) -> LocalisedText {
        .init(
            zh: "瓦片库 \(path) 已损坏（\(finding)）；运行中的服务读到时会自行重建，也可停止服务后删除该文件，瓦片会重新生成",
            en: "the tile store \(path) is damaged (\(finding)); a running server replaces it when it meets the damage. Or stop the server and delete the file: tiles are made again")
    }
}
