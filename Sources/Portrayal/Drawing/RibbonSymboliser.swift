import Foundation
import Raster
import Tiling

/// Draws lines as MapLibre's clients do: every feature for itself, as ribbons.
struct RibbonSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    /// Fading of an edge without blur, half of it on either side, in device pixels.
    private static let edge: Float = 1
    private static let gradientSteps = 1024
    /// Logical pixels at the whole zoom.
    private static let cornerReach: Float = 15

    /// Pixels of a pixel at the whole zoom below.
    private var growth: Float { Float(exp2(frame.picture.styleZoom - frame.picture.styleZoom.rounded(.down))) }

    private struct Line {
        var form: RibbonForm
        var shade: RibbonShade
    }

    /// The tags in which a cut line says which share of the whole it is.
    static let clipStart = "mapbox_clip_start"
    static let clipEnd = "mapbox_clip_end"

    func draw(_ data: TileLayer, _ scratch: inout RenderScratch) {
        var missing: Set<String> = []
        let gradient = layer.gives("line-gradient") ? gradientColours() : nil
        let selection = FeatureSelection<Line>(
            layer, data, frame, sortKey: "line-sort-key", where: { $0 != .point }
        ) { line($0, gradient, &missing) }
        scratch.statistics.missingImages.formUnion(missing)
        scratch.statistics.featuresDrawn += selection.items.count
        let move = layer.translation("line-translate", frame)
        for item in selection.items {
            let feature = data.features[item.feature]
            for part in feature.parts {
                var line = selection.paint(of: item)
                if gradient != nil { line.shade.colourSpan = span(of: data, part, frame.context(data, item.feature)) }
                let slice = PathSlice(
                    coordinates: data.coordinates, partEnds: data.partEnds, parts: part..<part + 1, offsetX: move.x,
                    offsetY: move.y)
                scratch.canvas.drawRibbon(slice, closed: feature.kind == .polygon, form: line.form, shade: line.shade)
            }
        }
    }

    private func line(_ context: EvaluationContext, _ gradient: [Colour]?, _ missing: inout Set<String>) -> Line? {
        let opacity = layer.number("line-opacity", context)
        let width = layer.number("line-width", context) * frame.ratio
        guard opacity > 0, width > 0 else { return nil }
        let gap = layer.number("line-gap-width", context) * frame.ratio / 2
        let outset = gap + width / 2 * (gap > 0 ? 2 : 1) + Self.edge / 2
        let join = layer.text("line-join", context)
        let cap = LineCap(rawValue: layer.text("line-cap", context)) ?? .butt
        let form = RibbonForm(
            cap: cap, join: join == "round" ? .round : join == "bevel" ? .bevel : .miter,
            miterLimit: layer.number("line-miter-limit", context), roundLimit: layer.number("line-round-limit", context),
            reach: outset, offset: layer.number("line-offset", context) * frame.ratio,
            cornerReach: Self.cornerReach * frame.ratio * growth)
        var pattern: RibbonPattern?
        if let name = layer.image("line-pattern", context) {
            pattern = self.pattern(name, context)
            guard pattern != nil else {
                missing.insert(name)
                return nil
            }
        }
        let shade = RibbonShade(
            colours: gradient ?? [layer.colour("line-color", context)], opacity: opacity, outset: outset,
            inset: gap > 0 ? gap + Self.edge / 2 : 0, fade: layer.number("line-blur", context) * frame.ratio + Self.edge,
            dashes: pattern == nil ? dashes(context, isRound: cap == .round) : nil, pattern: pattern)
        return Line(form: form, shade: shade)
    }

    /// Dashes have their length at the whole zoom below and grow with the map until the next.
    private func dashes(_ context: EvaluationContext, isRound: Bool) -> RibbonDashes? {
        let whole = layer.onWholeZoom.first ?? layer
        let lengths = whole.numbers("line-dasharray", context)
        guard !lengths.isEmpty else { return nil }
        let width = whole.number("line-width", context) * frame.ratio * growth
        return RibbonDashes(lengths: lengths.map { $0 * width }, halfWidth: width / 2, isRound: isRound)
    }

    /// Patterns are as high as the line is wide at the whole zoom below, and grow along it with the map until the next.
    private func pattern(_ name: String, _ context: EvaluationContext) -> RibbonPattern? {
        guard let image = frame.sprites.pixmap(name, ratio: frame.ratio) else { return nil }
        let width = (layer.onWholeZoom.first ?? layer).number("line-width", context) * frame.ratio
        return RibbonPattern(image: image, period: Float(image.width) * width / Float(image.height) * growth)
    }

    private func gradientColours() -> [Colour] {
        (0..<Self.gradientSteps).map { step in
            var context = frame.context
            context.lineProgress = Double(step) / Double(Self.gradientSteps - 1)
            return layer.colour("line-gradient", context)
        }
    }

    /// Where the whole line, of which a tile may hold a share, begins and ends, in device pixels along the part.
    private func span(of data: TileLayer, _ part: Int, _ context: EvaluationContext) -> ClosedRange<Float> {
        let range = data.coordinateRange(part: part)
        var length: Float = 0
        for i in stride(from: range.lowerBound + 2, to: range.upperBound, by: 2) {
            let dx = PixelGeometry.pixels(data.coordinates[i] &- data.coordinates[i - 2])
            let dy = PixelGeometry.pixels(data.coordinates[i + 1] &- data.coordinates[i - 1])
            length += (dx * dx + dy * dy).squareRoot()
        }
        let start = Float(context.feature.property(Self.clipStart)?.number ?? 0)
        let end = Float(context.feature.property(Self.clipEnd)?.number ?? 1)
        guard end > start, length > 0 else { return 0...1 }
        let whole = length / (end - start)
        return -start * whole...(1 - start) * whole
    }
}
