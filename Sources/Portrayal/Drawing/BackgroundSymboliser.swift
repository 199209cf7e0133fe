import Raster

/// Paints the whole window.
struct BackgroundSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    func draw(_ scratch: inout RenderScratch) {
        let opacity = layer.number("background-opacity", frame.context)
        var paint = Paint.colour(layer.colour("background-color", frame.context))
        if let name = layer.image("background-pattern", frame.context) {
            var patterns = PatternBook(frame)
            guard let pattern = patterns.paint(name) else {
                scratch.statistics.missingImages.formUnion(patterns.missing)
                return
            }
            paint = pattern
        }
        let right = Int32(frame.width) * PixelGeometry.unitsPerPixel
        let bottom = Int32(frame.height) * PixelGeometry.unitsPerPixel
        let path = Path(coordinates: [0, 0, right, 0, right, bottom, 0, bottom], partEnds: [4])
        scratch.canvas.fill(PathSlice(path), paint: paint, opacity: opacity)
    }
}
