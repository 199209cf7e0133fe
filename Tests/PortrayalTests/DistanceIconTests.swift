import Foundation
import Raster
import SimpleFeatures
import Testing
import Tiling
import Typography

@testable import Portrayal

/// Icons of distances on tiles: painted in the style's colours, and the same whichever tiles they lie in.
@Suite struct DistanceIconTests {
    private static let red = Colour(red: 255, green: 0, blue: 0)
    private static let blue = Colour(red: 0, green: 0, blue: 255)

    /// A disc of 16 pixels with what its halo needs around.
    private static let sheet: SpriteSheet = {
        let finer = 8
        let side = 16 + 2 * 6
        var shape = Pixmap(width: side * finer, height: side * finer)
        let middle = Double(side * finer) / 2
        for y in 0..<shape.height {
            for x in 0..<shape.width where hypot(Double(x) + 0.5 - middle, Double(y) + 0.5 - middle) < Double(8 * finer) {
                shape[x, y] = 0xFFFF_FFFF
            }
        }
        let icon = SpriteIcon(name: "disc", image: ShapeDistances.picture(of: shape, finer: finer), ratio: 1, isDistances: true)
        let plain = SpriteIcon(name: "plain", image: Pixmap(width: 4, height: 4, pixels: Array(repeating: 0xFF00_FF00, count: 16)), ratio: 1)
        return SpriteSheet(icons: [icon, plain])
    }()

    private static func renderer(icon: String = "disc", layout: String = "", paint: String = "") throws -> StyleRenderer {
        let document = """
            {"version": 8, "sources": {"s": {"type": "vector", "url": "s"}}, "layers": [{"id": "i", "type": "symbol", "source": "s",
            "source-layer": "places", "layout": {"icon-image": "\(icon)", "icon-allow-overlap": true\(layout)},
            "paint": {"icon-color": "#ff0000"\(paint)}}]}
            """
        return StyleRenderer(style: try Style(json: Array(document.utf8)), sprites: [sheet], fonts: FontCatalogue())
    }

    private static func canvas(columns: Int, rows: Int, row: Int = 0, column: Int = 0) -> TileWindow {
        TileWindow(
            matrix: TileMatrix(
                id: "10", level: 10, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: 64, matrixWidth: 64,
                matrixHeight: 64, scaleDenominator: 1 / 0.00028),
            origin: TileAddress(level: 10, row: row, column: column), columns: columns, rows: rows, extent: 64 * 256, margin: 0)
    }

    /// Points in 1/256 pixel.
    private static func places(_ positions: [(Int32, Int32)]) -> TileLayer {
        var layer = TileLayer(name: "places", extent: 64 * 256)
        for (i, p) in positions.enumerated() {
            layer.coordinates += [p.0, p.1]
            layer.partEnds.append(i + 1)
            layer.features.append(TileFeature(id: UInt64(i + 1), kind: .point, tags: 0..<0, parts: i..<(i + 1)))
        }
        return layer
    }

    private static let halo = ##", "icon-halo-color": "#0000ff", "icon-halo-width": 3"##

    @Test func theIconHasItsColourAndItsHalo() throws {
        var scratch = RenderScratch()
        let picture = try Self.renderer(paint: Self.halo).render(
            layers: [Self.places([(32 * 256, 32 * 256)])], window: Self.canvas(columns: 1, rows: 1), styleZoom: 9,
            scratch: &scratch)
        #expect(picture[32, 32] == Self.red.premultiplied && picture[32, 26] == Self.red.premultiplied)
        #expect(picture[32, 22] == Self.blue.premultiplied && picture[22, 32] == Self.blue.premultiplied)
        #expect(picture[32, 19] == 0 && picture[2, 2] == 0)
        let bare = try Self.renderer().render(
            layers: [Self.places([(32 * 256, 32 * 256)])], window: Self.canvas(columns: 1, rows: 1), styleZoom: 9, scratch: &scratch)
        #expect(bare[32, 32] == Self.red.premultiplied && bare[32, 22] == 0)
    }

    @Test(arguments: ["", #", "icon-size": 1.3"#, #", "icon-rotate": 33"#, #", "icon-size": 0.7, "icon-rotate": -120"#])
    func aPlansIconsAreTheSameInEveryTile(_ layout: String) throws {
        var scratch = RenderScratch()
        let renderer = try Self.renderer(layout: layout, paint: Self.halo + #", "icon-halo-blur": 1, "icon-opacity": 0.8"#)
        let features = Self.places([(16_400, 16_300), (9_001, 20_007), (33_333, 16_384), (21_000, 40_123)])
        let canvas = Self.canvas(columns: 3, rows: 3)
        let made = try renderer.labelPlan(canvas: canvas, styleZoom: 9, pixelRatio: 1, scratch: &scratch) { _ in [features] }
        let plan = try LabelPlan(bytes: made.bytes, canvas: canvas)
        #expect(plan.symbolCount == 4)
        let whole = try renderer.render(layers: [], window: canvas, styleZoom: 9, plan: made, scratch: &scratch)
        #expect(whole.uniformPixel == nil)
        for row in 0..<3 {
            for column in 0..<3 {
                let tile = try renderer.render(
                    layers: [], window: Self.canvas(columns: 1, rows: 1, row: row, column: column), styleZoom: 9, plan: plan,
                    scratch: &scratch)
                for y in 0..<64 {
                    let start = (row * 64 + y) * 192 + column * 64
                    #expect(Array(whole.pixels[start..<(start + 64)]) == Array(tile.pixels[(y * 64)..<(y * 64 + 64)]), "row \(y) of \(row) \(column)")
                }
            }
        }
    }

    @Test func iconsOfTheirOwnColoursSayNothingOfShadesInAPlan() throws {
        var scratch = RenderScratch()
        let canvas = Self.canvas(columns: 1, rows: 1)
        func text(_ icon: String) throws -> String {
            let plan = try Self.renderer(icon: icon).labelPlan(canvas: canvas, styleZoom: 9, pixelRatio: 1, scratch: &scratch) { _ in
                [Self.places([(8_000, 8_000)])]
            }
            return String(decoding: plan.bytes, as: UTF8.self)
        }
        #expect(try text("disc").contains("shade"))
        #expect(try !text("plain").contains("shade"))
    }
}
