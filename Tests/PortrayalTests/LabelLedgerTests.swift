import Foundation
import Raster
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Typography

@testable import Portrayal

/// Bringing label places up to date gives what placing everything afresh gives, to the byte.
@Suite(.enabled(if: MapFonts.arePresent, "skipped: fonts-wqy-microhei and fonts-noto-cjk not installed"))
struct LabelLedgerTests {
    /// Layers that push one another about: places of several anchors, numbers on boards, road names, dots.
    private static let document = #"""
        {"version": 8, "sources": {"s": {"type": "vector", "url": "s"}}, "layers": [
          {"id": "dots", "type": "symbol", "source": "s", "source-layer": "places", "layout": {
            "text-field": "{number}", "text-font": ["Workmap Sans Regular"], "text-size": 10, "symbol-sort-key": ["get", "rank"]}},
          {"id": "roads", "type": "symbol", "source": "s", "source-layer": "roads", "layout": {
            "symbol-placement": "line", "symbol-spacing": 150, "text-field": "{name}",
            "text-font": ["Workmap Sans Regular"], "text-size": 11}},
          {"id": "shields", "type": "symbol", "source": "s", "source-layer": "roads", "layout": {
            "symbol-placement": "line", "symbol-spacing": 200, "text-field": "{number}", "text-rotation-alignment": "viewport",
            "text-font": ["Workmap Sans Regular"], "text-size": 10}},
          {"id": "places", "type": "symbol", "source": "s", "source-layer": "places", "layout": {
            "text-field": "{name}", "text-font": ["Workmap Sans Regular"], "text-size": 13,
            "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 0.8,
            "symbol-sort-key": ["get", "rank"]}}]}
        """#

    /// What can be changed: dots and roads by id.
    private struct City {
        var places: [UInt64: (x: Int32, y: Int32, name: String, number: Int64, rank: Int64)] = [:]
        var roads: [UInt64: (line: [Int32], name: String, number: Int64)] = [:]
        var generator: SeededGenerator
        private var nextID: UInt64 = 1

        static let side = 1_536

        init(seed: UInt64, places: Int, roads: Int) {
            generator = SeededGenerator(seed: seed)
            for _ in 0..<places { addPlace() }
            for _ in 0..<roads { addRoad() }
        }

        private mutating func number(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }
        private mutating func position() -> Int32 { Int32(number(Self.side * 256)) }
        private mutating func name() -> String {
            let parts = ["松山", "长安", "虎门", "东城", "南城", "万江", "石龙", "常平"]
            return parts[number(8)] + ["路", "街", "大道", "社区", "村"][number(5)]
        }

        mutating func addPlace() {
            places[nextID] = (position(), position(), name(), Int64(number(300)), Int64(number(4)))
            nextID += 1
        }

        mutating func addRoad() {
            let (x, y) = (position(), position())
            var line: [Int32] = []
            for k in 0..<4 {
                line += [x + Int32(k * 20_000 + number(4_000)), y + Int32(number(16_000))]
            }
            roads[nextID] = (line, name(), Int64(number(30)))
            nextID += 1
        }

        mutating func edit() {
            let placeIDs = places.keys.sorted()
            let roadIDs = roads.keys.sorted()
            let (place, road) = (placeIDs[number(placeIDs.count)], roadIDs[number(roadIDs.count)])
            let (x, y, name, rank) = (position(), position(), name(), Int64(number(4)))
            switch number(8) {
            case 0: addPlace()
            case 1: addRoad()
            case 2: places[place] = nil
            case 3 where roadIDs.count > 1: roads[road] = nil
            case 4:
                places[place]?.x = x
                places[place]?.y = y
            case 5: places[place]?.name = name
            case 6: places[place]?.rank = rank
            default: roads[road]?.name = name
            }
            if places.count < 20 { addPlace() }
        }

        /// In an order that says nothing: that of a hash of the ids.
        func layer(_ name: String) -> TileLayer {
            var layer = TileLayer(name: name, extent: Int32(256 * 256))
            layer.keys = ["name", "number", "rank"]
            func add(_ id: UInt64, _ kind: TileGeometryKind, _ line: [Int32], _ values: [PropertyValue]) {
                let start = layer.tags.count
                for (key, value) in values.enumerated() {
                    let place = layer.values.firstIndex(of: value) ?? layer.values.count
                    if place == layer.values.count { layer.values.append(value) }
                    layer.tags += [UInt32(key), UInt32(place)]
                }
                layer.coordinates += line
                layer.partEnds.append(layer.coordinates.count / 2)
                layer.features.append(
                    TileFeature(
                        id: id, kind: kind, tags: start..<layer.tags.count,
                        parts: (layer.partEnds.count - 1)..<layer.partEnds.count))
            }
            if name == "places" {
                for (id, place) in places {
                    add(id, .point, [place.x, place.y], [.text(place.name), .integer(place.number), .integer(place.rank)])
                }
            } else {
                for (id, road) in roads { add(id, .line, road.line, [.text(road.name), .integer(road.number)]) }
            }
            return layer
        }
    }

    private static let canvas = TileWindow(
        matrix: TileMatrix(
            id: "10", level: 10, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: 256, matrixWidth: 64,
            matrixHeight: 64, scaleDenominator: 1 / 0.00028),
        origin: TileAddress(level: 10, row: 0, column: 0), columns: 6, rows: 6, extent: 256 * 256, margin: 0)

    private static func renderer() throws -> StyleRenderer {
        StyleRenderer(style: try Style(json: Array(document.utf8)), fonts: try MapFonts.catalogue())
    }

    private static func afresh(_ city: City, _ renderer: StyleRenderer, _ scratch: inout RenderScratch) throws -> LabelPlan {
        try renderer.labelPlan(canvas: canvas, styleZoom: 9, pixelRatio: 1, scratch: &scratch) { [city.layer($0)] }
    }

    @Test func aThousandEditsGiveWhatPlacingAfreshGives() throws {
        let renderer = try Self.renderer()
        var scratch = RenderScratch()
        var city = City(seed: 20_261_126, places: 160, roads: 40)
        var ledger = renderer.labelLedger(canvas: Self.canvas, styleZoom: 9, pixelRatio: 1, scratch: &scratch)
        try ledger.update(scratch: &scratch) { [city.layer($0)] }
        var decisions = 0
        var placed: Set<Int> = []
        for edit in 0..<1_000 {
            city.edit()
            try ledger.update(scratch: &scratch) { [city.layer($0)] }
            decisions += ledger.decisions
            let expected = try Self.afresh(city, renderer, &scratch)
            let plan = ledger.plan()
            placed.insert(plan.symbolCount)
            guard plan.bytes == expected.bytes else {
                Issue.record("edit \(edit): \(plan.symbolCount) symbols placed, afresh \(expected.symbolCount)")
                return
            }
        }
        // The edits did something, and nothing like everything was placed anew each time.
        #expect(placed.count > 20)
        #expect(decisions < 1_000 * ledger.count / 2, "\(decisions) choices for 1,000 edits among \(ledger.count)")
    }

    @Test func manyEditsAtOnceAreOneUpdate() throws {
        let renderer = try Self.renderer()
        var scratch = RenderScratch()
        var city = City(seed: 7, places: 300, roads: 60)
        var ledger = renderer.labelLedger(canvas: Self.canvas, styleZoom: 9, pixelRatio: 1, scratch: &scratch)
        for _ in 0..<8 {
            try ledger.update(scratch: &scratch) { [city.layer($0)] }
            #expect(ledger.plan().bytes == (try Self.afresh(city, renderer, &scratch)).bytes)
            for _ in 0..<100 { city.edit() }
        }
        try ledger.update(scratch: &scratch) { [city.layer($0)] }
        try ledger.update(scratch: &scratch) { [city.layer($0)] }
        #expect(ledger.decisions == 0, "nothing changed")
    }

    @Test func aPlanReadFromItsBytesIsThePlan() throws {
        var scratch = RenderScratch()
        let renderer = try Self.renderer()
        let plan = try Self.afresh(City(seed: 3, places: 200, roads: 40), renderer, &scratch)
        let read = try LabelPlan(bytes: plan.bytes, canvas: Self.canvas)
        #expect(read.symbolCount == plan.symbolCount && plan.symbolCount > 50)
        let window = TileWindow(
            matrix: Self.canvas.matrix, origin: TileAddress(level: 10, row: 1, column: 1), columns: 3, rows: 2, extent: 256 * 256,
            margin: 0)
        let pictures = try [plan, read].map { plan in
            try renderer.render(layers: [], window: window, styleZoom: 9, plan: plan, scratch: &scratch)
        }
        #expect(pictures[0] == pictures[1] && pictures[0].uniformPixel == nil)
    }

    @Test func damagedPlansAreRefused() throws {
        var scratch = RenderScratch()
        let plan = try Self.afresh(City(seed: 3, places: 50, roads: 10), try Self.renderer(), &scratch)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            var bytes = plan.bytes
            if generator.next() % 3 == 0 {
                bytes = bytes.prefix(Int(generator.next() % UInt64(bytes.count)))
            } else {
                bytes[Int(generator.next() % UInt64(bytes.count))] ^= UInt8(1 << (generator.next() % 8))
            }
            #expect(throws: PortrayalError.self) { try LabelPlan(bytes: bytes, canvas: Self.canvas) }
        }
        var other = Self.canvas
        other.columns += 1
        #expect(throws: PortrayalError.self) { try LabelPlan(bytes: plan.bytes, canvas: other) }
    }
}
