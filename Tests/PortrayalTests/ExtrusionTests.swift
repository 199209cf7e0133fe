import Raster
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Typography

@testable import Portrayal

/// Buildings that rise: the same pixels in whatever window and order, the higher before the lower.
@Suite struct ExtrusionTests {
    /// A rectangle in whole map pixels with a height in metres.
    struct Building {
        var left, top, right, bottom: Int32
        var height: Double
    }

    static let level = 18
    static let side: Int32 = 256
    /// North-west of Dongguan's centre, in tiles of the level.
    static let corner = TileAddress(level: level, row: 113_900, column: 213_900)

    static let matrix: TileMatrix = {
        let half = 20_037_508.342789244
        let cell = 2 * half / Double(side) / Double(1 << level)
        return TileMatrix(
            id: "\(level)", level: level, cellSize: cell, pointOfOrigin: Coordinate(x: -half, y: half), tileSize: Int(side),
            matrixWidth: 1 << level, matrixHeight: 1 << level, scaleDenominator: cell / 0.00028)
    }()

    static func renderer(_ paint: String = "", light: String = "{}") throws -> StyleRenderer {
        let document = #"""
            {"version": 8, "light": \#(light), "sources": {"s": {"type": "vector"}}, "layers": [{"id": "ground", "type": "background",
            "paint": {"background-color": "#ffffff"}}, {"id": "b", "type": "fill-extrusion", "source": "s", "source-layer": "b", "paint":
            {"fill-extrusion-color": "#c08040", "fill-extrusion-height": ["get", "height"]\#(paint)}}]}
            """#
        return StyleRenderer(style: try Style(json: Array(document.utf8)), fonts: FontCatalogue())
    }

    /// Buildings at pixels of the corner tile, drawn in a block of tiles.
    static func picture(
        _ buildings: [Building], column: Int = 0, row: Int = 0, size: Int = 1, _ renderer: StyleRenderer
    ) throws -> Pixmap {
        var layer = TileLayer(name: "b", extent: side * 256)
        layer.keys = ["height"]
        for building in buildings {
            let (dx, dy) = (Int32(column) * side, Int32(row) * side)
            let (l, t, r, b) = (building.left - dx, building.top - dy, building.right - dx, building.bottom - dy)
            layer.coordinates += [l, t, r, t, r, b, l, b].map { $0 * 256 }
            layer.partEnds.append(layer.coordinates.count / 2)
            layer.values.append(.real(building.height))
            layer.tags += [0, UInt32(layer.values.count - 1)]
            layer.features.append(
                TileFeature(
                    id: 0, kind: .polygon, tags: layer.tags.count - 2..<layer.tags.count,
                    parts: layer.partEnds.count - 1..<layer.partEnds.count))
        }
        let origin = TileAddress(level: level, row: corner.row + row, column: corner.column + column)
        let window = TileWindow(matrix: matrix, origin: origin, columns: size, rows: size, extent: side * 256, margin: 64 * 256)
        var scratch = RenderScratch()
        return try renderer.render(layers: [layer], window: window, styleZoom: Double(level - 1), scratch: &scratch)
    }

    static func town(seed: UInt64) -> [Building] {
        var random = SeededGenerator(seed: seed)
        return (0..<120).map { _ in
            let (left, top) = (Int32.random(in: -60...560, using: &random), Int32.random(in: -60...620, using: &random))
            return Building(
                left: left, top: top, right: left + .random(in: 4...60, using: &random), bottom: top + .random(in: 4...60, using: &random),
                height: .random(in: 0...200, using: &random))
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func aBlockIsItsTiles(seed: UInt64) throws {
        let (town, renderer) = (Self.town(seed: seed), try Self.renderer())
        let block = try Self.picture(town, size: 2, renderer)
        for row in 0..<2 {
            for column in 0..<2 {
                let tile = try Self.picture(town, column: column, row: row, renderer)
                #expect(tile == block.cropped(x: column * 256, y: row * 256, width: 256, height: 256), "seed \(seed), tile \(column) \(row)")
            }
        }
    }

    @Test func theOrderOfFeaturesDoesNotMatter() throws {
        let (town, renderer) = (Self.town(seed: 4), try Self.renderer())
        var random = SeededGenerator(seed: 5)
        #expect(try Self.picture(town, size: 2, renderer) == Self.picture(town.shuffled(using: &random), size: 2, renderer))
    }

    /// 0.55 metres a pixel at this latitude: 44 metres are 80 pixels and lift by 40.
    @Test func aRoofStandsNorthOfItsFootAndItsSouthWallInShade() throws {
        let picture = try Self.picture([Building(left: 100, top: 150, right: 140, bottom: 180, height: 44)], Self.renderer())
        let (roof, wall) = (picture[120, 125], picture[120, 170])
        let ground = Colour(red: 255, green: 255, blue: 255, alpha: 255).premultiplied
        #expect(roof != ground && wall != ground && roof != wall)
        #expect(roof & 255 > wall & 255, "the roof is lighter")
        #expect(picture[120, 100] == ground && picture[120, 182] == ground && picture[98, 150] == ground && picture[142, 150] == ground)
        #expect(picture[120, 178] & 255 < picture[120, 145] & 255, "a wall is darker at its foot")
    }

    @Test func theHigherHidesTheLowerBehindIt() throws {
        let low = Building(left: 100, top: 100, right: 140, bottom: 120, height: 5)
        let high = Building(left: 100, top: 130, right: 140, bottom: 150, height: 44)
        let (both, alone) = (try Self.picture([high, low], Self.renderer()), try Self.picture([high], Self.renderer()))
        #expect(both[120, 104] == alone[120, 104])
        #expect(both != (try Self.picture([low], Self.renderer())))
    }

    /// No building reaches further than a window's margin holds.
    @Test func towersAreCut() throws {
        let picture = try Self.picture([Building(left: 100, top: 180, right: 140, bottom: 200, height: 9000)], Self.renderer())
        let ground = Colour(red: 255, green: 255, blue: 255, alpha: 255).premultiplied
        #expect(picture[120, 121] != ground && picture[120, 118] == ground)
    }

    @Test func theDocumentsLightShades() throws {
        let house = [Building(left: 100, top: 150, right: 140, bottom: 180, height: 44)]
        let plain = try Self.picture(house, Self.renderer(light: #"{"intensity": 0}"#))
        #expect(plain[120, 125] == Colour(red: 0xC0, green: 0x80, blue: 0x40, alpha: 255).premultiplied)
        let blue = try Self.picture(house, Self.renderer(light: ##"{"color": "#0000ff", "intensity": 0}"##))
        #expect(blue[120, 125] == Colour(red: 0, green: 0, blue: 0x40, alpha: 255).premultiplied)
    }

    @Test func opacityIsThatOfTheWholeLayer() throws {
        let overlapping = [
            Building(left: 100, top: 150, right: 140, bottom: 180, height: 20),
            Building(left: 120, top: 150, right: 160, bottom: 180, height: 20),
        ]
        let picture = try Self.picture(overlapping, Self.renderer(#", "fill-extrusion-opacity": 0.5"#, light: #"{"intensity": 0}"#))
        #expect(picture[110, 145] == picture[130, 145] && picture[130, 145] == picture[150, 145])
    }
}
