internal import Glibc
internal import Wording

/// The right to write to a data directory, given back when the value or the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: CInt

    private init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// - Returns: `nil` when another holder has it; throws `storageFailed` when the file cannot be made.
    static func take(path: String) throws(RegistryError) -> FileLock? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw RegistryError(
                code: .storageFailed,
                message: .init(
                    zh: "\(path) 无法创建；请检查本用户可否写入数据目录",
                    en: "\(path) cannot be made; check that this user may write to the data directory"))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return FileLock(descriptor: descriptor)
    }

    deinit {
        // A child being started at this moment holds a copy of the descriptor until it runs its program; closing ours
        // alone would leave the lock with it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
