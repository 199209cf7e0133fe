import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Reprojection

@Suite struct CoordinateOperationTests {
    static let gk38 = try? CRS("EPSG:4526")

    static func distance(_ a: Coordinate, _ b: Coordinate) -> Double {
        max(abs(a.x - b.x), abs(a.y - b.y))
    }

    /// Seeded positions over the city and its surroundings.
    static func positions(_ count: Int, seed: UInt64) -> [Coordinate] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            Coordinate(x: .random(in: 113.2...114.6, using: &generator), y: .random(in: 22.4...23.4, using: &generator))
        }
    }

    @Test(arguments: PlaceVector.all)
    func reproducesTheDomainVectors(place: PlaceVector) throws {
        for (id, expected) in [("4547", place.epsg4547), ("4526", place.epsg4526), ("3857", place.epsg3857)] {
            let crs = try CRS(id)
            let there = try CoordinateOperation(from: .cgcs2000, to: crs, policy: DatumPolicy())
            let back = try CoordinateOperation(from: crs, to: .cgcs2000, policy: DatumPolicy())
            let moved = try carried(place.degrees, by: there)
            #expect(Self.distance(moved, expected) < 1e-4, "EPSG:\(id)")
            let origin = try carried(moved, by: back)
            #expect(Self.distance(origin, place.degrees) < 1e-11, "EPSG:\(id)")
        }
    }

    @Test(arguments: PlaceVector.all)
    func undoesObfuscationOfTheDomainVectors(place: PlaceVector) throws {
        for (source, position) in [(CRS.gcj02, place.gcj02), (.bd09, place.bd09)] {
            let operation = try CoordinateOperation(from: source, to: .gk114, policy: DatumPolicy())
            let moved = try carried(position, by: operation)
            // The vectors carry nine decimals of a degree: 0.1 mm.
            #expect(Self.distance(moved, place.epsg4547) < 1e-3)
        }
    }

    @Test func closedFormulasAgreeWithPROJ() throws {
        var generator = SeededGenerator(seed: 20_180_509)
        let world = (0..<20_000).map { _ in
            Coordinate(x: .random(in: -180...180, using: &generator), y: .random(in: -85.06...85.06, using: &generator))
        }
        let beyond = [190, -190, 359, 180, -180, 0].map { Coordinate(x: $0, y: 23) }
        let degrees = Self.positions(20_000, seed: 44) + world + beyond
        for geographic in [CRS.cgcs2000, .wgs84, .crs84] {
            let formula = try CoordinateOperation(from: geographic, to: .webMercator, policy: DatumPolicy())
            let proj = try CoordinateOperation(
                from: geographic, to: .webMercator, policy: DatumPolicy(), shortcuts: false)
            var (a, b) = (degrees, degrees)
            #expect(formula.transform(&a) == 0 && proj.transform(&b) == 0)
            let worst = zip(a, b).map(Self.distance).max() ?? .nan
            // Far north one ulp of the northing is 4e-9 m.
            #expect(worst < 2e-8, "worst \(worst)")
            let city = zip(a, b).prefix(20_000).map(Self.distance).max() ?? .nan
            #expect(city < 1e-9, "city \(city)")
            let formulaBack = try CoordinateOperation(from: .webMercator, to: geographic, policy: DatumPolicy())
            let projBack = try CoordinateOperation(
                from: .webMercator, to: geographic, policy: DatumPolicy(), shortcuts: false)
            var (c, d) = (b, b)
            #expect(formulaBack.transform(&c) == 0 && projBack.transform(&d) == 0)
            #expect((zip(c, d).prefix(40_000).map(Self.distance).max() ?? .nan) < 1e-12)
        }
    }

    @Test(arguments: ["EPSG:4547", "EPSG:4526", "EPSG:3857", "EPSG:4326"])
    func roundTripsComeHome(id: String) throws {
        let crs = try CRS(id)
        let there = try CoordinateOperation(from: .cgcs2000, to: crs, policy: DatumPolicy())
        let back = try CoordinateOperation(from: crs, to: .cgcs2000, policy: DatumPolicy())
        let start = Self.positions(5_000, seed: 7)
        var run = start
        #expect(there.transform(&run) == 0)
        #expect(back.transform(&run) == 0)
        #expect((zip(run, start).map(Self.distance).max() ?? .nan) < 1e-11)
    }

    static let commandLineTool = "/usr/bin/cs2cs"

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: commandLineTool), "skipped: cs2cs not installed"),
        arguments: ["EPSG:4547", "EPSG:4526", "EPSG:4490", "EPSG:3857"])
    func agreesWithCs2cs(id: String) throws {
        let degrees = Self.positions(500, seed: 20_260_101)
        let process = Process()
        process.executableURL = URL(filePath: Self.commandLineTool)
        process.arguments = ["-f", "%.12f", "EPSG:4326", id]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data(degrees.map { "\($0.y) \($0.x)\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let crs = try CRS(id)
        let expected = text.split(separator: "\n").map { line in
            let numbers = line.split { $0 == " " || $0 == "\t" }.compactMap { Double($0) }
            return crs.isNorthFirst
                ? Coordinate(x: numbers[1], y: numbers[0]) : Coordinate(x: numbers[0], y: numbers[1])
        }
        let operation = try CoordinateOperation(from: .wgs84, to: crs, policy: DatumPolicy())
        var image = degrees
        #expect(operation.transform(&image) == 0)
        #expect(expected.count == image.count)
        let tolerance = 1e-3 / crs.metresPerUnit
        #expect((zip(image, expected).map(Self.distance).max() ?? .nan) < tolerance)
    }

    @Test(arguments: ["EPSG:4547", "EPSG:3857", "EPSG:4326", "EPSG:4526"])
    func impossiblePositionsBecomeNaNAndAreCounted(id: String) throws {
        let operation = try CoordinateOperation(from: .cgcs2000, to: CRS(id), policy: DatumPolicy())
        let bad = [
            Coordinate(x: .nan, y: 23), Coordinate(x: 114, y: .infinity), Coordinate(x: 1e30, y: 23),
            Coordinate(x: 114, y: 91), Coordinate(x: -.infinity, y: .nan),
        ]
        var run = [Coordinate(x: 114, y: 23)] + bad + [Coordinate(x: 113.75, y: 23)]
        #expect(operation.transform(&run) == bad.count)
        #expect(run[0].isFinite && run[6].isFinite)
        for c in run[1...5] { #expect(c.x.isNaN && c.y.isNaN) }
        #expect(operation.transform(Geometry.lineString(bad)) == nil)
        #expect(operation.transform(bad[0]) == nil)
        var none: [Coordinate] = []
        #expect(operation.transform(&none) == 0)
    }

    @Test func geometryKeepsItsShape() throws {
        let operation = try CoordinateOperation(from: .cgcs2000, to: .gk114, policy: DatumPolicy())
        let ring = [(113.7, 22.9), (113.8, 22.9), (113.8, 23.0), (113.7, 22.9)].map { Coordinate(x: $0.0, y: $0.1) }
        let geometry = Geometry.geometryCollection([
            .point(ring[0]), .multiPolygon([Polygon(rings: [ring]), Polygon(rings: [ring])]), .lineString(ring),
        ])
        let result = operation.transform(geometry)
        let image = try #require(result)
        #expect(image.kind == .geometryCollection && image.coordinateCount == geometry.coordinateCount)
        guard case .geometryCollection(let parts) = image, case .point(let first) = parts[0] else {
            Issue.record("the collection lost its point")
            return
        }
        let single = try carried(ring[0], by: operation)
        #expect(first == single)
    }

    @Test func envelopeHoldsEveryPosition() throws {
        let operation = try CoordinateOperation(from: .cgcs2000, to: .gk114, policy: DatumPolicy())
        let box = Envelope(minX: 113.2, minY: 22.4, maxX: 114.6, maxY: 23.4)
        let result = operation.transform(box)
        let image = try #require(result)
        var run = Self.positions(20_000, seed: 3)
        #expect(operation.transform(&run) == 0)
        let grown = image.expanded(by: 0.5)
        #expect(run.allSatisfy { grown.contains($0) })
        // The bottom edge bulges below its ends: the middle meridian runs through the box.
        let corner = try carried(Coordinate(x: 113.2, y: 22.4), by: operation)
        #expect(image.minY < corner.y)
        #expect(operation.transform(Envelope.empty) == nil)
    }
}

/// The image of a position that must have one.
func carried(_ c: Coordinate, by operation: borrowing CoordinateOperation) throws -> Coordinate {
    let result = operation.transform(c)
    return try #require(result)
}
