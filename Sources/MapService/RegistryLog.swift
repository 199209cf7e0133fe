import Logging
import Synchronization
import TileProduction

/// Says in the log what becomes of the registry, each thing once.
final class RegistryLog: Sendable {
    private struct Told {
        var foreignFilesLeft = 0
        var failure: String?
    }

    private let logger: Logger
    private let told = Mutex(Told())

    init(logger: Logger) { self.logger = logger }

    /// The registry is followed, and this is what is served of it.
    func tell(_ state: LibraryState) {
        let before = told.withLock { told in
            defer { told = Told(foreignFilesLeft: state.foreignFilesLeft) }
            return told
        }
        if before.failure != nil { logger.notice("the registry is followed again") }
        if state.foreignFilesLeft > before.foreignFilesLeft {
            logger.warning("the registry is another one, or an older copy: what was derived from the former is made again")
        }
    }

    func tell(_ error: any Error) {
        let text = String(describing: error)
        let isNew = told.withLock { told in
            defer { told.failure = text }
            return told.failure != text
        }
        if isNew { logger.error("the registry cannot be followed; what was served goes on", metadata: ["error": "\(text)"]) }
    }
}
