/// Rounding, sine and cosine out of `+ - * /` alone, so that every machine gets the same last bit.
enum FixedTrigonometry {
    /// Nearest integer, ties to even; |value| < 2^31.
    @inline(__always)
    static func round(_ value: Double) -> Int {
        // Adding 1.5 * 2^52 leaves the integer in the low bits of the significand.
        Int(Int32(truncatingIfNeeded: (value + 6_755_399_441_055_744).bitPattern))
    }

    /// Good to 1e-15 for any finite angle below 2^31 degrees.
    static func cosineAndSine(degrees: Double) -> (cosine: Double, sine: Double) {
        let quarter = round(degrees / 90)
        let x = (degrees - Double(quarter) * 90) * (Double.pi / 180)
        let square = x * x
        var sine = 0.0
        var cosine = 0.0
        // Taylor from the small end; |x| <= pi / 4.
        for term in stride(from: 9, through: 0, by: -1) {
            let n = Double(2 * term)
            cosine = 1 - (term == 9 ? 0 : square * cosine / ((n + 1) * (n + 2)))
            sine = 1 - (term == 9 ? 0 : square * sine / ((n + 2) * (n + 3)))
        }
        sine *= x
        switch quarter & 3 {
        case 0: return (cosine, sine)
        case 1: return (-sine, cosine)
        case 2: return (-cosine, -sine)
        default: return (sine, -cosine)
        }
    }
}
