import FoundationEssentials

/// The official tables the city is made from.
struct DemoTables {
    struct Town: Decodable {
        var code: String
        var name: String
        var kind: String
        /// 0 where the census gives none.
        var population: Int
        var areaKm2: Double
        /// Longitude, latitude.
        var centre: [Double]
        /// 0 where unknown.
        var committees: Int
    }

    struct FacilityType: Decodable {
        var code: String
        var name: String
        var category: String
        /// GeoJSON types the taxonomy allows.
        var geometry: [String]
        var department: String
    }

    let towns: [Town]
    let facilityTypes: [FacilityType]

    /// - Parameter directory: holds `towns.json` and `facility-types.json`.
    init(directory: String) throws(DemoError) {
        towns = try Self.read("\(directory)/towns.json")
        facilityTypes = try Self.read("\(directory)/facility-types.json")
    }

    private static func read<Document: Decodable>(_ path: String) throws(DemoError) -> Document {
        do {
            return try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw DemoError(message: "\(path) cannot be used: \(error)", cause: error)
        }
    }
}

/// Why the demo city cannot be made.
public struct DemoError: Error, Sendable, CustomStringConvertible {
    public var message: String
    public var cause: (any Error)?

    public var description: String { message }
}
