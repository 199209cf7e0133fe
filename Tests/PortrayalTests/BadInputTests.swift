import Raster
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Typography

@testable import Portrayal

/// Data that no surveyor meant: a picture or a stated omission comes of it, in reasonable time, and never the end of the program.
@Suite(.enabled(if: MapFonts.arePresent, "skipped: fonts-wqy-microhei and fonts-noto-cjk not installed"))
struct BadInputTests {
    /// One geometry or many, all with the same name.
    struct Input: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var kind: TileGeometryKind
        /// By feature its parts: x, y by turns, in units of a 256th of a pixel.
        var features: [[[Int32]]]
        var name = "松山湖大道"

        var layer: TileLayer {
            var layer = TileLayer(name: "x", extent: BadInputTests.extent)
            layer.keys = ["name"]
            layer.values = [.text(name)]
            layer.tags = [0, 0]
            for (i, parts) in features.enumerated() {
                let first = layer.partEnds.count
                for part in parts {
                    layer.coordinates += part
                    layer.partEnds.append(layer.coordinates.count / 2)
                }
                layer.features.append(
                    TileFeature(id: UInt64(i + 1), kind: kind, tags: 0..<2, parts: first..<layer.partEnds.count))
            }
            return layer
        }
    }

    static let extent: Int32 = 512 * 256
    static let window = TileWindow(
        matrix: TileMatrix(
            id: "10", level: 10, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: 512, matrixWidth: 8, matrixHeight: 8,
            scaleDenominator: 1 / 0.00028),
        origin: TileAddress(level: 10, row: 0, column: 0), extent: extent, margin: 0)

    /// Every way in which a feature is drawn or labelled.
    static let renderer: Result<StyleRenderer, any Error> = Result {
        let text = #""text-field": "{name}", "text-font": ["Workmap Sans Regular", "Workmap Fallback"]"#
        let document = #"""
            {"version": 8, "sources": {"s": {"type": "vector"}}, "layers": [
            {"id": "fill", "type": "fill", "source": "s", "source-layer": "x", "paint": {"fill-color": "#d0e0c0", "fill-outline-color": "#808080"}},
            {"id": "line", "type": "line", "source": "s", "source-layer": "x", "paint": {"line-color": "#c08040", "line-width": 3}},
            {"id": "dashes", "type": "line", "source": "s", "source-layer": "x", "paint": {"line-color": "#203080", "line-dasharray": [2, 2]}},
            {"id": "dots", "type": "circle", "source": "s", "source-layer": "x", "paint": {"circle-color": "#308050", "circle-radius": 4}},
            {"id": "along", "type": "symbol", "source": "s", "source-layer": "x", "layout": {\#(text), "symbol-placement": "line", "text-size": 12}},
            {"id": "beside", "type": "symbol", "source": "s", "source-layer": "x", "layout": {\#(text), "symbol-placement": "line", "text-size": 12,
              "text-offset": [0, 1]}},
            {"id": "all", "type": "symbol", "source": "s", "source-layer": "x", "layout": {\#(text), "text-allow-overlap": true, "text-size": 10,
              "text-ignore-placement": true}},
            {"id": "at", "type": "symbol", "source": "s", "source-layer": "x", "layout": {\#(text), "text-size": 14,
              "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 1}}]}
            """#
        return StyleRenderer(style: try Style(json: Array(document.utf8)), fonts: try MapFonts.catalogue())
    }

    /// The same features drawn by tile, from a plan, from a ledger and in the clients' manner.
    private static func draw(_ input: Input) throws -> [String: (picture: Pixmap, statistics: RenderStatistics)] {
        let renderer = try renderer.get()
        let layer = input.layer
        var scratch = RenderScratch()
        var drawn: [String: (Pixmap, RenderStatistics)] = [:]
        for (name, options) in [("tile", RenderOptions()), ("client", RenderOptions(keepsLabelsWhole: false, manner: .client))] {
            let picture = try renderer.render(layers: [layer], window: window, styleZoom: 9, options: options, scratch: &scratch)
            drawn[name] = (picture, scratch.statistics)
        }
        let plan = try renderer.labelPlan(canvas: window, styleZoom: 9, pixelRatio: 1, scratch: &scratch) { _ in [layer] }
        let planned = scratch.statistics
        var ledger = renderer.labelLedger(canvas: window, styleZoom: 9, pixelRatio: 1, scratch: &scratch)
        try ledger.update(scratch: &scratch) { _ in [layer] }
        #expect(ledger.plan().bytes == plan.bytes)
        #expect(Set(ledger.unlettered) == Set(planned.unlettered))
        drawn["plan"] = (try renderer.render(layers: [layer], window: window, styleZoom: 9, plan: plan, scratch: &scratch), planned)
        try ledger.update(scratch: &scratch) { _ in [] }
        #expect(ledger.count == 0 && ledger.plan().symbolCount == 0)
        return drawn
    }

    private static func inked(_ picture: Pixmap) -> Int { picture.pixels.count { $0 != 0 } }

    // MARK: Geometry

    private static let far = Int32.max
    private static let near = Int32.min

    /// Round the middle of the window, `count` positions on ever wider rings.
    private static func spiral(_ count: Int) -> [Int32] {
        var line: [Int32] = []
        line.reserveCapacity(2 * count)
        var turn = SIMD2<Double>(1, 0)
        let step = SIMD2<Double>(0.999_998_026, 0.001_986_917)
        for i in 0..<count {
            let radius = 60_000 * Double(i + 1) / Double(count)
            line += [Int32(65_536 + radius * turn.x), Int32(65_536 + radius * turn.y)]
            turn = SIMD2(turn.x * step.x - turn.y * step.y, turn.x * step.y + turn.y * step.x)
        }
        return line
    }

    /// Rows of small teeth down the window.
    private static func zigzag(_ count: Int) -> [Int32] {
        var line: [Int32] = []
        line.reserveCapacity(2 * count)
        let perRow = count / 100
        for i in 0..<count {
            let (row, place) = (i / perRow, i % perRow)
            let across = place * 120_000 / perRow
            line.append(Int32(row % 2 == 0 ? 4_000 + across : 124_000 - across))
            line.append(Int32(4_000 + row * 1_200 + (place % 2) * 300))
        }
        return line
    }

    static let drawnInputs: [Input] = [
        Input(testDescription: "10,000 labels on one point", kind: .point, features: Array(repeating: [[65_536, 65_536]], count: 10_000)),
        Input(testDescription: "10,000 positions of one feature", kind: .point, features: [[Array(repeating: 65_536, count: 20_000)]]),
        Input(testDescription: "10,000 lines on one another", kind: .line, features: Array(repeating: [[20_000, 65_536, 110_000, 65_536]], count: 10_000)),
        Input(testDescription: "a line of a million positions, round and round", kind: .line, features: [[spiral(1_000_000)]]),
        Input(testDescription: "a line of a million positions, to and fro", kind: .line, features: [[zigzag(1_000_000)]]),
        Input(testDescription: "a polygon of a million positions", kind: .polygon, features: [[spiral(1_000_000)]]),
        Input(testDescription: "a line from edge to edge of what numbers hold", kind: .line, features: [[[near, near, far, far]], [[near, far, 65_536, 65_536, far, near]]]),
        Input(testDescription: "a polygon of all that numbers hold", kind: .polygon, features: [[[near, near, far, near, far, far, near, far]]]),
    ]

    @Test(arguments: drawnInputs) func isDrawn(_ input: Input) throws {
        let drawn = try Self.draw(input)
        for (manner, result) in drawn { #expect(Self.inked(result.picture) > 0, "\(manner)") }
        #expect(drawn.values.allSatisfy { $0.statistics.unlettered.isEmpty })
    }

    static let emptyInputs: [Input] = [
        Input(testDescription: "points at the edges of what numbers hold", kind: .point, features: [[[near, near, far, far, near, far, far, near]]]),
        Input(testDescription: "no parts", kind: .line, features: [[]]),
        Input(testDescription: "parts of nothing", kind: .polygon, features: [[[], []]]),
        Input(testDescription: "a line out in the corner", kind: .line, features: [[[far - 9_000, far - 9_000, far, far]]]),
    ]

    @Test(arguments: emptyInputs) func leavesThePictureEmpty(_ input: Input) throws {
        for (manner, result) in try Self.draw(input) { #expect(Self.inked(result.picture) == 0, "\(manner)") }
    }

    static let flatInputs: [Input] = [
        Input(testDescription: "a polygon of one position", kind: .polygon, features: [[[65_536, 65_536]]]),
        Input(testDescription: "a polygon of one position, thrice", kind: .polygon, features: [[[65_536, 65_536, 65_536, 65_536, 65_536, 65_536]]]),
        Input(testDescription: "a polygon that goes out and back", kind: .polygon, features: [[[20_000, 65_536, 110_000, 65_536, 60_000, 65_536]]]),
        Input(testDescription: "a line of one position", kind: .line, features: [[[65_536, 65_536]]]),
        Input(testDescription: "a line of one position, twice", kind: .line, features: [[[65_536, 65_536, 65_536, 65_536]]]),
    ]

    /// Whether such a thing leaves a dot is the rasteriser's business; a name on a line without length would be wrong.
    @Test(arguments: flatInputs) func ofNoAreaHasNoNameInside(_ input: Input) throws {
        for (manner, result) in try Self.draw(input) {
            #expect(result.picture.width == 512, "\(manner)")
            if manner != "client", input.kind == .line { #expect(result.statistics.labelsPlaced == 0, "\(manner)") }
        }
    }

    // MARK: Names

    private static func named(_ name: String) -> Input {
        Input(
            testDescription: name, kind: .line, features: [[[10_000, 20_000, 120_000, 30_000]], [[10_000, 90_000, 120_000, 70_000]]],
            name: name)
    }

    /// By what they are, for a name of thousands of letters fills a report.
    static let names: [String: String] = [
        "an accent apart from its letter": "e\u{301}cole", "Thai": "ก็ ที่", "Arabic": "مكتبة الإسكندرية 12", "Hebrew": "שלום (עולם)",
        "accents alone": String(repeating: "\u{301}", count: 500), "2,000 accents on a letter": "a" + String(repeating: "\u{300}", count: 2_000),
        "an override": "\u{202E}abc\u{202C}", "overrides left open": String(repeating: "\u{202E}\u{2067}", count: 300) + "abc",
        "line ends": "\n\n\n", "controls": "\u{0}\u{7}", "a space": " ", "a mark of byte order": "\u{FEFF}",
        "5,000 hanzi": String(repeating: "长", count: 5_000), "5,000 words": String(repeating: "x ", count: 5_000),
    ]

    @Test(arguments: names.keys.sorted()) func anyNameIsDrawnOrTold(_ kind: String) throws {
        let name = try #require(Self.names[kind])
        for (manner, result) in try Self.draw(Self.named(name)) { #expect(Self.inked(result.picture) > 0, "\(manner)") }
    }

    /// The fonts of the map have no picture signs; the lines are drawn all the same, without their names.
    @Test(arguments: ["公厕😀", "👨‍👩‍👧", "\u{E000}", "🇨🇳"]) func aNameThatCannotBeWrittenIsLeftOutAndTold(_ name: String) throws {
        let drawn = try Self.draw(Self.named(name))
        for (manner, result) in drawn {
            #expect(Self.inked(result.picture) > 0 && !result.statistics.unlettered.isEmpty, "\(manner)")
            if manner != "client" { #expect(result.statistics.labelsPlaced == 0, "\(manner)") }
            #expect(result.statistics.unlettered.allSatisfy { $0.text == name })
        }
        #expect(drawn["tile"]?.picture == drawn["plan"]?.picture)
    }

    @Test(arguments: ["松\u{FE00}山", "松\u{200D}山", "松\u{E0100}山"]) func whatDrawsNothingIsNotMissed(_ name: String) throws {
        for result in try Self.draw(Self.named(name)).values { #expect(result.statistics.unlettered.isEmpty) }
    }
}
