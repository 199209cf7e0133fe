import Synchronization

/// That an archive is new, replaced or gone, whose tiles may be others from now on.
struct ArchiveChange: Sendable, Hashable {
    var name: String
    /// As its tiles say in `X-Data-Version`; of one that is gone, as they said.
    var version: UInt64
}

/// Lets any number of listeners follow the archives.
final class ArchiveChangeListeners: Sendable {
    private struct Listeners {
        var continuations: [Int: AsyncStream<ArchiveChange>.Continuation] = [:]
        var next = 0
    }

    private let listeners = Mutex(Listeners())

    /// From now on; files change too seldom for a listener to fall behind.
    var changes: AsyncStream<ArchiveChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: ArchiveChange.self)
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.continuations[listeners.next] = continuation
            return listeners.next
        }
        continuation.onTermination = { [weak self] _ in self?.listeners.withLock { $0.continuations[number] = nil } }
        return stream
    }

    func tell(_ change: ArchiveChange) {
        for continuation in listeners.withLock({ Array($0.continuations.values) }) { continuation.yield(change) }
    }
}
