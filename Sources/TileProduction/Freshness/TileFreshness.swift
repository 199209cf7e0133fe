import FeatureStore
import Synchronization
import TileCache
import Tiling

/// Follows a library: finds the pictures that every change really changes, and tells all tiles that one has changed.
///
/// A change of the data is served at once; until it is known which pictures of a level it touches, all of the level count as
/// touched. That takes as long as it takes to place the level's labels anew.
final class TileFreshness: Sendable {
    private let library: MapLibrary
    private let plans: LabelPlanShelf
    private let files: TileVersionFiles?
    private let worker = TileWorker(number: -3)
    private let listeners = MapChangeListeners()
    private let events: AsyncStream<LibraryChange>
    private let event: AsyncStream<LibraryChange>.Continuation
    private let statistics = Mutex(FreshnessStatistics())

    /// - Parameter files: where versions outlive the process; `nil` for memory alone.
    init(library: MapLibrary, plans: LabelPlanShelf, files: TileVersionFiles?) {
        self.library = library
        self.plans = plans
        self.files = files
        (events, event) = AsyncStream.makeStream(of: LibraryChange.self)
    }

    /// Begins to follow the library from what it serves now.
    func start() {
        if let files { library.takeVersions(from: files) }
        let event = event
        library.observe { event.yield($0) }
        let begun = settledMaps()
        Task(priority: .utility) { [weak self, events] in
            // The states that a map's pictures are known to be exact for.
            var exact = begun
            for await change in events {
                guard let self else { return }
                tellVectors(change)
                await settlePictures(change.current, &exact)
                keepVersions()
            }
        }
    }

    /// The maps of now whose pictures are known; what changed before nobody followed is settled as a whole.
    private func settledMaps() -> [String: LiveMap] {
        library.state.maps.filter { _, map in
            let open = map.tileVersions.openRungs
            guard !open.isEmpty else { return true }
            return library.settlePictures(of: map, Dictionary(uniqueKeysWithValues: open.map { ($0, nil) }))
        }
    }

    func stop() {
        event.finish()
        listeners.finish()
    }

    /// From now on; ends for a listener that falls behind.
    var changes: AsyncStream<MapChange> { listeners.changes }

    var counters: FreshnessStatistics { statistics.withLock { $0 } }

    private func tellVectors(_ change: LibraryChange) {
        statistics.withLock { $0.uncompared += change.uncompared.count }
        for dirty in change.dirty {
            guard let map = change.current.maps[dirty.map] else { continue }
            statistics.withLock { $0.add(dirty) }
            listeners.tell(dirty, dataVersion: map.dataVersion)
        }
    }

    /// Writes the versions as they are now to disk, where they are kept.
    func keepVersions() {
        guard let files else { return }
        for map in library.state.maps.values {
            do {
                try files.store(map)
            } catch {
                statistics.withLock { $0.unwritten += 1 }  // after a restart all tiles of the map are made anew
            }
        }
    }

    // MARK: Pictures

    private func settlePictures(_ state: LibraryState, _ exact: inout [String: LiveMap]) async {
        // Of several changes in a row only the last needs to be settled.
        guard library.state.generation == state.generation else { return }
        for map in state.maps.values.sorted(by: { $0.definition.id < $1.definition.id }) {
            let old = exact[map.definition.id]
            let open = map.tileVersions.openRungs
            guard !open.isEmpty else {
                exact[map.definition.id] = map
                continue
            }
            let began = ContinuousClock.now
            var answers: [TileVersions.Rung: [DirtyTiles.Block]?] = [:]
            for rung in open { answers.updateValue(await blocks(rung, from: old, to: map, state), forKey: rung) }
            guard library.settlePictures(of: map, answers) else { continue }
            exact[map.definition.id] = map
            tell(answers, of: map, state, took: ContinuousClock.now - began)
        }
    }

    /// What differs on a rung; `nil` for all of it, or where that cannot be said.
    private func blocks(
        _ rung: TileVersions.Rung, from old: LiveMap?, to map: LiveMap, _ state: LibraryState
    ) async -> [DirtyTiles.Block]? {
        guard let old, let set = state.sets[rung.matrixSet], let matrix = set.matrix(level: rung.level),
            old.style?.version == map.style?.version, old.imageHashes == map.imageHashes
        else { return nil }
        guard let former = LabelPlanner(map: old, set: set, level: rung.level, ratio: rung.ratio),
            let current = LabelPlanner(map: map, set: set, level: rung.level, ratio: rung.ratio),
            let labels = await plans.change(from: former, to: current)
        else { return nil }
        do {
            return try await worker.run { bench in
                var dirty = DirtyLevel(matrix)
                for tile in labels { dirty.insert(tile) }
                try DirtyFinder(from: old, to: map, bench: bench).pictures(of: set, matrix, ratio: rung.ratio, into: &dirty)
                return dirty.blocks(set: set.id, kind: .picture)
            }
        } catch {
            return nil  // a file that cannot be read tells nothing; what is drawn will say so
        }
    }

    /// Of a level whose pictures have a ratio that was not asked for since the change before, nothing is told of that one: there
    /// are none that could be kept. Where it is not known of either, all of the level is told.
    private func tell(
        _ answers: [TileVersions.Rung: [DirtyTiles.Block]?], of map: LiveMap, _ state: LibraryState, took time: Duration
    ) {
        statistics.withLock { $0.addPictures(answers, took: time) }
        var blocks: [DirtyTiles.Block] = []
        for set in map.definition.matrixSets.compactMap({ state.sets[$0] }) {
            for matrix in set.matrices {
                let rungs = answers.filter { $0.key.matrixSet == set.id && $0.key.level == matrix.level }
                guard !rungs.isEmpty else { continue }
                let known = rungs.values.compactMap { $0 }
                var dirty = known.isEmpty ? DirtyLevel(whole: matrix) : DirtyLevel(matrix)
                for block in known.joined() { dirty.insert(block) }
                blocks += dirty.blocks(set: set.id, kind: .picture)
            }
        }
        let dirty = DirtyTiles(map: map.definition.id, blocks: blocks)
        if !dirty.isEmpty { listeners.tell(dirty, dataVersion: map.dataVersion) }
    }
}

/// What following the changes came to.
public struct FreshnessStatistics: Sendable {
    /// Changes of maps.
    public var changes = 0
    /// Vector tiles that they touched, whether or not somebody has them.
    public var dirtyTiles = 0
    /// The same of pictures, on the levels where that is known tile by tile.
    public var dirtyPictures = 0
    /// Levels of which all pictures count as touched, because there was no label plan to compare with.
    public var wholeLevels = 0
    /// Changes of which all tiles of a map count as touched, because a file could not be read.
    public var uncompared = 0
    /// How often the versions of a map's tiles could not be written to disk.
    public var unwritten = 0
    /// The longest time, in seconds, from a change until its pictures were known tile by tile.
    public var longestSeconds = 0.0

    mutating func add(_ dirty: DirtyTiles) {
        changes += 1
        dirtyTiles += dirty.count
    }

    mutating func addPictures(_ answers: [TileVersions.Rung: [DirtyTiles.Block]?], took time: Duration) {
        for blocks in answers.values {
            if let blocks { dirtyPictures += blocks.reduce(0) { $0 + $1.count } } else { wholeLevels += 1 }
        }
        longestSeconds = max(longestSeconds, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
    }
}
