internal import Foundation
public import SimpleFeatures
public import Tiling
internal import Wording

/// A geometry as requests of ArcGIS REST give it: JSON, or bare ordinates for points and envelopes.
public struct EsriGeometry: Hashable, Sendable {
    public var geometry: Geometry
    /// `nil` where the geometry does not say it.
    public var crs: CRSIdentifier?

    /// Positions of one geometry.
    public static let positionLimit = 100_000
    /// Rings of one geometry: each hole looks for its exterior among all of them.
    public static let ringLimit = 2000

    /// - Parameters:
    ///   - text: the value of a parameter.
    ///   - type: `esriGeometryPoint` and the like; `nil` where the form of the JSON says it.
    ///   - name: of the parameter, for refusals.
    public init(_ text: String, type: String?, parameter name: String = "geometry") throws(EsriError) {
        let expected = LocalisedText(zh: "esriGeometryEnvelope、Point、Polygon 等形式的几何", en: "a geometry in Esri's JSON, x,y, or xmin,ymin,xmax,ymax")
        let isJSON = text.contains("{")
        guard let document = isJSON ? Self.document(text) : Self.bare(text, type: type), let geometry = document.geometry, Self.isFinite(geometry) else {
            throw .parameter(name, text, expected: expected)
        }
        guard geometry.coordinateCount <= Self.positionLimit else {
            throw .parameter(name, "\(geometry.coordinateCount)", expected: .init(zh: "至多 \(Self.positionLimit) 个点的几何", en: "a geometry of at most \(Self.positionLimit) positions"))
        }
        self.geometry = geometry
        if let reference = document.spatialReference, let wkid = reference.latestWkid ?? reference.wkid {
            guard let crs = EsriSpatialReference.crs(wkid: wkid) else {
                throw .parameter(name, "wkid \(wkid)", expected: .init(zh: "EPSG 坐标系", en: "a CRS of EPSG"))
            }
            self.crs = crs
        }
    }

    private static func isFinite(_ geometry: Geometry) -> Bool { geometry.hasOnlyFinitePositions }

    private static func document(_ text: String) -> Document? {
        do { return try JSONDecoder().decode(Document.self, from: Data(text.utf8)) } catch { return nil }
    }

    private static func bare(_ text: String, type: String?) -> Document? {
        let n = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.filter { $0 != " " }) }
        guard !n.contains(nil) else { return nil }
        switch n.count {
        case 2 where type != "esriGeometryEnvelope": return Document(x: n[0], y: n[1])
        case 4: return Document(xmin: n[0], ymin: n[1], xmax: n[2], ymax: n[3])
        default: return nil
        }
    }

    /// All forms at once: which members are there says which it is.
    private struct Document: Decodable {
        struct Reference: Decodable {
            var wkid: Int?
            var latestWkid: Int?
        }

        var x: Double?
        var y: Double?
        var xmin: Double?
        var ymin: Double?
        var xmax: Double?
        var ymax: Double?
        var points: [[Double?]]?
        var paths: [[[Double?]]]?
        var rings: [[[Double?]]]?
        var spatialReference: Reference?

        var geometry: Geometry? {
            if let x, let y { return .point(Coordinate(x: x, y: y)) }
            if let xmin, let ymin, let xmax, let ymax {
                guard xmin <= xmax, ymin <= ymax else { return nil }
                let ring = [(xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax), (xmin, ymin)].map { Coordinate(x: $0.0, y: $0.1) }
                return .polygon(Polygon(rings: [ring]))
            }
            if let points, let path = Self.path(points), !path.isEmpty { return .multiPoint(path) }
            if let paths {
                let lines = paths.compactMap(Self.path)
                guard lines.count == paths.count, !lines.isEmpty, lines.allSatisfy({ $0.count >= 2 }) else { return nil }
                return lines.count == 1 ? .lineString(lines[0]) : .multiLineString(lines)
            }
            if let rings {
                guard rings.count <= EsriGeometry.ringLimit else { return nil }
                let paths = rings.compactMap(Self.path).map(Self.closed)
                guard paths.count == rings.count, !paths.isEmpty, paths.allSatisfy({ $0.count >= 4 }) else { return nil }
                return RingNesting.polygons(paths)
            }
            return nil
        }

        private static func path(_ positions: [[Double?]]) -> [Coordinate]? {
            var path: [Coordinate] = []
            for p in positions {
                guard p.count >= 2, let x = p[0], let y = p[1] else { return nil }
                path.append(Coordinate(x: x, y: y))
            }
            return path
        }

        private static func closed(_ ring: [Coordinate]) -> [Coordinate] {
            guard let first = ring.first, ring.last != first else { return ring }
            return ring + [first]
        }
    }
}

/// Which of some rings are holes of which: ArcGIS writes exteriors clockwise and holes against the clock, in one list.
enum RingNesting {
    static func polygons(_ rings: [[Coordinate]]) -> Geometry {
        var polygons: [Polygon] = []
        var holes: [[Coordinate]] = []
        for ring in rings {
            if doubledArea(ring) <= 0 { polygons.append(Polygon(rings: [ring])) } else { holes.append(ring) }
        }
        // All of them wound the other way, as many programs do: they are exteriors then.
        if polygons.isEmpty { return geometry(holes.map { Polygon(rings: [$0]) }) }
        for hole in holes {
            let owner = polygons.firstIndex { contains($0.rings[0], hole[0]) }
            if let owner { polygons[owner].rings.append(hole) } else { polygons.append(Polygon(rings: [hole])) }
        }
        return geometry(polygons)
    }

    private static func geometry(_ polygons: [Polygon]) -> Geometry {
        polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(polygons)
    }

    /// Positive against the clock.
    static func doubledArea(_ ring: [Coordinate]) -> Double {
        guard let origin = ring.first else { return 0 }
        var area = 0.0
        for (a, b) in zip(ring, ring.dropFirst()) {
            area += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
        }
        return area
    }

    private static func contains(_ ring: [Coordinate], _ c: Coordinate) -> Bool {
        var isInside = false
        for (a, b) in zip(ring, ring.dropFirst()) where (a.y > c.y) != (b.y > c.y) {
            if c.x < (b.x - a.x) * (c.y - a.y) / (b.y - a.y) + a.x { isInside.toggle() }
        }
        return isInside
    }
}
