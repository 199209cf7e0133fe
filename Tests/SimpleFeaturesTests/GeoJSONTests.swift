import SimpleFeatures
import TestSupport
import Testing

struct GeoJSONTests {
    private func parse(_ text: String) throws -> Geometry? {
        let bytes = Array(text.utf8)
        return try GeoJSONParser.geometry(bytes.span)
    }

    private func write(_ geometry: Geometry, _ precision: GeoJSONWriter.Precision, _ winding: GeoJSONWriter.Winding = .asGiven) -> String {
        var writer = GeoJSONWriter(precision: precision, winding: winding)
        writer.append(geometry)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: GeometrySamples.all)
    func roundTrip(_ geometry: Geometry) throws {
        #expect(try parse(write(geometry, .shortest)) == geometry)
        #expect(try parse(write(geometry, .decimals(7))) == geometry)
    }

    @Test func membersInAnyOrder() throws {
        let text = #"{"coordinates":[[1,2],[3,4,99]],"foreign":{"a":[1,{"b":"]}"}]},"type":"LineString"}"#
        #expect(try parse(text) == .lineString([Coordinate(x: 1, y: 2), Coordinate(x: 3, y: 4)]))
    }

    @Test(arguments: [
        (#"{"type":"Point","coordinates":["1",2]}"#, GeoJSONError.Code.numberExpected),
        (#"{"type":"Point","coordinates":[NaN,2]}"#, .coordinateNotFinite),
        (#"{"type":"Point","coordinates":[1e999,2]}"#, .coordinateNotFinite),
        (#"{"type":"Point","coordinates":[1]}"#, .positionTooShort),
        (#"{"type":"Point"}"#, .memberMissing),
        (#"{"type":"Circle","coordinates":[1,2]}"#, .typeUnknown),
        (#"{"type":"Point","coordinates":[1,2}"#, .syntax),
        (#"{"type":"Point","coordinates":[1,2]"#, .syntax),
        (#"{"coordinates":[1,2]}"#, .memberMissing),
    ])
    func faultsAreNamed(_ text: String, _ code: GeoJSONError.Code) {
        let error = #expect(throws: GeoJSONError.self) { try parse(text) }
        #expect(error?.code == code)
    }

    @Test func deepCollectionsAreRefused() {
        let text = String(repeating: #"{"type":"GeometryCollection","geometries":["#, count: 10_000)
        let error = #expect(throws: GeoJSONError.self) { try parse(text) }
        #expect(error?.code == .nestedTooDeeply)
    }

    /// Short decimals take a way of their own and must come out as the standard library has them.
    @Test func shortestNumbersAreThoseOfTheStandardLibrary() {
        let seed: UInt64 = 0x5348_4F52
        var random = SeededGenerator(seed: seed)
        var numbers: [Double] = [0, 1, -1, 0.001, 0.0005, 999_999_999_999.999, 1e12, 1.0005, 0.1 + 0.2, 2_530_000.125]
        for _ in 0..<20_000 {
            let whole = Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &random)
            numbers.append(Double(whole >> Int64.random(in: 0...40, using: &random)) / 1000)
            numbers.append(Double.random(in: -1_000_000...1_000_000, using: &random))
        }
        for number in numbers {
            let text = "\(number)"
            let expected = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
            #expect(write(.point(Coordinate(x: number, y: 1)), .shortest) == #"{"type":"Point","coordinates":[\#(expected),1]}"#)
        }
    }

    @Test(arguments: GeometrySamples.all)
    func positionsOfARunStandForTheGeometrysOwn(_ geometry: Geometry) {
        let moved = geometry.mapPaths { $0.map { Coordinate(x: $0.x + 0.5, y: $0.y - 0.25) } }
        var positions = [Coordinate(x: 9, y: 9)]
        moved.forEachPath { positions += $0 }
        positions.append(Coordinate(x: 8, y: 8))
        var writer = GeoJSONWriter(precision: .decimals(7))
        var next = 1
        writer.append(Feature(id: 3, geometry: geometry, values: []), positions: positions, from: &next)
        var expected = GeoJSONWriter(precision: .decimals(7))
        expected.append(Feature(id: 3, geometry: moved, values: []))
        #expect(writer.bytes == expected.bytes)
        #expect(next == positions.count - 1)
    }

    @Test func aPositionThatIsNowhereMakesTheGeometryNull() {
        let line = Geometry.lineString([Coordinate(x: 1, y: 2), Coordinate(x: 3, y: 4)])
        var writer = GeoJSONWriter()
        var next = 0
        let positions = [Coordinate(x: 1, y: 2), Coordinate(x: .nan, y: .nan), Coordinate(x: 5, y: 6), Coordinate(x: 7, y: 8)]
        for id in 1...2 { writer.append(Feature(id: Int64(id), geometry: line, values: []), positions: positions, from: &next) }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"type":"Feature","id":1,"geometry":null,"#))
        #expect(text.contains("[[5,6],[7,8]]"))
    }

    @Test func numbersAreCorrectlyRounded() throws {
        let seed: UInt64 = 0x4E55_4D
        var random = SeededGenerator(seed: seed)
        var texts = ["0", "-0", "9007199254740993", "0.1", "113.75424845000001", "123456789012345678901234567890", "5e-324", "1.7976931348623157e308"]
        for _ in 0..<20_000 {
            texts.append("\(Double(bitPattern: UInt64.random(in: 0..<(0x7FF0 << 48), using: &random)))")
            texts.append("\(Double.random(in: -180...180, using: &random))")
            let digits = UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0...40, using: &random)
            texts.append("\(digits % 1000).\(digits)")
        }
        for text in texts {
            let bytes = Array("[\(text)]".utf8)
            guard case .point(let c)? = try parse(#"{"type":"Point","coordinates":[\#(text),0]}"#) else {
                Issue.record("\(text) was not read, seed \(seed), \(bytes.count) bytes")
                continue
            }
            #expect(c.x.bitPattern == Double(text)?.bitPattern, "\(text), seed \(seed)")
        }
    }

    @Test func decimalsAreRoundedAndTrimmed() {
        #expect(write(.point(Coordinate(x: 113.754248451, y: -0.00000004)), .decimals(7)) == #"{"type":"Point","coordinates":[113.7542485,0]}"#)
        #expect(write(.point(Coordinate(x: 38505145.2158, y: 2500000)), .decimals(3)) == #"{"type":"Point","coordinates":[38505145.216,2500000]}"#)
        #expect(write(.point(Coordinate(x: -0.5, y: 1e300)), .decimals(7)) == #"{"type":"Point","coordinates":[-0.5,1e+300]}"#)
    }

    @Test func ringsTurnRight() {
        let given = Geometry.polygon(Polygon(rings: [GeometrySamples.ring.reversed(), GeometrySamples.hole.reversed()]))
        let wanted = Geometry.polygon(Polygon(rings: [GeometrySamples.ring, GeometrySamples.hole]))
        #expect(write(given, .decimals(7), .rightHand) == write(wanted, .decimals(7)))
        #expect(write(wanted, .decimals(7), .rightHand) == write(wanted, .decimals(7)))
        // North first, the same rings turn the other way in numbers.
        #expect(write(given, .decimals(7), .rightHandNorthFirst) == write(given, .decimals(7)))
        #expect(write(wanted, .decimals(7), .rightHandNorthFirst) == write(given, .decimals(7)))
    }

    @Test func featuresAreWrittenWithoutNaN() {
        let fields = ["名称", "n", "a\"b", "flag"].map { Field(name: $0, kind: .text) }
        var writer = GeoJSONWriter(schema: FeatureSchema(fields: fields))
        writer.append(
            Feature(id: 7, geometry: .point(Coordinate(x: .nan, y: 0)), values: [.text("道滘\n\"\u{1}"), .real(.nan), .integer(.min), .boolean(true)]))
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text
                == #"{"type":"Feature","id":7,"geometry":null,"properties":{"名称":"道滘\n\"\u0001","n":null,"a\"b":-9223372036854775808,"flag":true}}"#)
    }

    @Test func longPathsAreWrittenWhole() throws {
        let path = (0..<1000).map { Coordinate(x: Double($0) / 7, y: -Double($0) * 1e9 / 3) }
        #expect(try parse(write(.lineString(path), .shortest)) == .lineString(path))
    }
}
