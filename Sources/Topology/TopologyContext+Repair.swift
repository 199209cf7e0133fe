internal import CGEOS
public import SimpleFeatures

extension TopologyContext {
    /// A valid geometry of the same dimension that covers what the given one means.
    ///
    /// - Throws: `notFinite`, `tooLarge`; `nothingLeft` when no part has the dimension, such as a polygon without area.
    public borrowing func repaired(_ geometry: Geometry) throws(TopologyError) -> RepairedGeometry {
        if TopologyContext.isProvedValid(geometry) { return RepairedGeometry(geometry: geometry, kinds: []) }
        let defect = StructuralDefect.first(in: geometry)
        if let defect, defect.kind == .notFinite || defect.kind == .tooLarge { throw defect.error }
        guard let dimension = geometry.dimension else {
            throw TopologyError(.nothingLeft, "an empty geometry has nothing to repair")
        }
        var cleaning = RingCleaning()
        guard let cleaned = cleaning.clean(geometry) else {
            throw TopologyError(.nothingLeft, "no ring or line has enough distinct positions")
        }
        let built = try build(cleaned)
        guard let reason = try invalidity(of: built) else {
            return RepairedGeometry(geometry: cleaned, kinds: cleaning.kinds.filter { $0 != .spike })
        }
        let kind = RepairKind(reason.kind)
        let named = cleaning.kinds.contains(.spike) && kind == .selfIntersection ? [] : [kind]
        let valid = try madeValid(built)
        let (kept, dropped) = TopologyContext.parts(of: read(valid), dimension: dimension)
        guard let result = kept else {
            throw TopologyError(.nothingLeft, "repair leaves no \(dimension): \(reason.message)")
        }
        return RepairedGeometry(
            geometry: result, kinds: cleaning.kinds + named + (dropped ? [.debrisDropped] : []))
    }

    /// MakeValid by structure, so that overlapping parts merge and holes stay holes.
    ///
    /// A hole outside every shell becomes a polygon of its own: such rings are mostly parts that lost their place.
    /// On heavily degenerate rings the structure method of GEOS 3.11 itself leaves crossings (5 of 3000 random rings on a
    /// 7 x 7 lattice); its line work method then puts the rest right, and a buffer of nothing is the last resort.
    func madeValid(_ built: borrowing GeosGeometry) throws(TopologyError) -> GeosGeometry {
        let structured = try madeValid(built, by: GEOS_MAKE_VALID_STRUCTURE)
        if try invalidity(of: structured) == nil { return structured }
        let noded = try madeValid(structured, by: GEOS_MAKE_VALID_LINEWORK)
        if try invalidity(of: noded) == nil { return noded }
        return try unsafe owned(GEOSBuffer_r(handle, noded.pointer, 0, 8), "repair")
    }

    private func madeValid(
        _ built: borrowing GeosGeometry, by method: GEOSMakeValidMethods
    ) throws(TopologyError) -> GeosGeometry {
        guard let parameters = unsafe GEOSMakeValidParams_create_r(handle) else { throw failure("repair") }
        defer { unsafe GEOSMakeValidParams_destroy_r(handle, parameters) }
        unsafe GEOSMakeValidParams_setMethod_r(handle, parameters, method)
        unsafe GEOSMakeValidParams_setKeepCollapsed_r(handle, parameters, 0)
        return try unsafe owned(GEOSMakeValidWithParams_r(handle, built.pointer, parameters), "repair")
    }

    /// The parts of one dimension, and whether others were left out.
    private static func parts(of geometry: Geometry, dimension: GeometryDimension) -> (Geometry?, dropped: Bool) {
        guard case .geometryCollection(let all) = geometry else {
            let isKept = geometry.dimension == dimension && !geometry.isEmpty
            return (isKept ? geometry : nil, !isKept && !geometry.isEmpty)
        }
        let kept = all.filter { $0.dimension == dimension && !$0.isEmpty }
        let merged: Geometry? =
            switch dimension {
            case _ where kept.isEmpty: nil
            case _ where kept.count == 1: kept[0]
            case .area: .multiPolygon(kept.flatMap(\.polygons))
            case .line: .multiLineString(kept.flatMap(\.paths))
            case .point: .multiPoint(kept.flatMap { $0.paths.flatMap { $0 } })
            }
        return (merged, kept.count < all.count)
    }
}

extension Geometry {
    /// Every polygon in the geometry.
    var polygons: [Polygon] {
        switch self {
        case .polygon(let polygon): polygon.rings.isEmpty ? [] : [polygon]
        case .multiPolygon(let polygons): polygons.filter { !$0.rings.isEmpty }
        case .geometryCollection(let parts): parts.flatMap(\.polygons)
        case .point, .lineString, .multiPoint, .multiLineString: []
        }
    }

    /// Every run of positions in the geometry.
    var paths: [[Coordinate]] {
        var result: [[Coordinate]] = []
        forEachPath { result.append($0) }
        return result
    }
}

extension RepairKind {
    init(_ kind: InvalidityReason.Kind) {
        self =
            switch kind {
            case .selfIntersection: .selfIntersection
            case .holeOutsideShell: .holeOutsideShell
            case .nestedHoles: .nestedHole
            case .nestedShells: .nestedShell
            case .duplicateRings: .duplicateRing
            case .disconnectedInterior: .disconnectedInterior
            case .ringNotClosed: .ringClosed
            case .tooFewPositions: .pathTooShort
            case .notFinite, .tooLarge, .other: .other
            }
    }
}
