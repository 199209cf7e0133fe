import Foundation
import Portrayal
import SimpleFeatures
import TestSupport
import Testing
import Typography

@testable import TileProduction

/// MapLibre's own cases of features under a point or box of a picture: which are found, of which source, in which order.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct QueryConformanceTests {
    private static let folder = "maplibre-query/tests"

    /// Cases that cannot be asked here, and why.
    static let left: [String: String] = ["symbol/rotated-sort": "its data, 121points.geojson, is not among the corpus' assets"]

    static let names = all.filter { left[$0] == nil }

    private static let all: [String] = Corpora.names(in: folder).flatMap { group in
        Corpora.names(in: "\(folder)/\(group)").map { "\(group)/\($0)" }
    }

    /// What is told of a found feature.
    private struct Found: Equatable, CustomStringConvertible {
        var source: String?
        var sourceLayer: String?
        var id: Double?
        var properties: [String: JSONValue]

        var description: String { "\(source ?? "")/\(sourceLayer ?? "") \(id.map { "\($0)" } ?? "") \(JSONValue.object(properties))" }

        init(_ json: JSONValue) {
            let members = json.object ?? [:]
            source = members["source"]?.text
            sourceLayer = members["sourceLayer"]?.text
            id = members["id"]?.number
            properties = members["properties"]?.object ?? [:]
        }
    }

    @Test(arguments: names) func caseHolds(_ name: String) throws {
        let (found, expected) = try Self.answer(name)
        #expect(found.count == expected.count, "\(name)")
        #expect(found == expected, "\(name)")
    }

    @Test func allCasesAreThere() {
        #expect(Self.all.count == 43 && Self.names.count == 42)
        for name in Self.left.keys { #expect(Self.all.contains(name), "\(name)") }
    }

    private static func answer(_ name: String) throws -> (found: [Found], expected: [Found]) {
        // The corpus' own addresses lead to the assets of the render cases.
        let text = try Corpora.text("\(folder)/\(name)/style.json").replacingOccurrences(of: "local://", with: "assets://")
        let document = try JSONValue(json: Array(text.utf8))
        let members = document.object ?? [:]
        let test = members["metadata"]?.object?["test"]?.object ?? [:]
        var camera = Camera(zoom: members["zoom"]?.number ?? 0, bearingInDegrees: members["bearing"]?.number ?? 0)
        let centre = (members["center"]?.array ?? []).compactMap(\.number)
        if centre.count == 2 { camera.centre = Coordinate(x: centre[0], y: centre[1]) }
        let ratio = test["pixelRatio"]?.number ?? 1
        let viewport = Viewport(
            camera: camera, width: Int(test["width"]?.number ?? 512), height: Int(test["height"]?.number ?? 512), pixelRatio: ratio)
        let producer = try ViewportProducer(
            document: document, assets: AssetDirectory(Corpora.path("maplibre-render/assets")), fonts: FontCatalogue())
        var query = try Self.query(test["queryGeometry"], ratio)
        if let filter = test["queryOptions"]?.object?["filter"] { query.filter = try FeatureFilter(filter) }
        if let layers = test["queryOptions"]?.object?["layers"]?.array { query.layers = Set(layers.compactMap(\.text)) }
        var scratch = RenderScratch()
        let found = try producer.features(under: query, in: viewport, scratch: &scratch).map { Found($0.geoJSON(in: viewport)) }
        let expected = try JSONValue(json: Corpora.bytes("\(folder)/\(name)/expected.json")).array ?? []
        return (found, expected.map(Found.init))
    }

    private static func query(_ json: JSONValue?, _ ratio: Double) throws -> StyleQuery {
        let items = try #require(json?.array)
        let numbers = items.flatMap { $0.array ?? [$0] }.compactMap(\.number).map { $0 * ratio }
        if numbers.count == 2 { return StyleQuery(x: numbers[0], y: numbers[1]) }
        try #require(numbers.count == 4)
        return StyleQuery(left: numbers[0], top: numbers[1], right: numbers[2], bottom: numbers[3])
    }
}
