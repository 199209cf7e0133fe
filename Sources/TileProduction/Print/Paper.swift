/// Paper in the sizes of ISO 216, series A.
public enum Paper: String, Sendable, CaseIterable {
    case a4 = "A4"
    case a3 = "A3"
    case a2 = "A2"
    case a1 = "A1"
    case a0 = "A0"

    /// Millimetres of the shorter side.
    public var shortSide: Double {
        switch self {
        case .a4: 210
        case .a3: 297
        case .a2: 420
        case .a1: 594
        case .a0: 841
        }
    }

    /// Millimetres of the longer side.
    public var longSide: Double {
        switch self {
        case .a4: 297
        case .a3: 420
        case .a2: 594
        case .a1: 841
        case .a0: 1189
        }
    }

    /// How large texts and marks around the map are, against those of an A3 sheet: a larger sheet is read from farther away.
    var enlargement: Double {
        switch self {
        case .a4: 0.85
        case .a3: 1
        case .a2: 1.2
        case .a1: 1.45
        case .a0: 1.8
        }
    }
}
