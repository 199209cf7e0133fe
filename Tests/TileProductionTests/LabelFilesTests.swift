import FeatureStore
import Foundation
import Portrayal
import TestSupport
import Testing
import Tiling

@testable import TileProduction

/// Label plans that outlive the process, and plans that follow the data.
@Suite struct LabelFilesTests {
    private func planner(_ data: TestData, level: Int) throws -> LabelPlanner {
        try #require(LabelPlanner(map: try data.map, set: try data.set("w"), level: level, ratio: 1))
    }

    @Test(arguments: [9, 14, 17]) func whatWasWrittenIsRead(_ level: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let directory = try ScratchDirectory.make()
        let planner = try planner(data, level: level)
        let canvas = try #require(try planner.canvas())
        let files = LabelFiles(directory: directory + "/labels")
        #expect(files.find(planner, canvas: canvas).labels == nil)
        let labels = try planner.labels(on: canvas, bench: WorkerBench())
        try files.store(labels, planner)
        let read = try #require(files.find(planner, canvas: canvas).labels)
        #expect(read.bytes == labels.bytes && read.leftOut == labels.leftOut && read.plan.symbolCount == labels.plan.symbolCount)
    }

    @Test func aPlanOfOtherDataIsNone() async throws {
        let data = try await DemoHamlet.shared.value
        let directory = try ScratchDirectory.make()
        let planner = try planner(data, level: 15)
        let canvas = try #require(try planner.canvas())
        let files = LabelFiles(directory: directory)
        let labels = try planner.labels(on: canvas, bench: WorkerBench())
        try files.store(labels, planner)
        var map = try data.map
        map.layers.removeLast(map.layers.count / 2)
        let other = try #require(LabelPlanner(map: map, set: try data.set("w"), level: 15, ratio: 1))
        #expect(files.find(other, canvas: canvas).labels == nil)
        try files.store(labels, other)
        let place = "\(directory)/\(planner.key.map)/w"
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == 1, "the one that was replaced is gone")
    }

    @Test func damagedFilesAreMadeAgain() async throws {
        let data = try await DemoHamlet.shared.value
        let planner = try planner(data, level: 14)
        let canvas = try #require(try planner.canvas())
        let bytes = try planner.labels(on: canvas, bench: WorkerBench()).bytes
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var damaged = bytes
            if generator.next() % 2 == 0 {
                damaged = damaged.prefix(Int(generator.next() % UInt64(bytes.count)))
            } else {
                // The counts behind the plan have no checksum: what is damaged there is a number in a header.
                damaged[Int(generator.next() % UInt64(bytes.count - 16))] ^= 0x40
            }
            do {
                let read = try LevelLabels(bytes: damaged, canvas: canvas)
                #expect(read.plan.bytes == (try LevelLabels(bytes: bytes, canvas: canvas)).plan.bytes)
            } catch {
                #expect(error.code == .unreadablePlan)
            }
        }
    }

    @Test func aDamagedFileIsCountedAndMadeAgain() async throws {
        let data = try await DemoHamlet.shared.value
        let files = LabelFiles(directory: try ScratchDirectory.make())
        let planner = try planner(data, level: 14)
        let canvas = try #require(try planner.canvas())
        guard case .labels(let made) = await LabelPlanShelf(files: files).plan(planner) else {
            Issue.record("no plan was made")
            return
        }
        let path = files.path(planner)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 0x10
        try bytes.write(to: URL(filePath: path))
        let shelf = LabelPlanShelf(files: files)
        guard case .labels(let again) = await shelf.plan(planner) else {
            Issue.record("the damaged plan was not made again")
            return
        }
        #expect(again.bytes == made.bytes)
        let counters = await shelf.counters
        #expect(counters.damaged == 1 && counters.made == 1 && counters.read == 0)
        #expect(files.find(planner, canvas: canvas).labels?.bytes == made.bytes, "the file is whole again")
    }

    /// A map that loses layers and gets them back: what is brought up to date equals what is made afresh.
    @Test func theShelfFollowsTheData() async throws {
        let data = try await DemoHamlet.shared.value
        let shelf = LabelPlanShelf()
        let whole = try data.map
        let set = try data.set("w")
        func without(_ id: String) -> LiveMap {
            LiveMap(definition: whole.definition, layers: whole.layers.filter { $0.definition.id != id }, style: whole.style)
        }
        // Of the layers with labels the one with most features.
        let labelled = whole.layers.filter { layer in
            LabelPlanner(map: without(layer.definition.id), set: set, level: 17, ratio: 1)?.key
                != LabelPlanner(map: whole, set: set, level: 17, ratio: 1)?.key
        }
        let most = try #require(labelled.max { ($0.prepared?.count ?? 0) < ($1.prepared?.count ?? 0) })
        let less = without(most.definition.id)
        for (step, map) in [whole, less, whole, less].enumerated() {
            let planner = try #require(LabelPlanner(map: map, set: set, level: 17, ratio: 1))
            guard case .labels(let labels) = await shelf.plan(planner) else {
                Issue.record("no labels at step \(step)")
                return
            }
            let canvas = try #require(try planner.canvas())
            let afresh = try planner.labels(on: canvas, bench: WorkerBench())
            #expect(labels.bytes == afresh.bytes, "step \(step)")
        }
        let counters = await shelf.counters
        #expect(counters == LabelCounters(made: 1, updated: 3), "\(counters)")
    }
}
