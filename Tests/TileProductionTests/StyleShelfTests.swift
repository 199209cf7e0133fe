import FeatureStore
import Foundation
import Portrayal
import Raster
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// A style document that breaks the specification is refused with the place, what stands there and what should; the
/// map goes on under the last good one.
@Suite struct StyleShelfTests {
    private static let signs =
        #"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [113.75, 22.95]}}]}"#

    private static func style(background: String, width: String) -> String {
        #"{"version": 8, "sources": {"workmap": {"type": "vector"}}, "layers": [{"id": "ground", "type": "background", "paint": {"background-color": "\#(background)"}}, {"id": "road", "type": "line", "source": "workmap", "source-layer": "base.road.main", "paint": {"line-width": \#(width)}}]}"#
    }

    private func picture(_ data: TestData) async throws -> [UInt8] {
        try await data.service(metatile: 1).tile(
            .init(
                map: "standard", matrixSet: "w", address: TileAddress(level: 12, row: 1779, column: 3342),
                format: .png(ratio: 1))
        ).body
    }

    @Test(arguments: [
        (#""wide""#, ["layers[1].paint.line-width", "wide", "number"]),
        ("-2", ["layers[1].paint.line-width", "-2", "minimum value 0"]),
        (#"["interpolate", ["linear"], ["zoom"], 5, "x"]"#, ["layers[1].paint.line-width[4]", "string", "number"]),
    ])
    func aBrokenStyleNamesPlaceValueAndExpectation(_ width: String, _ words: [String]) async throws {
        let data = try await TestData.made(
            layer: "signs", geoJSON: Self.signs,
            files: ["styles/standard/style.json": Self.style(background: "#ffffff", width: width)])
        let reason = try #require(data.library.state.styleFailures["standard"])
        for word in words { #expect(reason.contains(word), "\(reason)") }
        let error = await #expect(throws: ProductionError.self) { try await picture(data) }
        #expect(error?.code == .portrayal)
    }

    @Test func theMapGoesOnUnderTheLastGoodStyle() async throws {
        let data = try await TestData.made(
            layer: "signs", geoJSON: Self.signs,
            files: ["styles/standard/style.json": Self.style(background: "#102030", width: "2")])
        #expect(data.library.state.styleFailures["standard"] == nil)
        let before = try await picture(data)
        let file = URL(filePath: data.installation.directory.path + "/styles/standard/style.json")
        try Data(Self.style(background: "#ffffff", width: #""wide""#).utf8).write(to: file)
        #expect(try await data.library.refresh())
        let reason = try #require(data.library.state.styleFailures["standard"])
        #expect(reason.contains("layers[1].paint.line-width"), "\(reason)")
        #expect(try await picture(data) == before)
        try Data("{".utf8).write(to: file)
        try await data.library.refresh()
        #expect(try await picture(data) == before)
        try Data(Self.style(background: "#ffffff", width: "3").utf8).write(to: file)
        try await data.library.refresh()
        #expect(data.library.state.styleFailures["standard"] == nil)
        #expect(try await picture(data) != before)
    }

    private static let good = style(background: "#102030", width: "2")

    /// Documents that must not replace the one in use, with a word of the report in either language.
    static let broken: [(name: String, document: String, words: [String])] = [
        (
            "a property that is unknown", good.replacing("line-width", with: "line-breadth"),
            ["layers[1].paint.line-breadth", "没有“line-breadth”", "unknown property"]
        ),
        (
            "a source layer that is missing", good.replacing(#", "source-layer": "base.road.main""#, with: ""),
            ["layers[1]", "source-layer", "须写明"]
        ),
        (
            "a cycle of references", good.replacing(#""type": "line", "source": "workmap", "source-layer": "base.road.main", "paint": {"line-width": 2}"#, with: #""ref": "road""#),
            ["layers[1].ref", "road -> road", "成环"]
        ),
        (
            "a font that is not there", good.replacing(#""type": "line""#, with: #""type": "symbol", "layout": {"text-font": ["No Such Font"]}"#).replacing(#", "paint": {"line-width": 2}"#, with: ""),
            ["layers[1].layout.text-font", "No Such Font", "字体"]
        ),
        (
            "an icon that is not there", good.replacing(##""background-color": "#102030""##, with: #""background-pattern": "no-such-icon""#),
            ["layers[0].paint.background-pattern", "no-such-icon", "没有图片"]
        ),
        ("fifty megabytes", good + String(repeating: " ", count: 50 << 20), ["50 MB", "16 MB", "style.json", "超过上限"]),
        ("no JSON", "{", ["line 1, column 2", "第 1 行第 2 列"]),
    ]

    @Test(arguments: broken.indices) func aBrokenVersionIsReportedAndTheOldOneStays(_ index: Int) async throws {
        let (name, document, words) = Self.broken[index]
        let data = try await TestData.made(layer: "signs", geoJSON: Self.signs, files: ["styles/standard/style.json": Self.good])
        #expect(data.library.state.styleFailures["standard"] == nil)
        let before = try await picture(data)
        #expect(document != Self.good, "\(name) changes the document")
        try Data(document.utf8).write(to: URL(filePath: data.installation.directory.path + "/styles/standard/style.json"))
        #expect(try await data.library.refresh())
        let reason = try #require(data.library.state.styleFailures["standard"], "\(name)")
        for word in words { #expect(reason.contains(word), "\(name): \(reason)") }
        #expect(reason.hasPrefix("样式“standard”的新版本未启用"), "\(reason)")
        #expect(try await picture(data) == before)
    }

    /// Day, night, grey and labels are one document: what changes in it changes in all of them.
    @Test func variantsFollowTheirSource() async throws {
        let day = ##"{"version": 8, "sources": {"workmap": {"type": "vector"}}, "layers": [{"id": "ground", "type": "background", "paint": {"background-color": "#GROUND"}}]}"##
        let night = ##"{"title": {"zh": "夜"}, "colours": [{"palette": {"#102030": "#000010", "#204060": "#000020"}}, {"layers": ["ground"], "palette": {}}, {"types": ["fill", "line", "circle", "symbol"], "tone": {}}]}"##
        let data = try await TestData.made(
            layer: "signs", geoJSON: Self.signs,
            files: [
                "styles/standard/style.json": day.replacing("GROUND", with: "102030"), "styles/standard/variants/night.json": night,
            ])
        func ground() throws -> String? {
            let style = try #require(data.library.state.maps["standard-night"]?.style)
            return style.document.object?["layers"]?.array?.first?.object?["paint"]?.object?["background-color"]?.text
        }
        #expect(data.library.state.styleFailures["standard-night"] == nil)
        #expect(try ground() == "#000010")
        #expect(data.library.state.maps["standard-night"]?.layers.map(\.definition.id) == data.library.state.maps["standard"]?.layers.map(\.definition.id))
        let file = URL(filePath: data.installation.directory.path + "/styles/standard/style.json")
        try Data(day.replacing("GROUND", with: "204060").utf8).write(to: file)
        #expect(try await data.library.refresh())
        #expect(try ground() == "#000020")
        // A colour that the palette forgets is named, and the night stays as it was.
        try Data(day.replacing("GROUND", with: "AABBCC").utf8).write(to: file)
        #expect(try await data.library.refresh())
        let reason = try #require(data.library.state.styleFailures["standard-night"])
        for word in ["standard-night", "#AABBCC", "ground", "layers[0].paint.background-color"] { #expect(reason.contains(word), "\(reason)") }
        #expect(try ground() == "#000020")
        #expect(data.library.state.styleFailures["standard"] == nil)
    }

    @Test func labelsAloneLeaveTheGroundTransparent() async throws {
        let data = try await DemoHamlet.shared.value
        let (day, labels) = (try #require(data.library.state.maps["standard"]), try #require(data.library.state.maps["standard-labels"]))
        #expect(day.layers.map(\.definition.id) == labels.layers.map(\.definition.id))
        let address = try #require(try data.middle(of: "base.building", set: try data.set("w"), level: 17))
        let tile = try await data.service(metatile: 1).tile(
            .init(map: "standard-labels", matrixSet: "w", address: address, format: .png(ratio: 1)))
        let picture = try PNGDecoder.decode(tile.body)
        let transparent = picture.pixels.count { $0 == 0 }
        #expect(transparent > picture.pixels.count / 2 && transparent < picture.pixels.count)
    }
}
