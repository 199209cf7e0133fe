import FoundationEssentials
import Wording

/// The files of a store: one database under a number of its own for every time that it was made anew.
///
/// A number is never used again, so whoever still has a former file open can never mix it up with its successor.
struct StoreDirectory: Sendable {
    let path: String

    private static let prefix = "store-"
    private static let suffix = ".sqlite"
    /// What SQLite keeps beside a database.
    private static let sideFiles = ["-wal", "-shm", "-journal"]

    var lockPath: String { path + "/store.lock" }
    /// The last store that was set aside.
    var damagedPath: String { path + "/damaged.sqlite" }

    func file(_ number: Int) -> String { "\(path)/\(Self.prefix)\(number)\(Self.suffix)" }

    func make() throws(TileStoreError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw TileStoreError(
                message: .init(
                    zh: "瓦片库目录 \(path) 无法创建；请检查权限与磁盘余量",
                    en: "the directory \(path) of the tile store cannot be made; check its permissions and the room on the disk"),
                cause: error)
        }
    }

    /// The number of the database in use; `nil` where there is none.
    func latest() throws(TileStoreError) -> Int? {
        try files().compactMap { name in
            name.hasPrefix(Self.prefix) && name.hasSuffix(Self.suffix)
                ? Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)) : nil
        }.max()
    }

    /// Moves a damaged database out of the way, in place of the one before it.
    func setAside(_ number: Int) throws(TileStoreError) {
        do {
            try removeIfThere(damagedPath)
            if exists(file(number)) { try FileManager.default.moveItem(atPath: file(number), toPath: damagedPath) }
            for side in Self.sideFiles { try removeIfThere(file(number) + side) }
        } catch { throw unusable(file(number), error) }
    }

    /// Deletes a database that is of no use.
    func remove(_ number: Int) throws(TileStoreError) {
        do {
            for side in [""] + Self.sideFiles { try removeIfThere(file(number) + side) }
        } catch { throw unusable(file(number), error) }
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func removeIfThere(_ path: String) throws {
        if exists(path) { try FileManager.default.removeItem(atPath: path) }
    }

    private func files() throws(TileStoreError) -> [String] {
        guard exists(path) else { return [] }
        do { return try FileManager.default.contentsOfDirectory(atPath: path) } catch { throw unusable(path, error) }
    }

    private func unusable(_ path: String, _ cause: any Error) -> TileStoreError {
        TileStoreError(
            message: .init(
                zh: "瓦片库 \(path) 无法使用；请检查权限，或删除整个目录（瓦片会重新生成）",
                en: "the tile store \(path) cannot be used; check its permissions, or delete the directory (tiles are made again)"),
            cause: cause)
    }
}
