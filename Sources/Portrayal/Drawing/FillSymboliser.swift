import Raster
import Tiling

/// Fills polygons; neighbours with the same paint become one shape, so that no seam shows between them.
struct FillSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    private struct Fill: Equatable {
        var paint: Paint?
        var outline: Colour?
        var opacity: Float

        /// Whether nothing of what lies below shows through.
        var isOpaque: Bool {
            if case .colour(let colour) = paint { colour.alpha == 255 && opacity >= 1 } else { false }
        }

        static func precedes(_ a: Fill, _ b: Fill) -> Bool {
            let (p, q) = (a.paint?.orderKey ?? 0, b.paint?.orderKey ?? 0)
            return p != q ? p < q : a.opacity < b.opacity
        }
    }

    func draw(_ data: TileLayer, _ scratch: inout RenderScratch) {
        var patterns = PatternBook(frame)
        var selection = FeatureSelection<Fill>(
            layer, data, frame, sortKey: layer.kind == .fill ? "fill-sort-key" : nil, where: { $0 == .polygon }
        ) { fill($0, &patterns) }
        if !layer.gives("fill-sort-key"), !frame.followsClients { selection.gather(inOrder: Fill.precedes) }
        scratch.statistics.missingImages.formUnion(patterns.missing)
        scratch.statistics.featuresDrawn += selection.items.count
        let move = layer.translation(name("translate"), frame)
        var slice = PathSlice(
            coordinates: data.coordinates, partEnds: data.partEnds, parts: 0..<0, offsetX: move.x, offsetY: move.y)
        if frame.followsClients {
            drawSingly(selection, slice, data, &scratch)
            return
        }
        for run in selection.runs {
            guard let paint = run.paint.paint else { continue }
            for item in run.items {
                slice.parts = data.features[item.feature].parts
                scratch.canvas.addFill(slice)
            }
            scratch.canvas.paint(paint, opacity: run.paint.opacity)
        }
        if layer.kind == .fill, layer.gives("fill-outline-color") {
            drawOutlines(selection, data, slice, &scratch)
        }
    }

    /// One polygon after the other with hard edges, so that none shows a seam, then the outlines that smooth them.
    private func drawSingly(_ selection: FeatureSelection<Fill>, _ whole: PathSlice, _ data: TileLayer, _ scratch: inout RenderScratch) {
        var slice = whole
        scratch.canvas.forgetFilled()
        for item in selection.items {
            let fill = selection.paint(of: item)
            guard let paint = fill.paint else { continue }
            slice.parts = data.features[item.feature].parts
            scratch.canvas.addFill(slice)
            scratch.canvas.paint(paint, opacity: fill.opacity, edge: .hard)
        }
        guard layer.kind == .fill, layer.isTrue("fill-antialias", frame.context) else { return }
        for item in selection.items {
            let fill = selection.paint(of: item)
            guard let paint = fill.outline.map({ Paint.colour($0) }) ?? fill.paint else { continue }
            slice.parts = data.features[item.feature].parts
            scratch.canvas.paintOutline(
                slice, paint: paint, opacity: fill.opacity, reach: fill.outline == nil ? 0.5 : 1,
                sparesFilled: fill.outline == nil && fill.isOpaque)
        }
    }

    private func drawOutlines(
        _ selection: FeatureSelection<Fill>, _ data: TileLayer, _ whole: PathSlice, _ scratch: inout RenderScratch
    ) {
        var slice = whole
        let stroke = Stroke(width: frame.ratio, cap: .butt, join: .miter)
        for run in selection.runs {
            guard let colour = run.paint.outline else { continue }
            for item in run.items {
                slice.parts = data.features[item.feature].parts
                scratch.canvas.addStroke(slice, closed: true, stroke: stroke)
            }
            scratch.canvas.paint(.colour(colour), opacity: run.paint.opacity)
        }
    }

    private func name(_ property: String) -> String { layer.kind.rawValue + "-" + property }

    private func fill(_ context: EvaluationContext, _ patterns: inout PatternBook) -> Fill? {
        let opacity = layer.number(name("opacity"), context)
        guard opacity > 0 else { return nil }
        var fill = Fill(paint: .colour(layer.colour(name("color"), context)), outline: nil, opacity: opacity)
        if let pattern = layer.image(name("pattern"), context) {
            fill.paint = patterns.paint(pattern)
        }
        if layer.kind == .fill, layer.gives("fill-outline-color"), layer.image("fill-pattern", context) == nil {
            fill.outline = layer.colour("fill-outline-color", context)
        }
        return fill
    }
}
