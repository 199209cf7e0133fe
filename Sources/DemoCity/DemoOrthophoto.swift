import FeatureStore
import Foundation
import GeoTIFF
import Raster
import SimpleFeatures

/// A picture of the filled part of the city from above, painted from its own features.
struct DemoOrthophoto {
    private let landscape: Landscape
    private let districts: Districts
    private let filled: [Cell]
    /// Metres on the plane of EPSG:4547.
    private let box: Envelope
    let metresPerPixel: Double
    let width: Int
    let height: Int

    private static let longestSide = 4096
    private static let resolutionsInMetres = [0.5, 1, 2, 4, 8, 16, 32]
    private static let surroundingsInMetres = 150.0

    init?(districts: Districts, landscape: Landscape, filled: [Cell]) {
        var box = Envelope.empty
        for cell in filled {
            for position in districts.lattice.ring(of: cell) { box.formUnion(position) }
        }
        guard !box.isEmpty else { return nil }
        box = box.expanded(by: Self.surroundingsInMetres)
        let side = max(box.width, box.height)
        metresPerPixel = Self.resolutionsInMetres.first { side / $0 <= Double(Self.longestSide) } ?? side / Double(Self.longestSide)
        width = Int((box.width / metresPerPixel).rounded(.up))
        height = Int((box.height / metresPerPixel).rounded(.up))
        self.box = box
        self.landscape = landscape
        self.districts = districts
        self.filled = filled
    }

    func write(to path: String) throws {
        let picture = paint()
        var format = GeoTIFFWriter.Format()
        format.compression = .jpeg
        guard
            let reference = GeoReference(
                origin: Coordinate(x: box.minX, y: box.maxY), column: Coordinate(x: metresPerPixel, y: 0),
                row: Coordinate(x: 0, y: -metresPerPixel))
        else { throw DemoError(message: "the orthophoto has no size") }
        let writer = try GeoTIFFWriter(
            path: path, width: width, height: height, reference: reference, epsg: 4547, isGeographic: false, format: format)
        let texture = Texture(seed: districts.lattice.seed, metresPerPixel: metresPerPixel)
        try writer.write { x, y in texture.roughened(picture[x, y], x: x, y: y) }
        try writer.finish()
    }

    // MARK: Painting

    private enum Ground {
        static let field = Colour(red: 112, green: 118, blue: 84)
        static let village = Colour(red: 126, green: 121, blue: 98)
        static let housing = Colour(red: 128, green: 130, blue: 120)
        static let industry = Colour(red: 146, green: 145, blue: 140)
        static let wood = Colour(red: 58, green: 80, blue: 46)
        static let park = Colour(red: 86, green: 108, blue: 62)
        static let water = Colour(red: 62, green: 84, blue: 82)
        static let street = Colour(red: 150, green: 149, blue: 144)
        static let road = Colour(red: 120, green: 120, blue: 118)
        static let rail = Colour(red: 104, green: 94, blue: 84)
        static let shadow = Colour(red: 20, green: 24, blue: 30, alpha: 120)
        static let roofs = [
            Colour(red: 176, green: 172, blue: 164), Colour(red: 158, green: 110, blue: 88), Colour(red: 196, green: 194, blue: 190),
            Colour(red: 142, green: 140, blue: 136), Colour(red: 170, green: 134, blue: 112),
        ]
        /// Sheet metal.
        static let sheds = [
            Colour(red: 88, green: 128, blue: 172), Colour(red: 198, green: 202, blue: 204), Colour(red: 104, green: 140, blue: 176),
        ]
    }

    private func paint() -> Pixmap {
        var canvas = Canvas(width: width, height: height)
        canvas.clear(Ground.field)
        let places = filled.map { Neighbourhood(cell: $0, lattice: districts.lattice, obstacles: landscape.obstacles) }
        for place in places {
            let ground = [Ground.village, Ground.housing, Ground.industry][place.use.rawValue]
            fill(.polygon(Polygon(rings: [districts.lattice.ring(of: place.cell)])), ground, opacity: 0.75, &canvas)
        }
        for area in landscape.green { fill(area.geometry, area.kind == "林地" ? Ground.wood : Ground.park, &canvas) }
        for area in landscape.water { fill(area.geometry, Ground.water, &canvas) }
        for river in landscape.rivers { stroke(river.line, river.width, Ground.water, &canvas) }
        for place in places {
            for street in place.streets {
                for run in street.runs { stroke(run, street.width, Ground.street, &canvas) }
            }
        }
        for railway in landscape.railways { stroke(railway.line, 9, Ground.rail, &canvas) }
        for road in landscape.mainRoads + landscape.highways + landscape.expressways { stroke(road.line, max(road.width, 12), Ground.road, &canvas) }
        for place in places { paintBuildings(of: place, &canvas) }
        return canvas.pixmap()
    }

    /// The sun stands in the south-east at 45 degrees.
    private func paintBuildings(of place: Neighbourhood, _ canvas: inout Canvas) {
        for building in place.buildings {
            let length = Double(building.floors) * 3.2 * 0.6
            let shadow = building.geometry.mapPaths { $0.map { Coordinate(x: $0.x - length * 0.7, y: $0.y + length * 0.7) } }
            fill(shadow, Ground.shadow, &canvas)
        }
        var random = SeededGenerator(districts.lattice.seed, 95, place.cell.key)
        for building in place.buildings { fill(building.geometry, random.pick(place.use == .industry ? Ground.sheds : Ground.roofs), &canvas) }
    }

    private func fill(_ geometry: Geometry, _ colour: Colour, opacity: Float = 1, _ canvas: inout Canvas) {
        guard geometry.envelope.intersects(box) else { return }
        var path = Path()
        geometry.forEachPath { append($0, to: &path) }
        canvas.fill(PathSlice(path), rule: .evenOdd, paint: .colour(colour), opacity: opacity)
    }

    private func stroke(_ line: [Coordinate], _ widthInMetres: Double, _ colour: Colour, _ canvas: inout Canvas) {
        guard Geometry.lineString(line).envelope.expanded(by: widthInMetres).intersects(box) else { return }
        var path = Path()
        append(line, to: &path)
        canvas.stroke(
            PathSlice(path), stroke: Stroke(width: Float(widthInMetres / metresPerPixel), cap: .round, join: .round),
            paint: .colour(colour))
    }

    /// 24.8 pixels of the picture.
    private func append(_ positions: [Coordinate], to path: inout Path) {
        for position in positions {
            path.append(
                x: Int32(((position.x - box.minX) / metresPerPixel * 256).rounded()),
                y: Int32(((box.maxY - position.y) / metresPerPixel * 256).rounded()))
        }
        path.endPart()
    }
}

/// What makes flat paint look like ground: noise of three sizes, the same for the same seed.
struct Texture {
    let seed: UInt64
    let metresPerPixel: Double

    private static let grainsInMetres: [(size: Double, strength: Double)] = [(220, 13), (28, 12), (2.2, 15)]

    /// Straight RGBA of a painted pixel with the texture on it.
    func roughened(_ word: UInt32, x: Int, y: Int) -> UInt32 {
        var change = 0.0
        for (index, grain) in Self.grainsInMetres.enumerated() {
            let cells = max(grain.size / metresPerPixel, 1)
            change += (noise(Double(x) / cells, Double(y) / cells, UInt64(index)) - 0.5) * grain.strength
        }
        // Water is smooth, foliage rough: what is green beyond its other colours has the most texture.
        let (red, green, blue) = (Double(word & 255), Double(word >> 8 & 255), Double(word >> 16 & 255))
        let foliage = min(max((green - max(red, blue)) / 14, 0), 1)
        change *= blue > red + 12 && red < 90 ? 0.35 : 0.7 + 1.6 * foliage
        func channel(_ value: Double) -> UInt32 { UInt32(min(max(value + change, 0), 255)) }
        return 0xFF00_0000 | channel(red) | channel(green) << 8 | channel(blue) << 16
    }

    /// 0...1, smooth between the corners of a lattice of random values.
    private func noise(_ x: Double, _ y: Double, _ layer: UInt64) -> Double {
        let (column, row) = (x.rounded(.down), y.rounded(.down))
        let (u, v) = (eased(x - column), eased(y - row))
        func corner(_ dx: Double, _ dy: Double) -> Double {
            var hash = seed &+ layer &* 0x9E37_79B9_7F4A_7C15
            hash ^= UInt64(bitPattern: Int64(column + dx)) &* 0xBF58_476D_1CE4_E5B9
            hash ^= UInt64(bitPattern: Int64(row + dy)) &* 0x94D0_49BB_1331_11EB
            hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
            return Double((hash ^ hash >> 31) >> 11) * 0x1p-53
        }
        let top = corner(0, 0) * (1 - u) + corner(1, 0) * u
        let bottom = corner(0, 1) * (1 - u) + corner(1, 1) * u
        return top * (1 - v) + bottom * v
    }

    private func eased(_ t: Double) -> Double { t * t * (3 - 2 * t) }
}
