import Raster

/// Draws the pictures of a raster source.
struct RasterSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    func draw(_ tile: PlacedTile, _ canvas: inout Canvas) {
        guard let image = tile.image, let placement = tile.placement else { return }
        let context = frame.context
        let adjustment = ColourAdjustment(
            hueRotationInDegrees: layer.number("raster-hue-rotate", context),
            saturation: layer.number("raster-saturation", context), contrast: layer.number("raster-contrast", context),
            darkest: layer.number("raster-brightness-min", context), brightest: layer.number("raster-brightness-max", context))
        let isNearest = layer.text("raster-resampling", context) == "nearest"
        let step = placement.scale * placement.extent / Double(image.width)
        let (cosine, sine) = (Float(placement.turnCosine * step), Float(placement.turnSine * step))
        let at = ImagePlacement(
            x: Float(placement.x), y: Float(placement.y), across: (cosine, sine), down: (-sine, cosine), left: 0, top: 0,
            right: Float(image.width), bottom: Float(image.height))
        canvas.clip(to: tile.area)
        canvas.draw(
            adjustment.applied(to: image), at: at, sampling: isNearest ? .nearest : .linearToEdge,
            opacity: layer.number("raster-opacity", context))
        canvas.clip(to: nil)
    }
}
