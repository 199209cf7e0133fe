import Raster
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Typography

@testable import Portrayal

/// Labels in columns, from right to left and with pictures in them: drawn alike by tile, from a plan and from a plan's bytes.
@Suite(.enabled(if: MapFonts.arePresent, "skipped: fonts-wqy-microhei and fonts-noto-cjk not installed"))
struct WritingTests {
    private static func renderer(_ layout: String) throws -> StyleRenderer {
        let document = #"""
            {"version": 8, "sources": {"s": {"type": "vector"}}, "layers": [{"id": "n", "type": "symbol", "source": "s",
            "source-layer": "x", "layout": {"text-font": ["Workmap Sans Regular", "Workmap Fallback"], "text-size": 20, \#(layout)}}]}
            """#
        var sprites = SpriteBuilder()
        let square = ##"{"width": 30, "height": 30, "shapes": [{"rectangle": [0, 0, 30, 30], "fill": "#ff0000"}]}"##
        sprites.add(try IconDescription(name: "square", json: Array(square.utf8)))
        return StyleRenderer(
            style: try Style(json: Array(document.utf8)), sprites: [SpriteSheet(icons: sprites.icons(ratio: 1))],
            fonts: try MapFonts.catalogue())
    }

    private static func input(_ name: String, _ positions: [[Int32]]) -> BadInputTests.Input {
        BadInputTests.Input(testDescription: name, kind: .point, features: positions.map { [$0] }, name: name)
    }

    /// Where there is ink: left, top, right, bottom.
    private static func box(_ picture: Pixmap, where counts: (UInt32) -> Bool = { $0 != 0 }) -> [Int]? {
        var box: [Int]?
        for y in 0..<picture.height {
            for x in 0..<picture.width where counts(picture.pixels[y * picture.width + x]) {
                let old = box ?? [x, y, x, y]
                box = [min(old[0], x), min(old[1], y), max(old[2], x), max(old[3], y)]
            }
        }
        return box
    }

    private static func draw(_ renderer: StyleRenderer, _ input: BadInputTests.Input) throws -> Pixmap {
        var scratch = RenderScratch()
        let window = BadInputTests.window
        let alone = try renderer.render(layers: [input.layer], window: window, styleZoom: 9, scratch: &scratch)
        let plan = try renderer.labelPlan(canvas: window, styleZoom: 9, pixelRatio: 1, scratch: &scratch) { _ in [input.layer] }
        for plan in [plan, try LabelPlan(bytes: plan.bytes, canvas: window)] {
            #expect(try renderer.render(layers: [], window: window, styleZoom: 9, plan: plan, scratch: &scratch) == alone)
        }
        return alone
    }

    private static let middle: [Int32] = [65_536, 65_536]

    @Test func aColumnIsHigherThanWide() throws {
        let renderer = try Self.renderer(#""text-field": "{name}", "text-writing-mode": ["vertical"]"#)
        let box = try #require(Self.box(try Self.draw(renderer, Self.input("松山湖大道", [Self.middle]))))
        #expect((box[2] - box[0]) < 21 && (90...102).contains(box[3] - box[1]), "\(box)")
        #expect(abs(box[0] + box[2] - 512) <= 3 && abs(box[1] + box[3] - 512) <= 4, "in the middle: \(box)")
    }

    @Test func latinAloneStaysInItsRow() throws {
        let renderer = try Self.renderer(#""text-field": "{name}", "text-writing-mode": ["vertical"]"#)
        let box = try #require(Self.box(try Self.draw(renderer, Self.input("Dongguan", [Self.middle]))))
        #expect(box[2] - box[0] > box[3] - box[1])
    }

    @Test func latinInAColumnLiesOnItsSide() throws {
        let renderer = try Self.renderer(#""text-field": "{name}", "text-writing-mode": ["vertical"]"#)
        let box = try #require(Self.box(try Self.draw(renderer, Self.input("第ABCDEF号", [Self.middle]))))
        #expect(box[2] - box[0] < 24 && box[3] - box[1] > 90, "\(box)")
    }

    /// Two rows side by side would meet; the second name turns to its column.
    @Test func theSecondModeIsTakenWhereTheFirstHasNoRoom() throws {
        let close = Self.input("松山湖大道", [[65_536, 65_536], [65_536 + 72 * 256, 65_536]])
        let rows = try Self.renderer(#""text-field": "{name}", "text-writing-mode": ["horizontal"]"#)
        let both = try Self.renderer(#""text-field": "{name}", "text-writing-mode": ["horizontal", "vertical"]"#)
        let (one, two) = (try #require(Self.box(try Self.draw(rows, close))), try #require(Self.box(try Self.draw(both, close))))
        #expect(one[3] - one[1] < 24 && two[3] - two[1] > 80, "\(one) \(two)")
    }

    @Test func aTextOfTwoDirectionsIsDrawn() throws {
        // The map's fonts have no Hebrew or Arabic: the label is told, and Latin from right to left needs none.
        let renderer = try Self.renderer(#""text-field": "{name}""#)
        let (plain, turned) = (Self.input("cba", [Self.middle]), Self.input("\u{202E}abc\u{202C}", [Self.middle]))
        #expect(try Self.draw(renderer, plain) == Self.draw(renderer, turned))
    }

    @Test(arguments: ["top", "center", "bottom"]) func aPictureStandsInTheText(_ align: String) throws {
        let field = #""text-field": ["format", "东", {}, ["image", "square"], {"vertical-align": "\#(align)"}, "莞", {}]"#
        let picture = try Self.draw(try Self.renderer(field), Self.input("x", [Self.middle]))
        let square = try #require(Self.box(picture) { $0 == 0xFFFF_0000 || $0 == 0xFF00_00FF })
        #expect(abs(square[2] - square[0] - 29) <= 1 && abs(square[3] - square[1] - 29) <= 1, "\(square)")
        let all = try #require(Self.box(picture))
        #expect((66...74).contains(all[2] - all[0]) && all[0] < square[0] - 15 && all[2] > square[2] + 15, "\(all) \(square)")
    }
}
