internal import SimpleFeatures

/// An area or a line over a grid: which cells lie wholly inside, which wholly outside, which have its border or the line.
///
/// Most features of a large layer are far from the border of whatever they are asked about; for them two sums over cells tell where
/// they lie.
struct CoverGrid {
    enum Position {
        case inside
        case outside
        case undecided
    }

    private let envelope: Envelope
    private let size: Int
    private let cellWidth: Double
    private let cellHeight: Double
    /// Summed areas, one row and column more than cells: of cells that are not inside, and of cells that are not outside.
    private var notInside: [Int32]
    private var notOutside: [Int32]

    /// For so many features that are to be asked, and fewer: a finer grid costs more to make and leaves fewer of them undecided.
    private static let sizes: [(features: Int, cells: Int)] = [(2_000, 64), (50_000, 256), (.max, 1024)]
    /// Of a cell: how near a border still counts as in it, against rounding.
    private static let margin = 1e-6

    /// `nil` for points, and for what numbers cannot divide.
    ///
    /// - Parameter features: about how many will be asked.
    init?(_ geometry: Geometry, features: Int) {
        let rings = geometry.areaRings
        let lines = geometry.lines
        let box = geometry.envelope
        guard !rings.isEmpty || !lines.isEmpty, box.width > 0, box.height > 0 else { return nil }
        envelope = box
        size = Self.sizes.first(where: { features <= $0.features })?.cells ?? Self.sizes[0].cells
        cellWidth = box.width / Double(size)
        cellHeight = box.height / Double(size)
        guard cellWidth > box.maxX.magnitude.ulp * 16, cellHeight > box.maxY.magnitude.ulp * 16 else { return nil }
        notInside = []
        notOutside = []
        var border = [Bool](repeating: false, count: size * size)
        for path in rings + lines { for (a, b) in zip(path, path.dropFirst()) { mark(a, b, &border) } }
        sum(border, inside(rings))
    }

    /// Where everything with this envelope lies.
    func position(of box: Envelope) -> Position {
        guard box.intersects(envelope) else { return .outside }
        let (x0, x1) = (column(box.minX), column(box.maxX))
        let (y0, y1) = (row(box.minY), row(box.maxY))
        if total(notOutside, x0, x1, y0, y1) == 0 { return .outside }
        if envelope.contains(box), total(notInside, x0, x1, y0, y1) == 0 { return .inside }
        return .undecided
    }

    private func column(_ x: Double) -> Int { max(0, min(size - 1, Int(((x - envelope.minX) / cellWidth).clampedToGrid))) }
    private func row(_ y: Double) -> Int { max(0, min(size - 1, Int(((y - envelope.minY) / cellHeight).clampedToGrid))) }

    private func total(_ sums: [Int32], _ x0: Int, _ x1: Int, _ y0: Int, _ y1: Int) -> Int32 {
        let stride = size + 1
        return sums[(y1 + 1) * stride + x1 + 1] - sums[y0 * stride + x1 + 1] - sums[(y1 + 1) * stride + x0] + sums[y0 * stride + x0]
    }

    // MARK: Making

    /// Marks every cell that an edge comes into or near.
    private func mark(_ a: Coordinate, _ b: Coordinate, _ border: inout [Bool]) {
        let (low, high) = a.y <= b.y ? (a, b) : (b, a)
        let first = row(low.y - cellHeight * Self.margin)
        let last = row(high.y + cellHeight * Self.margin)
        for y in first...last {
            // The part of the edge in this row, a little more than it.
            let bottom = max(low.y, envelope.minY + (Double(y) - Self.margin) * cellHeight)
            let top = min(high.y, envelope.minY + (Double(y + 1) + Self.margin) * cellHeight)
            let from = low.y == high.y ? low.x : low.x + (high.x - low.x) * max(0, min(1, (bottom - low.y) / (high.y - low.y)))
            let to = low.y == high.y ? high.x : low.x + (high.x - low.x) * max(0, min(1, (top - low.y) / (high.y - low.y)))
            let left = column(min(from, to) - cellWidth * Self.margin)
            let right = column(max(from, to) + cellWidth * Self.margin)
            for x in left...right { border[y * size + x] = true }
        }
    }

    /// Whether the middle of each cell lies inside, by the crossings of its row.
    private func inside(_ rings: [[Coordinate]]) -> [Bool] {
        var crossings = [[Double]](repeating: [], count: size)
        for ring in rings {
            for (a, b) in zip(ring, ring.dropFirst()) where a.y != b.y {
                let (low, high) = a.y < b.y ? (a, b) : (b, a)
                for y in row(low.y)...row(high.y) {
                    let middle = envelope.minY + (Double(y) + 0.5) * cellHeight
                    guard middle >= low.y, middle < high.y else { continue }
                    crossings[y].append(low.x + (high.x - low.x) * ((middle - low.y) / (high.y - low.y)))
                }
            }
        }
        var inside = [Bool](repeating: false, count: size * size)
        for y in 0..<size {
            let row = crossings[y].sorted()
            var next = 0
            for x in 0..<size {
                let middle = envelope.minX + (Double(x) + 0.5) * cellWidth
                while next < row.count, row[next] <= middle { next += 1 }
                inside[y * size + x] = next % 2 == 1
            }
        }
        return inside
    }

    private mutating func sum(_ border: [Bool], _ inside: [Bool]) {
        let stride = size + 1
        notInside = [Int32](repeating: 0, count: stride * stride)
        notOutside = notInside
        for y in 0..<size {
            for x in 0..<size {
                let cell = y * size + x
                let at = (y + 1) * stride + x + 1
                notInside[at] = notInside[at - 1] + notInside[at - stride] - notInside[at - stride - 1] + (border[cell] || !inside[cell] ? 1 : 0)
                notOutside[at] = notOutside[at - 1] + notOutside[at - stride] - notOutside[at - stride - 1] + (border[cell] || inside[cell] ? 1 : 0)
            }
        }
    }
}

extension Double {
    /// Within what an `Int` holds.
    fileprivate var clampedToGrid: Double { Swift.max(-1, Swift.min(100_000, self)) }
}

extension Geometry {
    /// The rings of all areas, whose inside the crossings of a line with them tell; none where something else is among them.
    fileprivate var areaRings: [[Coordinate]] {
        switch self {
        case .polygon(let polygon): polygon.rings
        case .multiPolygon(let polygons): polygons.flatMap(\.rings)
        default: []
        }
    }

    /// The lines, where nothing else is among them.
    fileprivate var lines: [[Coordinate]] {
        switch self {
        case .lineString(let path): [path]
        case .multiLineString(let paths): paths
        default: []
        }
    }
}
