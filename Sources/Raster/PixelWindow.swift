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

    func isOpaque() -> Bool {
        var all: UInt32 = 0xFFFF_FFFF
        for y in 0..<height {
            let line = unsafe row(y)
            for x in 0..<width { all &= unsafe line[x] }
        }
        return all >= 0xFF00_0000
    }

    /// Whether hardly a pixel is as the one to its left or above it, as in photographs; every fourth row is looked at.
    func isContinuousTone() -> Bool {
        var (alike, seen) = (0, 0)
        for y in Swift.stride(from: min(1, height - 1), to: height, by: 4) {
            let line = unsafe row(y)
            let above = unsafe row(max(0, y - 1))
            var count: UInt32 = 0
            for x in 1..<max(1, width) {
                let isAlike = unsafe (line[x] == line[x &- 1]) || (y > 0 && line[x] == above[x])
                count &+= isAlike ? 1 : 0
            }
            alike += Int(count)
            seen += width - 1
        }
        return alike * 4 < seen
    }
}
