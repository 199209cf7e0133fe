/// Lays a repeated picture over the canvas through coverage.
@safe
struct PatternReceiver: CoverageReceiver {
    private let pixels: UnsafeMutablePointer<UInt32>
    private let width: Int
    private let pattern: UnsafePointer<UInt32>
    private let patternWidth: Int
    private let patternHeight: Int
    private let originX: Int
    private let originY: Int
    /// 0...255.
    private let opacity: UInt32

    init(
        pixels: UnsafeMutablePointer<UInt32>, width: Int, pattern: UnsafePointer<UInt32>, size: (width: Int, height: Int),
        origin: (x: Int, y: Int), opacity: UInt32
    ) {
        unsafe self.pixels = pixels
        self.width = width
        unsafe self.pattern = pattern
        patternWidth = size.width
        patternHeight = size.height
        originX = origin.x
        originY = origin.y
        self.opacity = opacity
    }

    private static func wrap(_ value: Int, _ size: Int) -> Int {
        let remainder = value % size
        return remainder < 0 ? remainder + size : remainder
    }

    @inline(__always)
    private func lay(row: Int, x: Int, count: Int, _ coverage: (Int) -> UInt32) {
        let start = unsafe pixels + (row &* width &+ x)
        let line = unsafe pattern + Self.wrap(row &- originY, patternHeight) &* patternWidth
        var column = Self.wrap(x &- originX, patternWidth)
        for i in 0..<count {
            var factor = coverage(i)
            if opacity != 255 { factor = PixelArithmetic.multiply(factor, by: opacity) }
            let word = unsafe PixelArithmetic.scale(line[column], by: factor)
            unsafe start[i] = PixelArithmetic.over(word, start[i])
            column &+= 1
            if column == patternWidth { column = 0 }
        }
    }

    func span(row: Int, x: Int, count: Int, coverage: UInt32) {
        lay(row: row, x: x, count: count) { _ in coverage }
    }

    func block(row: Int, x: Int, _ coverage: SIMD8<UInt32>) {
        lay(row: row, x: x, count: max(0, min(8, width &- x))) { coverage[$0] }
    }
}
