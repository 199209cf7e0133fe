import SimpleFeatures

/// One geometry of each kind, with holes and several parts.
enum GeometrySamples {
    static let ring = [(0.0, 0.0), (10, 0), (10, 10), (0, 10), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) }
    static let hole = [(2.0, 2.0), (2, 4), (4, 4), (4, 2), (2, 2)].map { Coordinate(x: $0.0, y: $0.1) }
    static let line = [(113.75, 23.05), (113.751, 23.0512345), (-1e-7, 1e7)].map { Coordinate(x: $0.0, y: $0.1) }

    static let all: [Geometry] = [
        .point(Coordinate(x: 113.75, y: 23.05)),
        .lineString(line),
        .polygon(Polygon(rings: [ring, hole])),
        .multiPoint(line),
        .multiLineString([line, ring]),
        .multiPolygon([Polygon(rings: [ring, hole]), Polygon(rings: [ring])]),
        .geometryCollection([.point(Coordinate(x: 1, y: 2)), .geometryCollection([.lineString(line)])]),
        .multiPolygon([]),
    ]
}
