internal import SimpleFeatures

/// A number of a filter: a whole one keeps all its digits, as long ids need it.
///
/// `1`, `1.0` and `10e-1` are one value.
public enum CQL2Number: Hashable, Sendable {
    case integer(Int64)
    /// Finite; whole only beyond ±2^53.
    case real(Double)

    /// Beyond it not every whole number is a double.
    private static let exactLimit = 9_007_199_254_740_992.0

    /// `nil` for what is not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self = value.magnitude <= Self.exactLimit && value == value.rounded(.towardZero) ? .integer(Int64(value)) : .real(value)
    }

    /// Decimal text; `nil` for what is none, or is beyond the doubles.
    public init?(text: String) {
        if let whole = Int64(text) {
            self = .integer(whole)
        } else if let value = Double(text) {
            self.init(value)
        } else {
            return nil
        }
    }

    public var double: Double {
        switch self {
        case .integer(let n): Double(n)
        case .real(let r): r
        }
    }

    /// The shortest text that reads back as the number.
    public var text: String {
        switch self {
        case .integer(let n): return String(n)
        case .real(let r):
            var bytes: [UInt8] = []
            JSONText.append(r, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
