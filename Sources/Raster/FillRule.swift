/// Which windings count as inside.
public enum FillRule: String, Sendable, CaseIterable {
    case nonZero
    case evenOdd
}
