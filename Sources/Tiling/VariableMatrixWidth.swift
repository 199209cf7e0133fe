/// Rows near a pole in which neighbouring tiles are merged (OGC 17-083r4 clause 6.2.2).
public struct VariableMatrixWidth: Hashable, Sendable {
    /// How many columns one tile takes, 2 or more.
    public var coalesce: Int
    /// Rows as documents count them.
    public var rows: ClosedRange<Int>

    public init(coalesce: Int, rows: ClosedRange<Int>) {
        self.coalesce = coalesce
        self.rows = rows
    }
}

/// From which corner documents count rows.
public enum CornerOfOrigin: String, Hashable, Sendable {
    case topLeft
    case bottomLeft
}
