import Raster

/// What an icon of distances is painted with.
struct IconShade: Hashable, Sendable {
    var colour: Colour
    var halo: Colour
    /// Device pixels.
    var haloWidth: Float
    var haloBlur: Float
    /// Device pixels a logical pixel of the icon: `icon-size` times the picture's ratio.
    var scale: Float

    init(colour: Colour, halo: Colour, haloWidth: Float, haloBlur: Float, scale: Float) {
        (self.colour, self.halo, self.haloWidth, self.haloBlur, self.scale) = (colour, halo, haloWidth, haloBlur, scale)
    }

    init(_ format: SymbolFormat, scale: Float) {
        self.init(
            colour: format.iconColour, halo: format.iconHalo, haloWidth: format.iconHaloWidth,
            haloBlur: format.iconHaloBlur, scale: scale)
    }

    func fill(opacity: Float) -> DistanceShade { .fill(colour, opacity: opacity, scale: scale) }

    /// `nil` where there is no halo.
    func halo(opacity: Float) -> DistanceShade? {
        .halo(halo, width: haloWidth, blur: haloBlur, opacity: opacity, scale: scale)
    }
}
