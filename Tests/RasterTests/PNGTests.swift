import TestSupport
import Testing

@testable import Raster

@Suite struct PNGTests {
    static func noise(_ width: Int, _ height: Int, colours: Int, opaque: Bool, seed: UInt64) -> Pixmap {
        var random = SeededGenerator(seed: seed)
        let palette = (0..<colours).map { _ in
            Colour(
                red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random),
                blue: .random(in: 0...255, using: &random), alpha: opaque ? 255 : .random(in: 0...255, using: &random)
            ).premultiplied
        }
        let words = (0..<(width * height)).map { _ in palette[Int.random(in: 0..<colours, using: &random)] }
        return Pixmap(width: width, height: height, pixels: words)
    }

    /// Chunk names in order; checks signature, lengths and that IEND ends the file.
    static func chunks(_ file: [UInt8]) throws -> [(name: String, data: ArraySlice<UInt8>)] {
        #expect(Array(file.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10])
        var found: [(name: String, data: ArraySlice<UInt8>)] = []
        var at = 8
        while at + 12 <= file.count {
            let length = file[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
            let name = String(decoding: file[(at + 4)..<(at + 8)], as: UTF8.self)
            try #require(at + 12 + length <= file.count)
            found.append((name, file[(at + 8)..<(at + 8 + length)]))
            at += 12 + length
        }
        #expect(at == file.count)
        #expect(found.last?.name == "IEND")
        return found
    }

    @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 255, 256], [true, false])
    func palettesAreExact(colours: Int, opaque: Bool) throws {
        let picture = Self.noise(37, 29, colours: colours, opaque: opaque, seed: UInt64(colours))
        let file = PNGEncoder.encode(picture)
        #expect(try PNGDecoder.decode(file) == picture)
        let chunks = try Self.chunks(file)
        #expect(chunks.map(\.name) == (opaque ? ["IHDR", "PLTE", "IDAT", "IEND"] : ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]))
        let header = Array(chunks[0].data)
        let distinct = Set(picture.pixels).count
        let depth: UInt8 = distinct <= 2 ? 1 : distinct <= 4 ? 2 : distinct <= 16 ? 4 : 8
        #expect(header == [0, 0, 0, 37, 0, 0, 0, 29, depth, 3, 0, 0, 0])
        #expect(chunks[1].data.count == distinct * 3)
    }

    @Test(arguments: [true, false], PNGOptions.Palette.allCases)
    func truecolourIsExact(opaque: Bool, palette: PNGOptions.Palette) throws {
        let picture = Self.noise(64, 41, colours: 2000, opaque: opaque, seed: 5)
        let file = PNGEncoder.encode(picture, options: PNGOptions(level: 1, palette: palette))
        let kind = try Self.chunks(file)[0].data.dropFirst(9).first
        let back = try PNGDecoder.decode(file)
        if palette == .exactElseQuantised {
            #expect(kind == 3)
            #expect(Set(back.pixels).count <= 256)
        } else {
            #expect(kind == (opaque ? 2 : 6))
            #expect(back == picture)
        }
    }

    @Test func quantisedPicturesStayClose() throws {
        var canvas = Canvas(width: 256, height: 256)
        canvas.clear(.white)
        var random = SeededGenerator(seed: 9)
        for _ in 0..<120 {
            let colour = Colour(
                red: .random(in: 90...255, using: &random), green: .random(in: 90...255, using: &random),
                blue: .random(in: 90...255, using: &random))
            canvas.fillCircle(
                centreX: .random(in: 0...65_536, using: &random), centreY: .random(in: 0...65_536, using: &random),
                radius: .random(in: 1...20, using: &random), paint: .colour(colour))
        }
        let picture = canvas.pixmap()
        let distinct = Set(picture.pixels).count
        #expect(distinct > 1000)
        let back = try PNGDecoder.decode(PNGEncoder.encode(picture))
        var sum = 0
        for (a, b) in zip(picture.pixels, back.pixels) {
            for shift in [0, 8, 16, 24] as [UInt32] {
                let difference = Int(a >> shift & 255) - Int(b >> shift & 255)
                sum += difference * difference
            }
        }
        let error = (Double(sum) / Double(picture.pixels.count * 4)).squareRoot()
        #expect(error < 2, "RMSE \(error) of \(distinct) colours, seed 9")
        #expect(back.pixels.filter { $0 == UInt32.max }.count >= picture.pixels.filter { $0 == UInt32.max }.count)
        #expect(back.isOpaque)
    }

    @Test func transparentPixelsStayTransparentWhenQuantised() throws {
        var picture = Self.noise(64, 64, colours: 3000, opaque: false, seed: 77)
        for i in 0..<1000 { picture.pixels[i] = 0 }
        for i in 1000..<2000 { picture.pixels[i] |= 0xFF00_0000 }
        let back = try PNGDecoder.decode(PNGEncoder.encode(picture))
        #expect(back.pixels[..<1000].allSatisfy { $0 == 0 })
        #expect(back.pixels[1000..<2000].allSatisfy { $0 >= 0xFF00_0000 })
    }

    /// Two fills two steps apart, as land and buildings are on a grey map, among more colours than a palette holds.
    @Test func fillsThatHardlyDifferStayTwo() throws {
        var picture = Self.noise(256, 256, colours: 3000, opaque: true, seed: 9)
        let (land, building) = (Colour(red: 244, green: 243, blue: 240).premultiplied, Colour(red: 246, green: 243, blue: 240).premultiplied)
        for i in 0..<(256 * 192) { picture.pixels[i] = i % 256 < 128 ? land : building }
        let decoded = try PNGDecoder.decode(PNGEncoder.encode(picture))
        for i in [0, 127, 256 * 191] { #expect(decoded.pixels[i] == land) }
        for i in [128, 255, 256 * 191 + 200] { #expect(decoded.pixels[i] == building) }
    }

    @Test(arguments: [true, false], [1, 6])
    func photographsAreExactAndFiltered(opaque: Bool, level: Int) throws {
        var numbers = SeededGenerator(seed: 5)
        let words = (0..<(200 * 120)).map { i in
            let (x, y) = (Double(i % 200), Double(i / 200))
            func channel(_ phase: Double) -> UInt8 {
                UInt8(127 + 60 * (x / 31 + phase).rounded(.down).truncatingRemainder(dividingBy: 2) + y / 3 + 8 * numbers.unit())
            }
            return Colour(
                red: channel(0), green: channel(0.3), blue: channel(0.6), alpha: opaque ? 255 : UInt8(200 + i % 50)
            ).premultiplied
        }
        let picture = Pixmap(width: 200, height: 120, pixels: words)
        let options = PNGOptions(level: level, palette: .exactElseTruecolour)
        let file = PNGEncoder.encode(picture, options: options)
        #expect(try PNGDecoder.decode(file).pixels == picture.pixels)
        #expect(file.count < picture.pixels.count * (opaque ? 3 : 4) * 3 / 4)
    }

    @Test func bytesAreTheSameEveryTime() {
        let picture = Self.noise(100, 100, colours: 900, opaque: false, seed: 4)
        #expect(PNGEncoder.encode(picture, options: .stored) == PNGEncoder.encode(picture, options: .stored))
    }

    @Test func windowsAreWrittenInPlace() {
        let picture = Self.noise(50, 40, colours: 300, opaque: false, seed: 6)
        let window = picture.cropped(x: 13, y: 7, width: 30, height: 20)
        #expect(PNGEncoder.encode(picture, x: 13, y: 7, width: 30, height: 20) == PNGEncoder.encode(window))
        var canvas = Canvas(width: 50, height: 40)
        canvas.draw(picture, left: 0, top: 0)
        #expect(PNGEncoder.encode(canvas, x: 13, y: 7, width: 30, height: 20) == PNGEncoder.encode(window))
    }

    @Test func aSolidTileIsSmall() {
        var canvas = Canvas(width: 256, height: 256)
        canvas.clear(Colour(red: 170, green: 211, blue: 223))
        #expect(PNGEncoder.encode(canvas.pixmap()).count <= 110)
    }

    @Test func damagedFilesAreRefused() throws {
        let file = PNGEncoder.encode(Self.noise(60, 60, colours: 700, opaque: true, seed: 8))
        for bytes in [[], [1, 2, 3], Array(file.prefix(20)), Array(file.prefix(file.count / 2))] {
            #expect { try PNGDecoder.decode(bytes) } throws: { ($0 as? RasterError)?.code == .malformed }
        }
    }

    @Test func hugePicturesAreRefusedBeforeUnpacking() {
        var file = PNGEncoder.encode(Pixmap(width: 9, height: 9))
        #expect { try PNGDecoder.decode(file, pixelLimit: 80) } throws: { ($0 as? RasterError)?.code == .tooLarge }
        // A header that claims 60 000 x 60 000, its checksum wrong or right, is never unpacked.
        file.replaceSubrange(16..<24, with: [0, 0, 234, 96, 0, 0, 234, 96])
        #expect(throws: RasterError.self) { try PNGDecoder.decode(file) }
    }
}
