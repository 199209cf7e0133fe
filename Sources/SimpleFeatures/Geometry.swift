/// A two-dimensional simple feature geometry (OGC 06-103r4) without its CRS.
///
/// Heights and measures are not kept: a reader that meets them says so in its diagnostics. A value may be
/// invalid (self-crossing, unclosed): readers build what the file says and `Topology` judges and repairs it.
public enum Geometry: Hashable, Sendable {
    case point(Coordinate)
    /// Two or more positions.
    case lineString([Coordinate])
    case polygon(Polygon)
    case multiPoint([Coordinate])
    case multiLineString([[Coordinate]])
    case multiPolygon([Polygon])
    case geometryCollection([Geometry])
}

/// Rings of one polygon: the first is the exterior, the others are holes.
///
/// Rings are closed (the first position repeats at the end, four or more positions) when the polygon is
/// valid; winding is not normalised here.
public struct Polygon: Hashable, Sendable {
    public var rings: [[Coordinate]]

    public init(rings: [[Coordinate]]) {
        self.rings = rings
    }
}

/// The seven geometry types, with their WKB codes (OGC 06-103r4 table 7).
public enum GeometryKind: UInt8, Sendable, CaseIterable {
    case point = 1
    case lineString = 2
    case polygon = 3
    case multiPoint = 4
    case multiLineString = 5
    case multiPolygon = 6
    case geometryCollection = 7

    /// The name that GeoJSON and GeoPackage share up to letter case, for example `MultiPolygon`.
    public var name: String {
        switch self {
        case .point: "Point"
        case .lineString: "LineString"
        case .polygon: "Polygon"
        case .multiPoint: "MultiPoint"
        case .multiLineString: "MultiLineString"
        case .multiPolygon: "MultiPolygon"
        case .geometryCollection: "GeometryCollection"
        }
    }
}

/// What a geometry draws as: 0 for points, 1 for lines, 2 for areas.
public enum GeometryDimension: UInt8, Sendable, Comparable {
    case point = 0
    case line = 1
    case area = 2

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension Geometry {
    public var kind: GeometryKind {
        switch self {
        case .point: .point
        case .lineString: .lineString
        case .polygon: .polygon
        case .multiPoint: .multiPoint
        case .multiLineString: .multiLineString
        case .multiPolygon: .multiPolygon
        case .geometryCollection: .geometryCollection
        }
    }

    /// The highest dimension of any part; `nil` for an empty collection.
    public var dimension: GeometryDimension? {
        switch self {
        case .point, .multiPoint: .point
        case .lineString, .multiLineString: .line
        case .polygon, .multiPolygon: .area
        case .geometryCollection(let parts): parts.compactMap(\.dimension).max()
        }
    }

    /// Whether there is no position in it at all.
    public var isEmpty: Bool {
        switch self {
        case .point: false
        case .lineString(let c): c.isEmpty
        case .polygon(let p): p.rings.allSatisfy(\.isEmpty)
        case .multiPoint(let c): c.isEmpty
        case .multiLineString(let lines): lines.allSatisfy(\.isEmpty)
        case .multiPolygon(let polygons): polygons.allSatisfy { $0.rings.allSatisfy(\.isEmpty) }
        case .geometryCollection(let parts): parts.allSatisfy(\.isEmpty)
        }
    }

    /// Calls `body` with every run of positions (a point is a run of one), in document order.
    @inlinable
    public func forEachPath(_ body: ([Coordinate]) throws -> Void) rethrows {
        switch self {
        case .point(let c): try body([c])
        case .lineString(let c), .multiPoint(let c): try body(c)
        case .polygon(let p): for ring in p.rings { try body(ring) }
        case .multiLineString(let lines): for line in lines { try body(line) }
        case .multiPolygon(let polygons): for p in polygons { for ring in p.rings { try body(ring) } }
        case .geometryCollection(let parts): for part in parts { try part.forEachPath(body) }
        }
    }

    /// How many positions the geometry has, closing positions included.
    public var coordinateCount: Int {
        var n = 0
        forEachPath { n += $0.count }
        return n
    }

    /// The smallest box holding every position; empty for an empty geometry.
    public var envelope: Envelope {
        var box = Envelope.empty
        forEachPath { path in for c in path { box.formUnion(c) } }
        return box
    }

    /// The same geometry with every run of positions replaced by what `transform` gives for it.
    ///
    /// `transform` must return as many positions as it got.
    public func mapPaths(_ transform: ([Coordinate]) throws -> [Coordinate]) rethrows -> Geometry {
        switch self {
        case .point(let c): .point(try transform([c])[0])
        case .lineString(let c): .lineString(try transform(c))
        case .multiPoint(let c): .multiPoint(try transform(c))
        case .polygon(let p): .polygon(Polygon(rings: try p.rings.map(transform)))
        case .multiLineString(let lines): .multiLineString(try lines.map(transform))
        case .multiPolygon(let polygons):
            .multiPolygon(try polygons.map { Polygon(rings: try $0.rings.map(transform)) })
        case .geometryCollection(let parts): .geometryCollection(try parts.map { try $0.mapPaths(transform) })
        }
    }
}
