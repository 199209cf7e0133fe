import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Wording

@testable import ArcGISREST

/// A reader of protocol buffers that knows nothing of what is written: field numbers and what stands there.
private struct WireMessage {
    enum Content {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    var fields: [(number: Int, content: Content)] = []

    init(_ bytes: ArraySlice<UInt8>) throws {
        var rest = bytes
        while !rest.isEmpty {
            let key = try Self.varint(&rest)
            switch key & 7 {
            case 0: fields.append((Int(key >> 3), .number(try Self.varint(&rest))))
            case 1:
                fields.append((Int(key >> 3), .number(rest.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) })))
                rest = rest.dropFirst(8)
            case 2:
                let length = Int(try Self.varint(&rest))
                try #require(length <= rest.count)
                fields.append((Int(key >> 3), .bytes(rest.prefix(length))))
                rest = rest.dropFirst(length)
            default: Issue.record("wire type \(key & 7)")
            }
        }
    }

    static func varint(_ bytes: inout ArraySlice<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = bytes.popFirst()
            let byte = try #require(next)
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return value
    }

    func messages(_ number: Int) throws -> [WireMessage] { try all(number).map { try WireMessage($0) } }
    func message(_ number: Int) throws -> WireMessage { try #require(try messages(number).first) }
    func all(_ number: Int) -> [ArraySlice<UInt8>] {
        fields.compactMap { if $0.number == number, case .bytes(let bytes) = $0.content { bytes } else { nil } }
    }
    func text(_ number: Int) -> String? { all(number).first.map { String(decoding: $0, as: UTF8.self) } }
    func number(_ number: Int) -> UInt64? {
        for field in fields where field.number == number { if case .number(let value) = field.content { return value } }
        return nil
    }
    func real(_ number: Int) -> Double? { self.number(number).map { Double(bitPattern: $0) } }
    func packed(_ number: Int) throws -> [UInt64] {
        var rest = try #require(all(number).first)
        var values: [UInt64] = []
        while !rest.isEmpty { values.append(try Self.varint(&rest)) }
        return values
    }
    func signed(_ number: Int) throws -> [Int64] { try packed(number).map { Int64($0 >> 1) ^ -Int64($0 & 1) } }
}

@Suite struct EsriProtocolBufferTests {
    private static let mercator = CRSIdentifier(authority: "EPSG", code: "3857")
    private static let schema = FeatureSchema(fields: [
        Field(name: "name", kind: .text), Field(name: "floors", kind: .integer), Field(name: "height", kind: .real), Field(name: "built", kind: .date), Field(name: "open", kind: .boolean),
    ])

    private static func feature(_ id: Int64, _ geometry: Geometry?) -> Feature {
        Feature(id: id, geometry: geometry, values: [.text("道滘镇"), .integer(7), .real(2.5), .text("2018-05-09"), .boolean(true)])
    }

    private static func result(_ features: [Feature], _ transform: EsriTransform, type: EsriGeometryType? = .polygon) throws -> WireMessage {
        let bytes = EsriFeatureBuffer(schema: schema, geometryType: type, crs: mercator, transform: transform).bytes(features, exceedsLimit: true)
        return try WireMessage(bytes[...]).message(2).message(1)
    }

    /// Positions of every path, as a client computes them.
    private static func paths(_ shape: WireMessage, _ transform: EsriTransform) throws -> [[Coordinate]] {
        let numbers = try shape.signed(3)
        let lengths = shape.all(2).isEmpty ? [numbers.count / 2] : try shape.packed(2).map(Int.init)
        #expect(lengths.reduce(0, +) * 2 == numbers.count)
        var place = 0
        let down: Double = transform.origin == .upperLeft ? -1 : 1
        return lengths.map { length in
            var (x, y): (Int64, Int64) = (0, 0)
            return (0..<length).map { _ in
                x += numbers[place]
                y += numbers[place + 1]
                place += 2
                return Coordinate(x: transform.translate.x + Double(x) * transform.scale, y: transform.translate.y + down * Double(y) * transform.scale)
            }
        }
    }

    @Test func countsAndIdsHaveMessagesOfTheirOwn() throws {
        let count = try WireMessage(EsriProtocolBuffer.count(1_234_567)[...])
        #expect(count.text(1) == "1.0")
        #expect(try count.message(2).message(2).number(1) == 1_234_567)
        let ids = try WireMessage(EsriProtocolBuffer.ids([1, 300, 1 << 40])[...]).message(2).message(3)
        #expect(ids.text(1) == "OBJECTID")
        #expect(try ids.packed(3) == [1, 300, 1 << 40])
    }

    @Test func aFeatureHasItsValuesInTheOrderOfTheFields() throws {
        let transform = EsriTransform(over: .empty, finest: 1e-4)
        let result = try Self.result([Self.feature(1 << 33, nil), Feature(id: 5, geometry: nil, values: .init(repeating: .null, count: 5))], transform)
        #expect(result.text(1) == "OBJECTID" && result.number(7) == 3 && result.number(9) == 1)
        #expect(try result.message(8).number(1) == 102_100 && result.message(8).number(2) == 3857)
        #expect(try result.messages(13).compactMap { $0.text(1) } == ["OBJECTID", "name", "floors", "height", "built", "open"])
        #expect(try result.messages(13).compactMap { $0.number(2) } == [6, 4, 3, 3, 5, 0])
        let features = try result.messages(15)
        let values = try features[0].messages(1)
        #expect(values[0].number(8) == UInt64(1) << 34 && values[1].text(1) == "道滘镇" && values[2].real(3) == 7 && values[3].real(3) == 2.5)
        #expect(values[4].number(8) == 2 * 1_525_824_000_000 && values[5].number(4) == 2)
        #expect(features[0].all(2).isEmpty)
        let none = try features[1].messages(1)
        #expect(none.count == 6 && none[0].number(5) == 5 && none.dropFirst().allSatisfy(\.fields.isEmpty))
    }

    /// Seeded shapes of each kind come back to half a step, and to the point where they lie on the grid.
    @Test(arguments: EsriQuantisation.Origin.allCases) func positionsComeBack(origin: EsriQuantisation.Origin) throws {
        var random = SeededGenerator(seed: 77)
        func path(_ count: Int) -> [Coordinate] {
            (0..<count).map { _ in Coordinate(x: .random(in: 1.26e7...1.27e7, using: &random), y: .random(in: 2.6e6...2.7e6, using: &random)) }
        }
        func ring(_ count: Int) -> [Coordinate] { let open = path(count); return open + [open[0]] }
        for _ in 0..<50 {
            let shapes: [(Geometry, UInt64)] = [
                (.point(path(1)[0]), 0), (.multiPoint(path(4)), 1), (.lineString(path(7)), 2), (.multiLineString([path(2), path(5)]), 2),
                (.polygon(Polygon(rings: [ring(5), ring(3)])), 3), (.multiPolygon([Polygon(rings: [ring(4)]), Polygon(rings: [ring(6), ring(3)])]), 3),
            ]
            for (geometry, number) in shapes {
                var transform = EsriTransform(over: geometry.envelope, finest: 1e-4)
                transform.origin = origin
                let shape = try Self.result([Self.feature(1, geometry)], transform).message(15).message(2)
                #expect(shape.number(1) == number)
                let parts = try #require(EsriFeatureWriter.parts(of: geometry))
                let found = try Self.paths(shape, transform)
                #expect(found.map(\.count) == parts.paths.map(\.count))
                for (a, b) in zip(found.joined(), parts.paths.joined()) {
                    #expect(abs(a.x - b.x) <= 0.51e-4 && abs(a.y - b.y) <= 0.51e-4, "\(geometry.kind)")
                }
                #expect(try shape.signed(3).allSatisfy { Int32(exactly: $0) != nil }, "Esri's schema has 32 bits")
            }
        }
    }

    @Test func whatHasNoExtentOnTheGridHasNoShape() throws {
        let transform = EsriTransform(origin: .upperLeft, scale: 10, translate: Coordinate(x: 0, y: 100), merges: true)
        func shape(_ geometry: Geometry) throws -> WireMessage? {
            try Self.result([Self.feature(1, geometry)], transform).message(15).messages(2).first
        }
        let small = [Coordinate(x: 1, y: 1), Coordinate(x: 1, y: 3), Coordinate(x: 3, y: 3), Coordinate(x: 1, y: 1)]
        let large = [Coordinate(x: 0, y: 0), Coordinate(x: 0, y: 1), Coordinate(x: 0, y: 50), Coordinate(x: 50, y: 50), Coordinate(x: 51, y: 50), Coordinate(x: 0, y: 0)]
        #expect(try shape(.polygon(Polygon(rings: [small]))) == nil)
        #expect(try shape(.lineString(Array(small.prefix(2)))) == nil)
        #expect(try shape(.point(small[0])) != nil)
        let both = try #require(try shape(.multiPolygon([Polygon(rings: [large]), Polygon(rings: [small])])))
        #expect(try both.packed(2) == [4])
        #expect(try both.signed(3) == [0, 10, 0, -5, 5, 0, -5, 5])
    }

    @Test func ordinatesThatNoNumberReachesAreLeftOut() throws {
        let transform = EsriTransform(origin: .lowerLeft, scale: 1e-9, translate: Coordinate(x: 0, y: 0), merges: true)
        #expect(transform.step(Coordinate(x: 1e300, y: 0)) == nil)
        #expect(transform.step(Coordinate(x: -2e7, y: 2e7))?.x == -20_000_000_000_000_000)
        #expect(try Self.result([Self.feature(1, .point(Coordinate(x: 1e300, y: 0)))], transform).message(15).all(2).isEmpty)
    }

    @Test func tablesHaveValuesAlone() throws {
        let document: JSONDocument = [
            "fields": [["name": "n", "type": "esriFieldTypeDouble", "alias": "n"], ["name": "kind", "type": "esriFieldTypeString", "alias": "类"]],
            "features": [["attributes": ["kind": "a", "n": 3]], ["attributes": ["n": .null, "kind": .null]]],
        ]
        let result = try WireMessage(EsriProtocolBuffer.table(document)[...]).message(2).message(1)
        #expect(try result.messages(13).compactMap { $0.text(3) } == ["n", "类"])
        let rows = try result.messages(15).map { try $0.messages(1) }
        #expect(rows[0][0].real(3) == 3 && rows[0][1].text(1) == "a" && rows[1].allSatisfy(\.fields.isEmpty))
    }
}

@Suite struct EsriQuantisationTests {
    @Test func theParametersOfArcGISAreRead() throws {
        let text = #"{"extent":{"xmin":0,"ymin":-5,"xmax":10,"ymax":20,"spatialReference":{"wkid":102100,"latestWkid":3857}},"mode":"view","originPosition":"upperLeft","tolerance":4.777}"#
        let query = try EsriQuery { ["quantizationParameters": text, "resultType": "tile", "returnExceededLimitFeatures": "false", "maxAllowableOffset": "2.5"][$0] }
        let wanted = try #require(query.quantisation)
        #expect(wanted.mode == .view && wanted.origin == .upperLeft && wanted.tolerance == 4.777 && wanted.crs?.code == "3857")
        #expect(query.isTile && !query.givesPart && query.maximumOffset == 2.5)
        let transform = EsriTransform(wanted, extent: try #require(wanted.extent), finest: 1e-4)
        #expect(transform.scale == 4.777 && transform.translate == Coordinate(x: 0, y: 20) && transform.merges)
        let low = try EsriQuantisation(#"{"extent":{"xmin":0,"ymin":-5,"xmax":10,"ymax":20},"mode":"edit","originPosition":"lowerLeft"}"#)
        let edit = EsriTransform(low, extent: try #require(low.extent), finest: 1e-4)
        #expect(edit.scale == 1e-4 && edit.translate == Coordinate(x: 0, y: -5) && !edit.merges)
        #expect(try EsriQuantisation("{}") == EsriQuantisation(#"{"mode":"view","originPosition":"upperLeft"}"#))
    }

    @Test(arguments: [
        ("quantizationParameters", "x"), ("quantizationParameters", "[]"), ("quantizationParameters", #"{"mode":"print"}"#), ("quantizationParameters", #"{"tolerance":0}"#),
        ("quantizationParameters", #"{"tolerance":1e-30}"#), ("quantizationParameters", #"{"tolerance":1e400}"#), ("quantizationParameters", #"{"originPosition":"middle"}"#),
        ("quantizationParameters", #"{"extent":{"xmin":1,"ymin":0,"xmax":0,"ymax":1}}"#), ("quantizationParameters", #"{"extent":{"xmin":0,"ymin":0,"xmax":1e10,"ymax":1}}"#),
        ("quantizationParameters", #"{"extent":{"xmin":0,"ymin":0,"xmax":1,"ymax":1,"spatialReference":{"wkid":2}}}"#), ("quantizationParameters", #"{"extent":5}"#),
        ("quantizationParameters", String(repeating: "[", count: 5000)), ("maxAllowableOffset", "-1"), ("maxAllowableOffset", "nan"), ("maxAllowableOffset", "x"), ("resultType", "all"),
        ("returnExceededLimitFeatures", "perhaps"),
    ]) func othersAreRefused(name: String, value: String) {
        let error = #expect(throws: EsriError.self) { try EsriQuery { [name: value][$0] } }
        #expect(error?.message.en.contains("'\(name)'") == true)
    }

    @Test func quantisedJSONIsWholeNumbers() throws {
        let transform = EsriTransform(origin: .upperLeft, scale: 2, translate: Coordinate(x: 100, y: 200), merges: true)
        var writer = EsriFeatureWriter(schema: FeatureSchema(fields: []), decimals: 4, transform: transform)
        writer.append(.lineString([Coordinate(x: 100, y: 200), Coordinate(x: 100.4, y: 200), Coordinate(x: 110, y: 190)]))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"paths":[[[0,0],[5,5]]]}"#)
        writer.bytes = []
        writer.append(.point(Coordinate(x: 104, y: 196)))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"x":2,"y":2}"#)
        #expect(transform.json()["scale"] == [2.0, 2.0] && transform.json()["translate"] == [100.0, 200.0])
    }

    /// No position that goes is farther than the offset from what stays; a ring stays a ring.
    @Test func simplifiedPathsStayNear() throws {
        var random = SeededGenerator(seed: 5)
        for offset in [0.5, 3, 1000] {
            let simplification = PathSimplification(offset: offset)
            for _ in 0..<30 {
                var (x, y) = (0.0, 0.0)
                let path = (0..<200).map { _ -> Coordinate in
                    x += .random(in: 0...3, using: &random)
                    y += .random(in: -2...2, using: &random)
                    return Coordinate(x: x, y: y)
                }
                let line = simplification.line(path)
                #expect(line.first == path.first && line.last == path.last && line.count < path.count)
                for position in path {
                    let near = zip(line, line.dropFirst()).map { Self.distance(position, $0, $1) }.min() ?? .infinity
                    #expect(near <= offset + 1e-9)
                }
                let ring = simplification.ring(path + [path[0]])
                #expect(ring.count >= 4 && ring.first == ring.last)
            }
        }
        let spiral = (0..<20_000).map { (i: Int) -> Coordinate in Coordinate(x: Double(i), y: i.isMultiple(of: 2) ? 0.0 : 1e6 / Double(i + 1)) }
        #expect(PathSimplification(offset: 0.001).line(spiral).count > 2)
        #expect(PathSimplification(offset: 1).ring([Coordinate](repeating: Coordinate(x: 1, y: 1), count: 9)).count >= 4)
    }

    private static func distance(_ p: Coordinate, _ a: Coordinate, _ b: Coordinate) -> Double {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let square = dx * dx + dy * dy
        let t = square > 0 ? min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1) : 0
        let (x, y) = (p.x - a.x - t * dx, p.y - a.y - t * dy)
        return (x * x + y * y).squareRoot()
    }
}
