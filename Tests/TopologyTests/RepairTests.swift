import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

@Suite struct RepairTests {
    static func wkt(_ text: String) -> Geometry { WellKnownText.geometry(text) ?? .geometryCollection([]) }

    @Test(arguments: [
        ("POLYGON((0 0,10 0,10 10,0 10,0 0))", 100.0, [RepairKind]()),
        ("POLYGON((0 0,10 0,10 10,0 10))", 100, [.ringClosed]),
        ("POLYGON((0 0,10 10,10 0,0 10,0 0))", 50, [.selfIntersection]),
        ("POLYGON((0 0,10 0,10 10,10 15,10 10,0 10,0 0))", 100, [.spike]),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,21 20,21 21,20 21,20 20))", 101, [.holeOutsideShell]),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,2 2))", 100, [.ringClosed, .pathTooShort]),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,9 1,9 9,1 9,1 1),(2 2,3 2,3 3,2 3,2 2))", 36, [.nestedHole]),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((5 5,15 5,15 15,5 15,5 5)))", 175, [.selfIntersection]),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((2 2,3 2,3 3,2 3,2 2)))", 100, [.nestedShell]),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((1 1,2 2,1 1)))", 100, [.pathTooShort]),
    ])
    func repairs(text: String, area: Double, kinds: [RepairKind]) throws {
        let context = try TopologyContext()
        let repaired = try context.repaired(Self.wkt(text))
        #expect(try context.area(of: repaired.geometry) == area)
        #expect(repaired.geometry.dimension == .area)
        #expect(context.validity(of: repaired.geometry) == nil)
        let covered = kinds.allSatisfy { repaired.kinds.contains($0) }
        #expect(covered && repaired.kinds.isEmpty == kinds.isEmpty, "\(repaired.kinds)")
    }

    @Test(arguments: [
        "POLYGON((0 0,10 0,0 0))", "POLYGON((0 0,5 0,10 0,0 0))", "LINESTRING(1 1,1 1)", "POLYGON EMPTY",
        "POLYGON((1 1,1 1,1 1,1 1))",
    ])
    func nothingIsLeft(text: String) throws {
        let context = try TopologyContext()
        do throws(TopologyError) {
            let repaired = try context.repaired(Self.wkt(text))
            Issue.record("got \(repaired)")
        } catch {
            #expect(error.code == .nothingLeft)
        }
    }

    @Test func numbersThatAreNoneAreRefused() throws {
        let context = try TopologyContext()
        for bad in [Double.nan, .infinity, -.infinity] {
            let ring = [(0, 0), (1, 0), (1, bad), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) }
            for geometry in [Geometry.polygon(Polygon(rings: [ring])), .lineString(ring), .multiPoint(ring)] {
                #expect(context.validity(of: geometry)?.kind == .notFinite)
                do throws(TopologyError) {
                    _ = try context.repaired(geometry)
                    Issue.record("accepted \(bad)")
                } catch {
                    #expect(error.code == .notFinite)
                }
            }
        }
    }

    @Test func tenMillionPositionsAreRefusedAndNotTried() throws {
        let ring = [Coordinate](repeating: Coordinate(x: 1, y: 2), count: 10_000_000)
        let context = try TopologyContext()
        let geometry = Geometry.polygon(Polygon(rings: [ring]))
        #expect(context.validity(of: geometry)?.kind == .tooLarge)
        do throws(TopologyError) {
            _ = try context.repaired(geometry)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .tooLarge && error.message.contains("10000000"))
        }
    }

    /// Small rings on a coarse lattice: every degeneracy turns up.
    static func ring(_ generator: inout SeededGenerator, lattice: ClosedRange<Int>, scale: Double) -> [Coordinate] {
        let count = Int.random(in: 3...9, using: &generator)
        var ring = (0..<count).map { _ in
            Coordinate(
                x: Double(Int.random(in: lattice, using: &generator)) * scale,
                y: Double(Int.random(in: lattice, using: &generator)) * scale)
        }
        ring.append(ring[0])
        return ring
    }

    @Test(arguments: [(3, 1.0), (6, 1.0), (6, 0.1), (40, 0.001), (1_000_000, 1e-3)])
    func theProofAgreesWithGEOS(reach: Int, scale: Double) throws {
        let seed: UInt64 = 1804 &+ UInt64(reach)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let context = try TopologyContext()
        var (proved, valid) = (0, 0)
        for _ in 0..<20_000 {
            let ring = Self.ring(&generator, lattice: -reach...reach, scale: scale)
            let geometry = Geometry.polygon(Polygon(rings: [ring]))
                let judged = try context.engineValidity(of: geometry) == nil
            valid += judged ? 1 : 0
            guard TopologyContext.isProvedValid(geometry) else { continue }
            proved += 1
            #expect(judged, "proved but invalid: \(ring)")
        }
        print("reach \(reach): \(proved) proved of \(valid) valid")
        #expect(proved > 0)
    }

    @Test(arguments: [3, 10, 1000])
    func repairYieldsValidAreas(reach: Int) throws {
        var generator = SeededGenerator(seed: UInt64(reach))
        let context = try TopologyContext()
        for _ in 0..<3_000 {
            let rings = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                Self.ring(&generator, lattice: -reach...reach, scale: 1)
            }
            do throws(TopologyError) {
                let repaired = try context.repaired(.polygon(Polygon(rings: rings)))
                let reason = try context.engineValidity(of: repaired.geometry)
                #expect(reason == nil && repaired.geometry.dimension == .area, "\(rings)")
            } catch {
                #expect(error.code == .nothingLeft, "\(error) \(rings)")
            }
        }
    }

    @Test(arguments: [3, 20, 4096])
    func onTheGridRepairYieldsValidIntegerPolygons(reach: Int) throws {
        var generator = SeededGenerator(seed: UInt64(reach) &* 31)
        let context = try TopologyContext()
        var left = 0
        for _ in 0..<3_000 {
            var rings = GridRings()
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                for c in Self.ring(&generator, lattice: -reach...reach, scale: 1).dropLast() {
                    rings.coordinates += [Int32(c.x), Int32(c.y)]
                }
                rings.ends.append(rings.coordinates.count / 2)
            }
            let repaired = try context.onIntegerGrid(rings)
            guard !repaired.isEmpty else { continue }
            left += 1
            #expect(repaired.doubledArea(ring: 0) > 0)
            let reason = try context.engineValidity(of: Self.geometry(repaired))
            #expect(reason == nil, "\(rings) became \(repaired)")
            #expect(try context.onIntegerGrid(repaired).ends.count == repaired.ends.count)
        }
        #expect(left > 1_000)
    }

    static func geometry(_ rings: GridRings) -> Geometry {
        var polygons: [Polygon] = []
        for r in rings.ends.indices {
            let range = rings.coordinateRange(ring: r)
            var path = stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
                Coordinate(x: Double(rings.coordinates[$0]), y: Double(rings.coordinates[$0 + 1]))
            }
            path.append(path[0])
            if rings.doubledArea(ring: r) > 0 {
                polygons.append(Polygon(rings: [path]))
            } else {
                polygons[polygons.count - 1].rings.append(path)
            }
        }
        return .multiPolygon(polygons)
    }

    @Test func theGridKeepsBothHalvesOfABowTie() throws {
        let context = try TopologyContext()
        let bowTie = GridRings(coordinates: [0, 0, 10, 10, 10, 0, 0, 10], ends: [4])
        let repaired = try context.onIntegerGrid(bowTie)
        #expect(repaired.ends.count == 2)
        #expect(repaired.ends.indices.map { repaired.doubledArea(ring: $0) } == [50, 50])
        let nothing = try context.onIntegerGrid(GridRings(coordinates: [0, 0, 1, 1], ends: [2]))
        #expect(nothing.isEmpty)
    }
}
