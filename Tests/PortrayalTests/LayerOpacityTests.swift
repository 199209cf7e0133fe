import Foundation
import Raster
import SimpleFeatures
import Testing
import Tiling
import Typography

@testable import Portrayal

/// `fill-layer-opacity` and `line-layer-opacity`: a layer is laid down as one surface.
@Suite struct LayerOpacityTests {
    /// Two squares that overlap in the middle, and two crossing lines.
    private static func layer(_ kind: TileGeometryKind, _ parts: [[Int32]]) -> TileLayer {
        var layer = TileLayer(name: "things", extent: 64 * 256)
        for (i, part) in parts.enumerated() {
            layer.coordinates += part.map { $0 * 256 }
            layer.partEnds.append(layer.coordinates.count / 2)
            layer.features.append(TileFeature(id: UInt64(i + 1), kind: kind, tags: 0..<0, parts: i..<(i + 1)))
        }
        return layer
    }

    private static let squares = layer(.polygon, [[4, 4, 40, 4, 40, 40, 4, 40], [24, 24, 60, 24, 60, 60, 24, 60]])
    private static let lines = layer(.line, [[0, 32, 64, 32], [32, 0, 32, 64]])

    private static func picture(
        _ type: String, _ paint: String, _ data: TileLayer, manner: RenderOptions.Manner
    ) throws -> Pixmap {
        let document = """
            {"version": 8, "sources": {"s": {"type": "vector", "url": "s"}}, "layers": [
            {"id": "g", "type": "background", "paint": {"background-color": "#ffffff"}},
            {"id": "l", "type": "\(type)", "source": "s", "source-layer": "things", "paint": {\(paint)}}]}
            """
        let renderer = StyleRenderer(style: try Style(json: Array(document.utf8)), fonts: FontCatalogue())
        let window = TileWindow(
            matrix: TileMatrix(
                id: "10", level: 10, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: 64, matrixWidth: 64,
                matrixHeight: 64, scaleDenominator: 1 / 0.00028),
            origin: TileAddress(level: 10, row: 0, column: 0), columns: 1, rows: 1, extent: 64 * 256, margin: 0)
        var scratch = RenderScratch()
        return try renderer.render(
            layers: [data], window: window, styleZoom: 9, options: RenderOptions(manner: manner), scratch: &scratch)
    }

    private static let manners = [RenderOptions.Manner.seamless, .client]

    @Test(arguments: manners) func overlapsShowOnce(manner: RenderOptions.Manner) throws {
        let fills = try Self.picture("fill", ##""fill-color": "#000", "fill-layer-opacity": 0.5"##, Self.squares, manner: manner)
        let half = Colour(red: 127, green: 127, blue: 127).premultiplied
        #expect(fills[10, 10] == half && fills[32, 32] == half && fills[50, 50] == half && fills[62, 2] == 0xFFFF_FFFF)
        let lines = try Self.picture("line", ##""line-color": "#000", "line-width": 8, "line-layer-opacity": 0.5"##, Self.lines, manner: manner)
        #expect(lines[10, 32] == half && lines[32, 32] == half && lines[32, 10] == half && lines[10, 10] == 0xFFFF_FFFF)
    }

    @Test(arguments: manners) func opacitiesOfFeaturesAddUpOnTheSurface(manner: RenderOptions.Manner) throws {
        let whole = try Self.picture("fill", ##""fill-color": "#000", "fill-opacity": 1, "fill-layer-opacity": 1"##, Self.squares, manner: manner)
        #expect(try whole == Self.picture("fill", ##""fill-color": "#000""##, Self.squares, manner: manner))
        let none = try Self.picture("fill", ##""fill-color": "#000", "fill-layer-opacity": 0"##, Self.squares, manner: manner)
        #expect(none.uniformColour == .white)
        let faint = try Self.picture("fill", ##""fill-color": "#000", "fill-opacity": 0.5, "fill-layer-opacity": 0.5"##, Self.squares, manner: .client)
        #expect(faint[10, 10] & 255 == 191, "a half of a half")
        #expect(faint[32, 32] & 255 == 159, "where two lie over one another three quarters, and of those a half")
    }
}
