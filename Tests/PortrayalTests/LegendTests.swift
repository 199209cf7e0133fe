import Foundation
import Raster
import TestSupport
import Testing
import Typography
import Wording

@testable import Portrayal

/// The legend follows the document: what the style does not draw or tell apart is not in it.
@Suite(.enabled(if: MapFonts.arePresent, "skipped: fonts-wqy-microhei and fonts-noto-cjk not installed"))
struct LegendTests {
    private static let styles = Repository.directory.appending(path: "Styles")

    private static func fonts() throws -> FontCatalogue {
        try FontCatalogue(json: Data(contentsOf: styles.appending(path: "fonts.json")), relativeTo: styles.path)
    }

    private static func rows(_ layers: String, of ids: [String], level: Int? = nil, metadata: String = "{}") throws -> [LegendRow] {
        let document = try JSONValue(json: Array("""
            {"version": 8, "metadata": \(metadata), "sources": {"s": {"type": "vector"}}, "layers": [
             {"id": "ground", "type": "background", "paint": {"background-color": "#ffffff"}}, \(layers)]}
            """.utf8))
        var maker = try LegendMaker(document: document, sheets: [], fonts: try fonts())
        let wanted = ids.map { LegendLayer(id: $0, title: LocalisedText(zh: "层", en: $0), group: "base") }
        return try maker.rows(of: wanted, level: level)
    }

    private static func layer(_ id: String, _ type: String, _ rest: String) -> String {
        #"{"id": "\#(id)", "type": "\#(type)", "source": "s", "source-layer": "\#(id)", \#(rest)}"#
    }

    @Test func layersThatTheStyleDoesNotDrawHaveNoRow() throws {
        let rows = try Self.rows(
            Self.layer("seen", "fill", ##""paint": {"fill-color": "#ff0000"}"##) + ","
                + Self.layer("off", "fill", ##""paint": {"fill-color": "#ff0000"}, "layout": {"visibility": "none"}"##),
            of: ["off", "unknown", "seen"])
        #expect(rows.map(\.layer.id) == ["seen"])
        let swatch = try #require(rows.first?.swatch)
        #expect(swatch.width == 64 && swatch.height == 28)
        #expect(Colour(premultiplied: swatch[32, 14]) == Colour(red: 255, green: 0, blue: 0, alpha: 255))
        #expect(Colour(premultiplied: swatch[0, 0]) == Colour(red: 255, green: 255, blue: 255, alpha: 255))
    }

    @Test func aLevelShowsOnlyWhatIsDrawnThere() throws {
        let layers = Self.layer("far", "line", #""maxzoom": 9"#) + "," + Self.layer("near", "line", #""minzoom": 9"#)
        #expect(try Self.rows(layers, of: ["far", "near"], level: 9).map(\.layer.id) == ["far"])
        #expect(try Self.rows(layers, of: ["far", "near"], level: 10).map(\.layer.id) == ["near"])
        let all = try Self.rows(layers, of: ["far", "near"])
        #expect(all.map(\.levels) == [1...9, 10...20])
    }

    @Test func branchesThatLookDifferentAreClasses() throws {
        let colour = ##"["match", ["get", "kind"], ["wood", "林地"], "#00ff00", ["field", "农田"], "#ffff00", ["lawn", "草地"], "#808080", "#808080"]"##
        let row = try #require(
            try Self.rows(Self.layer("green", "fill", #""paint": {"fill-color": \#(colour)}"#), of: ["green"]).first)
        #expect(row.classes.map(\.title) == [LocalisedText(zh: "林地", en: "wood"), LocalisedText(zh: "农田", en: "field")])
        #expect(row.classes.map(\.value) == ["wood", "field"])
    }

    @Test func stepsAreClassesWithTheirBounds() throws {
        let colour = ##"["step", ["to-number", ["get", "count"], 0], "#eeeeee", 100, "#aaaaaa", 300, "#555555"]"##
        let row = try #require(
            try Self.rows(
                Self.layer("people", "fill", #""paint": {"fill-color": \#(colour)}"#), of: ["people"],
                metadata: #"{"workmap:samples": {"people": {"count": 5000}}}"#
            ).first)
        #expect(row.classes.map(\.title.zh) == ["< 100", "100 – 300", "≥ 300"])
    }

    @Test func wordsForValuesGiveClassesAndTheirPlaceUnderOthers() throws {
        let colour = ##"["match", ["get", "type"], "A1", "#ff0000", "A2", "#00ff00", ["match", ["get", "group"], "A", "#0000ff", "#000000"]]"##
        let row = try #require(
            try Self.rows(
                Self.layer("things", "circle", #""paint": {"circle-color": \#(colour)}"#), of: ["things"],
                metadata: #"""
                    {"workmap:values": {"things": {"group": {"A": {"zh": "甲", "en": "First"}},
                      "type": {"A1": {"zh": "甲一", "en": "One", "of": {"group": "A"}}, "A2": {"zh": "甲二", "of": {"group": "A"}},
                               "A3": {"zh": "甲三", "of": {"group": "A"}}}}}}
                    """#
            ).first)
        let group = try #require(row.classes.first)
        #expect(row.classes.count == 1 && group.title == LocalisedText(zh: "甲", en: "First"))
        // The third looks like its group: it has no picture of its own.
        #expect(group.classes.map(\.value) == ["A1", "A2"])
    }

    /// Dots of far levels come first in a document, being below the symbols; a class shows the symbol all the same.
    @Test func aClassIsDrawnAsAtTheLevelThatShowsItWell() throws {
        let colour = ##"["match", ["get", "status"], ["1", "临时"], "#ff0000", ["2", "正式"], "#0000ff", "#000000"]"##
        func dots(_ id: String, _ radius: Int, _ levels: String) -> String {
            #"{"id": "\#(id)", "type": "circle", "source": "s", "source-layer": "plates", \#(levels), "paint": {"circle-color": \#(colour), "circle-radius": \#(radius)}}"#
        }
        let far = dots("far", 1, #""maxzoom": 16"#)
        let near = dots("near", 9, #""minzoom": 16"#)
        let both = try #require(try Self.rows("\(far), \(near)", of: ["plates"]).first)
        let alone = try #require(try Self.rows(near, of: ["plates"]).first)
        #expect(both.classes.map(\.value) == ["1", "2"])
        #expect(both.classes.map(\.swatch) == alone.classes.map(\.swatch))
    }

    @Test(arguments: [LegendSheet.Language?.none, .zh, .en]) func theSheetIsTheSameEveryTime(_ language: LegendSheet.Language?) throws {
        let fonts = try Self.fonts()
        let rows = try Self.rows(Self.layer("seen", "line", ##""paint": {"line-width": 4, "line-dasharray": [2, 1]}"##), of: ["seen"])
        let sheets = try (0..<2).map { _ in
            try LegendSheet(
                title: LocalisedText(zh: "图例", en: "Legend"), rows: rows, groups: [:], language: language,
                ground: Colour(red: 20, green: 24, blue: 30, alpha: 255),
                fontStack: ["Workmap Sans Regular", "Workmap Fallback"]
            ).draw(fonts: fonts)
        }
        #expect(sheets[0] == sheets[1])
        #expect(Set(sheets[0].pixels).count > 20)
    }
}
