import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import GeoTIFF

@Suite struct GeoTIFFImageTests {
    private static let reference = GeoReference(
        origin: Coordinate(x: 440_000, y: 2_540_000), column: Coordinate(x: 0.5, y: 0), row: Coordinate(x: 0, y: -0.5))

    /// A colour that tells every pixel from its neighbours.
    private static func colour(_ x: Int, _ y: Int) -> UInt32 {
        0xFF00_0000 | UInt32(x * 7 & 255) | UInt32(y * 11 & 255) << 8 | UInt32((x ^ y) & 255) << 16
    }

    private static func pixel(_ image: GeoTIFFImage, _ x: Int, _ y: Int) throws -> UInt32 {
        let level = image.levels[0]
        let words = try #require(try level.block(column: x / level.blockWidth, row: y / level.blockHeight))
        return words[y % level.blockHeight * level.blockWidth + x % level.blockWidth]
    }

    @Test(arguments: [GeoTIFFWriter.Compression.none, .lzw, .deflate], [Int?.some(32), nil])
    func whatIsWrittenIsRead(compression: GeoTIFFWriter.Compression, tileSide: Int?) throws {
        let path = try ScratchDirectory.make() + "/written.tif"
        var format = GeoTIFFWriter.Format()
        (format.compression, format.tileSide) = (compression, tileSide)
        let writer = try GeoTIFFWriter(
            path: path, width: 100, height: 70, reference: try #require(Self.reference), epsg: 4547, isGeographic: false, format: format)
        try writer.write(Self.colour)
        try writer.finish()
        let image = try GeoTIFFImage(path: path)
        #expect(image.width == 100 && image.height == 70 && image.declaredCRS == .epsg(4547) && image.reference == Self.reference)
        #expect(!image.hasHardEdge && image.levels.count == 1)
        for (x, y) in [(0, 0), (99, 0), (0, 69), (99, 69), (31, 32), (32, 31), (64, 48)] {
            #expect(try Self.pixel(image, x, y) == Self.colour(x, y), "pixel \(x), \(y)")
        }
    }

    @Test func jpegInYCbCrIsReadAsRGB() throws {
        let path = try ScratchDirectory.make() + "/jpeg.tif"
        var format = GeoTIFFWriter.Format()
        (format.compression, format.tileSide) = (.jpeg, 64)
        let writer = try GeoTIFFWriter(
            path: path, width: 64, height: 64, reference: try #require(Self.reference), epsg: 4547, isGeographic: false, format: format)
        try writer.write { _, _ in 0xFF20_40C0 }
        try writer.finish()
        let word = try Self.pixel(try GeoTIFFImage(path: path), 30, 30)
        for (shift, expected) in [(0, 0xC0), (8, 0x40), (16, 0x20)] as [(UInt32, Int)] {
            #expect(abs(Int(word >> shift & 255) - expected) <= 4)
        }
    }

    @Test func greyInvertedGreyAndPalette() throws {
        var grey = TIFFBytes(width: 2, height: 1, samples: 1, photometric: 1, pixels: [10, 200])
        grey.place()
        #expect(try Self.pixel(try GeoTIFFImage(path: try grey.written()), 1, 0) == 0xFFC8_C8C8)
        grey.fields[262] = .shorts([0])
        #expect(try Self.pixel(try GeoTIFFImage(path: try grey.written()), 0, 0) == 0xFFF5_F5F5)
        grey.fields[262] = .shorts([3])
        var map = [UInt16](repeating: 0, count: 768)
        (map[200], map[256 + 200], map[512 + 200]) = (0x1100, 0x2200, 0x3300)
        grey.fields[320] = .shorts(map)
        #expect(try Self.pixel(try GeoTIFFImage(path: try grey.written()), 1, 0) == 0xFF33_2211)
    }

    @Test func planesAreMixedAndTheFourthBandIsNoAlphaUnlessItSaysSo() throws {
        var planes = TIFFBytes(width: 2, height: 1, samples: 3, photometric: 2, pixels: [1, 2, 3, 4, 5, 6])
        planes.place()
        planes.fields[284] = .shorts([2])
        planes.fields[279] = .longs([2, 2, 2])
        // One strip a plane, two bytes each.
        let path = try ThreeStrips(planes).written()
        #expect(try Self.pixel(try GeoTIFFImage(path: path), 1, 0) == 0xFF06_0402)

        var infrared = TIFFBytes(width: 1, height: 1, samples: 4, photometric: 2, pixels: [1, 2, 3, 40])
        infrared.place()
        infrared.fields[338] = .shorts([0])
        #expect(try Self.pixel(try GeoTIFFImage(path: try infrared.written()), 0, 0) == 0xFF03_0201)
        infrared.fields[338] = .shorts([2])
        let word = try Self.pixel(try GeoTIFFImage(path: try infrared.written()), 0, 0)
        #expect(word >> 24 == 40 && word & 255 == 0)
    }

    /// The strips of a planar image lie one behind the other.
    private struct ThreeStrips {
        var image: TIFFBytes

        init(_ image: TIFFBytes) { self.image = image }

        func written() throws -> String {
            var bytes = image.bytes()
            // The offsets of three strips do not fit the field; they are put at the end and the field points there.
            let place = try #require(Self.place(of: 273, in: bytes))
            let list = UInt32(bytes.count)
            bytes.replaceSubrange((place + 4)..<(place + 12), with: [3, 0, 0, 0] + Self.bytes(list))
            bytes += Self.bytes(8) + Self.bytes(10) + Self.bytes(12)
            return try TIFFBytes.write(bytes)
        }

        private static func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

        private static func place(of tag: UInt16, in bytes: [UInt8]) -> Int? {
            let start = Int(bytes[4]) | Int(bytes[5]) << 8
            let count = Int(bytes[start])
            return (0..<count).map { start + 2 + $0 * 12 }.first { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 == tag }
        }
    }

    @Test func nodataIsTransparentOnlyWhereEveryBandHasIt() throws {
        var image = TIFFBytes(width: 3, height: 1, samples: 3, photometric: 2, pixels: [0, 0, 0, 0, 9, 0, 7, 7, 7])
        image.place()
        image.fields[42113] = .text("0")
        let read = try GeoTIFFImage(path: try image.written())
        #expect(read.hasHardEdge)
        #expect(try [0, 1, 2].map { try Self.pixel(read, $0, 0) } == [0, 0xFF00_0900, 0xFF07_0707])
        // A value that no byte has is nowhere.
        image.fields[42113] = .text("-9999")
        #expect(try !GeoTIFFImage(path: try image.written()).hasHardEdge)
    }

    @Test func placesComeFromEveryForm() throws {
        var image = TIFFBytes(width: 2, height: 2, samples: 1, photometric: 1, pixels: [1, 2, 3, 4])
        let expected = GeoReference(
            origin: Coordinate(x: 440_000, y: 2_540_000), column: Coordinate(x: 0.5, y: 0), row: Coordinate(x: 0, y: -0.5))
        image.place()
        #expect(try GeoTIFFImage(path: try image.written()).reference == expected)
        // The point is the centre of the pixel.
        image.place(x: 440_000.25, y: 2_539_999.75, rasterType: 2)
        #expect(try GeoTIFFImage(path: try image.written()).reference == expected)
        image.fields[33550] = nil
        image.fields[33922] = nil
        image.fields[34735] = nil
        image.fields[34264] = .doubles([0.5, 0, 0, 440_000, 0, -0.5, 0, 2_540_000, 0, 0, 0, 0, 0, 0, 0, 1])
        let turned = try GeoTIFFImage(path: try image.written())
        #expect(turned.reference == expected && turned.declaredCRS == .undeclared)
        image.fields[34264] = nil
        let path = try image.written()
        try "0.5\n0\n0\n-0.5\n440000.25\n2539999.75\n".write(toFile: path.dropLast(4) + ".tfw", atomically: true, encoding: .utf8)
        #expect(try GeoTIFFImage(path: path).reference == expected)
    }

    @Test func aUserDefinedCRSIsCalledByItsName() throws {
        var image = TIFFBytes(width: 1, height: 1, samples: 1, photometric: 1, pixels: [1])
        image.place(epsg: 32767)
        image.fields[34735] = .shorts([1, 1, 0, 3, 1024, 0, 1, 1, 1026, 34737, 13, 0, 3072, 0, 1, 32767])
        image.fields[34737] = .text("Dongguan 2000|")
        #expect(try GeoTIFFImage(path: try image.written()).declaredCRS == .definedByParameters("Dongguan 2000"))
    }
}
