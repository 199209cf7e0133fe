/// How a colour that covers a pixel in part is mixed with what lies there.
public enum Blending: Sendable, Hashable {
    /// By the channels as they are stored, as browsers and clients mix them.
    case stored
    /// By amounts of light: half covered is half as bright, whichever of the two colours is the lighter one.
    case linear
}

extension Blending {
    /// A premultiplied colour at a coverage of 0...255 over a premultiplied pixel.
    @inline(__always)
    func over(_ source: UInt32, coverage: UInt32, _ destination: UInt32) -> UInt32 {
        let word = coverage == 255 ? source : PixelArithmetic.scale(source, by: coverage)
        switch self {
        case .stored: return PixelArithmetic.over(word, destination)
        case .linear: return LinearLight.over(source, word, destination)
        }
    }
}
