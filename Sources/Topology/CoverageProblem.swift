public import SimpleFeatures

/// A place where polygons that should tile an area, such as districts or grids, do not.
public struct CoverageProblem: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Two polygons cover the same ground: their indices, the smaller first.
        case overlap(Int, Int)
        /// Ground enclosed by the polygons and covered by none.
        case gap
        /// The polygon at this index is invalid and was left out of the judgement.
        case invalid(Int, InvalidityReason.Kind)
    }

    public let kind: Kind
    /// The overlap or gap itself; the polygon for `invalid`.
    public let geometry: Geometry
    /// Square CRS units; 0 for `invalid`.
    public let area: Double
}
