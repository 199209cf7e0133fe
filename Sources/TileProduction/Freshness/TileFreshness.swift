import FeatureStore
import Imagery
import Synchronization
import TileCache
import Tiling

/// Follows the library: after every change it marks exactly those tiles stale that may differ, and tells them.
///
/// Vector tiles and pictures are steps of their own, because the labels of a level may take seconds.
final class TileFreshness: Sendable {
    private let library: MapLibrary
    private let tiers: CacheTiers
    private let plans: LabelPlanShelf
    private let metatile: Int
    private let steps: [DirtyTiles.Kind: Step]
    let feed = MapChangeFeed()
    private let statistics = Mutex(FreshnessStatistics())

    /// One kind of tiles and the state that the cache's are exact for.
    private final class Step: Sendable {
        let kind: DirtyTiles.Kind
        let worker: TileWorker
        let signal: AsyncStream<Void>.Continuation
        let signals: AsyncStream<Void>
        let known: Mutex<LibraryState?> = Mutex(nil)

        init(_ kind: DirtyTiles.Kind) {
            self.kind = kind
            worker = TileWorker(number: -2)
            (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }
    }

    init(library: MapLibrary, tiers: CacheTiers, plans: LabelPlanShelf, metatile: Int) {
        self.library = library
        self.tiers = tiers
        self.plans = plans
        self.metatile = metatile
        // Pictures of a state have keys of their own, and what becomes of labels takes seconds to find out.
        steps = [.vector: Step(.vector)]
    }

    /// Begins to follow the library. A cache in memory is empty then, and so exact for anything.
    func start() {
        let state = library.state
        for step in steps.values {
            if state.generation > 0, tiers.store == nil { step.known.withLock { $0 = state } }
            let signal = step.signal
            library.observe { _, _ in signal.yield() }
            signal.yield()
            Task(priority: .high) { [weak self] in
                for await _ in step.signals { await self?.catchUp(step) }
            }
        }
    }

    func stop() {
        for step in steps.values { step.signal.finish() }
        feed.finish()
    }

    /// What a tile that is begun now has to know to be kept in the end.
    func keeping() -> TileKeeping {
        // Before the data: what is changed from here on is not missed.
        let generation = tiers.generation
        return TileKeeping(state: library.state, generation: generation, tiers: tiers)
    }

    /// Waits until the cache is in step with what the library serves.
    func settle() async {
        while !steps.keys.allSatisfy({ isInStep($0, with: library.state) }) {
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return }
        }
    }

    /// Whether what the cache keeps of a kind is exact for a state of the library.
    func isInStep(_ kind: DirtyTiles.Kind, with state: LibraryState) -> Bool {
        steps[kind]?.known.withLock { $0?.generation } == state.generation
    }

    var counters: FreshnessStatistics { statistics.withLock { $0 } }

    // MARK: Catching up

    private func catchUp(_ step: Step) async {
        let current = library.state
        let former = step.known.withLock { $0 }
        guard current.generation > 0, former?.generation != current.generation else { return }
        for map in current.maps.values.sorted(by: { $0.definition.id < $1.definition.id }) {
            await bringInStep(map, of: current, since: former, step)
        }
        for gone in former?.maps.keys.filter({ current.maps[$0] == nil }) ?? [] { await tiers.removeAll(map: gone) }
        step.known.withLock { $0 = current }
    }

    private func bringInStep(_ map: LiveMap, of state: LibraryState, since former: LibraryState?, _ step: Step) async {
        let id = map.definition.id
        let note = "\(step.kind.rawValue) of \(id)"
        if former?.maps[id] == nil, let known = tiers.note(for: note), known == Self.exactness(of: map, step.kind) { return }
        guard let old = former?.maps[id], old.layersVersion == map.layersVersion else {
            // Whatever is kept is of an earlier run and of other data, or of other layers that may come back.
            let everything = DirtyTiles(map: id, blocks: Self.everything(map, state, step.kind))
            await tiers.markStale([everything], notes: [note: Self.exactness(of: map, step.kind)])
            return
        }
        guard Self.exactness(of: old, step.kind) != Self.exactness(of: map, step.kind) else { return }
        let began = ContinuousClock.now
        let blocks: [DirtyTiles.Block]
        do {
            blocks = step.kind == .vector
                ? try await vectorBlocks(from: old, to: map, state, step) : try await pictureBlocks(from: old, to: map, state, step)
        } catch {
            blocks = Self.everything(map, state, step.kind)  // a file that cannot be read tells nothing; what is drawn will say so
        }
        let dirty = DirtyTiles(map: id, blocks: blocks)
        await tiers.markStale([dirty], notes: [note: Self.exactness(of: map, step.kind)])
        statistics.withLock { $0.add(dirty, took: ContinuousClock.now - began) }
        if !dirty.isEmpty { feed.tell(dirty, dataVersion: map.dataVersion) }
    }

    private static func exactness(of map: LiveMap, _ kind: DirtyTiles.Kind) -> String {
        kind == .vector ? "\(map.dataVersion)" : "\(map.dataVersion) \(map.style?.version ?? 0)"
    }

    private static func everything(_ map: LiveMap, _ state: LibraryState, _ kind: DirtyTiles.Kind) -> [DirtyTiles.Block] {
        map.definition.matrixSets.compactMap { state.sets[$0] }.flatMap { set in
            set.matrices.flatMap { matrix in
                var level = DirtyLevel(matrix)
                level.insertAll()
                return level.blocks(set: set.id, kind: kind)
            }
        }
    }

    private func vectorBlocks(from old: LiveMap, to map: LiveMap, _ state: LibraryState, _ step: Step) async throws -> [DirtyTiles.Block] {
        let (sets, metatile) = (map.definition.matrixSets.compactMap { state.sets[$0] }, metatile)
        return try await step.worker.run { bench in
            let finder = DirtyFinder(from: old, to: map, metatile: metatile, bench: bench)
            return try sets.flatMap { set in
                try finder.vectorTiles(of: set).flatMap { $0.blocks(set: set.id, kind: .vector) }
            }
        }
    }

    private func pictureBlocks(from old: LiveMap, to map: LiveMap, _ state: LibraryState, _ step: Step) async throws -> [DirtyTiles.Block] {
        // Under another style, or with other images, nothing is as it was.
        guard let style = map.style, old.style?.version == style.version, !Self.hasOtherImages(old, map) else {
            return Self.everything(map, state, .picture)
        }
        var blocks: [DirtyTiles.Block] = []
        for set in map.definition.matrixSets.compactMap({ state.sets[$0] }) {
            for matrix in set.matrices {
                var changes: [LabelChange] = []
                for ratio in [1, 2] { changes.append(await labelChange(from: old, to: map, set, matrix, ratio)) }
                let (known, metatile) = (changes, metatile)
                let dirty = try await step.worker.run { bench in
                    try Self.pictures(from: old, to: map, set, matrix, known, metatile: metatile, bench)
                }
                blocks += dirty.blocks(set: set.id, kind: .picture)
            }
        }
        return blocks
    }

    private static func pictures(
        from old: LiveMap, to map: LiveMap, _ set: TileMatrixSet, _ matrix: TileMatrix, _ changes: [LabelChange], metatile: Int,
        _ bench: WorkerBench
    ) throws -> DirtyLevel {
        var dirty = DirtyLevel(matrix)
        var placesLabels = false
        for change in changes {
            switch change {
            case .nothing: break
            case .tiles(let tiles): for tile in tiles { dirty.insert(tile) }
            case .metatiles: placesLabels = true
            case .level: dirty.insertAll()
            }
        }
        guard !dirty.isWhole else { return dirty }
        let finder = DirtyFinder(from: old, to: map, metatile: metatile, bench: bench)
        try finder.pictures(of: set, matrix, placesLabels: placesLabels, into: &dirty)
        return dirty
    }

    private func labelChange(
        from old: LiveMap, to map: LiveMap, _ set: TileMatrixSet, _ matrix: TileMatrix, _ ratio: Int
    ) async -> LabelChange {
        guard let current = LabelPlanner(map: map, set: set, level: matrix.level, ratio: ratio) else { return .nothing }
        return await plans.change(from: LabelPlanner(map: old, set: set, level: matrix.level, ratio: ratio), to: current)
    }

    private static func hasOtherImages(_ old: LiveMap, _ map: LiveMap) -> Bool {
        func images(_ map: LiveMap) -> [UInt64] { map.layers.compactMap { $0.imagery?.contentHash } }
        return images(old) != images(map)
    }
}

/// What following the changes came to.
public struct FreshnessStatistics: Sendable {
    /// Changes of a map, counted for vector tiles and pictures each.
    public var changes = 0
    /// Tiles that they made stale, whether or not somebody had them.
    public var dirtyTiles = 0
    /// The slowest, in seconds.
    public var longestSeconds = 0.0

    mutating func add(_ dirty: DirtyTiles, took time: Duration) {
        changes += 1
        dirtyTiles += dirty.count
        longestSeconds = max(longestSeconds, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
    }
}

/// What a tile being made has to know so that it is kept only where it is exact.
struct TileKeeping: Sendable {
    /// What the tile is made of.
    let state: LibraryState
    /// Of the cache, from before.
    let generation: CacheGeneration
    fileprivate let tiers: CacheTiers

    fileprivate init(state: LibraryState, generation: CacheGeneration, tiers: CacheTiers) {
        (self.state, self.generation, self.tiers) = (state, generation, tiers)
    }

    /// Keeps a finished tile, unless it is of another state than the cache is in step with.
    func keep(_ tile: EncodedTile, for key: TileKey) {
        // The key says which data it is of.
        tiers.store(tile, for: key, generation: generation)
    }
}
