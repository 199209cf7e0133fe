internal import Glibc

/// The right to write to a database that several processes open, given back when the value or the process ends, however it ends.
public final class FileLock: Sendable {
    /// How an attempt ended.
    public enum Attempt: Sendable {
        case taken(FileLock)
        /// Another holder has it, in this process or another.
        case held
        /// The file cannot be made or opened.
        case notMade
    }

    private let descriptor: CInt

    private init(descriptor: CInt) { self.descriptor = descriptor }

    /// Tries once, without waiting.
    ///
    /// - Parameter path: of the lock's own file, made where it is not there.
    public static func take(path: String) -> Attempt {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return .notMade }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return .held
        }
        return .taken(FileLock(descriptor: descriptor))
    }

    deinit {
        // A child being started at this moment holds a copy of the descriptor until it runs its program; closing ours
        // alone would leave the lock with it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
