import Foundation
import SimpleFeatures

/// A cell of the lattice, counted in rows northward and columns eastward; odd rows are shifted half a cell east.
struct Cell: Hashable, Comparable {
    var row: Int
    var column: Int

    static func < (a: Cell, b: Cell) -> Bool { (a.row, a.column) < (b.row, b.column) }

    /// The six cells around, counterclockwise from the east.
    var neighbours: [Cell] {
        let shift = row & 1
        return [
            Cell(row: row, column: column + 1), Cell(row: row + 1, column: column + shift),
            Cell(row: row + 1, column: column - 1 + shift), Cell(row: row, column: column - 1),
            Cell(row: row - 1, column: column - 1 + shift), Cell(row: row - 1, column: column + shift),
        ]
    }

    var key: UInt64 { UInt64(bitPattern: Int64(row)) << 32 ^ UInt64(UInt32(bitPattern: Int32(column))) }
}

/// A corner where three cells meet: the north or south corner of one of them.
struct Corner: Hashable, Comparable {
    var cell: Cell
    var isNorth: Bool

    static func < (a: Corner, b: Corner) -> Bool {
        a.cell != b.cell ? a.cell < b.cell : !a.isNorth && b.isNorth
    }

    var key: UInt64 { cell.key << 1 | (isNorth ? 1 : 0) }
}

/// The planar arrangement under all districts: hexagons with moved corners and wiggly sides.
///
/// Every side is made once, from its two corners, whichever cell asks: districts made of cells share their borders
/// vertex for vertex.
struct HexLattice {
    /// Metres from the middle of a cell to its corners, before they are moved.
    static let side = 567.0
    private static let origin = Coordinate(x: 444_000, y: 2_500_000)
    let seed: UInt64

    func centre(of cell: Cell) -> Coordinate {
        let width = Self.side * 3.0.squareRoot()
        return Coordinate(
            x: Self.origin.x + width * (Double(cell.column) + (cell.row & 1 == 1 ? 0.5 : 0)),
            y: Self.origin.y + 1.5 * Self.side * Double(cell.row))
    }

    func position(of corner: Corner) -> Coordinate {
        let middle = centre(of: corner.cell)
        var random = SeededGenerator(seed, 1, corner.key)
        let angle = random.between(0, 2 * .pi)
        let distance = Self.side * 0.3 * random.unit().squareRoot()
        return Coordinate(
            x: middle.x + distance * cos(angle),
            y: middle.y + (corner.isNorth ? Self.side : -Self.side) + distance * sin(angle)
        ).rounded
    }

    /// The six corners counterclockwise from the south-east.
    func corners(of cell: Cell) -> [Corner] {
        let around = cell.neighbours
        return [
            Corner(cell: around[5], isNorth: true), Corner(cell: around[1], isNorth: false),
            Corner(cell: cell, isNorth: true), Corner(cell: around[2], isNorth: false),
            Corner(cell: around[4], isNorth: true), Corner(cell: cell, isNorth: false),
        ]
    }

    /// The positions from one corner to another, the last left out.
    func side(from a: Corner, to b: Corner) -> [Coordinate] {
        let forward = a < b
        var line = [position(of: forward ? a : b), position(of: forward ? b : a)]
        var random = SeededGenerator(seed, 2, min(a, b).key, max(a, b).key)
        for level in 0..<3 {
            var finer = [line[0]]
            for i in 1..<line.count {
                let (p, q) = (line[i - 1], line[i])
                let shift = random.between(-1, 1) * (level == 0 ? 0.07 : 0.05)
                finer.append(
                    Coordinate(x: (p.x + q.x) / 2 - (q.y - p.y) * shift, y: (p.y + q.y) / 2 + (q.x - p.x) * shift).rounded)
                finer.append(q)
            }
            line = finer
        }
        if !forward { line.reverse() }
        return Array(line.dropLast())
    }

    /// The cell's border, counterclockwise and closed.
    func ring(of cell: Cell) -> [Coordinate] {
        let corners = corners(of: cell)
        var ring: [Coordinate] = []
        for i in 0..<6 { ring += side(from: corners[i], to: corners[(i + 1) % 6]) }
        ring.append(ring[0])
        return ring
    }

    private struct Side: Hashable {
        var start: Corner
        var end: Corner

        var reversed: Side { Side(start: end, end: start) }
    }

    /// The union of cells: exteriors with their holes, sides between two of the cells gone.
    func outline(of cells: Set<Cell>) -> [Polygon] {
        var sides = Set<Side>()
        for cell in cells {
            let corners = corners(of: cell)
            for i in 0..<6 {
                let side = Side(start: corners[i], end: corners[(i + 1) % 6])
                if sides.remove(side.reversed) == nil { sides.insert(side) }
            }
        }
        // Three cells meet in a corner, so a border passes it once at most.
        var next = Dictionary(uniqueKeysWithValues: sides.map { ($0.start, $0.end) })
        var exteriors: [[Coordinate]] = []
        var holes: [[Coordinate]] = []
        for start in next.keys.sorted() {
            guard next[start] != nil else { continue }
            var ring: [Coordinate] = []
            var corner = start
            while let following = next.removeValue(forKey: corner) {
                ring += side(from: corner, to: following)
                corner = following
            }
            ring.append(ring[0])
            if Self.area(ring) > 0 { exteriors.append(ring) } else { holes.append(ring) }
        }
        return exteriors.map { exterior in
            Polygon(rings: [exterior] + holes.filter { Self.contains(exterior, $0[0]) })
        }
    }

    static func area(_ ring: [Coordinate]) -> Double {
        var sum = 0.0
        for i in 1..<ring.count { sum += ring[i - 1].x * ring[i].y - ring[i].x * ring[i - 1].y }
        return sum / 2
    }

    static func contains(_ ring: [Coordinate], _ p: Coordinate) -> Bool {
        var inside = false
        for i in 1..<ring.count {
            let (a, b) = (ring[i - 1], ring[i])
            if (a.y > p.y) != (b.y > p.y), p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x { inside.toggle() }
        }
        return inside
    }
}

extension Coordinate {
    /// To the millimetre.
    var rounded: Coordinate { Coordinate(x: (x * 1000).rounded() / 1000, y: (y * 1000).rounded() / 1000) }

    func distance(to other: Coordinate) -> Double {
        ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
}
