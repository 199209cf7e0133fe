import Foundation
import Reprojection
import SimpleFeatures
import Topology

/// Water, woods, main roads and railways of the whole city, the same at every scale.
struct Landscape {
    struct Area {
        var name: String
        var kind: String
        var geometry: Geometry
    }

    struct Course {
        var name: String
        var kind: String
        /// Road number such as `G94`; empty where there is none.
        var ref: String
        var width: Double
        var line: [Coordinate]
    }

    private(set) var water: [Area] = []
    private(set) var green: [Area] = []
    private(set) var rivers: [Course] = []
    private(set) var railways: [Course] = []
    private(set) var expressways: [Course] = []
    private(set) var highways: [Course] = []
    private(set) var mainRoads: [Course] = []
    private(set) var obstacles = Obstacles()
    /// The land around the city.
    private(set) var surroundings = Geometry.multiPolygon([])

    /// Longitude and latitude of bends, width in metres.
    private static let riverCourses: [(name: String, width: Double, bends: [[Double]])] = [
        ("东江", 210, [[114.75, 23.2], [114.58, 23.17], [114.42, 23.09], [114.28, 23.12], [114.17, 23.07], [114.07, 23.03], [114.02, 23.075], [113.95, 23.105], [113.87, 23.118], [113.79, 23.115], [113.71, 23.105], [113.62, 23.1], [113.54, 23.07]]),
        ("东江南支流", 130, [[113.85, 23.115], [113.80, 23.07], [113.75, 23.045], [113.70, 23.02], [113.64, 22.985], [113.585, 22.955], [113.54, 22.945]]),
        ("寒溪河", 42, [[114.03, 22.95], [113.97, 22.98], [113.92, 23.01], [113.88, 23.03], [113.84, 23.07], [113.80, 23.07]]),
        ("石马河", 48, [[114.06, 22.64], [114.10, 22.74], [114.10, 22.80], [114.08, 22.86], [114.10, 22.93], [114.07, 23.0], [114.07, 23.03]]),
        ("茅洲河", 50, [[113.90, 22.79], [113.85, 22.77], [113.80, 22.745], [113.76, 22.73]]),
        ("厚街水道", 60, [[113.72, 22.99], [113.69, 22.95], [113.64, 22.91], [113.60, 22.88]]),
        ("西江", 420, [[112.45, 23.05], [112.7, 23.1], [112.86, 22.98], [112.98, 22.82], [113.08, 22.7], [113.12, 22.55], [113.2, 22.4], [113.33, 22.25], [113.41, 22.09]]),
        ("北江", 300, [[113.0, 23.75], [113.05, 23.55], [112.93, 23.35], [112.88, 23.18], [113.0, 23.02], [113.15, 22.95], [113.3, 22.88], [113.42, 22.78], [113.55, 22.73]]),
        ("增江", 110, [[113.83, 23.4], [113.84, 23.28], [113.82, 23.18], [113.79, 23.115]]),
        ("太平水道", 70, [[113.70, 22.86], [113.67, 22.82], [113.64, 22.79], [113.62, 22.76]]),
    ]

    private static let expresswayCourses: [(name: String, ref: String, bends: [[Double]])] = [
        ("京港澳高速", "G4", [[113.42, 23.55], [113.42, 23.3], [113.50, 23.17], [113.60, 23.09], [113.68, 23.05], [113.70, 22.97], [113.69, 22.88], [113.75, 22.80], [113.83, 22.76], [113.95, 22.66], [114.03, 22.56]]),
        ("广深沿江高速", "S3", [[113.48, 23.12], [113.56, 23.04], [113.58, 22.95], [113.62, 22.86], [113.66, 22.77], [113.75, 22.745], [113.81, 22.68], [113.84, 22.58], [113.89, 22.50]]),
        ("珠三角环线高速", "G94", [[113.12, 22.86], [113.3, 22.8], [113.46, 22.8], [113.62, 22.83], [113.75, 22.86], [113.86, 22.87], [113.96, 22.86], [114.08, 22.85], [114.22, 22.86], [114.38, 22.95], [114.5, 23.05]]),
        ("莞佛高速", "G9411", [[113.2, 22.98], [113.36, 22.96], [113.56, 22.93], [113.68, 22.92], [113.80, 22.93], [113.90, 22.96], [114.02, 22.97], [114.16, 22.96], [114.34, 22.9], [114.6, 22.85], [114.95, 22.9]]),
        ("从莞高速", "S29", [[113.8, 23.5], [113.9, 23.3], [113.98, 23.11], [113.99, 23.03], [113.98, 22.94], [114.05, 22.85], [114.12, 22.76], [114.15, 22.66]]),
        ("龙大高速", "S31", [[113.86, 23.05], [113.87, 22.98], [113.90, 22.90], [113.95, 22.83], [113.97, 22.76], [114.0, 22.68], [114.03, 22.62]]),
        ("甬莞高速", "G1523", [[113.95, 23.06], [114.04, 23.02], [114.12, 22.98], [114.24, 22.95], [114.42, 23.05], [114.7, 23.1], [115.1, 23.12]]),
    ]

    private static let highwayCourses: [(name: String, ref: String, bends: [[Double]])] = [
        ("107国道", "G107", [[113.35, 23.16], [113.52, 23.13], [113.64, 23.10], [113.69, 23.06], [113.74, 23.02], [113.73, 22.95], [113.71, 22.88], [113.76, 22.83], [113.82, 22.79], [113.9, 22.64], [114.0, 22.55]]),
        ("莞龙路", "S120", [[113.75, 23.04], [113.80, 23.05], [113.86, 23.09], [113.94, 23.08], [114.02, 23.06]]),
        ("莞长路", "S358", [[113.76, 23.00], [113.80, 22.94], [113.84, 22.90], [113.81, 22.83], [113.80, 22.80]]),
        ("莞樟路", "S357", [[113.79, 23.01], [113.86, 22.99], [113.94, 22.98], [114.00, 22.96], [114.07, 22.91]]),
        ("东深公路", "S359", [[114.08, 23.01], [114.07, 22.91], [114.09, 22.82], [114.13, 22.75]]),
        ("环城路", "X233", [[113.70, 23.06], [113.78, 23.06], [113.82, 23.01], [113.78, 22.97], [113.71, 22.98], [113.70, 23.06]]),
        ("港口大道", "X232", [[113.58, 22.99], [113.62, 22.95], [113.67, 22.93], [113.73, 22.94], [113.79, 22.97]]),
    ]

    private static let railwayCourses: [(name: String, kind: String, bends: [[Double]])] = [
        ("广九铁路", "铁路", [[113.25, 23.15], [113.5, 23.16], [113.80, 23.13], [113.87, 23.09], [113.93, 23.03], [114.00, 22.97], [114.07, 22.89], [114.10, 22.80], [114.14, 22.73], [114.12, 22.55]]),
        ("穗莞深城际", "城际铁路", [[113.58, 23.06], [113.64, 23.02], [113.67, 22.95], [113.69, 22.87], [113.74, 22.82], [113.80, 22.78]]),
        ("东莞轨道交通2号线", "轨道交通", [[113.86, 23.09], [113.80, 23.05], [113.75, 23.02], [113.71, 22.97], [113.69, 22.90], [113.68, 22.83]]),
    ]

    private let seed: UInt64
    private let toPlane: (Coordinate) throws -> Coordinate

    init(districts: Districts, seed: UInt64, policy: DatumPolicy) throws {
        self.seed = seed
        let operation = try CoordinateOperation(from: .cgcs2000, to: .gk114, policy: policy)
        let box = OperationBox(operation)
        toPlane = { place in
            guard let carried = box.operation.transform(place) else {
                throw DemoError(message: "\(place.x), \(place.y) has no place in EPSG:4547")
            }
            return carried
        }
        let topology = try TopologyContext()
        try addRivers(topology)
        try addSea(districts, topology)
        try addLakes()
        try addGreen(districts)
        try addRoads()
        addBorderRoads(districts)
    }

    private final class OperationBox {
        let operation: CoordinateOperation

        init(_ operation: consuming CoordinateOperation) { self.operation = operation }
    }

    // MARK: Water

    private mutating func addRivers(_ topology: borrowing TopologyContext) throws {
        for (index, river) in Self.riverCourses.enumerated() {
            let line = try course(river.bends, wiggle: 45, key: 100 + UInt64(index))
            obstacles.add(line: line, halfWidth: river.width / 2 + 12, isWater: true)
            rivers.append(Course(name: river.name, kind: "河流", ref: "", width: river.width, line: line))
            let body = try topology.buffer(.lineString(line), by: river.width / 2)
            water.append(Area(name: river.name, kind: "河流", geometry: body.roundedPositions))
        }
        var random = SeededGenerator(seed, 20)
        for index in 0..<60 {
            let start = Coordinate(x: random.between(113.56, 114.2), y: random.between(22.74, 23.1))
            var bends = [[start.x, start.y]]
            var angle = random.between(0, 2 * .pi)
            for _ in 0..<4 {
                angle += random.between(-0.7, 0.7)
                bends.append([bends[bends.count - 1][0] + 0.012 * cos(angle), bends[bends.count - 1][1] + 0.011 * sin(angle)])
            }
            let line = try course(bends, wiggle: 30, key: 200 + UInt64(index))
            let width = random.between(8, 20)
            obstacles.add(line: line, halfWidth: width / 2 + 6, isWater: true)
            rivers.append(Course(name: PlaceNames.water(&random) + "涌", kind: "河涌", ref: "", width: width, line: line))
        }
    }

    private mutating func addSea(_ districts: Districts, _ topology: borrowing TopologyContext) throws {
        let city = Geometry.multiPolygon(districts.lattice.outline(of: Set(districts.townOfCell.keys)))
        let coast = try Coast(around: city, seed: seed, topology: topology, toPlane: toPlane)
        for area in coast.sea { water.append(Area(name: "珠江口", kind: "海域", geometry: area)) }
        surroundings = coast.surroundings
    }

    private mutating func addLakes() throws {
        var random = SeededGenerator(seed, 21)
        let named: [(String, Double, Double, Double)] = [
            ("松山湖", 113.895, 22.915, 1350), ("同沙水库", 113.79, 22.975, 800), ("横岗水库", 113.735, 22.90, 420),
            ("契爷石水库", 114.16, 22.80, 520), ("黄牛埔水库", 114.0, 22.86, 430), ("虾公岩水库", 114.09, 22.77, 480),
            ("茅輋水库", 114.19, 22.87, 560), ("水濂山水库", 113.74, 22.955, 360),
        ]
        for (index, lake) in named.enumerated() {
            try addLake(lake.0, lake.0.hasSuffix("湖") ? "湖泊" : "水库", Coordinate(x: lake.1, y: lake.2), lake.3, key: 300 + UInt64(index))
        }
        for index in 0..<420 {
            let place = Coordinate(x: random.between(113.54, 113.72), y: random.between(22.86, 23.1))
            try addLake("", "坑塘", place, random.between(28, 75), key: 400 + UInt64(index))
        }
    }

    private mutating func addLake(_ name: String, _ kind: String, _ place: Coordinate, _ radius: Double, key: UInt64) throws {
        let centre = try toPlane(place)
        water.append(Area(name: name, kind: kind, geometry: .polygon(Polygon(rings: [Self.blob(centre, radius, seed: seed, key: key)]))))
        obstacles.add(disc: centre, radius: radius * 1.3, isWater: true)
    }

    // MARK: Green

    private mutating func addGreen(_ districts: Districts) throws {
        var random = SeededGenerator(seed, 22)
        let woods: [(String, Double, Double, Double)] = [
            ("大岭山森林公园", 113.79, 22.87, 3300), ("银瓶山森林公园", 114.21, 22.90, 3600), ("观音山国家森林公园", 114.11, 22.93, 1700),
            ("水濂山森林公园", 113.735, 22.965, 1200), ("旗峰公园", 113.765, 23.02, 520), ("大屏嶂森林公园", 114.15, 22.84, 2400),
            ("清溪山", 114.22, 22.80, 2300), ("巍峨山", 113.98, 22.89, 1500), ("宝山", 114.03, 22.90, 1100), ("莲花山", 113.84, 22.85, 1300),
        ]
        for (index, wood) in woods.enumerated() {
            let centre = try toPlane(Coordinate(x: wood.1, y: wood.2))
            green.append(Area(name: wood.0, kind: "林地", geometry: .polygon(Polygon(rings: [Self.blob(centre, wood.3, seed: seed, key: 900 + UInt64(index))]))))
            obstacles.add(disc: centre, radius: wood.3, isWater: false)
        }
        let cells = districts.townOfCell.keys.sorted()
        for index in 0..<360 {
            let cell = cells[random.below(cells.count)]
            let centre = districts.lattice.centre(of: cell)
            let place = Coordinate(x: centre.x + random.between(-250, 250), y: centre.y + random.between(-250, 250))
            let radius = random.between(45, 150)
            guard !obstacles.blocks(place, margin: 60) else { continue }
            let name = PlaceNames.water(&random) + (random.chance(0.7) ? "公园" : "广场")
            green.append(Area(name: name, kind: "公园", geometry: .polygon(Polygon(rings: [Self.blob(place, radius, seed: seed, key: 1000 + UInt64(index))]))))
            obstacles.add(disc: place, radius: radius * 1.2, isWater: false)
        }
    }

    // MARK: Roads

    private mutating func addRoads() throws {
        for (index, road) in Self.expresswayCourses.enumerated() {
            let line = try course(road.bends, wiggle: 20, key: 1500 + UInt64(index))
            obstacles.add(line: line, halfWidth: 22, isWater: false)
            expressways.append(Course(name: road.name, kind: "高速公路", ref: road.ref, width: 33, line: line))
        }
        for (index, road) in Self.highwayCourses.enumerated() {
            let line = try course(road.bends, wiggle: 25, key: 1600 + UInt64(index))
            obstacles.add(line: line, halfWidth: 18, isWater: false)
            let kind = road.ref.hasPrefix("G") ? "国道" : road.ref.hasPrefix("S") ? "省道" : "县道"
            highways.append(Course(name: road.name, kind: kind, ref: road.ref, width: 26, line: line))
        }
        for (index, line) in Self.railwayCourses.enumerated() {
            let course = try course(line.bends, wiggle: 10, key: 1700 + UInt64(index))
            obstacles.add(line: course, halfWidth: 10, isWater: false)
            railways.append(Course(name: line.name, kind: line.kind, ref: "", width: 8, line: course))
        }
    }

    /// Main roads run along the borders of communities and towns.
    private mutating func addBorderRoads(_ districts: Districts) {
        var random = SeededGenerator(seed, 23)
        var names: [Pair: String] = [:]
        for cell in districts.townOfCell.keys.sorted() {
            let corners = districts.lattice.corners(of: cell)
            for (side, neighbour) in cell.neighbours.prefix(3).enumerated() {
                guard let here = districts.communityOfCell[cell], let there = districts.communityOfCell[neighbour], here != there
                else { continue }
                let isTownBorder = districts.communities[here].town != districts.communities[there].town
                var own = SeededGenerator(seed, 24, UInt64(min(here, there)), UInt64(max(here, there)))
                guard own.chance(isTownBorder ? 0.8 : 0.6) else { continue }
                let (a, b) = (corners[side], corners[(side + 1) % 6])
                let line = districts.lattice.side(from: a, to: b) + [districts.lattice.position(of: b)]
                let pair = Pair(a: min(here, there), b: max(here, there))
                if names[pair] == nil { names[pair] = PlaceNames.street(&random) + (isTownBorder ? "大道" : "路") }
                mainRoads.append(
                    Course(name: names[pair] ?? "", kind: isTownBorder ? "主干路" : "次干路", ref: "", width: isTownBorder ? 24 : 18, line: line))
                obstacles.add(line: line, halfWidth: isTownBorder ? 15 : 12, isWater: false)
            }
        }
    }

    private struct Pair: Hashable {
        var a: Int
        var b: Int
    }

    // MARK: Shapes

    /// A smooth line through bends given in longitude and latitude.
    private func course(_ bends: [[Double]], wiggle: Double, key: UInt64) throws -> [Coordinate] {
        let points = try bends.map { try toPlane(Coordinate(x: $0[0], y: $0[1])) }
        var random = SeededGenerator(seed, key)
        let phase = (random.between(0, 6.28), random.between(0, 6.28))
        var line: [Coordinate] = []
        var travelled = 0.0
        for i in 0..<(points.count - 1) {
            let (p0, p1) = (points[max(i - 1, 0)], points[i])
            let (p2, p3) = (points[i + 1], points[min(i + 2, points.count - 1)])
            let steps = max(2, Int(p1.distance(to: p2) / 70))
            for step in 0..<steps {
                let t = Double(step) / Double(steps)
                let x = Self.catmullRom(p0.x, p1.x, p2.x, p3.x, t)
                let y = Self.catmullRom(p0.y, p1.y, p2.y, p3.y, t)
                let shift = wiggle * sin(travelled / 520 + phase.0) + wiggle * 0.5 * sin(travelled / 190 + phase.1)
                line.append(Coordinate(x: x + shift * 0.7, y: y + shift * 0.7).rounded)
                travelled += p1.distance(to: p2) / Double(steps)
            }
        }
        line.append(points[points.count - 1].rounded)
        return line
    }

    private static func catmullRom(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ t: Double) -> Double {
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
    }

    /// A closed ring of rounded, uneven outline.
    static func blob(_ centre: Coordinate, _ radius: Double, seed: UInt64, key: UInt64) -> [Coordinate] {
        var random = SeededGenerator(seed, 30, key)
        let waves = (2...6).map { n in (Double(n), random.between(-0.35, 0.35) / Double(n), random.between(0, 6.28)) }
        let count = max(16, min(160, Int(radius / 6)))
        var ring = (0..<count).map { i -> Coordinate in
            let angle = 2 * Double.pi * Double(i) / Double(count)
            let reach = radius * (1 + waves.reduce(0) { $0 + $1.1 * sin($1.0 * angle + $1.2) })
            return Coordinate(x: centre.x + reach * cos(angle), y: centre.y + reach * sin(angle)).rounded
        }
        ring.append(ring[0])
        return ring
    }
}

extension Geometry {
    /// Every position to the millimetre.
    var roundedPositions: Geometry { mapPaths { $0.map(\.rounded) } }
}
