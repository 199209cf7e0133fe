import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

@Suite struct TopologyContextTests {
    static func wkt(_ text: String) -> Geometry { RepairTests.wkt(text) }
    static let square = wkt("POLYGON((0 0,10 0,10 10,0 10,0 0))")
    static let shifted = wkt("POLYGON((5 0,15 0,15 10,5 10,5 0))")

    @Test func overlay() throws {
        let context = try TopologyContext()
        let (a, b) = (Self.square, Self.shifted)
        #expect(try context.area(of: context.intersection(a, b)) == 50)
        #expect(try context.area(of: context.union(a, b)) == 150)
        #expect(try context.area(of: context.union(of: [a, b])) == 150)
        #expect(try context.area(of: context.difference(a, b)) == 50)
        let disc = try context.area(of: context.buffer(.point(Coordinate(x: 0, y: 0)), by: 1, quadrantSegments: 32))
        #expect(abs(disc - .pi) < 0.01)
        #expect(try context.union(of: []).isEmpty)
    }

    @Test func measures() throws {
        let context = try TopologyContext()
        #expect(try context.length(of: Self.square) == 40)
        #expect(try context.centroid(of: Self.square) == Coordinate(x: 5, y: 5))
        let ring = Self.wkt("POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,9 1,9 9,1 9,1 1))")
        let inside = try #require(try context.pointOnSurface(of: ring))
        #expect(try context.contains(ring, .point(inside)))
        #expect(try context.distance(Self.square, .point(Coordinate(x: 13, y: 14))) == 5)
        #expect(try context.distance(Self.square, .multiPoint([])) == .infinity)
        #expect(try context.centroid(of: .multiPolygon([])) == nil)
    }

    @Test func preparedAnswersLikePlain() throws {
        let context = try TopologyContext()
        var generator = SeededGenerator(seed: 5)
        let points = (0..<500).map { _ in
            Geometry.point(
                Coordinate(x: .random(in: -2...12, using: &generator), y: .random(in: -2...12, using: &generator)))
        }
        let prepared = try context.withPrepared(Self.square) { prepared throws(TopologyError) in
            var answers: [[Bool]] = []
            for point in points {
                answers.append([
                    try prepared.intersects(point), try prepared.contains(point), try prepared.covers(point),
                ])
            }
            return answers
        }
        for (point, answer) in zip(points, prepared) {
            let plain = [
                try context.intersects(Self.square, point), try context.contains(Self.square, point),
                try context.covers(Self.square, point),
            ]
            #expect(answer == plain)
        }
    }

    @Test func malformedOperandsAreErrors() throws {
        let context = try TopologyContext()
        for text in ["POLYGON((0 0,10 0,10 10,0 10))", "LINESTRING(1 1)", "POLYGON((0 0,1 1,0 0))"] {
            do throws(TopologyError) {
                _ = try context.intersection(Self.wkt(text), Self.square)
                Issue.record("accepted \(text)")
            } catch {
                #expect(error.code == .malformed)
            }
        }
    }

    @Test func geosMessagesArriveInErrors() throws {
        let context = try TopologyContext()
        do throws(TopologyError) {
            let mixed = Geometry.geometryCollection([Self.square, .point(Coordinate(x: 1, y: 1))])
            _ = try context.holds(.touches, mixed, Self.square)
        } catch {
            #expect(error.code == .engineFailure && error.message.contains("touches failed: IllegalArgument"))
        }
    }

    @Test func validityNamesThePlace() throws {
        let context = try TopologyContext()
        let found = context.validity(of: Self.wkt("POLYGON((0 0,10 10,10 0,0 10,0 0))"))
        let reason = try #require(found)
        #expect(reason.kind == .selfIntersection && reason.location == Coordinate(x: 5, y: 5))
        #expect(context.validity(of: Self.wkt("POLYGON((0 0,10 0,10 10,0 10))"))?.kind == .ringNotClosed)
        #expect(context.validity(of: .geometryCollection([])) == nil)
    }

    @Test func coverage() throws {
        let context = try TopologyContext()
        let tiles = [
            Self.wkt("POLYGON((0 0,10 0,10 30,0 30,0 0))"), Self.wkt("POLYGON((10 0,20 0,20 10,10 10,10 0))"),
            Self.wkt("POLYGON((10 20,20 20,20 30,10 30,10 20))"), Self.wkt("POLYGON((20 0,30 0,30 30,20 30,20 0))"),
        ]
        let gap = try context.coverageProblems(of: tiles)
        #expect(gap.map(\.kind) == [.gap] && gap[0].area == 100)
        let middle = Self.wkt("POLYGON((9 10,20 10,20 20,9 20,9 10))")
        let overlap = try context.coverageProblems(of: tiles + [middle])
        #expect(overlap.map(\.kind) == [.overlap(0, 4)] && overlap[0].area == 10)
        #expect(try context.coverageProblems(of: tiles + [middle], minimumArea: 11).isEmpty)
        let exact = Self.wkt("POLYGON((10 10,20 10,20 20,10 20,10 10))")
        #expect(try context.coverageProblems(of: tiles + [exact]).isEmpty)
        let crossed = Self.wkt("POLYGON((0 0,10 10,10 0,0 10,0 0))")
        #expect(try context.coverageProblems(of: [crossed]).map(\.kind) == [.invalid(0, .selfIntersection)])
    }
}
