/// Writes numbers into room that the caller has made large enough: 28 bytes a number.
@unsafe
struct FixedText {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(room: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.room = unsafe room
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        unsafe room[count] = byte
        unsafe count &+= 1
    }

    /// `value` must be finite.
    @inline(__always)
    mutating func putNumber(_ value: Double, _ precision: GeoJSONWriter.Precision) {
        switch precision {
        case .decimals(let places):
            let scaled = (value * DecimalScales.real[places]).rounded()
            // Beyond 2^53 the places asked for are not in the number.
            if scaled.magnitude < 9_007_199_254_740_992 {
                unsafe putFixed(Int64(scaled), places: places)
            } else {
                unsafe putShortest(value)
            }
        case .shortest: unsafe putShortest(value)
        }
    }

    private mutating func putShortest(_ value: Double) {
        // A decimal of at most fifteen digits that reads back as the value is the shortest one, and most are that.
        let scaled = (value * 1000).rounded()
        if scaled.magnitude < 1e15, scaled / 1000 == value, value.magnitude >= 0.001 {
            unsafe putFixed(Int64(scaled), places: 3)
            return
        }
        var text = value.description
        if text.hasSuffix(".0") { text.removeLast(2) }
        if text == "-0" { text = "0" }
        for byte in text.utf8 { unsafe put(byte) }
    }

    /// `scaled` is the value times ten to the power of `places`.
    @inline(__always)
    private mutating func putFixed(_ scaled: Int64, places: Int) {
        if scaled < 0 { unsafe put(0x2D) }
        let magnitude = scaled.magnitude
        let power = DecimalScales.whole[places]
        let whole = magnitude / power
        var fraction = magnitude &- whole &* power
        unsafe putWhole(whole)
        guard fraction != 0 else { return }
        var width = places
        while fraction % 10 == 0 {
            fraction /= 10
            width &-= 1
        }
        unsafe put(0x2E)
        var at = unsafe count &+ width
        unsafe count = at
        for _ in 0..<width {
            at &-= 1
            let tenth = fraction / 10
            unsafe room[at] = 0x30 &+ UInt8(truncatingIfNeeded: fraction &- tenth &* 10)
            fraction = tenth
        }
    }

    @inline(__always)
    mutating func putWhole(_ whole: UInt64) {
        var width = 1
        var bound: UInt64 = 10
        while whole >= bound {
            width &+= 1
            if width == 20 { break }
            bound &*= 10
        }
        var at = unsafe count &+ width
        unsafe count = at
        var rest = whole
        for _ in 0..<width {
            at &-= 1
            let tenth = rest / 10
            unsafe room[at] = 0x30 &+ UInt8(truncatingIfNeeded: rest &- tenth &* 10)
            rest = tenth
        }
    }
}

private enum DecimalScales {
    static let real: [Double] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    static let whole: [UInt64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    ]
}
