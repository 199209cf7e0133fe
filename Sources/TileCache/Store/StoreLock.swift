import Glibc
import Wording

/// The right to write to a store, given back when the value or the process ends, however it ends.
final class StoreLock: Sendable {
    private let descriptor: CInt

    private init(descriptor: CInt) { self.descriptor = descriptor }

    /// - Returns: `nil` when another process, or another store of this one, has it.
    /// - Throws: when the file cannot be made.
    static func take(path: String) throws(TileStoreError) -> StoreLock? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw TileStoreError(
                message: .init(
                    zh: "\(path) 无法创建；请检查本用户可否写入数据目录、磁盘是否已满",
                    en: "\(path) cannot be made; check that this user may write to the data directory and that the disk has room"))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return StoreLock(descriptor: descriptor)
    }

    deinit {
        // A child being started at this moment holds a copy of the descriptor; closing ours alone would leave it the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
