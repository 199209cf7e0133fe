import Raster

/// The shades that a style's colours and widths give shapes of distances, as MapLibre's shaders have them.
extension DistanceShade {
    private static let edge: Float = 0.75
    private static let edgeSoftness: Float = 0.105
    private static let distanceSpan: Float = 8
    private static let distanceOutside: Float = 6
    private static let blurFactor: Float = 1.19

    /// - Parameter scale: device pixels a pixel of the distance picture.
    static func fill(_ colour: Colour, opacity: Float, scale: Float) -> DistanceShade {
        DistanceShade(colour: colour, opacity: opacity, edge: edge, softness: edgeSoftness / scale)
    }

    /// - Parameters:
    ///   - width, blur: device pixels.
    ///   - scale: device pixels a pixel of the distance picture.
    /// - Returns: `nil` where there is no halo.
    static func halo(_ colour: Colour, width: Float, blur: Float, opacity: Float, scale: Float) -> DistanceShade? {
        guard width > 0, colour.alpha > 0 else { return nil }
        let softness = (blur * blurFactor / distanceSpan + edgeSoftness) / scale
        return DistanceShade(
            colour: colour, opacity: opacity, edge: (distanceOutside - width / scale) / distanceSpan, softness: softness,
            hollow: edge + softness)
    }
}
