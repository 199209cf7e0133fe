import TestSupport
import Testing

@testable import Portrayal

/// How far beyond their own geometry features paint, as far as a document tells.
@Suite struct DrawingReachTests {
    private func reach(_ layers: String, zoom: Double = 14) throws -> Double?? {
        let document = #"{"version": 8, "sources": {"a": {"type": "vector", "url": "a"}}, "layers": [\#(layers)]}"#
        return try Style(json: Array(document.utf8)).reach(atStyleZoom: zoom)["roads"]
    }

    private func line(_ paint: String) -> String {
        #"{"id": "\#(paint.hashValue)", "type": "line", "source": "a", "source-layer": "roads", "paint": {\#(paint)}}"#
    }

    @Test func aMiterReachesItsLimitTimesTheWidth() throws {
        #expect(try reach(line(#""line-width": 6"#)) == .some(.some(6 * 2 + 1)))
    }

    @Test func theWidestOfAllFeaturesCounts() throws {
        let widths = #"["match", ["get", "class"], "trunk", 10, ["a", "b"], ["*", 2, 8], 3]"#
        #expect(try reach(line(#""line-width": \#(widths)"#)) == .some(.some(16 * 2 + 1)))
        let byZoom = #"["interpolate", ["linear"], ["zoom"], 10, 2, 20, ["match", ["get", "class"], "x", 40, 20]]"#
        let wide = try #require(try reach(line(#""line-width": \#(byZoom)"#)) ?? nil)
        #expect(wide >= (2 + 0.4 * 38) * 2)
    }

    @Test func layersOfOneSourceLayerCountTogether() throws {
        let both = line(#""line-width": 2"#) + "," + line(#""line-width": 4, "line-translate": [3, -5]"#)
        #expect(try reach(both) == .some(.some(4 * 2 + 5 + 1)))
    }

    @Test func whatOnlyAFeatureTellsIsNotKnown() throws {
        #expect(try reach(line(#""line-width": ["get", "width"]"#)) == .some(nil))
        let both = line(#""line-width": ["get", "width"]"#) + "," + line(#""line-width": 4"#)
        #expect(try reach(both) == .some(nil))
    }

    @Test func labelsAreNoShapes() throws {
        let label = #"{"id": "s", "type": "symbol", "source": "a", "source-layer": "roads", "layout": {"text-field": "x"}}"#
        #expect(try reach(label) == nil)
    }
}
