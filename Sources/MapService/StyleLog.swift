import Logging
import Synchronization

/// Says in the log when a style breaks and when it is whole again, each once.
final class StyleLog: Sendable {
    private let logger: Logger
    /// What has been said, with the maps that it was said of.
    private let told = Mutex<[String: [String]]>([:])

    init(logger: Logger) { self.logger = logger }

    /// - Parameter failures: by map; maps of one style have one reason.
    func tell(_ failures: [String: String]) {
        let reasons = Dictionary(grouping: failures.keys.sorted()) { failures[$0] ?? "" }
        let before = told.withLock { told in
            defer { told = reasons }
            return told
        }
        for (reason, maps) in reasons.sorted(by: { $0.key < $1.key }) where before[reason] == nil {
            logger.error("a style is broken", metadata: ["maps": "\(maps.joined(separator: " "))", "reason": "\(reason)"])
        }
        let mended = Set(before.values.joined()).subtracting(failures.keys)
        if !mended.isEmpty {
            logger.notice("styles are whole again", metadata: ["maps": "\(mended.sorted().joined(separator: " "))"])
        }
    }
}
