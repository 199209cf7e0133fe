import Foundation
import SimpleFeatures

/// The facilities of one basic grid, of all types that the taxonomy names.
struct FacilityRecords {
    struct Facility {
        var type: Int
        var name: String
        var geometry: Geometry
        var address: String
        var status: String
    }

    private(set) var facilities: [Facility] = []

    /// How many of each type stand in a grid of four hundred buildings, by code; the rest are rare.
    private static let frequency: [String: Double] = [
        "SS0303": 150, "SS0302": 120, "SS0101": 90, "SS0304": 42, "SS0102": 40, "SS0202": 30, "SS0503": 28, "SS0505": 22,
        "SS0501": 20, "SS0502": 20, "SS0504": 14, "SS0506": 16, "SS0401": 12, "SS0602": 14, "SS0201": 8, "SS0104": 10,
        "SS0507": 8, "SS0601": 4, "SS0203": 4, "SS0306": 3, "SS0305": 1.5, "SS0103": 0.8, "SS0105": 3, "SS0301": 0.7,
        "SS0603": 0.5, "SS0605": 0.6, "SS0405": 0.5, "SS0403": 0.3, "SS0404": 0.25, "SS0604": 0.35, "SS0205": 0.3,
        "SS0206": 0.25, "SS0402": 0.6, "SS0310": 2.5, "SS0106": 0.3,
    ]

    init(records: GridRecords, tables: DemoTables) {
        var random = SeededGenerator(records.seed, 70, records.neighbourhood.cell.key)
        let neighbourhood = records.neighbourhood
        let roads = neighbourhood.streets.flatMap { street in street.runs.map { (street.name, $0) } }
        guard !roads.isEmpty, !records.plates.isEmpty else { return }
        let scale = Double(neighbourhood.buildings.count) / 400
        for (index, type) in tables.facilityTypes.enumerated() {
            let expected = (Self.frequency[type.code] ?? 0.04) * max(scale, 0.15)
            let count = Int(expected) + (random.chance(expected - expected.rounded(.down)) ? 1 : 0)
            for serial in 0..<count {
                let kind = random.pick(type.geometry)
                let (street, run) = random.pick(roads)
                let plate = random.pick(records.plates)
                let geometry = Self.geometry(kind, type.code, run, plate, &random)
                let name = "\(street)\(type.name)\(serial + 1)号"
                let status = random.chance(0.93) ? "正常" : random.chance(0.5) ? "损坏" : "维修"
                facilities.append(
                    Facility(type: index, name: name, geometry: geometry, address: plate.address, status: status))
            }
        }
    }

    private static let alongStreets: Set<String> = [
        "SS0303", "SS0302", "SS0102", "SS0202", "SS0304", "SS0201", "SS0203", "SS0401", "SS0101", "SS0301", "SS0603",
    ]

    private static func geometry(
        _ kind: String, _ code: String, _ run: [Coordinate], _ plate: GridRecords.Plate, _ random: inout SeededGenerator
    ) -> Geometry {
        switch kind {
        case "LineString":
            let start = random.below(max(1, run.count - 4))
            let piece = run[start..<min(run.count, start + random.below(6) + 3)].map {
                Coordinate(x: $0.x + 2.2, y: $0.y + 2.2).rounded
            }
            return .lineString(Array(piece))
        case "Polygon":
            let middle = run[random.below(run.count)]
            let (w, h) = (random.between(9, 26), random.between(9, 20))
            let ring = [(-w, -h), (w, -h), (w, h), (-w, h), (-w, -h)].map {
                Coordinate(x: middle.x + $0.0, y: middle.y + $0.1).rounded
            }
            return .polygon(Polygon(rings: [ring]))
        default:
            if alongStreets.contains(code) {
                let at = run[random.below(run.count)]
                return .point(Coordinate(x: at.x + random.between(-3.4, 3.4), y: at.y + random.between(-3.4, 3.4)).rounded)
            }
            return .point(
                Coordinate(x: plate.place.x + random.between(-5, 5), y: plate.place.y + random.between(-5, 5)).rounded)
        }
    }
}
