import FeatureStore
import SeedJobs
import TileCache
import Tiling
import Wording

/// The store of finished tiles: what a job makes is there when the service is asked for it.
///
/// A tile lies under the key that a request for it has. So a later change leaves those alone that it does not touch, and what was made
/// for a request or by an earlier job is not made again. Tiles on which nothing is drawn are not kept: they cost next to nothing when
/// they are asked for. One process writes to a store, so none shares such a job.
actor StoreTarget: SeedTarget {
    nonisolated let isShared = true

    private static let interval = Duration.milliseconds(50)

    private let store: TileStore
    private let plan: SeedPlan
    /// Which follows the changes of the data while the job runs.
    private let service: TileService
    private let evictionsBefore: Int
    /// The tile that leaves first where there is no room for all.
    private var firstKept: TileKey?

    /// - Parameter store: of the service, which this process writes to.
    init(_ store: TileStore, of service: TileService, plan: SeedPlan) {
        self.store = store
        self.service = service
        self.plan = plan
        evictionsBefore = store.statistics.evictions
    }

    func kept(_ block: SeedBlock, pass: Int, version: UInt64, map: LiveMap) async throws -> SeedTally? {
        guard let now = try await settled(map) else { return nil }
        let addresses = block.addresses
        var tally = SeedTally()
        for (address, finding) in zip(addresses, try await findings(addresses, pass, now)) {
            guard let tile = finding.fresh else { return nil }
            tally.add(SeededTile(address: address, content: tile.isEmpty ? .empty : .made(tile)))
        }
        return tally
    }

    func keep(_ tiles: [SeededTile], of block: SeedBlock, claim: ChunkClaim, map: LiveMap) async throws {
        let now = try await settled(map) ?? service.library.state.maps[map.definition.id]
        let made = tiles.compactMap { tile -> (key: TileKey, tile: EncodedTile)? in
            guard case .made(var encoded) = tile.content, let now, let key = key(tile.address, claim.pass, from: map, now) else { return nil }
            encoded.dataVersion = key.dataVersion
            return (key, encoded)
        }
        guard let first = made.first else { return }
        try await store.write(made)
        if firstKept == nil { firstKept = first.key }
        try await checkRoom()
    }

    func settle() async throws { try await store.settle() }

    /// What is in the store stays: it is as good as what was made for requests.
    func discard() {}

    /// Counts what the store gives back, chunk by chunk.
    ///
    /// - Throws: `storageFull` where tiles of the job had to make room for others.
    func finish(_ job: JobRecord, map: LiveMap, versions: [UInt64], journal: JobJournal) async throws -> SeedEnding {
        guard let now = try await settled(map) else { return .damaged([]) }
        var missing: [(pass: Int, place: Int)] = []
        var hasRoom = true
        for pass in plan.passes.indices {
            for chunk in try journal.chunks(of: job.number, pass: pass) {
                let (found, absent) = try await tally(chunk.blocks, pass, now)
                if found.made == chunk.tally.made, found.digest == chunk.tally.digest { continue }
                missing.append((pass, chunk.blocks.lowerBound))
                if absent > chunk.tally.empty + chunk.tally.failed { hasRoom = false }
            }
        }
        guard hasRoom || store.statistics.evictions == evictionsBefore else { throw tooSmall }
        return missing.isEmpty ? .finished([]) : .damaged(missing)
    }

    // MARK: Keys

    private func request(_ address: TileAddress, _ pass: Int) -> TileService.Request {
        TileService.Request(
            map: plan.specification.map, matrixSet: plan.passes[pass].set.id, address: address, format: plan.passes[pass].format)
    }

    /// The key that a request for a tile made from `map` has now; `nil` where a change has touched it meanwhile.
    private func key(_ address: TileAddress, _ pass: Int, from map: LiveMap, _ now: LiveMap) -> TileKey? {
        let request = request(address, pass)
        let key = TileKey(request, in: now)
        return now.isSame(as: map) || key == TileKey(request, in: map) ? key : nil
    }

    /// The map of the same data as it is served now, once it is known which tiles the latest change has left alone: their versions are
    /// in the keys. `nil` when the data have changed again.
    private func settled(_ map: LiveMap) async throws -> LiveMap? {
        while let now = service.library.state.maps[map.definition.id], now.isSame(as: map) {
            let open = now.tileVersions.openRungs
            guard plan.passes.contains(where: { pass in open.contains { $0.concerns(pass) } }) else { return now }
            try await Task.sleep(for: Self.interval)
        }
        return nil
    }

    // MARK: What is there

    private func findings(_ addresses: [TileAddress], _ pass: Int, _ map: LiveMap) async throws -> [StoreFinding] {
        try await store.read(addresses.map { TileKey(request($0, pass), in: map) })
    }

    /// - Returns: what lies there of some blocks, and of how many tiles there is no version at all.
    private func tally(_ places: Range<Int>, _ pass: Int, _ map: LiveMap) async throws -> (found: SeedTally, absent: Int) {
        var (found, absent) = (SeedTally(), 0)
        for place in places {
            let addresses = plan.passes[pass].block(at: place).addresses
            for (address, finding) in zip(addresses, try await findings(addresses, pass, map)) {
                switch finding {
                case .fresh(let tile): if !tile.isEmpty { found.add(SeededTile(address: address, content: .made(tile))) }
                case .stale: break
                case .none: absent += 1
                }
            }
        }
        return (found, absent)
    }

    /// Rather than at the end of hours.
    ///
    /// - Throws: `storageFull` where the job's first tile had to make room for its latest.
    private func checkRoom() async throws {
        guard let firstKept, store.statistics.evictions > evictionsBefore else { return }
        if case .none? = try await store.read([firstKept]).first { throw tooSmall }
    }

    private var tooSmall: JobError {
        let megabytes = store.quota >> 20
        return JobError(
            code: .storageFull,
            message: LocalisedText(
                zh: "瓦片库的配额（\(megabytes) MB）放不下本作业的瓦片，先写入的已被挤出；请用 --store-quota 加大配额，或缩小范围、级别后重试",
                en: "the tile store's quota (\(megabytes) MB) does not hold the tiles of this job, and the first had to leave; raise --store-quota, or seed a smaller area or fewer levels"))
    }
}

extension LiveMap {
    /// Whether a tile made from one has the bytes of one made from the other.
    fileprivate func isSame(as other: LiveMap) -> Bool {
        dataVersion == other.dataVersion && style?.version == other.style?.version
    }
}

extension TileVersions.Rung {
    fileprivate func concerns(_ pass: SeedPlan.Pass) -> Bool {
        matrixSet == pass.set.id && level == pass.level && kind == .init(pass.format) && ratio == pass.format.ratio ?? 1
    }
}
