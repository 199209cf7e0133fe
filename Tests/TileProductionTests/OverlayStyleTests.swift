import Portrayal
import Testing

@testable import TileProduction

/// A layer that no style document mentions is drawn as what it is: the style has no rule for shapes that it lacks.
@Suite struct OverlayStyleTests {
    private static func collection(_ geometries: [String]) -> String {
        let features = geometries.map { #"{"type": "Feature", "properties": {"name": "停放点"}, "geometry": \#($0)}"# }
        return #"{"type": "FeatureCollection", "features": [\#(features.joined(separator: ","))]}"#
    }

    private static let point = #"{"type": "Point", "coordinates": [113.75, 22.95]}"#
    private static let line = #"{"type": "LineString", "coordinates": [[113.75, 22.95], [113.76, 22.96]]}"#
    private static let area =
        #"{"type": "Polygon", "coordinates": [[[113.75, 22.95], [113.76, 22.95], [113.76, 22.96], [113.75, 22.95]]]}"#

    @Test(arguments: [
        ([point], ["circle", "label-point"]), ([line], ["line", "label-linestring"]), ([area], ["fill", "line", "label-area"]),
        ([point, area], ["fill", "line", "circle", "label-point", "label-linestring", "label-area"]),
    ])
    func aLayerIsDrawnByItsGeometry(_ geometries: [String], _ expected: [String]) async throws {
        let data = try await TestData.made(layer: "parking", geoJSON: Self.collection(geometries))
        let document = try #require(try data.map.style).document
        let layers = try #require(document.object?["layers"]?.array)
        let prefix = "overlay:parking:"
        let drawn = layers.compactMap { $0.object?["id"]?.text }.filter { $0.hasPrefix(prefix) }
        #expect(drawn == expected.map { prefix + $0 })
    }
}
