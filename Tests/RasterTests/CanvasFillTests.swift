import Testing

@testable import Raster

@Suite struct CanvasFillTests {
    static func rectangle(_ x0: Int32, _ y0: Int32, _ x1: Int32, _ y1: Int32) -> PathSlice {
        PathSlice(Path(coordinates: [x0, y0, x1, y0, x1, y1, x0, y1], partEnds: [4]))
    }

    @Test func wholePixelsAreFilledWholly() {
        var canvas = Canvas(width: 40, height: 20)
        canvas.fill(Self.rectangle(3 * 256, 2 * 256, 37 * 256, 18 * 256), paint: .colour(.black))
        let map = canvas.pixmap()
        for y in 0..<20 {
            for x in 0..<40 {
                let inside = (3..<37).contains(x) && (2..<18).contains(y)
                #expect(map[x, y] == (inside ? 0xFF00_0000 : 0), "\(x) \(y)")
            }
        }
    }

    @Test func partlyCoveredPixelsShowTheirShare() {
        var canvas = Canvas(width: 4, height: 4)
        canvas.fill(Self.rectangle(128, 256, 2 * 256 + 64, 512), paint: .colour(.black))
        let map = canvas.pixmap()
        #expect(map[0, 1] >> 24 == 128)
        #expect(map[1, 1] >> 24 == 255)
        #expect(map[2, 1] >> 24 == 64)
        #expect(map[3, 1] == 0)
    }
}
