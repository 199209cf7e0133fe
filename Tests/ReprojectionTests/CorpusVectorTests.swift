import SimpleFeatures
import TestSupport
import Testing

@testable import Reprojection

/// A hundred and fifty-five positions in the systems of the city, by PROJ and by series that owe PROJ nothing.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct CorpusVectorTests {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let lon, lat, epsg4547_easting, epsg4547_northing, epsg4526_easting, epsg4526_northing: Double
        let epsg3857_x, epsg3857_y, independent_krueger_easting, independent_krueger_northing: Double

        var degrees: Coordinate { Coordinate(x: lon, y: lat) }
        var testDescription: String { "\(lon) \(lat)" }
    }

    private struct Document: Decodable { let points: [Vector] }

    static let vectors = Corpora.cases(of: Document.self, "proj-vectors/cgcs2000_gk114.json") { $0.points }

    /// There and back, all positions at once: PROJ takes longer to make an operation than to use it on all of them.
    struct Journey {
        let there, back: [Coordinate]

        init(_ code: String) throws {
            let crs = try CRS(code)
            var run = CorpusVectorTests.vectors.map(\.degrees)
            let out = try CoordinateOperation(from: .cgcs2000, to: crs, policy: DatumPolicy())
            let lost = out.transform(&run)
            there = run
            let home = try CoordinateOperation(from: crs, to: .cgcs2000, policy: DatumPolicy())
            let lostOnTheWayBack = home.transform(&run)
            back = run
            #expect(lost == 0 && lostOnTheWayBack == 0)
        }
    }

    static let journeys = Result {
        try Dictionary(uniqueKeysWithValues: ["EPSG:4547", "EPSG:4526", "EPSG:3857"].map { ($0, try Journey($0)) })
    }

    @Test func theCorpusIsWhole() { #expect(Self.vectors.count == 155) }

    @Test(arguments: vectors)
    func everySystemHoldsIt(_ vector: Vector) throws {
        let place = try #require(Self.vectors.firstIndex { $0.degrees == vector.degrees })
        let expected = [
            ("EPSG:4547", Coordinate(x: vector.epsg4547_easting, y: vector.epsg4547_northing)),
            ("EPSG:4547", Coordinate(x: vector.independent_krueger_easting, y: vector.independent_krueger_northing)),
            ("EPSG:4526", Coordinate(x: vector.epsg4526_easting, y: vector.epsg4526_northing)),
            ("EPSG:3857", Coordinate(x: vector.epsg3857_x, y: vector.epsg3857_y)),
        ]
        for (code, position) in expected {
            let journey = try #require(try Self.journeys.get()[code])
            #expect(CoordinateOperationTests.distance(journey.there[place], position) < 1e-4, "\(code)")
            #expect(CoordinateOperationTests.distance(journey.back[place], vector.degrees) < 1e-10, "\(code)")
        }
    }
}
