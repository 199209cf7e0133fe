import Foundation
import Raster
import TestSupport
import Testing

@testable import Portrayal

/// Variants are JSON to JSON: nothing here draws.
@Suite struct StyleVariantTests {
    private static func variant(_ json: String) throws -> StyleVariant {
        try StyleVariant(source: "plain", name: "night", json: Array(json.utf8))
    }

    private static func document(_ layers: String) throws -> JSONValue {
        try JSONValue(json: Array("""
            {"version": 8, "name": "白天", "sprite": "/sprites/plain", "sources": {"s": {"type": "vector", "url": "/tiles/plain.json"}},
             "layers": [\(layers)]}
            """.utf8))
    }

    private static func fill(_ colour: String) -> String {
        #"{"id": "area", "type": "fill", "source": "s", "source-layer": "area", "paint": {"fill-color": \#(colour)}}"#
    }

    private static let ground = ##"{"id": "ground", "type": "background", "paint": {"background-color": "#ffffff"}}"##

    /// Where colours stand in the style language; labels, stops and conditions that look like colours stay.
    @Test(arguments: [
        (##""#FF0000""##, ##""#00FF00""##),
        (##""rgba(255, 0, 0, 0.5)""##, ##""rgba(0,255,0,0.5)""##),
        (##"["match", ["get", "kind"], ["red", "wood"], "#F00", "field", "red", "red"]"##,
            ##"["match", ["get", "kind"], ["red", "wood"], "#00FF00", "field", "#00FF00", "#00FF00"]"##),
        (##"["step", ["zoom"], "red", 10, "red"]"##, ##"["step", ["zoom"], "#00FF00", 10, "#00FF00"]"##),
        (##"["interpolate", ["linear"], ["zoom"], 5, "red", 10, "red"]"##,
            ##"["interpolate", ["linear"], ["zoom"], 5, "#00FF00", 10, "#00FF00"]"##),
        (##"["case", ["==", ["get", "kind"], "red"], "red", ["to-color", "red"]]"##,
            ##"["case", ["==", ["get", "kind"], "red"], "#00FF00", ["to-color", "#00FF00"]]"##),
        (##"{"stops": [[3, "red"], [9, "red"]]}"##, ##"{"stops": [[3, "#00FF00"], [9, "#00FF00"]]}"##),
        (##""transparent""##, ##""transparent""##),
    ])
    func coloursAreReplacedWhereverAnExpressionGivesOne(_ old: String, _ new: String) throws {
        let night = try Self.variant(##"{"title": {"zh": "夜"}, "colours": [{"palette": {"#FF0000": "#00FF00"}}]}"##)
        let made = try night.applied(to: try Self.document(Self.fill(old)))
        let paint = try #require(made.object?["layers"]?.array?.first?.object?["paint"]?.object)
        let expected = try JSONValue(json: Array(new.utf8))
        if old.contains("transparent") {
            #expect(paint["fill-color"]?.text.flatMap { StyleColour(css: $0) } == .transparent)
        } else {
            #expect(paint["fill-color"] == expected)
        }
        _ = try Style(made)
    }

    @Test(arguments: [
        (##"["step", ["zoom"], "#FF0000", 10, "#AABBCC"]"##, "layers[0].paint.fill-color[4]", "#AABBCC"),
        (##"["rgb", 1, 2, ["get", "kind"]]"##, "layers[0].paint.fill-color", "rgb"),
    ])
    func aColourWithoutReplacementIsNamedWithItsLayer(_ colour: String, _ path: String, _ word: String) throws {
        let night = try Self.variant(##"{"title": {"zh": "夜"}, "colours": [{"palette": {"#FF0000": "#00FF00"}}]}"##)
        let document = try Self.document(Self.fill(colour))
        let error = #expect(throws: PortrayalError.self) { try night.applied(to: document) }
        let issue = try #require(error?.issues.first)
        #expect(error?.issues.count == 1 && issue.path == path)
        #expect(issue.message.contains(word) && issue.message.contains("\"area\""))
    }

    @Test func theFirstRuleThatKnowsAColourDecides() throws {
        let night = try Self.variant(
            ##"""
            {"title": {"zh": "夜", "en": "Night"}, "colours": [
              {"layers": ["area"], "palette": {"#FFFFFF": "#111111"}}, {"properties": ["line-color"], "palette": {"#FFFFFF": "#222222"}},
              {"types": ["background"], "tone": {"saturation": 0, "lightest": 0.2}}]}
            """##)
        let made = try night.applied(to: try Self.document("\(Self.ground), \(Self.fill(##""white""##))"))
        let layers = try #require(made.object?["layers"]?.array)
        #expect(layers[0].object?["paint"]?.object?["background-color"] == .string("#333333"))
        #expect(layers[1].object?["paint"]?.object?["fill-color"] == .string("#111111"))
        #expect(made.object?["name"] == .string("夜"))
        #expect(made.object?["sprite"] == .string("/sprites/plain-night"))
        // The tiles are the same ones.
        #expect(made.object?["sources"]?.object?["s"]?.object?["url"] == .string("/tiles/plain.json"))
    }

    @Test func layersStayByTypeAndSettingsComeLast() throws {
        let night = try Self.variant(
            ##"""
            {"title": {"zh": "夜"}, "layers": {"types": ["fill"]},
             "set": [{"types": ["fill"], "paint": {"fill-opacity": 0.5}}, {"layers": ["area"], "paint": {"fill-color": null}}]}
            """##)
        let made = try night.applied(to: try Self.document("\(Self.ground), \(Self.fill(##""white""##))"))
        let layers = try #require(made.object?["layers"]?.array)
        #expect(layers.count == 1)
        #expect(layers[0].object?["paint"]?.object == ["fill-opacity": .number(0.5)])
    }

    @Test(arguments: [
        (#"{"title": {"zh": "夜"}, "colors": []}"#, "colors", "unknown property"),
        (#"{"title": {"zh": "夜"}, "colours": [{"tone": {"lightest": 3}}]}"#, "colours[0].tone.lightest", "0 to 1"),
        (#"{"title": {"zh": "夜"}, "colours": [{}]}"#, "colours[0]", "palette"),
        (#"{"title": {"zh": "夜"}, "colours": [{"palette": {"white": "blak"}}]}"#, "colours[0].palette.white", "blak"),
        (#"{"title": 3}"#, "title", "object expected"),
    ])
    func aBrokenVariantNamesPlaceAndExpectation(_ json: String, _ path: String, _ word: String) throws {
        let error = #expect(throws: PortrayalError.self) { try Self.variant(json) }
        let issue = try #require(error?.issues.first)
        #expect(issue.path == path && issue.message.contains(word), "\(issue)")
    }

    @Test func iconsTakeTheirOwnPaletteAndTheirEdge() throws {
        let night = try Self.variant(
            ##"{"title": {"zh": "夜"}, "icons": {"edge": "#000000", "palette": {"#FFFFFF": "#EEEEEE", "#FF0000": "#AA0000"}}}"##)
        let icon = try IconDescription(name: "dot", json: Array(
            ##"""
            {"width": 8, "height": 8, "shapes": [{"role": "edge", "rectangle": [0, 0, 8, 8], "fill": "#FFFFFF"},
              {"rectangle": [1, 1, 6, 6], "fill": "#FF0000"}, {"rectangle": [3, 3, 2, 2], "fill": "#FFFFFF"}]}
            """##.utf8))
        let image = try icon.recoloured(by: night).icon(ratio: 1).image
        func colour(_ x: Int, _ y: Int) -> Colour { Colour(premultiplied: image[x, y]) }
        #expect(colour(0, 0) == Colour(red: 0, green: 0, blue: 0, alpha: 255))
        #expect(colour(1, 1) == Colour(red: 0xAA, green: 0, blue: 0, alpha: 255))
        #expect(colour(4, 4) == Colour(red: 0xEE, green: 0xEE, blue: 0xEE, alpha: 255))
        let stranger = try IconDescription(
            name: "odd", json: Array(##"{"width": 8, "height": 8, "shapes": [{"circle": [4, 4, 3], "fill": "#123456"}]}"##.utf8))
        let error = #expect(throws: PortrayalError.self) { try stranger.recoloured(by: night) }
        #expect(error?.message.contains("#123456") == true && error?.message.contains("odd") == true)
    }

    /// The variants that ship: every colour of the standard style and of its icons has its counterpart.
    @Test(arguments: ["night", "grey", "labels"]) func theStandardStyleHasItsVariants(_ name: String) throws {
        let standard = Repository.directory.appending(path: "Styles/standard")
        let variant = try StyleVariant(
            source: "standard", name: name,
            json: [UInt8](Data(contentsOf: standard.appending(path: "variants/\(name).json"))))
        let source = try Corpora.json(standard.appending(path: "style.json"))
        let style = try Style(try variant.applied(to: source))
        #expect(style.name != (try Style(source)).name)
        #expect((style.layers.allSatisfy { $0.kind == .symbol }) == (name == "labels"))
        for file in try FileManager.default.contentsOfDirectory(atPath: standard.appending(path: "icons").path).sorted() {
            let data = try Data(contentsOf: standard.appending(path: "icons/\(file)"))
            _ = try IconDescription(name: file, json: [UInt8](data)).recoloured(by: variant)
        }
    }
}
