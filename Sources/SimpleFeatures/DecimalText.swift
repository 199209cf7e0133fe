/// Decimal text to the nearest double, correctly rounded (ties to even), without a locale.
package enum DecimalText {
    /// Powers of ten that a double holds exactly.
    private static let exactPowers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    ]
    private static let wholePowers: [UInt64] = (0...19).reduce(into: []) { powers, n in
        powers.append(n == 0 ? 1 : powers[n - 1] * 10)
    }

    /// The number that begins at `position`, which is moved behind it.
    ///
    /// The grammar is JSON's, leading zeros allowed. A magnitude beyond the doubles gives an infinity.
    /// - Returns: `nil`, `position` unmoved, where no number begins.
    package static func double(_ bytes: Span<UInt8>, at position: inout Int, end: Int) -> Double? {
        var p = position
        let isNegative = p < end && bytes[p] == 0x2D
        if isNegative { p &+= 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        let whole = accumulate(bytes, &p, end, &mantissa, &digits)
        guard whole > 0 else { return nil }
        var fraction = 0
        if p < end, bytes[p] == 0x2E {
            p &+= 1
            fraction = accumulate(bytes, &p, end, &mantissa, &digits)
            guard fraction > 0 else { return nil }
        }
        var hasExponent = false
        if p < end, bytes[p] | 0x20 == 0x65 {
            guard skipExponent(bytes, &p, end) else { return nil }
            hasExponent = true
        }
        defer { position = p }
        guard !hasExponent, digits <= 19, fraction <= 19 else { return slow(bytes, position..<p) }
        let magnitude =
            mantissa <= 1 << 53 || fraction == 0
            ? Double(mantissa) / exactPowers[fraction] : quotient(mantissa, wholePowers[fraction])
        return isNegative ? -magnitude : magnitude
    }

    /// Consumes digits; `digits` counts the significant ones, `mantissa` is good while they are at most 19.
    @inline(__always)
    private static func accumulate(
        _ bytes: Span<UInt8>, _ p: inout Int, _ end: Int, _ mantissa: inout UInt64, _ digits: inout Int
    ) -> Int {
        let start = p
        while p < end {
            let digit = bytes[p] &- 0x30
            if digit > 9 { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            if mantissa != 0 { digits &+= 1 }
            p &+= 1
        }
        return p &- start
    }

    private static func skipExponent(_ bytes: Span<UInt8>, _ p: inout Int, _ end: Int) -> Bool {
        p &+= 1
        if p < end, bytes[p] == 0x2B || bytes[p] == 0x2D { p &+= 1 }
        let start = p
        while p < end, bytes[p] &- 0x30 <= 9 { p &+= 1 }
        return p > start
    }

    /// `dividend / divisor` rounded once: a 64-bit quotient of the normalised operands leaves eleven bits below
    /// the mantissa, and the remainder decides a tie.
    private static func quotient(_ dividend: UInt64, _ divisor: UInt64) -> Double {
        let up = dividend.leadingZeroBitCount
        let down = divisor.leadingZeroBitCount
        let d = divisor << UInt64(down)
        // Half the normalised dividend is always below the divisor, which the 128-bit division needs.
        let high = (dividend << UInt64(up)) >> 1
        let low = (dividend << UInt64(up)) << 63
        let (q, r) = d.dividingFullWidth((high, low))
        // q has 63 or 64 significant bits; the lowest stands for everything below when a remainder is left.
        let sticky = r == 0 ? q : q | 1
        let scale = Double(bitPattern: UInt64(1023 &+ down &- up &- 63) << 52)
        return Double(sticky) * scale
    }

    private static func slow(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
        unsafe bytes.withUnsafeBufferPointer { unsafe Double(String(decoding: $0[range], as: UTF8.self)) }
    }
}
