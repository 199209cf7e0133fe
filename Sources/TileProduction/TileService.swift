import FeatureStore
import Portrayal
import Synchronization
public import TileCache
public import Tiling
import Wording

/// Tiles of the library's maps: from memory, from the store, from a production under way, or made now.
public final class TileService: Sendable {
    /// One wanted tile.
    public struct Request: Hashable, Sendable {
        public var map: String
        public var matrixSet: String
        public var address: TileAddress
        public var format: TileFormat

        public init(map: String, matrixSet: String, address: TileAddress, format: TileFormat) {
            self.map = map
            self.matrixSet = matrixSet
            self.address = address
            self.format = format
        }
    }

    public let library: MapLibrary
    public let tiers: CacheTiers
    let queue: ProductionQueue<TileKey, [TileAddress: EncodedTile]>
    let parts = PartStyles()
    private let flights = SharedFlights<TileKey, EncodedTile>()
    private let renewals = Mutex(Renewals())
    let plans: LabelPlanShelf
    private let freshness: TileFreshness
    /// Tiles along the side of a raster job.
    public let metatile: Int
    /// How long the new tile is waited for where the old one can be given.
    private let patience: Duration

    private struct Renewals {
        var staleAnswers = 0
        var failed = 0
    }

    /// - Parameters:
    ///   - cache: the tier in memory.
    ///   - store: the tier on disk; `nil` for memory alone.
    ///   - workers: threads that make tiles, best one a core.
    ///   - queueLimit: jobs that may wait before requests are refused.
    ///   - metatile: tiles along the side of a raster job; 1 draws single tiles.
    ///   - labels: where label plans are kept; `nil` for memory alone.
    ///   - versions: where it is kept which tiles the latest changes have left alone; `nil` for memory alone.
    ///   - patience: how long the new tile is waited for where the old one can be given instead.
    public init(
        library: MapLibrary, cache: MemoryTier, store: TileStore? = nil, workers: Int, queueLimit: Int, metatile: Int,
        labels: LabelFiles? = nil, versions: TileVersionFiles? = nil, patience: Duration = .seconds(2)
    ) {
        precondition(workers > 0 && metatile > 0, "production needs a worker and a window")
        self.library = library
        tiers = CacheTiers(memory: cache, store: store)
        self.metatile = metatile
        self.patience = patience
        plans = LabelPlanShelf(files: labels)
        queue = ProductionQueue(workers: (0..<workers).map { TileWorker(number: $0) }, limit: queueLimit)
        freshness = TileFreshness(library: library, plans: plans, files: versions)
        freshness.start()
    }

    deinit { freshness.stop() }

    /// Writes what waits for the store, and which of its tiles the changes have left alone; the store is closed then.
    public func close() async {
        // Those of the process that writes to the store are the ones that fit it.
        if tiers.store?.statistics.isWriter == true { freshness.keepVersions() }
        await tiers.store?.close()
    }

    /// The tiles that changes of the data touch, from now on, map by map; ends for a listener that falls behind.
    public var changes: AsyncStream<MapChange> { freshness.changes }

    /// How following the changes fares.
    public var freshnessStatistics: FreshnessStatistics { freshness.counters }

    /// The tile if it is in memory; never waits, so that an event loop may ask.
    public func cached(_ request: Request) -> EncodedTile? {
        guard let map = library.state.maps[request.map] else { return nil }
        return cache.tile(for: TileKey(request, in: map))
    }

    public var cache: MemoryTier { tiers.memory }

    /// The tile, made when it has to be; the one before the latest change, marked as stale, where the new one is not to be
    /// had in time.
    ///
    /// Throws `ProductionError`: an unknown map or matrix set, an address outside the limits, layers still in
    /// preparation, too many productions waiting, a style that cannot draw the data.
    public func tile(_ request: Request) async throws -> EncodedTile {
        let (map, set) = try resolve(request)
        let key = TileKey(request, in: map)
        if let tile = cache.tile(for: key) { return tile }
        return try await flights.run(key) { [self] in
            if let tile = cache.tile(for: key) { return tile }
            let finding = await tiers.store?.find(key) ?? .none
            if let tile = finding.fresh {
                cache.store(tile, for: key)
                return tile
            }
            guard let old = cache.staleTile(for: key) ?? finding.stale else {
                return try await make(request, map: map, set: set)
            }
            return try await renew(old, request, map: map, set: set)
        }
    }

    /// The new tile where it is there in time, else the old one, while the new one goes on being made.
    private func renew(_ old: EncodedTile, _ request: Request, map: LiveMap, set: TileMatrixSet) async throws -> EncodedTile {
        do {
            let making = Task { try await make(request, map: map, set: set) }
            if let tile = try await making.value(within: patience) { return tile }
        } catch let error as ProductionError where error.code == .overloaded || error.code == .notReady {
            if error.code == .overloaded { makeBehind(request, map: map, set: set) }
        }
        renewals.withLock { $0.staleAnswers += 1 }
        var old = old
        old.isStale = true
        return old
    }

    private func makeBehind(_ request: Request, map: LiveMap, set: TileMatrixSet) {
        Task { @concurrent in
            do {
                _ = try await make(request, map: map, set: set, isBehind: true)
            } catch {
                renewals.withLock { $0.failed += 1 }
            }
        }
    }

    private func make(_ request: Request, map: LiveMap, set: TileMatrixSet, isBehind: Bool = false) async throws -> EncodedTile {
        let key = TileKey(request, in: map)
        let labels = await labels(request, map: map, set: set)
        let metatile = metatile(of: map)
        let made = try await queue.produce(productionKey(key, of: map, metatile: metatile), isBehind: isBehind) { [tiers] bench in
            var recorder = ProductionRecorder()
            var made = try Self.make(
                request, map: map, set: set, metatile: metatile, labels: labels, bench: bench, recorder: &recorder)
            for (address, tile) in made {
                var (request, tile) = (request, tile)
                request.address = address
                let key = TileKey(request, in: map)
                tile.dataVersion = key.dataVersion
                made[address] = tile
                tiers.store(tile, for: key)
            }
            return made
        }
        guard let tile = made[request.address] else {
            preconditionFailure("a production gives the tile it was asked for")
        }
        return tile
    }

    /// Makes the tile afresh, past every cache, and says how.
    public func explain(_ request: Request) async throws -> (tile: EncodedTile, record: ProductionRecorder) {
        let (map, set) = try resolve(request)
        let worker = TileWorker(number: 0)
        let labels = await labels(request, map: map, set: set)
        let metatile = metatile(of: map)
        return try await worker.run { bench in
            var recorder = ProductionRecorder(isOn: true)
            let made = try Self.make(
                request, map: map, set: set, metatile: metatile, labels: labels, bench: bench, recorder: &recorder)
            guard let tile = made[request.address] else {
                preconditionFailure("a production gives the tile it was asked for")
            }
            return (tile, recorder)
        }
    }

    /// How label plans came about.
    public var labelCounters: LabelCounters {
        get async { await plans.counters }
    }

    /// How production fares.
    public var counters: ProductionCounters {
        get async {
            var counters = await queue.statistics
            counters.joined += await flights.joined
            (counters.staleAnswers, counters.failedBehind) = renewals.withLock { ($0.staleAnswers, $0.failed) }
            return counters
        }
    }

    static func make(
        _ request: Request, map: LiveMap, set: TileMatrixSet, metatile: Int, labels: Labels, bench: WorkerBench,
        recorder: inout ProductionRecorder
    ) throws -> [TileAddress: EncodedTile] {
        let producer = TileProducer(map: map, set: set, bench: bench)
        switch request.format {
        case .mvt: return [request.address: try producer.vectorTile(at: request.address, recorder: &recorder)]
        case .png, .jpeg, .webp, .mixed:
            do {
                var tiles = try producer.rasterTiles(
                    around: request.address, format: request.format, metatile: metatile, labels: labels.level, recorder: &recorder)
                if labels.areProvisional { for address in tiles.keys { tiles[address]?.isProvisional = true } }
                return tiles
            } catch let error as PortrayalError {
                throw ProductionError(
                    code: .portrayal, message: .init(zh: "样式或字体无法绘制此瓦片", en: error.message), cause: error)
            }
        }
    }

    /// Where the labels of a picture come from.
    struct Labels: Sendable {
        /// `nil` where they are placed inside each metatile.
        var level: LevelLabels?
        /// Whether a plan is still being made that the next picture will have.
        var areProvisional = false
    }

    private func labels(_ request: Request, map: LiveMap, set: TileMatrixSet) async -> Labels {
        guard let ratio = request.format.ratio,
            let planner = LabelPlanner(map: map, set: set, level: request.address.level, ratio: ratio)
        else { return Labels() }
        switch await plans.plan(planner) {
        case .labels(let level): return Labels(level: level)
        case .metatiles: return Labels()
        case .making: return Labels(areProvisional: true)
        }
    }

    /// The map and matrix set, and proof that the address lies in the set.
    private func resolve(_ request: Request) throws(ProductionError) -> (LiveMap, TileMatrixSet) {
        let (map, set) = try library.state.resolve(map: request.map, matrixSet: request.matrixSet)
        try map.check(request.format)
        try set.check(request.address)
        return (map, set)
    }

    /// Tiles that an archive holds ready are better taken one by one.
    func metatile(of map: LiveMap) -> Int { map.style?.plainImagery == nil ? metatile : 1 }

    /// Tiles of one metatile are one production.
    func productionKey(_ key: TileKey, of map: LiveMap, metatile: Int) -> TileKey {
        var key = key
        key.dataVersion = map.dataVersion
        guard key.format != .mvt else { return key }
        key.address.row = key.address.row / metatile * metatile
        key.address.column = key.address.column / metatile * metatile
        return key
    }
}

extension TileKey {
    /// What a request finds in the caches while the map is as it is now.
    init(_ request: TileService.Request, in map: LiveMap) {
        self.init(
            map: request.map, matrixSet: request.matrixSet, address: request.address, format: request.format,
            styleVersion: request.format == .mvt ? 0 : map.style?.version ?? 0,
            dataVersion: map.tileVersions.version(matrixSet: request.matrixSet, address: request.address, format: request.format),
            policyClass: PolicyClass.everyone)
    }
}

/// Readers with the same rights. While there are no access rules everybody is one class, which sees what is open.
public enum PolicyClass {
    public static let everyone = "everyone"
}
