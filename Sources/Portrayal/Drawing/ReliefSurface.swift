import Raster

/// Roofs and walls seen from the south, from above: what stands higher at a sample hides what is lower.
///
/// A point at a height is drawn north of its foot, so that of all points that come to one sample the highest is the nearest
/// to the eye. Keeping it decides what is seen without any order of features: the picture is the same whichever window
/// it is drawn in. Every pixel has 4 x 4 samples; positions are whole 24.8 pixels, so that no rounding depends on the window.
struct ReliefSurface {
    /// A polygon at a height.
    struct Roof {
        /// Rings, x and y by turns, 24.8 pixels, already lifted.
        var rings: [[Int32]]
        var height: Float
        var colour: UInt32
        var top: Int32
        var bottom: Int32
    }

    /// A wall over an edge whose right side looks north.
    struct Wall {
        /// The western and the eastern end of the foot, 24.8 pixels.
        var west: (x: Int32, y: Int32)
        var east: (x: Int32, y: Int32)
        /// 24.8 pixels that its lower and its upper edge are lifted by.
        var lowerRise: Int32
        var upperRise: Int32
        var lowerHeight: Float
        var upperHeight: Float
        /// 0...255 a channel.
        var colour: SIMD3<Float>
        var hasGradient: Bool
    }

    private static let samples = 4
    /// 24.8 pixels between samples, and from a pixel's edge to its first one.
    private static let step: Int32 = 64
    private static let first: Int32 = 32
    private static let bandRows = 16

    private let width: Int
    private let height: Int
    private(set) var roofs: [Roof] = []
    private(set) var walls: [Wall] = []

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    mutating func add(_ roof: Roof) { roofs.append(roof) }
    mutating func add(_ wall: Wall) { walls.append(wall) }

    /// The finished picture, clear where nothing rises.
    func pixmap() -> Pixmap {
        var out = Pixmap(width: width, height: height)
        let columns = width * Self.samples
        var band = Band(columns: columns, rows: Self.bandRows * Self.samples)
        for start in stride(from: 0, to: height, by: Self.bandRows) {
            let rows = start * Self.samples..<min(start + Self.bandRows, height) * Self.samples
            band.reset(rows)
            let (low, high) = (Self.position(rows.lowerBound), Self.position(rows.upperBound - 1))
            for roof in roofs where roof.bottom >= low && roof.top <= high { band.draw(roof) }
            for wall in walls where max(wall.west.y, wall.east.y) >= low { band.draw(wall) }
            if band.isEmpty { continue }
            for row in start..<min(start + Self.bandRows, height) {
                for column in 0..<width { out[column, row] = band.pixel(column, row - start) }
            }
        }
        return out
    }

    private static func position(_ sample: Int) -> Int32 { Int32(sample) * step + first }

    /// The first sample that does not lie before a position.
    private static func sample(from position: Int32) -> Int { Int((position - first + step - 1) >> 6) }

    /// A strip of samples.
    private struct Band {
        let columns: Int
        private var rows = 0..<0
        private var heights: [Float]
        private var colours: [UInt32]
        private(set) var isEmpty = true
        private var crossings: [Int32] = []

        init(columns: Int, rows: Int) {
            self.columns = columns
            heights = [Float](repeating: -.infinity, count: columns * rows)
            colours = [UInt32](repeating: 0, count: columns * rows)
        }

        mutating func reset(_ rows: Range<Int>) {
            self.rows = rows
            if isEmpty { return }
            for i in heights.indices { heights[i] = -.infinity }
            for i in colours.indices { colours[i] = 0 }
            isEmpty = true
        }

        private mutating func put(_ at: Int, _ height: Float, _ colour: UInt32) {
            // Of two surfaces at one height the lighter wins, so that the order in which they come does not matter.
            if height > heights[at] || (height == heights[at] && colour > colours[at]) {
                heights[at] = height
                colours[at] = colour
                isEmpty = false
            }
        }

        mutating func draw(_ roof: Roof) {
            let from = max(rows.lowerBound, ReliefSurface.sample(from: roof.top))
            let to = min(rows.upperBound, ReliefSurface.sample(from: roof.bottom))
            for row in from..<max(from, to) {
                crossings.removeAll(keepingCapacity: true)
                let y = ReliefSurface.position(row)
                for ring in roof.rings { addCrossings(ring, y) }
                crossings.sort()
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    let start = max(0, ReliefSurface.sample(from: crossings[pair]))
                    let end = min(columns, ReliefSurface.sample(from: crossings[pair + 1]))
                    let line = (row - rows.lowerBound) * columns
                    for column in start..<max(start, end) { put(line + column, roof.height, roof.colour) }
                }
            }
        }

        private mutating func addCrossings(_ ring: [Int32], _ y: Int32) {
            var i = ring.count - 2
            for j in stride(from: 0, to: ring.count, by: 2) {
                let (y0, y1) = (ring[i + 1], ring[j + 1])
                if (y0 <= y) != (y1 <= y) { crossings.append(ReliefSurface.crossing(ring[i], y0, ring[j], y1, at: y)) }
                i = j
            }
        }

        mutating func draw(_ wall: Wall) {
            let from = max(0, ReliefSurface.sample(from: wall.west.x))
            let to = min(columns, ReliefSurface.sample(from: wall.east.x))
            let rise = max(wall.upperRise - wall.lowerRise, 1)
            for column in from..<max(from, to) {
                let foot = ReliefSurface.crossing(
                    wall.west.y, wall.west.x, wall.east.y, wall.east.x, at: ReliefSurface.position(column))
                // A little further up than the roof's edge, so that rounding leaves no gap under it; the roof is higher.
                let first = max(rows.lowerBound, ReliefSurface.sample(from: foot - wall.upperRise - 2))
                let end = min(rows.upperBound, ReliefSurface.sample(from: foot - wall.lowerRise))
                for row in first..<max(first, end) {
                    let lift = foot - ReliefSurface.position(row) - wall.lowerRise
                    let share = min(Float(lift) / Float(rise), 0.999)
                    let height = wall.lowerHeight + (wall.upperHeight - wall.lowerHeight) * share
                    let shade = wall.hasGradient ? ReliefLight.gradient(height / max(wall.upperHeight, 1)) : 1
                    put((row - rows.lowerBound) * columns + column, height, ReliefSurface.word(wall.colour * shade))
                }
            }
        }

        /// The mean of a pixel's samples, premultiplied.
        func pixel(_ column: Int, _ row: Int) -> UInt32 {
            var (redBlue, green, alpha): (UInt32, UInt32, UInt32) = (0, 0, 0)
            for y in 0..<ReliefSurface.samples {
                let line = (row * ReliefSurface.samples + y) * columns + column * ReliefSurface.samples
                for x in 0..<ReliefSurface.samples {
                    let word = colours[line + x]
                    redBlue += word & 0x00FF_00FF
                    green += word >> 8 & 255
                    alpha += word >> 24
                }
            }
            let count = UInt32(ReliefSurface.samples * ReliefSurface.samples)
            func mean(_ sum: UInt32) -> UInt32 { (sum + count / 2) / count }
            return mean(redBlue & 0xFFFF) | mean(green) << 8 | mean(redBlue >> 16) << 16 | mean(alpha) << 24
        }
    }

    /// Where an edge comes to `y`; rounded down, by differences alone.
    private static func crossing(_ x0: Int32, _ y0: Int32, _ x1: Int32, _ y1: Int32, at y: Int32) -> Int32 {
        let (part, whole) = (Int64(y - y0) * Int64(x1 - x0), Int64(y1 - y0))
        let quotient = part / whole
        let isBelow = part % whole != 0 && (part < 0) != (whole < 0)
        return x0 + Int32(isBelow ? quotient - 1 : quotient)
    }

    /// An opaque word of channels 0...255.
    static func word(_ colour: SIMD3<Float>) -> UInt32 {
        let c = colour.clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 255)) + 0.5
        return UInt32(c.x) | UInt32(c.y) << 8 | UInt32(c.z) << 16 | 0xFF00_0000
    }
}
