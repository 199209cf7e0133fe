import Raster
import Tiling

/// Draws a disc on every position of a feature.
struct CircleSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    private struct Disc {
        var radius: Float
        var blur: Float
        var colour: Colour
        var opacity: Float
        var strokeWidth: Float
        var strokeColour: Colour
        var strokeOpacity: Float
    }

    func draw(_ data: TileLayer, _ scratch: inout RenderScratch) {
        let selection = FeatureSelection<Disc>(
            layer, data, frame, sortKey: "circle-sort-key", where: { _ in true }, make: disc)
        scratch.statistics.featuresDrawn += selection.items.count
        let move = layer.translation("circle-translate", frame.context, frame.ratio)
        for item in selection.items {
            for part in data.features[item.feature].parts {
                let range = data.coordinateRange(part: part)
                for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
                    draw(item.paint, data.coordinates[i] &+ move.x, data.coordinates[i + 1] &+ move.y, &scratch)
                }
            }
        }
    }

    private func draw(_ disc: Disc, _ x: Int32, _ y: Int32, _ scratch: inout RenderScratch) {
        if disc.blur <= 0 {
            scratch.canvas.fillCircle(
                centreX: x, centreY: y, radius: disc.radius, paint: .colour(disc.colour), opacity: disc.opacity)
        } else {
            let steps = 6
            var reached: Float = 0
            for step in 1...steps {
                let share = Float(step) / Float(steps) * disc.opacity
                let radius = disc.radius * (1 - min(disc.blur, 1) * (Float(step) - 0.5) / Float(steps))
                scratch.canvas.fillCircle(
                    centreX: x, centreY: y, radius: radius, paint: .colour(disc.colour),
                    opacity: reached >= 1 ? 0 : (share - reached) / (1 - reached))
                reached = share
            }
        }
        if disc.strokeWidth > 0, disc.strokeOpacity > 0 {
            scratch.canvas.strokeCircle(
                centreX: x, centreY: y, radius: disc.radius + disc.strokeWidth / 2, width: disc.strokeWidth,
                paint: .colour(disc.strokeColour), opacity: disc.strokeOpacity)
        }
    }

    private func disc(_ context: EvaluationContext) -> Disc? {
        let disc = Disc(
            radius: layer.number("circle-radius", context) * frame.ratio, blur: layer.number("circle-blur", context),
            colour: layer.colour("circle-color", context), opacity: layer.number("circle-opacity", context),
            strokeWidth: layer.number("circle-stroke-width", context) * frame.ratio,
            strokeColour: layer.colour("circle-stroke-color", context),
            strokeOpacity: layer.number("circle-stroke-opacity", context))
        return disc.radius > 0 || disc.strokeWidth > 0 ? disc : nil
    }
}
