/// A colour with straight (not premultiplied) alpha, eight bits a channel, in the sRGB space of the page.
@frozen
public struct Colour: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8
    public var alpha: UInt8

    @inlinable
    public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    public static let clear = Colour(red: 0, green: 0, blue: 0, alpha: 0)
    public static let black = Colour(red: 0, green: 0, blue: 0)
    public static let white = Colour(red: 255, green: 255, blue: 255)

    /// The word a `Pixmap` holds for this colour.
    public var premultiplied: UInt32 {
        let a = UInt32(alpha)
        let rb = PixelArithmetic.multiply(UInt32(red) | UInt32(blue) << 16, by: a)
        let g = PixelArithmetic.multiply(UInt32(green), by: a)
        return rb | g << 8 | a << 24
    }

    /// The colour that a `Pixmap`'s word stands for; a wholly transparent word gives `clear`.
    public init(premultiplied word: UInt32) {
        let a = word >> 24
        guard a != 0 else {
            self = .clear
            return
        }
        func straight(_ channel: UInt32) -> UInt8 {
            UInt8(truncatingIfNeeded: min(255, (channel * 255 + a / 2) / a))
        }
        self.init(
            red: straight(word & 255), green: straight(word >> 8 & 255), blue: straight(word >> 16 & 255),
            alpha: UInt8(truncatingIfNeeded: a))
    }
}
