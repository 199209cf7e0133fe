import FeatureStore
import Foundation
import Reprojection
import SeedJobs
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling
import Topology
import Wording

@testable import TileProduction

/// Which tiles a job consists of, and in which order.
@Suite struct SeedPlanTests {
    private func plan(_ area: SeedArea, _ levels: ClosedRange<Int>, set: String = "w", metatile: Int = 8) async throws -> SeedPlan {
        let data = try await DemoHamlet.shared.value
        let specification = SeedSpecification(
            map: "standard", matrixSets: [set], levels: levels, formats: [.mvt, .png(ratio: 1)], area: area, metatile: metatile, archive: nil)
        return try SeedPlan(specification, state: data.library.state, policy: DatumPolicy())
    }

    private static let triangle = SeedArea(
        name: "t",
        polygons: [
            Polygon(rings: [
                [
                    Coordinate(x: 113.60, y: 22.90), Coordinate(x: 113.95, y: 22.95), Coordinate(x: 113.70, y: 23.10),
                    Coordinate(x: 113.60, y: 22.90),
                ]
            ])
        ])

    /// Every tile of the box is asked by itself.
    @Test(arguments: ["w", "c"], [1, 8]) func thePolygonsTilesAndNoOthers(set id: String, metatile: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let plan = try await plan(Self.triangle, 9...13, set: id, metatile: metatile)
        let set = try data.set(id)
        let operation = try CoordinateOperation(from: .cgcs2000, to: CRS(ServedCRSs.datumTwin(of: set.crs)), policy: DatumPolicy())
        let area = try #require(Self.triangle.geometry.flatMap { operation.transform($0) })
        let topology = try TopologyContext()
        for pass in plan.passes {
            let matrix = try #require(set.matrix(level: pass.level))
            var wanted: Set<TileAddress> = []
            let limits = try #require(matrix.addresses(intersecting: area.envelope))
            try limits.forEachAddress { (address: TileAddress) throws in
                let box = matrix.envelope(of: address)
                let ring = [
                    Coordinate(x: box.minX, y: box.minY), Coordinate(x: box.maxX, y: box.minY), Coordinate(x: box.maxX, y: box.maxY),
                    Coordinate(x: box.minX, y: box.maxY), Coordinate(x: box.minX, y: box.minY),
                ]
                if try topology.intersects(.polygon(Polygon(rings: [ring])), area) { wanted.insert(address) }
            }
            let planned = pass.blocks.flatMap(\.addresses)
            #expect(Set(planned).count == planned.count && planned.count == pass.tileCount)
            #expect(Set(planned) == wanted, "\(id) level \(pass.level)")
            if pass.level == 13 { #expect(planned.count < limits.tileCount, "the triangle is smaller than its box") }
        }
    }

    @Test func coarseLevelsComeFirst() async throws {
        let plan = try await plan(Self.triangle, 9...11)
        #expect(plan.passes.map(\.level) == [9, 9, 10, 10, 11, 11])
        #expect(plan.passes.map(\.format.name) == ["mvt", "png", "mvt", "png", "mvt", "png"])
    }

    @Test func whatWasAskedForComesFirst() async throws {
        let plan = try await plan(SeedArea(name: "b", envelope: Envelope(minX: 113.5, minY: 22.7, maxX: 114.2, maxY: 23.2)), 13...13, metatile: 2)
        let blocks = plan.passes[0].blocks
        try #require(blocks.count > 10)
        let (hot, warm) = (blocks[7].addresses[0], blocks[3].addresses[0])
        var log = "nothing of interest\n"
        for (address, times) in [(hot, 5), (warm, 2)] {
            for _ in 0..<times {
                log += "10.0.0.7 - - [01/Jan/2026:08:00:00 +0800] \"GET /tiles/standard/\(address.level)/\(address.column)/\(address.row).png HTTP/1.1\" 200 9\n"
            }
        }
        log += "GET /tiles/other/13/\(blocks[1].first.column)/\(blocks[1].first.row).png\nGET /tiles/standard/13/x/1.png\nGET /tiles/standard/13"
        let path = try ScratchDirectory.make() + "/access.log"
        try log.write(toFile: path, atomically: true, encoding: .utf8)
        let passes = plan.journalPasses(heat: try SeedHeat(log: path, map: "standard"))
        #expect(passes[0].heat == [7: 5, 3: 2])
        let ordered = try plan.ordered(as: passes)
        let rest = blocks.indices.filter { $0 != 7 && $0 != 3 }
        #expect((0..<blocks.count).map { ordered.passes[0].block(at: $0) } == ([7, 3] + rest).map { blocks[$0] })
        #expect(throws: ProductionError.self) { try SeedHeat(log: path + ".not", map: "standard") }
    }

    @Test func aJobThatCountsOtherwiseIsRefused() async throws {
        let plan = try await plan(Self.triangle, 9...10)
        var passes = plan.journalPasses
        passes[1].tiles += 1
        #expect(throws: JobError.self) { try plan.ordered(as: passes) }
    }

    @Test func aDistrictOfTheMapIsAnArea() async throws {
        let library = try await DemoHamlet.shared.value.library
        let record = try #require(library.state.layers["admin.village"]?.record)
        let place = try #require(record.schema.fields.firstIndex { $0.name == "code" })
        let features = try await library.registry.features(FeatureQuery(layer: "admin.village"))
        let one = try #require(features.first)
        guard case .text(let code) = one.values[place] else {
            Issue.record("a village has a code")
            return
        }
        let byCode = try await SeedArea(feature: "village:\(code)", of: library)
        let byID = try await SeedArea(feature: "admin.village:\(one.id)", of: library)
        #expect(byCode.envelope == byID.envelope && byCode.geometry != nil)
        let operation = try CoordinateOperation(from: try #require(record.crs), to: .cgcs2000, policy: library.policy)
        #expect(byCode.envelope == one.geometry.flatMap { operation.transform($0) }?.envelope)
        for wrong in ["village:nowhere", "mountain:1", "population:1"] {
            let error = await #expect(throws: ProductionError.self) { try await SeedArea(feature: wrong, of: library) }
            #expect(error?.message.en.contains("there are") == true || error?.message.en.contains("no data") == true, "\(wrong)")
        }
    }

    @Test func aFileOfPolygonsIsAnArea() throws {
        let path = try ScratchDirectory.make() + "/area.geojson"
        let ring = "[[[113.6,22.9],[113.7,22.9],[113.7,23.0],[113.6,22.9]]]"
        try #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":\#(ring)}},{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[\#(ring)]}}]}"#
            .write(toFile: path, atomically: true, encoding: .utf8)
        let area = try SeedArea(file: path)
        #expect(area.envelope == Envelope(minX: 113.6, minY: 22.9, maxX: 113.7, maxY: 23.0))
        try #"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[113.6,22.9]}}"#
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: ProductionError.self) { try SeedArea(file: path) }
    }

    @Test(arguments: ["1,2,3", "1,2,1,3", "a,b,c,d", "1,2,3,nan", "-200,0,10,10", ""]) func whatIsNoBoxIsNone(text: String) {
        #expect(SeedArea(box: text) == nil)
    }
}
