import Testing

@testable import Raster

@Suite struct ResamplingTests {
    @Test func theSameSizeIsTheSamePicture() {
        var picture = Pixmap(width: 7, height: 5)
        for i in picture.pixels.indices { picture.pixels[i] = 0xFF00_0000 | UInt32(i * 7) }
        #expect(picture.resampled(fromWidth: 7, fromHeight: 5, width: 7, height: 5) == picture)
    }

    @Test(arguments: [(3, 9), (20, 2), (1, 1), (64, 64)]) func oneColourStaysOneColour(width: Int, height: Int) {
        let picture = Pixmap(width: 13, height: 11, pixels: Array(repeating: 0xFF12_3456, count: 143))
        let carried = picture.resampled(fromWidth: 12.5, fromHeight: 10.25, width: width, height: height)
        #expect(carried.width == width && carried.height == height && carried.uniformPixel == 0xFF12_3456)
    }

    @Test func anEdgeStaysInItsPlace() {
        // Left half black, right half white.
        var picture = Pixmap(width: 40, height: 4, pixels: Array(repeating: 0xFF00_0000, count: 160))
        for y in 0..<4 { for x in 20..<40 { picture[x, y] = 0xFFFF_FFFF } }
        for width in [10, 30, 80, 200] {
            let row = picture.resampled(fromWidth: 40, fromHeight: 4, width: width, height: 4)
            let white = (0..<width).reduce(0.0) { $0 + Double(row[$1, 2] & 255) / 255 }
            #expect(abs(white - Double(width) / 2) < 0.02 * Double(width), "\(width): \(white)")
        }
    }

    @Test func whatIsLaidOverHidesWhatIsUnder() {
        var ground = Pixmap(width: 1, height: 2, pixels: [0xFF00_00FF, 0xFF00_00FF])
        ground.lay(Pixmap(width: 1, height: 2, pixels: [0, 0xFFFF_0000]))
        #expect(ground.pixels == [0xFF00_00FF, 0xFFFF_0000])
        var half = Pixmap(width: 1, height: 1, pixels: [0x8000_0000])
        half.lay(on: 0xFFFF_FFFF)
        #expect(half.pixels[0] >> 24 == 255 && abs(Int(half.pixels[0] & 255) - 127) <= 1)
    }
}
