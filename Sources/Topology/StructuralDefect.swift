internal import SimpleFeatures

/// What keeps a geometry from being handed to GEOS at all.
struct StructuralDefect {
    let kind: InvalidityReason.Kind
    let message: String
    let location: Coordinate?

    var reason: InvalidityReason { InvalidityReason(kind: kind, message: message, location: location) }

    var error: TopologyError {
        let code: TopologyError.Code =
            switch kind {
            case .notFinite: .notFinite
            case .tooLarge: .tooLarge
            default: .malformed
            }
        return TopologyError(code, message)
    }

    /// `nil` when there is none.
    static func first(in geometry: Geometry) -> StructuralDefect? {
        let count = geometry.coordinateCount
        if count > TopologyContext.positionLimit {
            return StructuralDefect(
                kind: .tooLarge,
                message: "\(count) positions, more than the \(TopologyContext.positionLimit) one geometry may have; split it",
                location: nil)
        }
        return inParts(of: geometry)
    }

    private static func inParts(of geometry: Geometry) -> StructuralDefect? {
        switch geometry {
        case .point(let c): return inPath([c])
        case .multiPoint(let points): return inPath(points)
        case .lineString(let path): return inLine(path)
        case .multiLineString(let lines): return lines.lazy.compactMap(inLine).first
        case .polygon(let polygon): return inPolygon(polygon)
        case .multiPolygon(let polygons): return polygons.lazy.compactMap(inPolygon).first
        case .geometryCollection(let parts): return parts.lazy.compactMap(inParts).first
        }
    }

    static func inPath(_ path: [Coordinate]) -> StructuralDefect? {
        for (i, c) in path.enumerated() where !c.isFinite {
            return StructuralDefect(kind: .notFinite, message: "position \(i) is (\(c.x), \(c.y))", location: nil)
        }
        return nil
    }

    private static func inLine(_ path: [Coordinate]) -> StructuralDefect? {
        if let defect = inPath(path) { return defect }
        guard path.count == 1 else { return nil }
        return StructuralDefect(
            kind: .tooFewPositions, message: "a line of one position; two are the least", location: path[0])
    }

    private static func inPolygon(_ polygon: Polygon) -> StructuralDefect? {
        for (i, ring) in polygon.rings.enumerated() where !ring.isEmpty {
            if let defect = inPath(ring) { return defect }
            if ring[0] != ring[ring.count - 1] {
                return StructuralDefect(
                    kind: .ringNotClosed, message: "ring \(i) ends elsewhere than it starts", location: ring[0])
            }
            if ring.count < 4 {
                return StructuralDefect(
                    kind: .tooFewPositions, message: "ring \(i) has \(ring.count) positions; four are the least",
                    location: ring[0])
            }
        }
        if polygon.rings.count > 1 && polygon.rings[0].isEmpty && polygon.rings.contains(where: { !$0.isEmpty }) {
            return StructuralDefect(
                kind: .tooFewPositions, message: "the exterior ring is empty but there are holes", location: nil)
        }
        return nil
    }
}
