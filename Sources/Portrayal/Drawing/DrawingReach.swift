/// How far beyond a feature's own geometry a layer paints, in logical pixels.
struct DrawingReach {
    let layer: ZoomedLayer

    /// Anti-aliasing, and the rounding of positions.
    private static let edge = 1.0
    /// A heatmap's surface is coarser than the picture.
    private static let surfaceCell = 8.0
    private static let squareCap = 2.0.squareRoot()

    /// `nil` where only the features themselves could tell.
    var pixels: Double? {
        switch layer.kind {
        case .fill: sum("fill-translate").map { $0 + 2 * Self.edge }
        case .line: line
        case .circle: circle
        case .heatmap: sum("heatmap-radius").map { $0 + Self.surfaceCell }
        default: nil
        }
    }

    private var line: Double? {
        guard let half = sum("line-width", "line-gap-width", "line-offset"), let soft = sum("line-blur", "line-translate"),
            let miter = layer.greatestMagnitude("line-miter-limit")
        else { return nil }
        // The parts of a line with a gap are whole widths away from it; corners reach farther than the width.
        return half * max(miter, Self.squareCap) + soft + Self.edge
    }

    private var circle: Double? {
        guard let radius = sum("circle-radius", "circle-stroke-width"), let blur = layer.greatestMagnitude("circle-blur"),
            let move = sum("circle-translate")
        else { return nil }
        return radius * (1 + blur) + move + Self.edge
    }

    private func sum(_ names: String...) -> Double? {
        var total = 0.0
        for name in names {
            guard let one = layer.greatestMagnitude(name) else { return nil }
            total += one
        }
        return total
    }
}

extension Style {
    /// How far beyond their own geometry the features of each source layer paint at a style zoom, labels and icons apart.
    ///
    /// - Returns: logical pixels by source layer; `.some(nil)` where the document alone does not tell.
    public func reach(atStyleZoom zoom: Double) -> [String: Double?] {
        var context = EvaluationContext()
        context.zoom = zoom
        context.globalState = globalState
        var reaches: [String: Double?] = [:]
        for layer in layers where layer.draws(atStyleZoom: zoom) && layer.kind != .symbol {
            guard let name = layer.sourceLayer else { continue }
            let pixels = DrawingReach(layer: ZoomedLayer(layer, context)).pixels
            guard let known = reaches[name] else {
                reaches[name] = .some(pixels)
                continue
            }
            reaches[name] = .some(known.flatMap { known in pixels.map { max(known, $0) } })
        }
        return reaches
    }
}
