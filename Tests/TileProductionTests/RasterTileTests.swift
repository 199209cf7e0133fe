import FeatureStore
import Portrayal
import Raster
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// What pictures owe to their neighbours, whatever block of tiles they are drawn in.
@Suite struct RasterTileTests {
    /// The whole picture of the metatile around an address.
    private func picture(
        _ data: TestData, _ set: TileMatrixSet, _ address: TileAddress, metatile: Int, ratio: Int = 1,
        _ options: RenderOptions
    ) throws -> (picture: Pixmap, window: TileWindow) {
        let map = try data.map
        let style = try #require(map.style)
        let matrix = try #require(set.matrix(level: address.level))
        let producer = TileProducer(map: map, set: set, bench: WorkerBench())
        let unit = ProductionSettings.unitsPerPixel
        let window = TileWindow.metatile(
            containing: address, of: matrix, size: metatile, extent: Int32(matrix.tileSize * ratio) * unit,
            margin: ProductionSettings.rasterGutterInPixels * Int32(ratio) * unit)
        var recorder = ProductionRecorder()
        let layers = try producer.query(window, purpose: .raster(style, .everything), recorder: &recorder).map(\.layer)
        var scratch = RenderScratch()
        let drawn = try style.renderer.render(
            layers: layers, window: window, styleZoom: producer.styleZoom(of: matrix), pixelRatio: Float(ratio),
            options: options, scratch: &scratch)
        return (drawn, window)
    }

    private func slice(_ picture: Pixmap, _ window: TileWindow, _ address: TileAddress, pixels: Int) -> [UInt32] {
        let left = (address.column - window.origin.column) * pixels
        let top = (address.row - window.origin.row) * pixels
        return (top..<(top + pixels)).flatMap { y in
            picture.pixels[(y * picture.width + left)..<(y * picture.width + left + pixels)]
        }
    }

    @Test(arguments: [("w", 11), ("w", 14), ("w", 16), ("w", 18), ("c", 16), ("CGCS2000GK114", 17)])
    func anyMetatileGivesTheSamePixels(_ id: String, _ level: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set(id)
        let address = try #require(try data.middle(of: "base.building", set: set, level: level))
        for ratio in [1, 2] {
            let pixels = 256 * ratio
            let options = RenderOptions(drawsSymbols: false)
            let single = try picture(data, set, address, metatile: 1, ratio: ratio, options)
            let alone = slice(single.picture, single.window, address, pixels: pixels)
            #expect(Set(alone).count > 1, "something is drawn")
            for metatile in [2, 4] {
                let block = try picture(data, set, address, metatile: metatile, ratio: ratio, options)
                let again = slice(block.picture, block.window, address, pixels: pixels)
                let different = zip(again, alone).count { $0 != $1 }
                #expect(different == 0, "metatile \(metatile) @\(ratio)x")
            }
        }
    }

    /// Labels are the difference between the picture with them and the one without; none touches the outer border, so
    /// none was cut by it. (A symbol that may overlap others stands in both neighbours alike; the style has none.)
    @Test(arguments: [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    func noLabelIsCutByTheMetatile(_ level: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let address = try #require(try data.middle(of: "base.building", set: set, level: level))
        for (metatile, ratio) in [(1, 1), (2, 1), (4, 1), (2, 2)] {
            let labelled = try picture(data, set, address, metatile: metatile, ratio: ratio, RenderOptions()).picture
            let bare = try picture(
                data, set, address, metatile: metatile, ratio: ratio, RenderOptions(drawsSymbols: false)).picture
            let (width, height) = (labelled.width, labelled.height)
            var ink = 0
            var cut = 0
            for y in 0..<height {
                for x in 0..<width where labelled.pixels[y * width + x] != bare.pixels[y * width + x] {
                    ink += 1
                    if x == 0 || y == 0 || x == width - 1 || y == height - 1 { cut += 1 }
                }
            }
            #expect(cut == 0, "level \(level), \(metatile) tiles @\(ratio)x")
            if metatile == 4 { #expect(ink > 100, "level \(level) has labels") }
        }
    }

    @Test(arguments: [1, 2]) func tilesOfAMetatileJoinToTheWholePicture(_ ratio: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let address = try #require(try data.middle(of: "base.building", set: set, level: 17))
        let whole = try picture(data, set, address, metatile: 4, ratio: ratio, RenderOptions())
        let producer = TileProducer(map: try data.map, set: set, bench: WorkerBench())
        var recorder = ProductionRecorder()
        let tiles = try producer.rasterTiles(around: address, format: .png(ratio: ratio), metatile: 4, recorder: &recorder)
        #expect(tiles.count == 16)
        let pixels = 256 * ratio
        for (place, tile) in tiles {
            let tilePicture = try PNGDecoder.decode(tile.body)
            #expect(tilePicture.width == pixels && tilePicture.height == pixels)
            let (x, y) = ((place.column - whole.window.origin.column) * pixels, (place.row - whole.window.origin.row) * pixels)
            let cut = PNGEncoder.encode(whole.picture, x: x, y: y, width: pixels, height: pixels, options: .quick)
            #expect(tile.body == cut, "\(place)")
            // Up to 256 colours a tile's palette is exact; beyond that it holds the nearest.
            let wanted = slice(whole.picture, whole.window, place, pixels: pixels)
            if Set(wanted).count <= 256 { #expect(tilePicture.pixels == wanted, "\(place)") }
        }
    }

    /// A tile of many colours is exact where the map's definition does not allow the nearest 256.
    @Test(arguments: [true, false]) func theMapSaysWhetherAPaletteMayBeLossy(allowed: Bool) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let address = try #require(try data.middle(of: "base.building", set: set, level: 17))
        let whole = try picture(data, set, address, metatile: 4, ratio: 1, RenderOptions())
        var map = try data.map
        #expect(map.definition.allowsLossyPalette, "the standard map allows it")
        map.definition.allowsLossyPalette = allowed
        var recorder = ProductionRecorder()
        let tiles = try TileProducer(map: map, set: set, bench: WorkerBench())
            .rasterTiles(around: address, format: .png(ratio: 1), metatile: 4, recorder: &recorder)
        var inexact = 0
        for (place, tile) in tiles {
            let wanted = slice(whole.picture, whole.window, place, pixels: 256)
            if try PNGDecoder.decode(tile.body).pixels != wanted { inexact += 1 }
        }
        #expect((inexact > 0) == allowed, "\(inexact) of \(tiles.count) tiles are not exact")
    }

    @Test func bytesDoNotDependOnThreads() async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let addresses = try [12, 15, 18].flatMap { try data.block(set, level: $0) }
        var bodies: [[TileAddress: [UInt8]]] = []
        for workers in [1, 3] {
            let service = data.service(workers: workers)
            var made: [TileAddress: [UInt8]] = [:]
            try await withThrowingTaskGroup(of: (TileAddress, [UInt8]).self) { group in
                for address in workers == 1 ? addresses : addresses.reversed() {
                    group.addTask {
                        let request = TileService.Request(
                            map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1))
                        return (address, try await service.tile(request).body)
                    }
                }
                for try await (address, body) in group { made[address] = body }
            }
            bodies.append(made)
        }
        #expect(bodies[0] == bodies[1])
        #expect(bodies[0].count == addresses.count)
    }

    @Test func aTileWithoutDataIsGroundColourAndStillATile() async throws {
        let data = try await DemoHamlet.shared.value
        let far = TileAddress(level: 12, row: 10, column: 10)
        let tile = try await data.service().tile(
            .init(map: "standard", matrixSet: "w", address: far, format: .png(ratio: 1)))
        let picture = try PNGDecoder.decode(tile.body)
        #expect(picture.width == 256 && Set(picture.pixels).count == 1)
        let vector = try await data.service().tile(.init(map: "standard", matrixSet: "w", address: far, format: .mvt))
        #expect(vector.body.isEmpty)
    }
}
