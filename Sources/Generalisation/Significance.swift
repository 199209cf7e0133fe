/// How far a line would move if a vertex were left out, as one byte: the scale that ranked vertices are stored in.
///
/// Eight steps an octave, from 2^-7 m (about 8 mm) to 2^24 m in the metres of the ranking CRS (EPSG:3857). 0 is
/// anything smaller, 255 a vertex that every scale keeps: an end, a junction, a ring's anchors.
public enum Significance {
    public static let always: UInt8 = 255

    /// 2^(k/8), the lower ends of the steps in one octave; literals, so that every machine ranks alike.
    private static let steps: InlineArray<8, Double> = [
        1, 1.0905077326652577, 1.189207115002721, 1.2968395546510096, 1.4142135623730951, 1.5422108254079407,
        1.681792830507429, 1.8340080864093424,
    ]

    /// The step that a distance in metres falls in, 0...254; not-a-number counts as nothing.
    public static func step(metres distance: Double) -> UInt8 {
        guard distance >= 0x1p-7 else { return 0 }
        guard distance < 0x1p24 else { return 254 }
        let octave = Int(distance.exponent) + 7
        let fraction = distance.significand
        var eighth = 7
        while fraction < steps[eighth] { eighth -= 1 }
        return UInt8(min(254, 1 + octave * 8 + eighth))
    }

    /// The least byte of a vertex to keep at a tolerance in metres; 0 keeps all.
    ///
    /// Never drops a vertex whose distance reaches the tolerance; keeps up to an eighth of an octave more.
    public static func threshold(toleranceInMetres tolerance: Double) -> UInt8 { step(metres: tolerance) }
}
