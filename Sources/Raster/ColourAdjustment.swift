import Foundation

/// A change of hue, saturation, contrast and brightness of a picture, as the style language means them.
public struct ColourAdjustment: Sendable, Hashable {
    public var hueRotationInDegrees: Float
    /// -1...1.
    public var saturation: Float
    /// -1...1.
    public var contrast: Float
    /// What black and what white become, 0...1.
    public var darkest: Float
    public var brightest: Float

    public init(
        hueRotationInDegrees: Float = 0, saturation: Float = 0, contrast: Float = 0, darkest: Float = 0, brightest: Float = 1
    ) {
        self.hueRotationInDegrees = hueRotationInDegrees
        self.saturation = saturation
        self.contrast = contrast
        self.darkest = darkest
        self.brightest = brightest
    }

    public func applied(to image: Pixmap) -> Pixmap {
        guard self != ColourAdjustment() else { return image }
        let angle = hueRotationInDegrees * .pi / 180
        let (c, s, root) = (cos(angle), sin(angle), Float(3).squareRoot())
        let spin = SIMD3((2 * c + 1) / 3, (-root * s - c + 1) / 3, (root * s - c + 1) / 3)
        // Past 1 the factor would have no end.
        let grey = saturation > 0 ? 1 - 1 / (1.001 - saturation) : -saturation
        let steep = contrast > 0 ? 1 / max(1 - contrast, 0.001) : 1 + contrast
        var out = image
        for i in out.pixels.indices where out.pixels[i] >> 24 != 0 {
            let colour = Colour(premultiplied: out.pixels[i])
            var rgb = SIMD3(Float(colour.red), Float(colour.green), Float(colour.blue)) / 255
            rgb = SIMD3(
                (rgb * spin).sum(), (rgb * SIMD3(spin.z, spin.x, spin.y)).sum(), (rgb * SIMD3(spin.y, spin.z, spin.x)).sum())
            rgb += (SIMD3(repeating: rgb.sum() / 3) - rgb) * grey
            rgb = (rgb - 0.5) * steep + 0.5
            rgb = SIMD3(repeating: darkest) + rgb * (brightest - darkest)
            func byte(_ v: Float) -> UInt8 { UInt8(min(max(v, 0), 1) * 255 + 0.5) }
            out.pixels[i] = Colour(red: byte(rgb.x), green: byte(rgb.y), blue: byte(rgb.z), alpha: colour.alpha).premultiplied
        }
        return out
    }
}
