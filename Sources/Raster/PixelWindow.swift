/// A rectangle of somebody's pixels, read in place.
@safe
struct PixelWindow {
    private let base: UnsafePointer<UInt32>
    private let stride: Int
    let width: Int
    let height: Int

    init(base: UnsafePointer<UInt32>, stride: Int, width: Int, height: Int) {
        unsafe self.base = base
        self.stride = stride
        self.width = width
        self.height = height
    }

    var count: Int { width * height }

    @inline(__always)
    func row(_ y: Int) -> UnsafePointer<UInt32> { unsafe base + y &* stride }

    /// The word that all pixels have, or nil.
    func uniformWord() -> UInt32? {
        let first = unsafe base[0]
        for y in 0..<height {
            let line = unsafe row(y)
            var difference: UInt32 = 0
            for x in 0..<width { difference |= unsafe line[x] ^ first }
            if difference != 0 { return nil }
        }
        return first
    }

    func isOpaque() -> Bool {
        var all: UInt32 = 0xFFFF_FFFF
        for y in 0..<height {
            let line = unsafe row(y)
            for x in 0..<width { all &= unsafe line[x] }
        }
        return all >= 0xFF00_0000
    }
}
