public import SimpleFeatures

/// Why a geometry is not valid in the sense of OGC 06-103r4.
public struct InvalidityReason: Hashable, Sendable {
    /// The raw value is the stable key that diagnostics are counted under.
    public enum Kind: String, Sendable, CaseIterable {
        case notFinite = "not-finite"
        case tooLarge = "too-large"
        case ringNotClosed = "ring-not-closed"
        case tooFewPositions = "too-few-positions"
        case selfIntersection = "self-intersection"
        case holeOutsideShell = "hole-outside-shell"
        case nestedHoles = "nested-holes"
        case nestedShells = "nested-shells"
        case duplicateRings = "duplicate-rings"
        case disconnectedInterior = "disconnected-interior"
        case other

        /// From the words of GEOS.
        init(geos text: String) {
            switch text {
            case "Self-intersection", "Ring Self-intersection": self = .selfIntersection
            case "Hole lies outside shell": self = .holeOutsideShell
            case "Holes are nested": self = .nestedHoles
            case "Nested shells": self = .nestedShells
            case "Duplicate Rings": self = .duplicateRings
            case "Interior is disconnected": self = .disconnectedInterior
            case "Too few points in geometry component": self = .tooFewPositions
            case "Invalid Coordinate": self = .notFinite
            case "Ring is not closed": self = .ringNotClosed
            default: self = .other
            }
        }
    }

    public let kind: Kind
    public let message: String
    /// Where, in the geometry's own CRS; `nil` when the trouble has no place.
    public let location: Coordinate?
}
