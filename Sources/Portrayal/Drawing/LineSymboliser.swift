import Raster
import Tiling

/// Draws lines and the boundaries of polygons.
///
/// The edges that clipping laid along the window's margin are drawn too: they stay out of sight as long as the margin is
/// wider than half the stroke.
struct LineSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    private struct Line: Equatable {
        var paint: Paint
        var opacity: Float
        var stroke: Stroke
        /// Device pixels to the right of the line's direction; two for a line with a gap.
        var offsets: [Float]
        /// Device pixels.
        var blur: Float

        /// Wide lines go below narrow ones.
        static func precedes(_ a: Line, _ b: Line) -> Bool {
            if a.stroke.width != b.stroke.width { return a.stroke.width > b.stroke.width }
            if a.paint.orderKey != b.paint.orderKey { return a.paint.orderKey < b.paint.orderKey }
            return a.opacity < b.opacity
        }
    }

    func draw(_ data: TileLayer, _ scratch: inout RenderScratch) {
        var patterns = PatternBook(frame)
        var selection = FeatureSelection<Line>(
            layer, data, frame, sortKey: "line-sort-key", where: { $0 != .point }
        ) { line($0, &patterns) }
        if !layer.gives("line-sort-key"), !frame.followsClients { selection.gather(inOrder: Line.precedes) }
        scratch.statistics.missingImages.formUnion(patterns.missing)
        scratch.statistics.featuresDrawn += selection.items.count
        let move = layer.translation("line-translate", frame)
        var borders = DashedBorders()
        guard !frame.followsClients else {
            for item in selection.items { draw([item.feature], selection.paint(of: item), data, move, &borders, &scratch) }
            return
        }
        for run in selection.runs { draw(run.items.map(\.feature), run.paint, data, move, &borders, &scratch) }
    }

    private func draw(
        _ features: [Int], _ line: Line, _ data: TileLayer, _ move: (x: Int32, y: Int32),
        _ borders: inout DashedBorders, _ scratch: inout RenderScratch
    ) {
        if line.blur <= 0, line.offsets == [0], !line.stroke.dashes.isEmpty, !data.distances.isEmpty {
            for feature in features { borders.add(data, feature, line.stroke, move, &scratch) }
            scratch.canvas.paint(line.paint, opacity: line.opacity)
            return
        }
        if line.blur <= 0 {
            for offset in line.offsets { add(features, line.stroke, offset, data, move, &scratch) }
            scratch.canvas.paint(line.paint, opacity: line.opacity)
            return
        }
        // A blurred edge is drawn as narrower and narrower lines, each raising the opacity to its share.
        let steps = 5
        var reached: Float = 0
        for step in 1...steps {
            let share = Float(step) / Float(steps) * line.opacity
            var stroke = line.stroke
            stroke.width = max(stroke.width - line.blur * 2 * (Float(step) - 0.5) / Float(steps), 0.1)
            for offset in line.offsets { add(features, stroke, offset, data, move, &scratch) }
            scratch.canvas.paint(line.paint, opacity: reached >= 1 ? 0 : (share - reached) / (1 - reached))
            reached = share
        }
    }

    private func add(
        _ features: [Int], _ stroke: Stroke, _ offset: Float, _ data: TileLayer, _ move: (x: Int32, y: Int32),
        _ scratch: inout RenderScratch
    ) {
        var slice = PathSlice(
            coordinates: data.coordinates, partEnds: data.partEnds, parts: 0..<0, offsetX: move.x, offsetY: move.y)
        for feature in features {
            let closed = data.features[feature].kind == .polygon
            if offset == 0 {
                slice.parts = data.features[feature].parts
                scratch.canvas.addStroke(slice, closed: closed, stroke: stroke)
                continue
            }
            for part in data.features[feature].parts {
                scratch.path.removeAll()
                ParallelLine(offsetInPixels: offset, isClosed: closed)
                    .append(data.coordinates[data.coordinateRange(part: part)], to: &scratch.path)
                scratch.canvas.addStroke(
                    PathSlice(scratch.path, offsetX: move.x, offsetY: move.y), closed: closed, stroke: stroke)
            }
        }
    }

    private func line(_ context: EvaluationContext, _ patterns: inout PatternBook) -> Line? {
        let opacity = layer.number("line-opacity", context)
        let width = layer.number("line-width", context) * frame.ratio
        guard opacity > 0, width > 0 else { return nil }
        var paint = Paint.colour(layer.colour("line-color", context))
        if let pattern = layer.image("line-pattern", context) {
            guard let repeated = patterns.paint(pattern) else { return nil }
            paint = repeated
        }
        let join = layer.text("line-join", context)
        let stroke = Stroke(
            width: width, cap: LineCap(rawValue: layer.text("line-cap", context)) ?? .butt,
            join: join == "round" ? .round : join == "bevel" ? .bevel : .miter,
            miterLimit: layer.number("line-miter-limit", context), dashes: dashes(context, width))
        let offset = layer.number("line-offset", context) * frame.ratio
        let gap = layer.number("line-gap-width", context) * frame.ratio
        let offsets = gap > 0 ? [offset - (gap + width) / 2, offset + (gap + width) / 2] : [offset]
        return Line(
            paint: paint, opacity: opacity, stroke: stroke, offsets: offsets,
            blur: layer.number("line-blur", context) * frame.ratio)
    }

    private func dashes(_ context: EvaluationContext, _ width: Float) -> [Float] {
        let lengths = layer.numbers("line-dasharray", context).map { $0 * width }
        return lengths.contains { $0 > 0 } ? lengths : []
    }
}
