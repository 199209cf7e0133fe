import SimpleFeatures
import Topology

/// The sea off the Pearl River Delta and the land around the city, as far as a screen shows at level 8.
///
/// The bends follow the real shores coarsely and are roughened from the seed; where the shore is the city's own, it
/// is exactly the city's border with a dyke of land before it.
struct Coast {
    /// Areas of sea, in EPSG:4547.
    let sea: [Geometry]
    /// All land that is not the city's, in EPSG:4547.
    let surroundings: Geometry

    /// From the Leizhou peninsula eastward to Macau and up the west bank of the estuary to Guangzhou.
    private static let westShore: [[Double]] = [
        [107.0, 21.45], [108.0, 21.55], [108.6, 21.65], [109.1, 21.45], [109.6, 21.5], [109.75, 21.1], [109.7, 20.6],
        [109.95, 20.25], [110.35, 20.3], [110.55, 20.75], [110.4, 21.1], [110.75, 21.35], [111.3, 21.5], [111.8, 21.6],
        [112.05, 21.75], [112.5, 21.7], [112.9, 21.85], [113.08, 22.06], [113.25, 21.98], [113.42, 22.08], [113.55, 22.12],
        [113.57, 22.22], [113.62, 22.3], [113.58, 22.42], [113.63, 22.5], [113.56, 22.58], [113.6, 22.66], [113.535, 22.735],
        [113.552, 22.8], [113.512, 22.88], [113.488, 22.95], [113.485, 23.02], [113.462, 23.05], [113.41, 23.07], [113.33, 23.09],
        [113.25, 23.1],
    ]

    /// From Guangzhou down to the city and, inside it, to its last shore: cut away with the city.
    private static let cityShore: [[Double]] = [
        [113.25, 23.108], [113.33, 23.104], [113.42, 23.087], [113.475, 23.075], [113.515, 23.07], [113.54, 23.04], [113.58, 22.98],
        [113.61, 22.9], [113.64, 22.82], [113.68, 22.77], [113.74, 22.745],
    ]

    /// From the city's south along Shenzhen, Kowloon and Daya Bay to the strait.
    private static let eastShore: [[Double]] = [
        [113.765, 22.725], [113.79, 22.68], [113.8, 22.62], [113.83, 22.56], [113.86, 22.5], [113.88, 22.455], [113.93, 22.48],
        [113.99, 22.51], [114.04, 22.5], [113.99, 22.47], [113.93, 22.42], [113.9, 22.36], [114.0, 22.36], [114.08, 22.35],
        [114.14, 22.3], [114.2, 22.29], [114.27, 22.27], [114.33, 22.38], [114.3, 22.5], [114.24, 22.55], [114.33, 22.58],
        [114.45, 22.52], [114.55, 22.47], [114.62, 22.52], [114.55, 22.62], [114.62, 22.72], [114.72, 22.76], [114.76, 22.66],
        [114.85, 22.6], [114.93, 22.68], [115.1, 22.72], [115.3, 22.82], [115.6, 22.75], [115.8, 22.8], [116.1, 22.83],
        [116.5, 22.95], [116.75, 23.25], [117.1, 23.5], [117.3, 23.65], [117.7, 23.95], [118.1, 24.35], [118.6, 24.6],
        [119.0, 25.1], [119.6, 25.4], [120.0, 25.7],
    ]

    /// West, south, east, north in degrees.
    private static let reach = (west: 107.0, south: 18.5, east: 120.0, north: 27.5)

    /// Longitude, latitude, radius in metres.
    private static let islands: [(Double, Double, Double)] = [
        (113.64, 22.69, 1500), (113.8, 22.41, 1300), (113.655, 22.41, 1700), (113.95, 22.25, 7200), (114.18, 22.245, 4200),
        (113.72, 21.95, 1700), (114.25, 22.04, 1600), (112.77, 21.66, 5200), (114.02, 22.12, 1500), (113.55, 21.87, 1300),
    ]

    /// - Parameters:
    ///   - city: the city's area in EPSG:4547.
    ///   - toPlane: longitude and latitude to EPSG:4547.
    init(
        around city: Geometry, seed: UInt64, topology: borrowing TopologyContext, toPlane: (Coordinate) throws -> Coordinate
    ) throws {
        func plane(_ bends: [[Double]]) throws -> [Coordinate] {
            try bends.map { try toPlane(Coordinate(x: $0[0], y: $0[1])) }
        }
        let centre = city.envelope.centre
        var ring = Self.roughened(try plane(Self.westShore), from: centre, SeededGenerator(seed, 2001))
        ring += try plane(Self.cityShore)
        ring += Self.roughened(try plane(Self.eastShore), from: centre, SeededGenerator(seed, 2002))
        ring += try plane([[Self.reach.east, Self.reach.south], [Self.reach.west, Self.reach.south]])
        ring.append(ring[0])
        var water = try topology.repaired(.polygon(Polygon(rings: [ring]))).geometry
        water = try topology.difference(water, try topology.buffer(city, by: 120))
        for (index, island) in Self.islands.enumerated() {
            let place = try toPlane(Coordinate(x: island.0, y: island.1))
            let shore = Landscape.blob(place, island.2, seed: seed, key: 2100 + UInt64(index))
            water = try topology.difference(water, .polygon(Polygon(rings: [shore])))
        }
        sea = try Self.parts(of: water.roundedPositions).filter { try topology.area(of: $0) > 50_000 }
        let box = Self.reach
        let corners = [[box.west, box.south], [box.east, box.south], [box.east, box.north], [box.west, box.north], [box.west, box.south]]
        let land = Geometry.polygon(Polygon(rings: [try plane(corners)]))
        surroundings = try topology.difference(try topology.difference(land, water), city).roundedPositions
    }

    private static func parts(of geometry: Geometry) -> [Geometry] {
        if case .multiPolygon(let polygons) = geometry { return polygons.map { .polygon($0) } }
        return [geometry]
    }

    /// A shore with bays of every size: the middle of each stretch moves sideways until the stretches are short, which
    /// far from the city is sooner.
    private static func roughened(_ bends: [Coordinate], from centre: Coordinate, _ generator: SeededGenerator) -> [Coordinate] {
        var random = generator
        var line = [bends[0]]
        for next in bends.dropFirst() {
            append(from: line[line.count - 1], to: next, centre, &random, &line)
            line.append(next)
        }
        return line.map(\.rounded)
    }

    private static func append(
        from a: Coordinate, to b: Coordinate, _ centre: Coordinate, _ random: inout SeededGenerator, _ line: inout [Coordinate]
    ) {
        let finest = a.distance(to: centre) < 100_000 ? 260.0 : 1_800.0
        guard a.distance(to: b) > finest else { return }
        let shift = random.between(-0.11, 0.11)
        let middle = Coordinate(x: (a.x + b.x) / 2 - (b.y - a.y) * shift, y: (a.y + b.y) / 2 + (b.x - a.x) * shift)
        append(from: a, to: middle, centre, &random, &line)
        line.append(middle)
        append(from: middle, to: b, centre, &random, &line)
    }
}
