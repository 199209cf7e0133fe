import FeatureStore
import Raster
import TestSupport
import Testing
import TileCache
import Tiling

@testable import Portrayal
@testable import TileProduction

/// Labels that do not know how the map is cut into tiles.
@Suite struct LabelPlanTests {
    /// One level of the demo with its plan.
    private struct Level {
        let producer: TileProducer
        let planner: LabelPlanner
        let labels: LevelLabels
        let bench = WorkerBench()

        init(_ data: TestData, _ id: String, _ level: Int, ratio: Int) throws {
            let (map, set) = (try data.map, try data.set(id))
            producer = TileProducer(map: map, set: set, bench: bench)
            planner = try #require(LabelPlanner(map: map, set: set, level: level, ratio: ratio))
            labels = try planner.labels(on: try #require(try planner.canvas()), bench: bench)
        }

        /// A block of tiles as one picture.
        func picture(_ origin: TileAddress, columns: Int, rows: Int, _ content: RasterContent = .shapes) throws -> Pixmap {
            let unit = ProductionSettings.unitsPerPixel
            let window = TileWindow(
                matrix: planner.matrix, origin: origin, columns: columns, rows: rows,
                extent: Int32(planner.matrix.tileSize * planner.ratio) * unit,
                margin: ProductionSettings.rasterGutterInPixels * Int32(planner.ratio) * unit)
            var recorder = ProductionRecorder()
            let layers = try producer.query(window, purpose: .raster(planner.style, content), recorder: &recorder)
            return try bench.draw(
                layers.map(\.layer), in: window, style: planner.style,
                styleZoom: producer.styleZoom(of: planner.matrix), ratio: planner.ratio, plan: labels.plan)
        }
    }

    private func corner(_ data: TestData, _ set: TileMatrixSet, _ level: Int, side: Int) throws -> TileAddress {
        var address = try #require(try data.middle(of: "base.building", set: set, level: level))
        address.row -= side / 2
        address.column -= side / 2
        return address
    }

    private func differing(_ whole: Pixmap, x: Int, y: Int, _ part: Pixmap) -> Int {
        (0..<part.height).reduce(0) { sum, row in
            let a = (y + row) * whole.width + x
            let b = row * part.width
            return sum + zip(whole.pixels[a..<(a + part.width)], part.pixels[b..<(b + part.width)]).count { $0 != $1 }
        }
    }

    @Test(arguments: [("w", 12, 1), ("w", 14, 1), ("w", 16, 1), ("w", 17, 2), ("w", 18, 1), ("w", 19, 1), ("c", 17, 1), ("CGCS2000GK114", 17, 1)])
    func aBlockAsOnePictureIsItsTiles(_ id: String, _ number: Int, _ ratio: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let level = try Level(data, id, number, ratio: ratio)
        let side = 8
        let origin = try corner(data, try data.set(id), number, side: side)
        let whole = try level.picture(origin, columns: side, rows: side)
        let pixels = 256 * ratio
        var inked = 0
        for row in 0..<side {
            for column in 0..<side {
                let address = TileAddress(level: number, row: origin.row + row, column: origin.column + column)
                let tile = try level.picture(address, columns: 1, rows: 1)
                #expect(differing(whole, x: column * pixels, y: row * pixels, tile) == 0, "\(id) \(address) @\(ratio)x")
                if Set(tile.pixels).count > 1 { inked += 1 }
            }
        }
        #expect(inked > 0, "something is drawn")
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func blocksOfAnySizeAgree(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let data = try await DemoHamlet.shared.value
        let number = Int.random(in: 11...19, using: &random)
        let level = try Level(data, "w", number, ratio: 1)
        let address = try #require(try data.middle(of: "base.building", set: try data.set("w"), level: number))
        let alone = try level.picture(address, columns: 1, rows: 1)
        for _ in 0..<3 {
            let (columns, rows) = (Int.random(in: 1...6, using: &random), Int.random(in: 1...6, using: &random))
            let (left, up) = (Int.random(in: 0..<columns, using: &random), Int.random(in: 0..<rows, using: &random))
            let origin = TileAddress(level: number, row: address.row - up, column: address.column - left)
            let block = try level.picture(origin, columns: columns, rows: rows)
            #expect(differing(block, x: left * 256, y: up * 256, alone) == 0, "level \(number), \(columns) x \(rows)")
        }
    }

    /// Were no label across a border, the agreement of tiles would say little.
    @Test func labelsLieAcrossTiles() async throws {
        let data = try await DemoHamlet.shared.value
        for number in [14, 16, 17, 18] {
            let level = try Level(data, "w", number, ratio: 1)
            #expect(level.labels.plan.symbolCount > 0)
            let across = level.labels.plan.layerIDs.reduce(0) { sum, layer in
                sum + level.labels.plan.symbols(of: layer).count { Self.tile($0.extent.left) != Self.tile($0.extent.right) }
            }
            #expect(across > 0, "level \(number): of \(level.labels.plan.symbolCount)")
        }
    }

    private static func tile(_ pixels: Float) -> Int { Int((pixels / 256).rounded(.down)) }

    /// Blocks at the border of a seed's area: what is left out changes nothing of what is made, wherever labels come from.
    @Test(arguments: [(14, true), (17, true), (17, false)])
    func onlyWhatIsWantedIsMade(_ number: Int, _ isPlanned: Bool) async throws {
        let data = try await DemoHamlet.shared.value
        let level = try Level(data, "w", number, ratio: 1)
        let middle = try #require(try data.middle(of: "base.building", set: data.set("w"), level: number))
        let labels = isPlanned ? level.labels : nil
        var recorder = ProductionRecorder()
        let whole = try level.producer.rasterTiles(
            around: middle, format: .png(ratio: 1), metatile: 8, labels: labels, recorder: &recorder)
        #expect(whole.count == 64 && Set(whole.values.map(\.body)).count > 8)
        var numbers = SeededGenerator(seed: UInt64(number))
        for count in [1, 5, 40] {
            let wanted = Array(whole.keys.sorted { ($0.row, $0.column) < ($1.row, $1.column) }.shuffled(using: &numbers).prefix(count))
            let part = try level.producer.rasterTiles(
                around: middle, format: .png(ratio: 1), metatile: 8, labels: labels, only: wanted, recorder: &recorder)
            #expect(Set(part.keys) == Set(wanted))
            for (address, tile) in part {
                let same = whole[address]
                #expect((tile.body, tile.leftOut, tile.isEmpty) == (same?.body, same?.leftOut, same?.isEmpty), "\(address)")
            }
        }
    }

    @Test func theServiceGivesTheSameBytesForAnyMetatile() async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        var bodies: [[TileAddress: [UInt8]]] = []
        for metatile in [1, 4] {
            let service = data.service(workers: 2, metatile: metatile)
            var made: [TileAddress: [UInt8]] = [:]
            for address in try [13, 16, 18].flatMap({ try data.block(set, level: $0) }) {
                let tile = try await service.tile(.init(map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1)))
                #expect(!tile.isProvisional)
                made[address] = tile.body
            }
            bodies.append(made)
        }
        #expect(bodies[0] == bodies[1] && !bodies[0].isEmpty)
    }

    /// What shapes need around a picture is less than what labels need, and changes neither pixels nor counts.
    @Test(arguments: [9, 12, 14, 15, 16, 17, 18, 19])
    func aPictureReadsNoMoreThanItsShapesNeed(_ number: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let level = try Level(data, "w", number, ratio: 1)
        let origin = try corner(data, try data.set("w"), number, side: 2)
        let narrow = try level.picture(origin, columns: 2, rows: 2)
        let wide = try level.picture(origin, columns: 2, rows: 2, .everything)
        #expect(differing(wide, x: 0, y: 0, narrow) == 0)
        var recorder = ProductionRecorder()
        let planned = try level.producer.rasterTiles(
            around: origin, format: .png(ratio: 1), metatile: 2, labels: level.labels, recorder: &recorder)
        let alone = try level.producer.rasterTiles(around: origin, format: .png(ratio: 1), metatile: 2, recorder: &recorder)
        #expect(planned.mapValues(\.leftOut) == alone.mapValues(\.leftOut))
    }

    @Test func aLargePlanIsNotWaitedFor() async throws {
        let data = try await DemoHamlet.shared.value
        let planner = try #require(LabelPlanner(map: try data.map, set: try data.set("w"), level: 17, ratio: 1))
        let shelf = LabelPlanShelf(patience: 0)
        guard case .making = await shelf.plan(planner) else {
            Issue.record("the plan was waited for")
            return
        }
        var made: LevelLabels?
        for _ in 0..<600 where made == nil {
            try await Task.sleep(for: .milliseconds(50))
            if case .labels(let labels) = await shelf.plan(planner) { made = labels }
        }
        #expect(try #require(made).plan.symbolCount > 0)
    }
}
