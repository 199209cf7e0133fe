public import SimpleFeatures

/// Which part of the world is seeded. Longitude and latitude in degrees, CGCS2000.
public struct SeedArea: Sendable, Hashable, Codable {
    /// What people call it: the box, a feature's layer and id, a file.
    public var name: String
    /// West, south, east, north.
    private var box: [Double]
    /// Polygons of rings of positions; `nil` for the whole box.
    private var rings: [[[[Double]]]]?

    public init(name: String, envelope: Envelope) {
        self.name = name
        box = [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY]
    }

    /// - Parameter text: WEST,SOUTH,EAST,NORTH in degrees; `nil` for anything else.
    public init?(box text: String) {
        let ends = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0.filter { $0 != " " }) }
        guard ends.count == 4, ends.allSatisfy(\.isFinite), ends[0] < ends[2], ends[1] < ends[3], ends[0] >= -180, ends[2] <= 180,
            ends[1] >= -90, ends[3] <= 90
        else { return nil }
        self.init(name: text, envelope: Envelope(minX: ends[0], minY: ends[1], maxX: ends[2], maxY: ends[3]))
    }

    /// - Parameter polygons: not empty.
    public init(name: String, polygons: [Polygon]) {
        self.init(name: name, envelope: Geometry.multiPolygon(polygons).envelope)
        rings = polygons.map { $0.rings.map { $0.map { [$0.x, $0.y] } } }
    }

    public var envelope: Envelope {
        box.count == 4 ? Envelope(minX: box[0], minY: box[1], maxX: box[2], maxY: box[3]) : .empty
    }

    /// `nil` for the whole box.
    public var geometry: Geometry? {
        guard let rings else { return nil }
        return .multiPolygon(
            rings.map { polygon in
                Polygon(rings: polygon.map { $0.compactMap { $0.count == 2 ? Coordinate(x: $0[0], y: $0[1]) : nil } })
            })
    }
}
