extension Geometry {
    /// The first position that is NaN or infinite, in document order; `nil` when there is none.
    public var firstNonFinite: Coordinate? {
        var found: Coordinate?
        forEachPath { path in
            if found == nil { found = path.first { !$0.isFinite } }
        }
        return found
    }
}
