public import SimpleFeatures

/// What a repair did; the raw value is the stable key that diagnostics are counted under.
public enum RepairKind: String, Hashable, Sendable, CaseIterable {
    /// A ring ended elsewhere than it started and was closed.
    case ringClosed = "ring-closed"
    /// A ring or line had too few positions to enclose or join anything and was dropped.
    case pathTooShort = "path-too-short"
    /// A path ran back over itself: out and in the same way.
    case spike
    case selfIntersection = "self-intersection"
    case duplicateRing = "duplicate-ring"
    case holeOutsideShell = "hole-outside-shell"
    case nestedHole = "nested-hole"
    case nestedShell = "nested-shell"
    case disconnectedInterior = "disconnected-interior"
    /// Points and lines that fell off an area, or points off a line, were dropped.
    case debrisDropped = "debris-dropped"
    /// Another fault that GEOS named.
    case other
}

/// A valid geometry with the repairs that made it so.
public struct RepairedGeometry: Hashable, Sendable {
    /// Of the same dimension as the original; a polygon may have become several.
    public let geometry: Geometry
    /// One element an occurrence, in the order of repair; empty when the geometry was valid.
    public let kinds: [RepairKind]
}
