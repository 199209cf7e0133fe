import Markup
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Wording

@testable import CQL2

/// Filters of the Filter Encoding Standard: each reads as the expression that CQL2's own text reads as.
@Suite struct FESFilterTests {
    static let vocabulary = FESVocabulary(
        type: "street",
        properties: [
            .init(element: "name", name: "name", kind: .text), .init(element: "_2nd", name: "2nd", kind: .integer), .init(element: "length", name: "length", kind: .real),
            .init(element: "open", name: "open", kind: .boolean), .init(element: "day", name: "day", kind: .date), .init(element: "seen", name: "seen", kind: .dateTime),
        ], geometry: ("shape", "geometry"), identifierName: "id", defaultCRS: CRSIdentifier(authority: "EPSG", code: "4490"))

    static func read(_ inner: String, limits: CQL2Limits = CQL2Limits()) throws -> FESFilter {
        let text = #"<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">\#(inner)</fes:Filter>"#
        return try FESFilter(try MarkupReader.read(Array(text.utf8)), vocabulary, limits: limits) { geometry, metres, _ in
            // Not what is within the distance, but enough to see that both came.
            guard case .point(let c) = geometry else { return nil }
            return .point(Coordinate(x: c.x, y: c.y + metres))
        }
    }

    private static func reference(_ name: String) -> String { "<fes:ValueReference>\(name)</fes:ValueReference>" }
    private static func literal(_ text: String) -> String { "<fes:Literal>\(text)</fes:Literal>" }
    private static func compared(_ sign: String, _ name: String, _ text: String) -> String {
        "<fes:PropertyIs\(sign)>\(reference(name))\(literal(text))</fes:PropertyIs\(sign)>"
    }

    static let scalars: [(String, String)] = [
        (compared("EqualTo", "name", "桂乐街"), "name = '桂乐街'"), (compared("NotEqualTo", "wm:name", " a"), "name <> ' a'"),
        (compared("LessThan", "street/length", " 12.5 "), "length < 12.5"), (compared("GreaterThan", "//wm:length[1]", "-3"), "length > -3"),
        (compared("LessThanOrEqualTo", "_2nd", "9007199254740993"), "\"2nd\" <= 9007199254740993"), (compared("GreaterThanOrEqualTo", "length", "1e3"), "length >= 1000"),
        (compared("EqualTo", "open", "1"), "open = TRUE"), (compared("EqualTo", "day", "2024-05-01"), "day = DATE('2024-05-01')"),
        (compared("LessThan", "seen", "2024-05-01T08:00:00+08:00"), "seen < TIMESTAMP('2024-05-01T00:00:00Z')"),
        (compared("LessThan", "seen", "2024-05-01T08:00:00.50"), "seen < TIMESTAMP('2024-05-01T08:00:00.5Z')"), (compared("EqualTo", "@gml:id", "street.7"), "id = 7"),
        ("<fes:PropertyIsGreaterThan>\(literal("5"))\(reference("length"))</fes:PropertyIsGreaterThan>", "5 > length"),
        ("<fes:PropertyIsEqualTo>\(reference("name"))\(reference("name"))</fes:PropertyIsEqualTo>", "name = name"),
        ("<fes:PropertyIsEqualTo matchCase=\"false\">\(reference("name"))\(literal("A"))</fes:PropertyIsEqualTo>", "CASEI(name) = CASEI('A')"),
        ("<fes:PropertyIsNull>\(reference("name"))</fes:PropertyIsNull>", "name IS NULL"), ("<fes:PropertyIsNil>\(reference("shape"))</fes:PropertyIsNil>", "geometry IS NULL"),
        (
            "<fes:PropertyIsBetween>\(reference("length"))<fes:LowerBoundary>\(literal("1"))</fes:LowerBoundary><fes:UpperBoundary>\(literal("2"))</fes:UpperBoundary></fes:PropertyIsBetween>",
            "length BETWEEN 1 AND 2"
        ),
        ("<fes:And>\(compared("EqualTo", "name", "a"))<fes:Or>\(compared("EqualTo", "name", "b"))\(compared("LessThan", "length", "1"))</fes:Or></fes:And>", "name = 'a' AND (name = 'b' OR length < 1)"),
        ("<fes:Not>\(compared("EqualTo", "name", "a"))</fes:Not>", "NOT (name = 'a')"), ("<fes:And>\(compared("EqualTo", "name", "a"))</fes:And>", "name = 'a'"),
        ("<fes:ResourceId rid=\"street.4\"/><fes:ResourceId rid=\"street.9\"/>", "id IN (4, 9)"), ("<fes:ResourceId rid=\"house.4\"/>", "FALSE"),
        ("<fes:And><fes:ResourceId rid=\"street.4\"/>\(compared("EqualTo", "name", "a"))</fes:And>", "id IN (4) AND name = 'a'"),
        // As version 1.1 writes it.
        ("<PropertyIsEqualTo><PropertyName>name</PropertyName><Literal>a</Literal></PropertyIsEqualTo>", "name = 'a'"), ("<FeatureId fid=\"street.4\"/>", "id IN (4)"),
    ]

    static let times: [(String, String)] = [
        ("<fes:After>\(reference("seen"))<gml:TimeInstant><gml:timePosition>2024-05-01T00:00:00Z</gml:timePosition></gml:TimeInstant></fes:After>", "T_AFTER(seen, TIMESTAMP('2024-05-01T00:00:00Z'))"),
        ("<fes:Before>\(reference("day"))\(literal("2024-05-01"))</fes:Before>", "T_BEFORE(day, DATE('2024-05-01'))"),
        (
            "<fes:During>\(reference("seen"))<gml:TimePeriod><gml:beginPosition>2024-05-01</gml:beginPosition><gml:endPosition indeterminatePosition=\"unknown\"/></gml:TimePeriod></fes:During>",
            "T_DURING(seen, INTERVAL('2024-05-01', '..'))"
        ),
        (
            "<fes:AnyInteracts>\(reference("seen"))<gml:TimePeriod><gml:begin><gml:TimeInstant><gml:timePosition>2024-05-01</gml:timePosition></gml:TimeInstant></gml:begin><gml:endPosition>2024-06-01</gml:endPosition></gml:TimePeriod></fes:AnyInteracts>",
            "T_INTERSECTS(seen, INTERVAL('2024-05-01', '2024-06-01'))"
        ),
    ]

    @Test(arguments: scalars + times)
    func readsAsItsTwinInText(_ encoding: String, _ text: String) throws {
        let found = try Self.read(encoding)
        #expect(found.expression == (try CQL2Expression(text: text)))
        #expect(found.crs == nil && found.box == nil)
    }

    // MARK: Patterns

    @Test(arguments: [
        ("a*b?c", "a%b_c"), ("100%_", "100\\%\\_"), ("!*!?!!", "*?!"), ("a\\b", "a\\\\b"), ("!%", "\\%"), ("*", "%"), ("", ""), ("!", "!"),
    ])
    func wildCardsBecomeThoseOfCQL2(_ pattern: String, _ wanted: String) throws {
        let found = try Self.read("<fes:PropertyIsLike wildCard=\"*\" singleChar=\"?\" escapeChar=\"!\">\(Self.reference("name"))\(Self.literal(pattern))</fes:PropertyIsLike>")
        #expect(found.expression == .like(.property("name"), pattern: .text(wanted)))
    }

    // MARK: Places

    private static func polygon(_ srsName: String, _ positions: String) -> String {
        "<gml:Polygon \(srsName)><gml:exterior><gml:LinearRing><gml:posList>\(positions)</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    }

    @Test(arguments: [
        ("srsName=\"urn:ogc:def:crs:EPSG::4490\"", "22 113 22 114 23 114 22 113"), ("", "22 113 22 114 23 114 22 113"), ("srsName=\"EPSG:4490\"", "113 22 114 22 114 23 113 22"),
        ("srsName=\"http://www.opengis.net/def/crs/EPSG/0/4490\"", "22 113\n22 114\t23 114 22 113"), ("srsName=\"http://www.opengis.net/gml/srs/epsg.xml#4490\"", "113 22 114 22 114 23 113 22"),
        ("srsName=\"urn:ogc:def:crs:EPSG::4490\" srsDimension=\"3\"", "22 113 5 22 114 5 23 114 5 22 113 5"),
    ])
    func axesAreInTheOrderThatTheNameMeans(_ srsName: String, _ positions: String) throws {
        let found = try Self.read("<fes:Intersects>\(Self.reference("shape"))\(Self.polygon(srsName, positions))</fes:Intersects>")
        #expect(found.expression == (try CQL2Expression(text: "S_INTERSECTS(geometry, POLYGON((113 22, 114 22, 114 23, 113 22)))")))
        #expect(found.crs == CRSIdentifier(authority: "EPSG", code: "4490"))
        #expect(found.box == Envelope(minX: 113, minY: 22, maxX: 114, maxY: 23))
    }

    @Test(arguments: [
        ("<gml:Point><gml:pos>22 113</gml:pos></gml:Point>", "POINT(113 22)"), ("<gml:Point><gml:coordinates>22,113</gml:coordinates></gml:Point>", "POINT(113 22)"),
        ("<gml:LineString><gml:pos>22 113</gml:pos><gml:pos>23 114</gml:pos></gml:LineString>", "LINESTRING(113 22, 114 23)"),
        ("<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>22 113 23 114</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>", "LINESTRING(113 22, 114 23)"),
        ("<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>22 113</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>", "MULTIPOINT((113 22))"),
        ("<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>22 113 23 114</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>", "MULTILINESTRING((113 22, 114 23))"),
        ("<gml:MultiSurface><gml:surfaceMember>\(polygon("", "22 113 22 114 23 114 22 113"))</gml:surfaceMember></gml:MultiSurface>", "MULTIPOLYGON(((113 22, 114 22, 114 23, 113 22)))"),
        (
            "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>0 0 0 9 9 9 0 0</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>1 2 1 3 2 3 1 2</gml:posList></gml:LinearRing></gml:interior></gml:Polygon>",
            "POLYGON((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1))"
        ),
        (
            "<gml:MultiGeometry><gml:geometryMember><gml:Point><gml:pos>22 113</gml:pos></gml:Point></gml:geometryMember><gml:geometryMember><gml:Point><gml:pos>23 114</gml:pos></gml:Point></gml:geometryMember></gml:MultiGeometry>",
            "GEOMETRYCOLLECTION(POINT(113 22), POINT(114 23))"
        ),
    ])
    func geometries(_ gml: String, _ text: String) throws {
        for (name, function) in [("Within", "S_WITHIN"), ("Contains", "S_CONTAINS"), ("Disjoint", "S_DISJOINT")] {
            let found = try Self.read("<fes:\(name)>\(Self.reference("shape"))\(gml)</fes:\(name)>")
            #expect(found.expression == (try CQL2Expression(text: "\(function)(geometry, \(text))")))
            #expect((found.box == nil) == (name == "Disjoint"))
        }
    }

    @Test func boxesAndDistances() throws {
        let envelope = "<gml:Envelope srsName=\"urn:ogc:def:crs:EPSG::4547\"><gml:lowerCorner>2500000 400000</gml:lowerCorner><gml:upperCorner>2600000 500000</gml:upperCorner></gml:Envelope>"
        let box = try Self.read("<fes:BBOX>\(envelope)</fes:BBOX>")
        #expect(box.expression == .spatial(.intersects, .property("geometry"), .box([400_000, 2_500_000, 500_000, 2_600_000])))
        #expect(box.crs?.code == "4547" && box.box == Envelope(minX: 400_000, minY: 2_500_000, maxX: 500_000, maxY: 2_600_000))
        let point = "<gml:Point><gml:pos>22 113</gml:pos></gml:Point>"
        for (name, relation) in [("DWithin", SpatialFunction.intersects), ("Beyond", .disjoint)] {
            let found = try Self.read("<fes:\(name)>\(Self.reference("shape"))\(point)<fes:Distance uom=\"km\">2</fes:Distance></fes:\(name)>")
            #expect(found.expression == .spatial(relation, .property("geometry"), .geometry(GeometryLiteral(.point(Coordinate(x: 113, y: 2022))))))
        }
    }

    /// Only what has to hold bounds what is looked at.
    @Test func boxesOfConditions() throws {
        func box(_ a: Int, _ b: Int) -> String {
            "<fes:BBOX><gml:Envelope><gml:lowerCorner>\(a) \(a)</gml:lowerCorner><gml:upperCorner>\(b) \(b)</gml:upperCorner></gml:Envelope></fes:BBOX>"
        }
        #expect(try Self.read("<fes:And>\(box(0, 5))\(box(2, 9))\(Self.compared("EqualTo", "name", "a"))</fes:And>").box == Envelope(minX: 2, minY: 2, maxX: 5, maxY: 5))
        #expect(try Self.read("<fes:Or>\(box(0, 5))\(box(2, 9))</fes:Or>").box == nil)
        #expect(try Self.read("<fes:Not>\(box(0, 5))</fes:Not>").box == nil)
    }

    // MARK: Refusals

    @Test(arguments: [
        ("", FESError.Code.syntax), ("<fes:PropertyIsFunny/>", .unsupported), ("<fes:And/>", .syntax), ("<fes:Not/>", .syntax),
        (compared("EqualTo", "nope", "a"), .value), (compared("EqualTo", "length", "long"), .value), (compared("EqualTo", "open", "maybe"), .value),
        (compared("EqualTo", "day", "yesterday"), .value), (compared("EqualTo", "seen", "2024-05-01T08:00:00+99:00"), .value), (compared("EqualTo", "shape", "a"), .value),
        ("<fes:PropertyIsEqualTo>\(reference("name"))</fes:PropertyIsEqualTo>", .syntax), ("<fes:PropertyIsLike>\(reference("name"))\(literal("a"))</fes:PropertyIsLike>", .syntax),
        ("<fes:PropertyIsEqualTo><fes:Function name=\"f\"/>\(literal("a"))</fes:PropertyIsEqualTo>", .unsupported),
        ("<fes:Intersects>\(reference("name"))<gml:Point><gml:pos>1 2</gml:pos></gml:Point></fes:Intersects>", .value),
        ("<fes:Intersects>\(reference("shape"))\(reference("shape"))</fes:Intersects>", .unsupported),
        ("<fes:Intersects>\(reference("shape"))<gml:Solid/></fes:Intersects>", .unsupported), ("<fes:Intersects>\(reference("shape"))<gml:Point/></fes:Intersects>", .syntax),
        ("<fes:Intersects>\(reference("shape"))<gml:Point><gml:pos>1</gml:pos></gml:Point></fes:Intersects>", .value),
        ("<fes:Intersects>\(reference("shape"))<gml:Point><gml:pos>1 nan</gml:pos></gml:Point></fes:Intersects>", .value),
        ("<fes:Intersects>\(reference("shape"))<gml:Point srsName=\"EPSG:1\"><gml:pos>1 2</gml:pos></gml:Point></fes:Intersects>", .value),
        ("<fes:DWithin>\(reference("shape"))<gml:Point><gml:pos>1 2</gml:pos></gml:Point><fes:Distance uom=\"deg\">1</fes:Distance></fes:DWithin>", .value),
        ("<fes:DWithin>\(reference("shape"))<gml:Point><gml:pos>1 2</gml:pos></gml:Point><fes:Distance uom=\"m\">-1</fes:Distance></fes:DWithin>", .value),
        ("<fes:BBOX><gml:Envelope><gml:lowerCorner>5 1</gml:lowerCorner><gml:upperCorner>4 2</gml:upperCorner></gml:Envelope></fes:BBOX>", .value),
        (
            "<fes:Or><fes:Intersects>\(reference("shape"))<gml:Point srsName=\"EPSG:4326\"><gml:pos>1 2</gml:pos></gml:Point></fes:Intersects><fes:Intersects>\(reference("shape"))<gml:Point srsName=\"EPSG:3857\"><gml:pos>1 2</gml:pos></gml:Point></fes:Intersects></fes:Or>",
            .value
        ),
    ])
    func refusals(_ encoding: String, _ code: FESError.Code) {
        let error = #expect(throws: FESError.self, "\(encoding)") { try Self.read(encoding) }
        #expect(error?.code == code, "\(encoding): \(error?.message.en ?? "")")
        #expect(error.map { !$0.message.zh.isEmpty && $0.message.both.utf8.count < 1500 } == true)
    }

    /// Characters changed, left out or doubled: refused or read, and never anything else.
    @Test(arguments: 0..<500 as Range<UInt64>)
    func damageIsHarmless(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let places = [
            "<fes:Within>\(Self.reference("shape"))\(Self.polygon("srsName=\"EPSG:4490\"", "22 113 22 114 23 114 22 113"))</fes:Within>",
            "<fes:BBOX><gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></fes:BBOX>",
            "<fes:DWithin>\(Self.reference("shape"))<gml:Point><gml:pos>1 2</gml:pos></gml:Point><fes:Distance uom=\"m\">5</fes:Distance></fes:DWithin>",
        ]
        var text = try #require(((Self.scalars + Self.times).map(\.0) + places).randomElement(using: &random))
        let spare = ["<", ">", "/", "\"", "&", "-", "9", "e", " ", "gml:Point", "<fes:Not>", "urn:", "%", "\u{0}", "你"]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = text.index(text.startIndex, offsetBy: Int.random(in: 0..<text.count, using: &random))
            if Bool.random(using: &random) { text.remove(at: place) }
            text.insert(contentsOf: spare.randomElement(using: &random) ?? "", at: min(place, text.endIndex))
        }
        do {
            let found = try Self.read(text)
            #expect(!found.expression.text.isEmpty, "seed \(seed)")
        } catch let error as FESError {
            #expect(!error.message.zh.isEmpty, "seed \(seed)")
        } catch is MarkupError {
            return
        }
    }

    @Test func distancesAreOfFewPositions() throws {
        func line(_ count: Int) -> String {
            let positions = (0..<count).map { "\($0) 1" }.joined(separator: " ")
            return "<fes:DWithin>\(Self.reference("shape"))<gml:LineString><gml:posList>\(positions)</gml:posList></gml:LineString><fes:Distance uom=\"m\">1</fes:Distance></fes:DWithin>"
        }
        #expect(#expect(throws: FESError.self) { try Self.read(line(201)) }?.code == .tooLarge)
        let point = "<fes:DWithin>\(Self.reference("shape"))<gml:Point><gml:pos>1 2</gml:pos></gml:Point><fes:Distance uom=\"m\">1</fes:Distance></fes:DWithin>"
        #expect(throws: Never.self) { try Self.read("<fes:Or>\(String(repeating: point, count: 200))</fes:Or>") }
        #expect(#expect(throws: FESError.self) { try Self.read("<fes:Or>\(String(repeating: point, count: 201))</fes:Or>") }?.code == .tooLarge)
        // Two hundred come as far as the area, of which this test has none for lines.
        #expect(#expect(throws: FESError.self) { try Self.read(line(200)) }?.code == .value)
    }

    @Test func limitsHold() throws {
        let limits = CQL2Limits(bytes: 1 << 20, nesting: 5, nodes: 30, vertices: 4)
        let one = Self.compared("EqualTo", "name", "a")
        func nested(_ depth: Int) -> String { String(repeating: "<fes:Not>", count: depth - 1) + one + String(repeating: "</fes:Not>", count: depth - 1) }
        func many(_ count: Int) -> String { "<fes:Or>\(String(repeating: one, count: count))</fes:Or>" }
        func line(_ count: Int) -> String { "<fes:Intersects>\(Self.reference("shape"))<gml:LineString><gml:posList>\((0..<count).map { "\($0) 1" }.joined(separator: " "))</gml:posList></gml:LineString></fes:Intersects>" }
        for (fits, exceeds) in [(nested(5), nested(6)), (many(9), many(10)), (line(4), line(5))] {
            #expect(throws: Never.self) { try Self.read(fits, limits: limits) }
            #expect(#expect(throws: FESError.self) { try Self.read(exceeds, limits: limits) }?.code == .tooLarge)
        }
    }
}
