import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct DocumentTests {
    static let bounds = Envelope(minX: 113.52, minY: 22.65, maxX: 114.26, maxY: 23.15)
    static let schema = FeatureSchema(fields: [
        Field(name: "名称", kind: .text, title: "名称"), Field(name: "floors", kind: .integer), Field(name: "built", kind: .date),
        Field(name: "身份证号", kind: .text, isSensitive: true),
    ])

    static func collection() -> CollectionDocument {
        CollectionDocument(
            id: "buildings", title: "建筑物", bounds: bounds,
            crs: [.crs84, CRSIdentifier(authority: "EPSG", code: "4490")], storageCRS: CRSIdentifier(authority: "EPSG", code: "4547"),
            links: [Link(href: "/collections/buildings/items", rel: "items", type: MediaType.geoJSON, title: "建筑物")])
    }

    static func text(_ document: JSONDocument) -> String { String(decoding: document.bytes(), as: UTF8.self) }

    @Test func landingPageAndConformance() {
        let page = LandingPage(title: "东莞标准作业图", links: [Link(href: "/conformance", rel: "conformance", type: MediaType.json)])
        #expect(Self.text(page.json()) == #"{"title":"东莞标准作业图","links":[{"href":"/conformance","rel":"conformance","type":"application/json"}]}"#)
        let declared = ConformanceDeclaration(classes: ConformanceDeclaration.common + ConformanceDeclaration.features)
        #expect(declared.json()["conformsTo"] == .strings(declared.classes))
        #expect(Set(declared.classes).count == declared.classes.count)
    }

    @Test func collection() {
        let json = Self.collection().json()
        #expect(json["extent"]?["spatial"]?["bbox"] == .array([.numbers([113.52, 22.65, 114.26, 23.15])]))
        #expect(json["crs"] == .strings(["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/4490"]))
        #expect(json["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/4547" && json["itemType"] == "feature")
        var placeless = Self.collection()
        placeless.bounds = nil
        #expect(placeless.json()["extent"] == nil)
        placeless.interval = .init(begin: "2018-05-09T00:00:00Z", end: nil)
        #expect(placeless.json()["extent"]?["temporal"]?["interval"] == .array([.array(["2018-05-09T00:00:00Z", .null])]))
        #expect(Self.text(CollectionsDocument(collections: [Self.collection()], links: []).json()).hasPrefix(#"{"links":[],"collections":[{"id":"buildings""#))
    }

    /// Whoever may ask for a place has to be told so, whatever kinds of places there are.
    @Test(arguments: [
        (true, GeometryDimension.point, "geometry-point-or-multipoint"), (true, .area, "geometry-polygon-or-multipolygon"), (true, nil, "geometry-any"),
        (false, nil, nil),
    ] as [(Bool, GeometryDimension?, String?)])
    func geometryOfAnyKindIsListed(hasGeometry: Bool, dimension: GeometryDimension?, format: String?) throws {
        for purpose in [SchemaDocument.Purpose.schema, .queryables] {
            let document = SchemaDocument(
                id: "/collections/b/schema", title: "b", schema: Self.schema, hasGeometry: hasGeometry, dimension: dimension, purpose: purpose)
            let text = String(decoding: document.json().bytes(), as: UTF8.self)
            #expect(text.contains("primary-geometry") == (format != nil))
            if let format { #expect(text.contains("\"format\":\"\(format)\"")) }
        }
    }

    @Test func schemasLeaveSensitiveFieldsOut() {
        let document = SchemaDocument(id: "/collections/b/queryables", title: "b", schema: Self.schema, dimension: .area, purpose: .queryables)
        let text = Self.text(document.json())
        #expect(text.contains(#""名称":{"title":"名称","type":"string"},"floors":{"type":"integer"},"built":{"type":"string","format":"date"}"#))
        #expect(text.contains(#""additionalProperties":false"#) && !text.contains("身份证号"))
        #expect(text.contains("geometry-polygon-or-multipolygon"))
    }

    @Test func featureCollectionsStream() throws {
        let envelope = FeatureCollectionEnvelope(numberMatched: 7, timeStamp: "2018-05-09T08:00:00Z", links: [Link(href: "u", rel: "self")])
        let bytes = FeatureCollectionEnvelope.opening + Array(#"{"type":"Feature","geometry":null,"properties":{}}"#.utf8) + envelope.closing(numberReturned: 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["numberMatched"] as? Int == 7 && object["numberReturned"] as? Int == 1)
        #expect((object["features"] as? [Any])?.count == 1 && (object["links"] as? [Any])?.count == 1)
        #expect(String(decoding: FeatureCollectionEnvelope.opening + FeatureCollectionEnvelope().closing(numberReturned: 0), as: UTF8.self)
            == #"{"type":"FeatureCollection","features":[],"numberReturned":0,"links":[]}"#)
    }

    @Test func tileJSON() {
        var document = TileJSONDocument(
            name: "standard", tiles: ["http://m/tiles/standard/{z}/{x}/{y}.mvt"], zooms: 8...18, bounds: Self.bounds,
            vectorLayers: [.init(id: "buildings", description: "建筑物", zooms: 13...18, fields: [.init(name: "floors", description: "层数")])])
        document.attribution = "国土局"
        document.members = [JSONDocument.Member(name: "left_out", value: ["buildings": ["density": 12]])]
        let json = document.json()
        #expect(json["tilejson"] == "3.0.0" && json["minzoom"] == 8 && json["maxzoom"] == 18)
        #expect(json["bounds"] == .numbers([113.52, 22.65, 114.26, 23.15]))
        #expect(Self.text(json).contains(#""vector_layers":[{"id":"buildings","description":"建筑物","minzoom":13,"maxzoom":18,"fields":{"floors":"层数"}}],"left_out":{"buildings":{"density":12}}"#))
        #expect(TileJSONDocument(name: "r", tiles: [], zooms: 0...1).json()["vector_layers"] == nil)
    }

    @Test func tilesets() throws {
        let c = try #require(try WMTSCapabilitiesTests.registry()["c"])
        let limits = c.matrices.compactMap { $0.addresses(intersecting: Self.bounds) }
        var tileset = TileSetDocument(
            title: "建筑物", dataType: .vector, set: c, bounds: Self.bounds, limits: limits,
            links: [.template(href: "/t/{tileMatrix}/{tileRow}/{tileCol}", rel: "item", type: MediaType.vectorTile)])
        tileset.layers = [.init(id: "buildings", dimension: .area, schema: Self.schema)]
        let text = Self.text(tileset.json())
        // Level 12 over Dongguan, as published.
        #expect(text.contains(#"{"tileMatrix":"12","minTileRow":760,"maxTileRow":766,"minTileCol":3339,"maxTileCol":3348}"#))
        #expect(text.contains(#""templated":true"#) && !text.contains("身份证号"))
        #expect(tileset.json()["crs"] == "http://www.opengis.net/def/crs/EPSG/0/4490")
        let list = TileSetsDocument(tilesets: [tileset], links: []).json()
        #expect(Self.text(list).contains(#""tileMatrixSetId":"c""#))
        let sets = TileMatrixSetsDocument(sets: [c], baseURL: "http://m").json()
        #expect(Self.text(sets).contains(#""href":"http://m/tileMatrixSets/c""#))
    }
}

/// Every member that the standards' schemas require stands in the documents.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct RequiredMemberTests {
    @Test(arguments: ["collection", "collections", "landingPage", "confClasses", "tileSet-item", "tileMatrixSet-item", "exception"])
    func requiredMembers(_ schema: String) throws {
        let folder = schema.hasPrefix("tile") ? "ogc-schemas/tiles/schemas/tms" : "ogc-schemas/features-core/openapi/schemas"
        let required = Self.required(try Corpora.text("\(folder)/\(schema).yaml"))
        let c = try #require(try WMTSCapabilitiesTests.registry()["c"])
        let tileset = TileSetDocument(title: "t", dataType: .map, set: c, bounds: nil, limits: [], links: [])
        let document: JSONDocument =
            switch schema {
            case "collection": DocumentTests.collection().json()
            case "collections": CollectionsDocument(collections: [], links: []).json()
            case "landingPage": LandingPage(title: "t", links: []).json()
            case "confClasses": ConformanceDeclaration(classes: []).json()
            case "tileSet-item": tileset.item()
            case "tileMatrixSet-item": Self.firstSet(TileMatrixSetsDocument(sets: [c], baseURL: "").json())
            default: ProblemDocument(title: .init(zh: "题", en: "t"), status: 400).json()
            }
        #expect(schema == "exception" || !required.isEmpty || schema == "tileMatrixSet-item")
        for name in required { #expect(document[name] != nil, "\(name)") }
    }

    private static func firstSet(_ document: JSONDocument) -> JSONDocument {
        if case .array(let sets)? = document["tileMatrixSets"] { return sets.first ?? .null }
        return .null
    }

    /// The names under the top-level `required` of a YAML schema.
    private static func required(_ yaml: String) -> [String] {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "required:") else { return [] }
        return lines[(start + 1)...].prefix { $0.drop { $0 == " " }.hasPrefix("- ") }.map { String($0.drop { $0 == " " }.dropFirst(2)) }
    }
}
