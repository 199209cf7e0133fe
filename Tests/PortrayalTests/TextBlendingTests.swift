import Foundation
import Raster
import SimpleFeatures
import Testing
import Tiling
import Typography

@testable import Portrayal

/// `workmap:text-blending` of a style's metadata.
@Suite(.enabled(if: MapFonts.arePresent, "skipped: fonts-wqy-microhei and fonts-noto-cjk not installed"))
struct TextBlendingTests {
    private static func document(_ metadata: String, ink: String, ground: String) -> [UInt8] {
        Array(
            """
            {"version": 8, \(metadata)"sources": {"s": {"type": "vector", "url": "s"}}, "layers": [
            {"id": "g", "type": "background", "paint": {"background-color": "\(ground)"}},
            {"id": "t", "type": "symbol", "source": "s", "source-layer": "places", "layout": {"text-field": "东莞市标准作业图",
            "text-font": ["Workmap Sans Regular"], "text-size": 14}, "paint": {"text-color": "\(ink)"}}]}
            """.utf8)
    }

    private static func picture(_ metadata: String, ink: String, ground: String, manner: RenderOptions.Manner) throws -> Pixmap {
        let renderer = StyleRenderer(
            style: try Style(json: document(metadata, ink: ink, ground: ground)), fonts: try MapFonts.catalogue())
        var layer = TileLayer(name: "places", extent: 256 * 256)
        layer.coordinates = [128 * 256, 32 * 256]
        layer.partEnds = [1]
        layer.features = [TileFeature(id: 1, kind: .point, tags: 0..<0, parts: 0..<1)]
        let window = TileWindow(
            matrix: TileMatrix(
                id: "10", level: 10, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: 256, matrixWidth: 64,
                matrixHeight: 64, scaleDenominator: 1 / 0.00028),
            origin: TileAddress(level: 10, row: 0, column: 0), columns: 1, rows: 1, extent: 256 * 256, margin: 0)
        var scratch = RenderScratch()
        return try renderer.render(
            layers: [layer], window: window, styleZoom: 9, options: RenderOptions(keepsLabelsWhole: false, manner: manner),
            scratch: &scratch)
    }

    private static func sum(_ picture: Pixmap) -> Int { picture.pixels.reduce(0) { $0 + Int($1 >> 8 & 255) } }

    private static let linear = #""metadata": {"workmap:text-blending": "linear"}, "#
    private static let stored = #""metadata": {"workmap:text-blending": "stored"}, "#

    @Test(arguments: [RenderOptions.Manner.seamless, .client]) func lightAndDarkTextWeighTheSame(manner: RenderOptions.Manner) throws {
        func weights(_ metadata: String) throws -> (dark: Int, light: Int) {
            let dark = try Self.picture(metadata, ink: "#000", ground: "#fff", manner: manner)
            let light = try Self.picture(metadata, ink: "#fff", ground: "#000", manner: manner)
            return (255 * dark.pixels.count - Self.sum(dark), Self.sum(light))
        }
        let (plain, linear) = (try weights(""), try weights(Self.linear))
        #expect(plain.dark > 10_000, "something is drawn")
        // Mixed by light, edges come out brighter, on either ground.
        #expect(linear.dark < plain.dark && linear.light > plain.light)
        #expect(try Self.picture("", ink: "#123", ground: "#fed", manner: manner) == Self.picture(Self.stored, ink: "#123", ground: "#fed", manner: manner))
    }

    @Test func anotherWordIsAFault() throws {
        let error = #expect(throws: PortrayalError.self) {
            try Style(json: Self.document(#""metadata": {"workmap:text-blending": "gamma"}, "#, ink: "#000", ground: "#fff"))
        }
        #expect(error?.issues.map(\.path) == ["metadata.workmap:text-blending"])
        #expect(error?.issues.first?.message.contains("[linear, stored]") == true)
    }
}
