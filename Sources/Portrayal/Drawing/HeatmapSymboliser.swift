import Raster
import Tiling

/// Colours how densely the positions of a source lie.
struct HeatmapSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    private static let rampSteps = 256

    private struct Bell {
        var radius: Float
        var weight: Float
    }

    /// - Parameter tiles: all of the source's, which make one surface.
    func draw(_ tiles: [PlacedTile], _ scratch: inout RenderScratch) {
        let opacity = layer.number("heatmap-opacity", frame.context)
        guard opacity > 0 else { return }
        var surface = DensitySurface(width: frame.width, height: frame.height)
        for tile in tiles where tile.feeds(layer) {
            for data in tile.layers where layer.reads(data) {
                scratch.statistics.featuresDrawn += add(data, tile.placement, to: &surface)
            }
        }
        scratch.canvas.draw(surface, ramp: ramp(), opacity: opacity)
    }

    private func add(_ data: TileLayer, _ tile: TilePlacement?, to surface: inout DensitySurface) -> Int {
        let intensity = layer.number("heatmap-intensity", frame.context)
        let selection = FeatureSelection<Bell>(layer, data, frame, sortKey: nil, where: { _ in true }) { context in
            Bell(
                radius: layer.number("heatmap-radius", context) * frame.ratio,
                weight: layer.number("heatmap-weight", context) * intensity)
        }
        for item in selection.items {
            let bell = selection.paint(of: item)
            for part in data.features[item.feature].parts {
                let range = data.coordinateRange(part: part)
                let positions = Array(stride(from: range.lowerBound, to: range.upperBound, by: 2))
                // The position that closes a ring counts as its own.
                let closing = data.features[item.feature].kind == .polygon ? [range.lowerBound] : []
                for i in positions + closing {
                    let (x, y) = (data.coordinates[i], data.coordinates[i + 1])
                    if tile?.holds(x, y) ?? true { surface.add(x: x, y: y, radius: bell.radius, weight: bell.weight) }
                }
            }
        }
        return selection.items.count
    }

    private func ramp() -> [Colour] {
        (0..<Self.rampSteps).map { step in
            var context = frame.context
            context.heatmapDensity = Double(step) / Double(Self.rampSteps - 1)
            return layer.colour("heatmap-color", context)
        }
    }
}
