import Raster
import Tiling

/// Draws a disc on every position of a feature.
struct CircleSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame
    /// A position outside the tile belongs to its neighbour.
    let tile: TilePlacement?

    func draw(_ data: TileLayer, _ scratch: inout RenderScratch) {
        let selection = FeatureSelection<SoftDisc>(
            layer, data, frame, sortKey: "circle-sort-key", where: { _ in true }, make: disc)
        scratch.statistics.featuresDrawn += selection.items.count
        let move = layer.translation("circle-translate", frame)
        for item in selection.items {
            let disc = selection.paint(of: item)
            let isClosed = frame.followsClients && data.features[item.feature].kind == .polygon
            for part in data.features[item.feature].parts {
                let range = data.coordinateRange(part: part)
                for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) { draw(disc, data, i, move, &scratch) }
                // The position that closes a ring has its own disc.
                if isClosed, !range.isEmpty { draw(disc, data, range.lowerBound, move, &scratch) }
            }
        }
    }

    private func draw(
        _ disc: SoftDisc, _ data: TileLayer, _ i: Int, _ move: (x: Int32, y: Int32), _ scratch: inout RenderScratch
    ) {
        let (x, y) = (data.coordinates[i], data.coordinates[i + 1])
        guard tile?.holds(x, y) ?? true else { return }
        if frame.followsClients || disc.blur != 0 {
            scratch.canvas.draw(disc, centreX: x &+ move.x, centreY: y &+ move.y)
        } else {
            drawCrisp(disc, x &+ move.x, y &+ move.y, &scratch)
        }
    }

    /// By coverage, which keeps small dots their size: a soft edge would eat them up.
    private func drawCrisp(_ disc: SoftDisc, _ x: Int32, _ y: Int32, _ scratch: inout RenderScratch) {
        scratch.canvas.fillCircle(
            centreX: x, centreY: y, radius: disc.radius, paint: .colour(disc.fill), opacity: disc.fillOpacity)
        if disc.strokeWidth > 0, disc.strokeOpacity > 0 {
            scratch.canvas.strokeCircle(
                centreX: x, centreY: y, radius: disc.radius + disc.strokeWidth / 2, width: disc.strokeWidth,
                paint: .colour(disc.stroke), opacity: disc.strokeOpacity)
        }
    }

    private func disc(_ context: EvaluationContext) -> SoftDisc? {
        let disc = SoftDisc(
            radius: layer.number("circle-radius", context) * frame.ratio,
            strokeWidth: layer.number("circle-stroke-width", context) * frame.ratio,
            blur: layer.number("circle-blur", context), fill: layer.colour("circle-color", context),
            fillOpacity: layer.number("circle-opacity", context), stroke: layer.colour("circle-stroke-color", context),
            strokeOpacity: layer.number("circle-stroke-opacity", context))
        return disc.radius > 0 || disc.strokeWidth > 0 ? disc : nil
    }
}
