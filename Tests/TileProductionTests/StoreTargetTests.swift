import FeatureStore
import Foundation
import Reprojection
import SeedJobs
import SimpleFeatures
import Synchronization
import TestSupport
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// Seeding into the store of finished tiles: what a request finds there is what it would have got without.
@Suite(.serialized) struct StoreTargetTests {
    private let journals: String
    private let directory: String

    init() throws {
        journals = try ScratchDirectory.make()
        directory = try ScratchDirectory.make() + "/tiles"
    }

    private func store(quota: Int = 64 << 20) async throws -> TileStore {
        var settings = TileStore.Settings(quota: quota, maker: "test")
        settings.patience = .seconds(600)
        return try await TileStore(directory: directory, settings: settings)
    }

    private func service(_ data: TestData, _ store: TileStore?, metatile: Int = 4) -> TileService {
        TileService(
            library: data.library, cache: MemoryTier(capacity: 0), store: store, workers: 1, queueLimit: 1000, metatile: metatile,
            patience: .seconds(600))
    }

    private func plan(
        _ data: TestData, _ formats: [TileFormat], _ levels: ClosedRange<Int>, metatile: Int = 4, sets: [String] = ["w"]
    ) throws -> SeedPlan {
        let built = try #require(data.library.state.layers["base.building"]).geographicEnvelope
        let specification = SeedSpecification(
            map: "standard", matrixSets: sets, levels: levels, formats: formats, area: SeedArea(name: "a", envelope: built),
            metatile: metatile, archive: nil)
        return try SeedPlan(specification, state: data.library.state, policy: DatumPolicy())
    }

    private func seed(
        _ plan: SeedPlan, _ service: TileService, workers: Int = 2, gate: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> SeedReport {
        let journal = try JobJournal(directory: journals)
        let opening = try SeedOpening(plan, journal: journal, owner: .command, service: service)
        var settings = SeedRun.Settings(workers: workers)
        settings.interval = .milliseconds(1)
        let run = try SeedRun(
            job: opening.job.number, plan: opening.plan, library: service.library, journal: journal, target: opening.target, labels: nil,
            settings: settings, gate: gate)
        return try await run.run(progress: { _ in })
    }

    private func requests(_ plan: SeedPlan) -> [TileService.Request] {
        plan.passes.flatMap { pass in
            pass.blocks.flatMap(\.addresses).map {
                TileService.Request(map: "standard", matrixSet: pass.set.id, address: $0, format: pass.format)
            }
        }
    }

    /// Labels of a level may still be placed when the first picture is asked for.
    private func settled(_ service: TileService, _ request: TileService.Request) async throws -> EncodedTile {
        while true {
            let tile = try await service.tile(request)
            if !tile.isProvisional { return tile }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Compares all tiles of a plan with those of a service that keeps none.
    ///
    /// - Returns: how many something is drawn on.
    private func expectTheTilesMadeOnDemand(_ plan: SeedPlan, _ data: TestData, _ store: TileStore) async throws -> Int {
        let (kept, made) = (service(data, store, metatile: plan.specification.metatile), service(data, nil, metatile: plan.specification.metatile))
        var drawn = 0
        for request in requests(plan) {
            let expected = try await settled(made, request)
            guard !expected.isEmpty else { continue }
            drawn += 1
            let tile = try await kept.tile(request)
            #expect(tile.body == expected.body && tile.entityTag == expected.entityTag && tile.isGzip == expected.isGzip, "\(request)")
            #expect(tile.leftOut == expected.leftOut && tile.format == expected.format && !tile.isStale, "\(request)")
            #expect(tile.dataVersion == expected.dataVersion, "\(request)")
        }
        #expect(await kept.counters.started == 0, "all of them lay in the store")
        return drawn
    }

    @Test(arguments: [TileFormat.mvt, .png(ratio: 1), .png(ratio: 2)])
    func whatIsSeededIsWhatIsMadeOnDemand(format: TileFormat) async throws {
        let data = try await DemoHamlet.shared.value
        let plan = try plan(data, [format], 12...15)
        var made = 0
        do {
            let store = try await store()
            let service = service(data, store)
            let report = try await seed(plan, service)
            let tally = report.progress.tally
            #expect(report.state == .done && report.failures.isEmpty && tally.tiles == report.progress.expected)
            #expect(store.statistics.tiles == tally.made, "tiles on which nothing is drawn are not kept")
            made = tally.made
            await service.close()
        }
        let reopened = try await store()
        #expect(try await expectTheTilesMadeOnDemand(plan, data, reopened) == made && made > 10)
    }

    @Test func severalSetsAndFormatsAreOneJob() async throws {
        let data = try await DemoHamlet.shared.value
        let plan = try plan(data, [.mvt, .png(ratio: 1)], 13...13, sets: ["w", "c"])
        let store = try await store()
        #expect(try await seed(plan, service(data, store)).state == .done)
        #expect(try await expectTheTilesMadeOnDemand(plan, data, store) > 4)
    }

    /// The first tiles have to leave for the last: that is told as soon as it is so, and with room the same job goes on.
    @Test func aQuotaThatIsTooSmallIsTold() async throws {
        let data = try await DemoHamlet.shared.value
        let plan = try plan(data, [.mvt], 12...17, metatile: 1)
        do {
            let store = try await store(quota: 400_000)
            let service = service(data, store, metatile: 1)
            let error = await #expect(throws: JobError.self) { try await seed(plan, service) }
            #expect(error?.code == .storageFull && error?.description.contains("--store-quota") == true)
            #expect(try JobJournal(directory: journals).jobs().map(\.state) == [.running])
            await service.close()
        }
        let store = try await store()
        let report = try await seed(plan, service(data, store, metatile: 1))
        #expect(report.state == .done && store.statistics.tiles == report.progress.tally.made)
        #expect(try await expectTheTilesMadeOnDemand(plan, data, store) == report.progress.tally.made)
    }

    /// A job over tiles that are there makes those that are not; after an edit, those that it touches.
    @Test(arguments: [TileFormat.mvt, .png(ratio: 1)])
    func whatIsThereIsNotMadeAgain(format: TileFormat) async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let plan = try plan(data, [format], 13...16, metatile: 1)
        let store = try await store()
        let service = service(data, store, metatile: 1)
        let first = try await seed(plan, service)
        let empty = first.progress.tally.empty
        #expect(first.progress.ownTiles == plan.tileCount && empty < plan.tileCount / 4)
        let second = try await seed(plan, service)
        #expect(second.job != first.job && second.state == .done && second.progress.ownTiles == empty)
        #expect(second.progress.tally.made == first.progress.tally.made && second.progress.tally.digest == first.progress.tally.digest)
        _ = try await data.installation.registry.edit("base.building", [.remove(7)], version: nil)
        try await data.library.refresh()
        let third = try await seed(plan, service)
        #expect(third.state == .done && third.progress.ownTiles > empty, "\(third.progress.ownTiles)")
        if format == .mvt { #expect(third.progress.ownTiles < plan.tileCount / 2, "\(third.progress.ownTiles)") }
        #expect(try await expectTheTilesMadeOnDemand(plan, data, store) == third.progress.tally.made)
    }

    /// Cut off anywhere, gone on with in a store that has lost everything meanwhile: a job is not done before all is there.
    @Test(arguments: [false, true])
    func aJobThatWasCutOffIsGoneOnWith(storeIsLost: Bool) async throws {
        let data = try await DemoHamlet.shared.value
        let plan = try plan(data, [.mvt], 12...16, metatile: 1)
        let passed = Atomic<Int>(0)
        var done = 0
        do {
            let store = try await store()
            let service = service(data, store, metatile: 1)
            await #expect(throws: CancellationError.self) {
                try await seed(plan, service) {
                    if passed.add(1, ordering: .relaxed).newValue > plan.blockCount / 2 { throw CancellationError() }
                }
            }
            #expect(store.statistics.tiles > 0)
            done = try JobJournal(directory: journals).progress(of: 1).tally.tiles
            await service.close()
        }
        if storeIsLost { try FileManager.default.removeItem(atPath: directory) }
        let store = try await store()
        let report = try await seed(plan, service(data, store, metatile: 1))
        #expect(report.state == .done && store.statistics.tiles == report.progress.tally.made)
        let (own, left) = (report.progress.ownTiles, plan.tileCount - done)
        #expect(done > 0 && (storeIsLost ? own > left : own <= left), "\(own) made, \(left) were left")
        #expect(try await expectTheTilesMadeOnDemand(plan, data, store) == report.progress.tally.made)
    }

    /// An edit near the end: the tiles that it touches are made again, those that it leaves alone stay, and the keys of all are those
    /// that requests have afterwards.
    @Test(arguments: [TileFormat.mvt, .png(ratio: 1)])
    func aChangeDuringTheJobIsFollowed(format: TileFormat) async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let plan = try plan(data, [format], 13...15, metatile: 1)
        let store = try await store()
        let service = service(data, store, metatile: 1)
        let passed = Atomic<Int>(0)
        let before = try data.map.dataVersion
        let report = try await seed(plan, service, workers: 1) {
            guard passed.add(1, ordering: .relaxed).newValue == plan.blockCount * 9 / 10 else { return }
            _ = try await data.installation.registry.edit("base.building", [.remove(7)], version: nil)
            try await data.library.refresh()
        }
        #expect(try data.map.dataVersion != before)
        #expect(report.state == .done && report.staleChunks > 0)
        #expect(try await expectTheTilesMadeOnDemand(plan, data, store) > 10)
        if format == .mvt { #expect(report.progress.ownTiles < plan.tileCount * 3 / 2, "\(report.progress.ownTiles) of \(plan.tileCount)") }
    }

    /// Refused before anything is journalled.
    @Test func aStoreThatCannotBeFilledIsRefused() async throws {
        let data = try await DemoHamlet.shared.value
        let plan = try plan(data, [.mvt], 12...13)
        let writer = try await store()
        let reader = try await store()
        for (service, word) in [
            (service(data, nil), "--store-quota"), (service(data, reader), "/admin/jobs"), (service(data, writer, metatile: 2), "2"),
        ] {
            let error = await #expect(throws: JobError.self) { try await seed(plan, service) }
            #expect(error?.code == .wrongState && error?.description.contains(word) == true, "\(String(describing: error))")
        }
        #expect(try JobJournal(directory: journals).jobs().isEmpty)
    }
}
