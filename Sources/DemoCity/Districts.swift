import Reprojection
import SimpleFeatures

/// A village or neighbourhood committee's area.
struct Community {
    /// Twelve digits: town and serial (001-199 neighbourhoods, 200-399 villages).
    var code: String
    var name: String
    /// Index of the town.
    var town: Int
    /// Ascending; the basic grids in it, in this order.
    var cells: [Cell]
}

/// Who owns which cell: towns near their real centres with about their real areas, communities inside them.
struct Districts {
    let lattice: HexLattice
    let towns: [DemoTables.Town]
    /// In EPSG:4547.
    let townCentres: [Coordinate]
    private(set) var townOfCell: [Cell: Int] = [:]
    private(set) var communities: [Community] = []
    private(set) var communityOfCell: [Cell: Int] = [:]

    static let cellCount = 2945

    init(tables: DemoTables, seed: UInt64, policy: DatumPolicy) throws {
        lattice = HexLattice(seed: seed)
        towns = tables.towns
        let operation = try CoordinateOperation(from: .cgcs2000, to: .gk114, policy: policy)
        var centres: [Coordinate] = []
        for town in towns {
            guard let place = operation.transform(Coordinate(x: town.centre[0], y: town.centre[1])) else {
                throw DemoError(message: "\(town.name) has no place in EPSG:4547")
            }
            centres.append(place)
        }
        townCentres = centres
        assignTowns()
        growCommunities(seed: seed)
    }

    /// A town's pull on a place: distance in units of the town's own radius.
    private func pull(_ town: Int, _ place: Coordinate) -> Double {
        place.distance(to: townCentres[town]) / (towns[town].areaKm2 / .pi).squareRoot()
    }

    private mutating func assignTowns() {
        var candidates: [(pull: Double, cell: Cell, town: Int)] = []
        for row in 0..<80 {
            for column in 0..<100 {
                let cell = Cell(row: row, column: column)
                let place = lattice.centre(of: cell)
                let nearest = towns.indices.map { (pull($0, place), $0) }.min { $0 < $1 } ?? (.infinity, 0)
                candidates.append((nearest.0, cell, nearest.1))
            }
        }
        candidates.sort { ($0.pull, $0.cell) < ($1.pull, $1.cell) }
        let chosen = Self.withoutHoles(candidates.map(\.cell))
        for candidate in candidates where chosen.contains(candidate.cell) { townOfCell[candidate.cell] = candidate.town }
        keepConnected()
    }

    /// The first of the cells, and all those that they enclose: `cellCount` together, or hardly fewer.
    private static func withoutHoles(_ cells: [Cell]) -> Set<Cell> {
        var count = cellCount
        while true {
            let first = Set(cells.prefix(count))
            let enclosed = enclosed(by: first, among: cells)
            let excess = first.count + enclosed.count - cellCount
            if excess <= 0 { return first.union(enclosed) }
            count -= excess
        }
    }

    /// The other cells from which no way leads out of the lattice.
    private static func enclosed(by cells: Set<Cell>, among all: [Cell]) -> Set<Cell> {
        var free = Set(all).subtracting(cells)
        // Whatever lies at the lattice's edge is outside.
        var queue = free.filter { cell in !cell.neighbours.allSatisfy { free.contains($0) || cells.contains($0) } }
        free.subtract(queue)
        while let cell = queue.popFirst() {
            for next in cell.neighbours where free.remove(next) != nil { queue.insert(next) }
        }
        return free
    }

    /// Gives every part of a town that is cut off from its centre to the neighbour it touches most, and drops what
    /// touches nothing.
    private mutating func keepConnected() {
        for _ in 0..<6 {
            var strays: [Cell] = []
            for town in towns.indices {
                let own = townOfCell.filter { $0.value == town }.keys.sorted()
                guard let start = own.min(by: { distance($0, town) < distance($1, town) }) else { continue }
                let reached = reach(from: start) { townOfCell[$0] == town }
                strays += own.filter { !reached.contains($0) }
            }
            if strays.isEmpty { return }
            for cell in strays.sorted() {
                let own = townOfCell[cell]
                var touching: [Int: Int] = [:]
                for neighbour in cell.neighbours {
                    if let town = townOfCell[neighbour], town != own { touching[town, default: 0] += 1 }
                }
                townOfCell[cell] = touching.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
            }
        }
    }

    private func distance(_ cell: Cell, _ town: Int) -> Double { lattice.centre(of: cell).distance(to: townCentres[town]) }

    private func reach(from start: Cell, _ belongs: (Cell) -> Bool) -> Set<Cell> {
        var reached: Set<Cell> = [start]
        var queue = [start]
        while let cell = queue.popLast() {
            for next in cell.neighbours where belongs(next) && reached.insert(next).inserted { queue.append(next) }
        }
        return reached
    }

    private mutating func growCommunities(seed: UInt64) {
        for town in towns.indices {
            let cells = townOfCell.filter { $0.value == town }.keys.sorted()
            guard !cells.isEmpty else { continue }
            let stated = towns[town].committees
            let count = min(cells.count, max(1, stated > 0 ? stated : Int((towns[town].areaKm2 / 4.2).rounded())))
            var random = SeededGenerator(seed, 3, UInt64(town))
            let names = PlaceNames.communities(count, &random)
            for (serial, members) in grow(cells, count, town).enumerated() {
                let isVillage = names[serial].hasSuffix("村")
                let number = serial + 1 + (isVillage ? 199 : 0)
                let digits = String(number)
                let code = towns[town].code + String(repeating: "0", count: 3 - digits.count) + digits
                for cell in members { communityOfCell[cell] = communities.count }
                communities.append(Community(code: code, name: names[serial], town: town, cells: members.sorted()))
            }
        }
    }

    /// Connected groups of about equal size, grown from seeds far from one another.
    private func grow(_ cells: [Cell], _ count: Int, _ town: Int) -> [[Cell]] {
        var seeds = [cells.min { distance($0, town) < distance($1, town) } ?? cells[0]]
        var nearest = cells.map { lattice.centre(of: $0).distance(to: lattice.centre(of: seeds[0])) }
        while seeds.count < count {
            let far = nearest.indices.max { (nearest[$0], -$0) < (nearest[$1], -$1) } ?? 0
            seeds.append(cells[far])
            let place = lattice.centre(of: cells[far])
            for i in cells.indices { nearest[i] = min(nearest[i], lattice.centre(of: cells[i]).distance(to: place)) }
        }
        var groups = seeds.map { [$0] }
        var free = Set(cells).subtracting(seeds)
        var isStuck = [Bool](repeating: false, count: count)
        while !free.isEmpty, let smallest = groups.indices.filter({ !isStuck[$0] }).min(by: { (groups[$0].count, $0) < (groups[$1].count, $1) }) {
            let home = lattice.centre(of: seeds[smallest])
            let border = Set(groups[smallest].flatMap(\.neighbours)).intersection(free).sorted()
            guard let next = border.min(by: { lattice.centre(of: $0).distance(to: home) < lattice.centre(of: $1).distance(to: home) })
            else {
                isStuck[smallest] = true
                continue
            }
            groups[smallest].append(next)
            free.remove(next)
            for i in isStuck.indices { isStuck[i] = false }
        }
        return groups
    }

    /// Fifteen digits: community and serial.
    func gridCode(of cell: Cell) -> String {
        guard let index = communityOfCell[cell], let serial = communities[index].cells.firstIndex(of: cell) else {
            preconditionFailure("every cell belongs to a community")
        }
        let digits = String(serial + 1)
        return communities[index].code + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
