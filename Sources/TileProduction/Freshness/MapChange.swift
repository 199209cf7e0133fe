import Synchronization
public import TileCache

/// Tiles of a map that a committed change touched, as clients are told.
public struct MapChange: Sendable {
    /// Counts the changes of a running service.
    public var number: Int
    public var dirty: DirtyTiles
    /// Of the map as it is now: what the tiles that take their place say in `X-Data-Version`.
    public var dataVersion: UInt64
}

/// Lets any number of listeners follow the changes; who falls behind is told to start afresh.
final class MapChangeListeners: Sendable {
    private struct Listeners {
        var continuations: [Int: AsyncStream<MapChange>.Continuation] = [:]
        var next = 0
        var changes = 0
    }

    private let listeners = Mutex(Listeners())
    /// Changes that wait for a slow listener; with more its stream ends.
    private static let patience = 1_000

    var changes: AsyncStream<MapChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: MapChange.self, bufferingPolicy: .bufferingOldest(Self.patience))
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.continuations[listeners.next] = continuation
            return listeners.next
        }
        continuation.onTermination = { [weak self] _ in self?.listeners.withLock { $0.continuations[number] = nil } }
        return stream
    }

    func tell(_ dirty: DirtyTiles, dataVersion: UInt64) {
        let ended = listeners.withLock { listeners in
            listeners.changes += 1
            let change = MapChange(number: listeners.changes, dirty: dirty, dataVersion: dataVersion)
            return listeners.continuations.values.filter { continuation in
                if case .dropped = continuation.yield(change) { true } else { false }
            }
        }
        for continuation in ended { continuation.finish() }
    }

    func finish() {
        let all = listeners.withLock { $0.continuations.values.map { $0 } }
        for continuation in all { continuation.finish() }
    }
}
