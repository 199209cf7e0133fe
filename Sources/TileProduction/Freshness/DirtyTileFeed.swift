import FeatureStore
import Synchronization
import TileCache
import Tiling

/// Follows a library and tells, after every change, the vector tiles whose bytes it may have changed.
///
/// The cache needs none of this, for a tile's key says the version of its data; it is for those who hold tiles elsewhere.
final class DirtyTileFeed: Sendable {
    private let library: MapLibrary
    private let worker = TileWorker(number: -2)
    private let listeners = MapChangeListeners()
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let statistics = Mutex(FreshnessStatistics())

    init(library: MapLibrary) {
        self.library = library
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Begins to follow the library from what it serves now.
    func start() {
        let signal = signal
        library.observe { _, _ in signal.yield() }
        Task(priority: .utility) { [weak self, signals, library] in
            var known = library.state
            for await _ in signals {
                guard let self else { return }
                let current = library.state
                await tell(from: known, to: current)
                known = current
            }
        }
    }

    func stop() {
        signal.finish()
        listeners.finish()
    }

    /// From now on; ends for a listener that falls behind.
    var changes: AsyncStream<MapChange> { listeners.changes }

    var counters: FreshnessStatistics { statistics.withLock { $0 } }

    private func tell(from former: LibraryState, to current: LibraryState) async {
        for map in current.maps.values.sorted(by: { $0.definition.id < $1.definition.id }) {
            guard let old = former.maps[map.definition.id], old.dataVersion != map.dataVersion else { continue }
            let began = ContinuousClock.now
            let sets = map.definition.matrixSets.compactMap { current.sets[$0] }
            do {
                let dirty = try await worker.run { bench in try DirtyFinder(from: old, to: map, bench: bench).vectorTiles(of: sets) }
                statistics.withLock { $0.add(dirty, took: ContinuousClock.now - began) }
                if !dirty.isEmpty { listeners.tell(dirty, dataVersion: map.dataVersion) }
            } catch {
                // A file that cannot be read tells nothing; listeners have to begin afresh.
                statistics.withLock { $0.failures += 1 }
                listeners.finish()
            }
        }
    }
}

/// What following the changes came to.
public struct FreshnessStatistics: Sendable {
    /// Changes of maps that were looked at.
    public var changes = 0
    /// Vector tiles that they touched, whether or not somebody has them.
    public var dirtyTiles = 0
    /// The slowest, in seconds.
    public var longestSeconds = 0.0
    /// Changes whose tiles could not be found.
    public var failures = 0

    mutating func add(_ dirty: DirtyTiles, took time: Duration) {
        changes += 1
        dirtyTiles += dirty.count
        longestSeconds = max(longestSeconds, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
    }
}
