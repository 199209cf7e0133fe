import Markup
import SimpleFeatures
import Testing
import Tiling

@testable import OGCAPI

@Suite struct GMLWriterTests {
    private static let degrees = CRSIdentifier(authority: "EPSG", code: "4490")
    private static let mercator = CRSIdentifier(authority: "EPSG", code: "3857")

    private static func written(_ geometry: Geometry?, as kind: GeometryKind? = nil, crs: CRSIdentifier = degrees, values: [PropertyValue] = []) throws -> MarkupElement {
        let fields = values.indices.map { Field(name: "f\($0)", kind: .text) }
        let type = GMLFeatureType(id: "a.b", schema: FeatureSchema(fields: fields), hasGeometry: true, kind: kind)
        var writer = GMLWriter(type: type, crs: crs)
        writer.append(Feature(id: 7, geometry: geometry, values: values))
        return try MarkupReader.read(writer.bytes)
    }

    @Test func positionsAreInTheOrderOfTheCRS() throws {
        let point = Geometry.point(Coordinate(x: 113.123456789123, y: 22.5))
        let north = try #require(try Self.written(point)["geometry"]?["Point"])
        #expect(north["pos"]?.text == "22.5 113.123456789" && north.attributes["srsName"] == "urn:ogc:def:crs:EPSG::4490" && north.attributes["id"] == "a.b.7.g")
        let east = try #require(try Self.written(point, crs: Self.mercator)["geometry"]?["Point"])
        #expect(east["pos"]?.text == "113.1235 22.5" && east.attributes["srsName"] == "urn:ogc:def:crs:EPSG::3857")
    }

    @Test func geometriesAreOfTheDeclaredKind() throws {
        let ring = [Coordinate(x: 0, y: 0), Coordinate(x: 1, y: 0), Coordinate(x: 1, y: 1), Coordinate(x: 0, y: 0)]
        let polygon = Geometry.polygon(Polygon(rings: [ring, ring]))
        let plain = try #require(try Self.written(polygon, as: .polygon, crs: Self.mercator)["geometry"]?["Polygon"])
        #expect(plain.children.map(\.name) == ["exterior", "interior"])
        #expect(plain["exterior"]?["LinearRing"]?["posList"]?.text == "0 0 1 0 1 1 0 0")
        let several = try #require(try Self.written(polygon, as: .multiPolygon)["geometry"]?["MultiSurface"])
        #expect(several["surfaceMember"]?["Polygon"]?.attributes["id"] == "a.b.7.g.0")
        #expect(try Self.written(.lineString(ring), as: .multiLineString)["geometry"]?["MultiCurve"]?["curveMember"]?["LineString"] != nil)
        #expect(try Self.written(.point(ring[0]), as: .multiPoint)["geometry"]?["MultiPoint"]?["pointMember"]?["Point"] != nil)
        let mixed = try #require(try Self.written(.geometryCollection([.point(ring[0]), .lineString(ring)]))["geometry"]?["MultiGeometry"])
        #expect(mixed.children.map { $0.children[0].name } == ["Point", "LineString"])
    }

    @Test func whatHasNoValueIsLeftOut() throws {
        #expect(try Self.written(nil).children.isEmpty)
        #expect(try Self.written(.point(Coordinate(x: .nan, y: 1))).children.isEmpty)
        #expect(try Self.written(.multiPoint([])).children.isEmpty)
        let feature = try Self.written(nil, values: [.null, .boolean(true), .integer(-3), .real(2.5), .real(.infinity), .text("<门&\"\u{1}> "), .text("")])
        #expect(feature.children.map(\.name) == ["f1", "f2", "f3", "f5", "f6"])
        #expect(feature.children.map(\.text) == ["true", "-3", "2.5", "<门&\"\u{FFFD}> ", ""])
    }

    @Test(arguments: [
        ("street", "street"), ("base.road", "base.road"), ("2nd", "_2nd"), ("名称", "名称"), ("长度(米)", "长度_米_"), ("a b", "a_b"), ("", "_"), ("-a", "_-a"), ("(x", "_x"), ("º", "_"), ("é", "é"),
    ])
    func namesOfElements(_ text: String, _ name: String) { #expect(GMLName.element(text) == name) }

    @Test func namesAreDifferent() {
        #expect(GMLName.elements(["a b", "a_b", "a(b"], taken: ["a_b"]) == ["a_b_2", "a_b_3", "a_b_4"])
        let type = GMLFeatureType(id: "x", schema: FeatureSchema(fields: [Field(name: "geometry", kind: .text), Field(name: "geom", kind: .text)]), hasGeometry: true, kind: .point)
        #expect(type.geometry?.element == "_geometry" && type.properties.map(\.element) == ["geometry", "geom"])
    }

    @Test func resourceIDs() {
        let type = GMLFeatureType(id: "base.road", schema: FeatureSchema(fields: []), hasGeometry: false, kind: nil)
        #expect(type.resourceID(12) == "base.road.12")
        #expect(type.number(ofResource: "base.road.12") == 12 && type.number(ofResource: "wm:base.road.12") == 12)
        for other in ["base.12", "base.road.", "base.road.x", "base.road", "", "base.road.12.3"] { #expect(type.number(ofResource: other) == nil, "\(other)") }
    }

    @Test func aSchemaNamesTypes() throws {
        let kinds: [FieldKind] = FieldKind.allCases
        let schema = FeatureSchema(fields: kinds.map { Field(name: $0.rawValue, kind: $0, title: "标题") })
        let document = try MarkupReader.read(GMLSchema(types: [GMLFeatureType(id: "a", schema: schema, hasGeometry: true, kind: .multiPolygon)]).xml())
        let elements = try #require(document["complexType"]?["complexContent"]?["extension"]?["sequence"]?.children)
        #expect(elements.map { $0.attributes["type"] } == ["gml:MultiSurfacePropertyType", "xsd:boolean", "xsd:long", "xsd:double", "xsd:string", "xsd:date", "xsd:dateTime"])
        #expect(document["element"]?.attributes == ["name": "a", "type": "wm:aType", "substitutionGroup": "gml:AbstractFeature"])
    }
}
