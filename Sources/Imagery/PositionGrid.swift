import GeoTIFF
import Reprojection
import SimpleFeatures

/// Where the pixels of a tile lie in an image: exact at the nodes of a grid, linear between them.
struct PositionGrid {
    /// Tile pixels between nodes.
    let step: Int
    private let nodesAcross: Int
    /// Pixel positions in the image, row by row; not finite where no place is.
    private let nodes: [Coordinate]

    /// What the linear way between nodes may be off, in pixels of the image.
    private static let toleranceInPixels = 0.05

    /// - Parameters:
    ///   - operation: from the tile's CRS to the image's.
    init(_ square: TileSquare, operation: borrowing CoordinateOperation, reference: GeoReference) {
        for step in [32, 8] {
            let grid = PositionGrid(square, step: step, operation, reference)
            if grid.isExact(square, operation, reference) {
                self = grid
                return
            }
        }
        self.init(square, step: 1, operation, reference)
    }

    private init(_ square: TileSquare, step: Int, _ operation: borrowing CoordinateOperation, _ reference: GeoReference) {
        self.step = step
        nodesAcross = square.side / step + 1
        var positions: [Coordinate] = []
        for y in 0..<nodesAcross {
            for x in 0..<nodesAcross { positions.append(square.position(x: Double(x * step), y: Double(y * step))) }
        }
        nodes = Self.pixels(positions, operation, reference)
    }

    private static func pixels(
        _ positions: [Coordinate], _ operation: borrowing CoordinateOperation, _ reference: GeoReference
    ) -> [Coordinate] {
        var positions = positions
        _ = operation.transform(&positions)
        return positions.map { position in
            let pixel = reference.pixel(at: position)
            return Coordinate(x: pixel.x, y: pixel.y)
        }
    }

    /// Whether the middles of the cells are where the way between the nodes has them.
    private func isExact(_ square: TileSquare, _ operation: borrowing CoordinateOperation, _ reference: GeoReference) -> Bool {
        var middles: [Coordinate] = []
        var expected: [Coordinate] = []
        for y in 0..<(nodesAcross - 1) {
            for x in 0..<(nodesAcross - 1) {
                let (px, py) = ((Double(x) + 0.5) * Double(step), (Double(y) + 0.5) * Double(step))
                middles.append(square.position(x: px, y: py))
                expected.append(position(x: px, y: py))
            }
        }
        // Not a number is not within the tolerance either.
        return zip(Self.pixels(middles, operation, reference), expected).allSatisfy {
            abs($0.x - $1.x) <= Self.toleranceInPixels && abs($0.y - $1.y) <= Self.toleranceInPixels
        }
    }

    /// The position in the image of a position in the tile.
    @inline(__always)
    func position(x: Double, y: Double) -> Coordinate {
        let cells = nodesAcross - 1
        let (column, row) = (min(Int(x) / step, cells - 1), min(Int(y) / step, cells - 1))
        let (fx, fy) = ((x - Double(column * step)) / Double(step), (y - Double(row * step)) / Double(step))
        let i = row * nodesAcross + column
        let (a, b, c, d) = (nodes[i], nodes[i + 1], nodes[i + nodesAcross], nodes[i + nodesAcross + 1])
        let top = Coordinate(x: a.x + (b.x - a.x) * fx, y: a.y + (b.y - a.y) * fx)
        let bottom = Coordinate(x: c.x + (d.x - c.x) * fx, y: c.y + (d.y - c.y) * fx)
        return Coordinate(x: top.x + (bottom.x - top.x) * fy, y: top.y + (bottom.y - top.y) * fy)
    }

    /// What of the image lies under a part of the tile.
    ///
    /// - Parameter part: its sides are multiples of `step`.
    func envelope(of part: PixelArea) -> Envelope {
        var box = Envelope.empty
        for y in (part.top / step)...(part.bottom / step) {
            for x in (part.left / step)...(part.right / step) {
                let node = nodes[y * nodesAcross + x]
                if node.isFinite { box.formUnion(node) }
            }
        }
        return box
    }

    /// Image pixels to one of the tile, where they are the most.
    var scale: Double {
        var most = 0.0
        for y in 0..<nodesAcross {
            for x in 0..<(nodesAcross - 1) {
                let (a, b) = (nodes[y * nodesAcross + x], nodes[y * nodesAcross + x + 1])
                let (c, d) = (nodes[x * nodesAcross + y], nodes[(x + 1) * nodesAcross + y])
                for length in [distance(a, b), distance(c, d)] where length.isFinite { most = max(most, length / Double(step)) }
            }
        }
        return most
    }

    private func distance(_ a: Coordinate, _ b: Coordinate) -> Double {
        let (dx, dy) = (a.x - b.x, a.y - b.y)
        return (dx * dx + dy * dy).squareRoot()
    }
}

/// The square of the CRS that a tile covers.
struct TileSquare {
    var left: Double
    var top: Double
    var cellSize: Double
    /// Pixels.
    var side: Int

    func position(x: Double, y: Double) -> Coordinate { Coordinate(x: left + x * cellSize, y: top - y * cellSize) }
}
