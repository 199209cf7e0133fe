import Foundation
import SimpleFeatures

/// Streets, buildings and everything that hangs on them inside one basic grid, from a random stream of its own.
struct Neighbourhood {
    enum Use: Int {
        case village
        case housing
        case industry
    }

    struct Street {
        var name: String
        var runs: [[Coordinate]]
        var width: Double
    }

    struct Building {
        var ring: [Coordinate]
        /// An inner court, or empty.
        var court: [Coordinate]
        var floors: Int
        /// Middle of the front, and the unit vector away from the street.
        var front: Coordinate
        var inward: Coordinate
        /// Index of the street, distance along it in lots, whether on its left.
        var street: Int
        var lot: Int
        var isLeft: Bool
    }

    let cell: Cell
    let use: Use
    private(set) var streets: [Street] = []
    private(set) var buildings: [Building] = []

    private struct Pattern {
        var spacing: Double
        var lotWidth: Double
        var depth: Double
        var setback: Double
        var fill: Double
        var streetWidth: Double
    }

    private static let patterns: [Pattern] = [
        Pattern(spacing: 62, lotWidth: 15, depth: 13, setback: 5.5, fill: 0.46, streetWidth: 6),
        Pattern(spacing: 98, lotWidth: 36, depth: 20, setback: 9, fill: 0.72, streetWidth: 9),
        Pattern(spacing: 165, lotWidth: 78, depth: 58, setback: 13, fill: 0.79, streetWidth: 12),
    ]

    private let ring: [Coordinate]
    private let centre: Coordinate
    private let axis: (x: Double, y: Double)
    private let pattern: Pattern
    private let seed: UInt64

    init(cell: Cell, lattice: HexLattice, obstacles: Obstacles) {
        self.cell = cell
        seed = lattice.seed
        ring = lattice.ring(of: cell)
        centre = lattice.centre(of: cell)
        var random = SeededGenerator(seed, 50, cell.key)
        use = Use(rawValue: random.weighted([0.52, 0.3, 0.18])) ?? .village
        pattern = Self.patterns[use.rawValue]
        let angle = 0.5 * sin(centre.x / 5200) + 0.5 * cos(centre.y / 4300) + random.between(-0.15, 0.15)
        axis = (cos(angle), sin(angle))
        layOut(obstacles, &random)
    }

    /// A place given along and across the streets, gently bent so that nothing is ruled with a ruler.
    private func place(_ along: Double, _ across: Double) -> Coordinate {
        let x = centre.x + along * axis.x - across * axis.y
        let y = centre.y + along * axis.y + across * axis.x
        return Coordinate(x: x + 9 * sin(y / 131 + 1), y: y + 9 * sin(x / 117 + 2)).rounded
    }

    private func isInside(_ p: Coordinate) -> Bool { HexLattice.contains(ring, p) }

    private mutating func layOut(_ obstacles: Obstacles, _ random: inout SeededGenerator) {
        let reach = HexLattice.side * 1.35
        let names = PlaceNames.unique(64, &random) { PlaceNames.street(&$0) }
        let offset = random.between(0.2, 0.8) * pattern.spacing
        var across = -reach + offset
        var crossings: [Double] = []
        var at = -reach + random.between(60, 160)
        while at < reach {
            crossings.append(at)
            at += random.between(180, 300)
        }
        while across < reach {
            addStreet(names, suffix: use == .village ? "巷" : "街", obstacles) { $0.place($1, across) }
            if let street = streets.indices.last, !streets[street].runs.isEmpty {
                for isLeft in [false, true] {
                    addRow(street, across, isLeft, crossings, obstacles, &random)
                }
            }
            across += pattern.spacing * random.between(0.94, 1.06)
        }
        for crossing in crossings {
            addStreet(names, suffix: "路", obstacles) { $0.place(crossing, $1) }
        }
        streets.removeAll { $0.runs.isEmpty && $0.name.isEmpty }
    }

    /// A street along a line of the layout, where it lies inside the grid and not in water.
    private mutating func addStreet(_ names: [String], suffix: String, _ obstacles: Obstacles, _ line: (Self, Double) -> Coordinate) {
        var runs: [[Coordinate]] = []
        var run: [Coordinate] = []
        let reach = HexLattice.side * 1.35
        var at = -reach
        while at <= reach {
            let p = line(self, at)
            if isInside(p), !obstacles.blocks(p, margin: 2, waterOnly: true) {
                run.append(p)
            } else if !run.isEmpty {
                runs.append(run)
                run = []
            }
            at += 18
        }
        if !run.isEmpty { runs.append(run) }
        let name = names[streets.count % names.count] + suffix
        streets.append(Street(name: name, runs: runs.filter { $0.count > 3 }, width: pattern.streetWidth))
    }

    private mutating func addRow(
        _ street: Int, _ across: Double, _ isLeft: Bool, _ crossings: [Double], _ obstacles: Obstacles,
        _ random: inout SeededGenerator
    ) {
        let reach = HexLattice.side * 1.35
        let side: Double = isLeft ? 1 : -1
        var lot = 0
        var along = -reach
        while along < reach {
            defer {
                along += pattern.lotWidth
                lot += 1
            }
            let middle = along + pattern.lotWidth / 2
            let density = pattern.fill + 0.25 * sin(middle / 170 + Double(street)) * cos(across / 210)
            guard random.chance(density), !crossings.contains(where: { abs($0 - middle) < pattern.lotWidth / 2 + 7 }) else { continue }
            let width = pattern.lotWidth * random.between(0.68, 0.92)
            let depth = pattern.depth * random.between(0.75, 1)
            let near = across + side * pattern.setback
            let far = near + side * depth
            let shape = random.unit()
            let corners = [
                place(middle - width / 2, near), place(middle + width / 2, near), place(middle + width / 2, far),
                place(middle - width / 2, far),
            ]
            let heart = place(middle, (near + far) / 2)
            guard corners.allSatisfy({ isInside($0) && !obstacles.blocks($0, margin: 4) }), !obstacles.blocks(heart, margin: depth / 2)
            else { continue }
            var ring = corners
            var court: [Coordinate] = []
            if shape > 0.72, shape < 0.94 {
                let (cutWidth, cutDepth) = (width * random.between(0.3, 0.55), side * depth * random.between(0.3, 0.55))
                ring = [
                    corners[0], corners[1], place(middle + width / 2, far - cutDepth),
                    place(middle + width / 2 - cutWidth, far - cutDepth), place(middle + width / 2 - cutWidth, far), corners[3],
                ]
            } else if shape >= 0.94, use != .village {
                let inset = 0.27
                court = [
                    place(middle - width * inset, near + side * depth * inset), place(middle - width * inset, far - side * depth * inset),
                    place(middle + width * inset, far - side * depth * inset), place(middle + width * inset, near + side * depth * inset),
                ]
            }
            let floors: Int =
                switch use {
                case .village: 1 + random.weighted([1, 3, 6, 8, 7, 4, 1])
                case .housing: random.pick([6, 6, 7, 7, 8, 11, 18, 26, 32])
                case .industry: 1 + random.weighted([2, 3, 4, 3, 2])
                }
            let front = place(middle, near)
            let inner = place(middle, near + side)
            buildings.append(
                Building(
                    ring: Self.closed(ring, counterclockwise: true), court: court.isEmpty ? [] : Self.closed(court, counterclockwise: false),
                    floors: floors, front: front, inward: Coordinate(x: inner.x - front.x, y: inner.y - front.y), street: street,
                    lot: lot, isLeft: isLeft))
        }
    }

    private static func closed(_ ring: [Coordinate], counterclockwise: Bool) -> [Coordinate] {
        var ring = ring
        ring.append(ring[0])
        if (HexLattice.area(ring) > 0) != counterclockwise { ring.reverse() }
        return ring
    }
}
