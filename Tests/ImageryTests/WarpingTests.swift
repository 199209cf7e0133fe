import GeoTIFF
import Raster
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import Imagery

@Suite struct WarpingTests {
    /// The native tiles around the middle of a sheet, drawn, with their places.
    private func tiles(_ sheet: SheetSource, _ set: String) throws -> (plan: PyramidPlan, drawn: [(TileAddress, Pixmap)]) {
        let target = try Mosaic.target(set)
        let shelf = SheetShelf([sheet], policy: Mosaic.policy, cacheInBytes: 8 << 20)
        let footprint = try SheetFootprint(shelf, sheet: 0, source: sheet, in: target, policy: Mosaic.policy)
        let plan = try #require(PyramidPlan(target, footprints: [footprint]))
        let warper = TileWarper(shelf: shelf)
        var drawn: [(TileAddress, Pixmap)] = []
        for address in plan.addresses(level: plan.nativeLevel) {
            let square = try #require(plan.square(of: address))
            if let picture = try warper.draw(square, crs: target.crs, sheets: [0]) { drawn.append((address, picture)) }
        }
        return (plan, drawn)
    }

    /// Every pixel of every tile shows what PROJ says lies under its middle, to a fifth of a pixel of the image.
    @Test(arguments: [(4547, 0.5), (4490, 4.8e-6), (3857, 0.6)], ["w", "c", "WorldCRS84Quad", "CGCS2000GK114"])
    func pixelsLieWherePROJPutsThem(source: (epsg: Int, pixelSize: Double), set: String) throws {
        try check(try Mosaic.sheet(epsg: source.epsg, pixelSize: source.pixelSize, Mosaic.wavePixel), set)
    }

    @Test(arguments: ["w", "CGCS2000GK114"]) func turnedImages(set: String) throws {
        try check(try Mosaic.sheet(epsg: 4547, pixelSize: 0.5, turned: true, Mosaic.wavePixel), set)
    }

    private func check(_ sheet: SheetSource, _ set: String) throws {
        let (plan, drawn) = try tiles(sheet, set)
        let image = try GeoTIFFImage(path: sheet.path)
        let matrix = try #require(plan.target.set.matrix(level: plan.nativeLevel))
        let operation = try CoordinateOperation(from: plan.target.crs, to: sheet.crs, policy: Mosaic.policy)
        var compared = 0
        for (address, picture) in drawn {
            let box = matrix.envelope(of: address)
            for y in stride(from: 3, to: 256, by: 11) {
                for x in stride(from: 5, to: 256, by: 13) {
                    let middle = Coordinate(
                        x: box.minX + (Double(x) + 0.5) * matrix.cellSize, y: box.maxY - (Double(y) + 0.5) * matrix.cellSize)
                    let carried = operation.transform(middle)
                    let place = try #require(carried)
                    let pixel = image.reference.pixel(at: place)
                    let isInside = pixel.x > 0 && pixel.y > 0 && pixel.x < Double(image.width) && pixel.y < Double(image.height)
                    let word = picture[x, y]
                    #expect(isInside == (word >> 24 == 255) && (word >> 24 == 255 || word == 0), "\(address) \(x), \(y)")
                    // Where the wave turns, between two pixels, it is not straight; nor is it beyond the edge.
                    guard isInside, Self.isStraight(pixel.x), Self.isStraight(pixel.y) else { continue }
                    #expect(abs(Double(word & 255) - Mosaic.wave(pixel.x)) <= 1.5, "\(address) \(x), \(y): across")
                    #expect(abs(Double(word >> 8 & 255) - Mosaic.wave(pixel.y)) <= 1.5, "\(address) \(x), \(y): down")
                    compared += 1
                }
            }
        }
        #expect(compared > 200, "compared \(compared) pixels")
    }

    private static func isStraight(_ position: Double) -> Bool {
        let phase = position - (position / 32).rounded(.down) * 32
        return phase > 1 && phase < 31
    }

    @Test func theNativeLevelKeepsThePixelsOfTheImage() throws {
        // 0.55 m on the ground at level 18 of w and 23 degrees north.
        for (pixelSize, level) in [(0.5, 18), (0.25, 19), (2, 16), (10, 14)] {
            let sheet = try Mosaic.sheet(epsg: 4547, pixelSize: pixelSize, side: 64) { _, _ in 0xFF00_00FF }
            for set in ["w", "c", "CGCS2000GK114"] {
                let (plan, _) = try tiles(sheet, set)
                #expect(abs(plan.nativeLevel - level) <= 1 && (set != "w" || plan.nativeLevel == level), "\(pixelSize) m in \(set): \(plan.nativeLevel)")
            }
        }
    }

    /// What is finer than the finest tiles is averaged: a fine chequer comes out grey.
    @Test func finerImagesAreAveraged() throws {
        let finest = try #require(try Mosaic.set("w").matrices.last)
        let sheet = try Mosaic.sheet(epsg: 3857, pixelSize: finest.cellSize / 4, side: 2560) { x, y in (x + y) % 2 == 0 ? 0xFFFF_FFFF : 0xFF00_0000 }
        let (plan, drawn) = try tiles(sheet, "w")
        #expect(plan.nativeLevel == finest.level)
        let inside = try #require(drawn.first { $0.1.isOpaque }).1
        let values = inside.pixels.map { Int($0 & 255) }
        #expect(values.allSatisfy { abs($0 - 128) <= 24 }, "\(values.min() ?? 0) to \(values.max() ?? 0)")
    }

    @Test func nodataHasHardEdges() throws {
        var format = GeoTIFFWriter.Format()
        format.nodata = 0
        let sheet = try Mosaic.sheet(epsg: 4547, pixelSize: 0.5, format: format) { x, _ in x < 320 ? 0xFF00_0000 : 0xFF30_60A0 }
        let (_, drawn) = try tiles(sheet, "w")
        var seen: Set<UInt32> = []
        for (_, picture) in drawn { seen.formUnion(picture.pixels) }
        #expect(seen.contains(0))
        // A colour is got back from its premultiplied form, which has eight bits.
        for word in seen where word != 0 {
            let isNear = [(0, 0xA0), (8, 0x60), (16, 0x30), (24, 0xFF)].allSatisfy { shift, value in abs(Int(word >> UInt32(shift) & 255) - value) <= 2 }
            #expect(isNear, "\(String(word, radix: 16))")
        }
    }
}
