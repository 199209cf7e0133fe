internal import CGEOS
public import SimpleFeatures

extension TopologyContext {
    /// The first thing wrong with a geometry; `nil` when it is valid.
    ///
    /// Plain rings of up to 16 edges are proved without GEOS; everything else is GEOS's judgement.
    public borrowing func validity(of geometry: Geometry) -> InvalidityReason? {
        if TopologyContext.isProvedValid(geometry) { return nil }
        if let defect = StructuralDefect.first(in: geometry) { return defect.reason }
        do throws(TopologyError) {
            return try engineValidity(of: geometry)
        } catch {
            return InvalidityReason(kind: .other, message: error.message, location: nil)
        }
    }

    /// Whether the cheap proof holds; false means nothing.
    static func isProvedValid(_ geometry: Geometry) -> Bool {
        switch geometry {
        case .point(let c): return c.isFinite
        case .multiPoint(let points): return points.allSatisfy(\.isFinite) && points.count <= positionLimit
        case .lineString(let path): return isProvedLine(path)
        case .polygon(let polygon): return polygon.rings.count == 1 && RingSimplicity.isProved(polygon.rings[0])
        case .multiPolygon(let polygons):
            return polygons.count == 1 && polygons[0].rings.count == 1 && RingSimplicity.isProved(polygons[0].rings[0])
        case .multiLineString, .geometryCollection: return false
        }
    }

    private static func isProvedLine(_ path: [Coordinate]) -> Bool {
        guard path.count >= 2, path.count <= positionLimit else { return false }
        return path.allSatisfy(\.isFinite) && path.contains { $0 != path[0] }
    }

    /// GEOS's own judgement, without shortcuts.
    func engineValidity(of geometry: Geometry) throws(TopologyError) -> InvalidityReason? {
        try invalidity(of: try build(geometry))
    }

    func invalidity(of built: borrowing GeosGeometry) throws(TopologyError) -> InvalidityReason? {
        var reason: UnsafeMutablePointer<CChar>?
        var location: OpaquePointer?
        let answer = unsafe GEOSisValidDetail_r(handle, built.pointer, 0, &reason, &location)
        var text = ""
        if let reason = unsafe reason {
            text = unsafe String(cString: reason)
            unsafe GEOSFree_r(handle, reason)
        }
        var place: Coordinate?
        if let location = unsafe location, case .point(let c) = unsafe read(location) { place = c }
        if let location = unsafe location { unsafe GEOSGeom_destroy_r(handle, location) }
        switch answer {
        case 1: return nil
        case 0: return InvalidityReason(kind: InvalidityReason.Kind(geos: text), message: text, location: place)
        default: throw failure("validity")
        }
    }
}
