import Raster
import Tiling

/// Finds the features of one tile that a layer of shapes draws in an area.
struct ShapeQuery {
    let layer: ZoomedLayer
    let frame: RenderFrame
    let tile: TilePlacement?
    let area: QueryArea

    private typealias Position = QueryArea.Position

    /// Device pixels.
    private struct Reach {
        var radius: Double = 0
        var halfWidth: Double = 0
        var offset: Float = 0
    }

    /// Indices of features in drawing order.
    func features(_ data: TileLayer) -> [Int] {
        let selection = FeatureSelection<Reach>(layer, data, frame, sortKey: layer.kind.rawValue + "-sort-key", where: draws) { reach($0) }
        let move = layer.translation(layer.kind.rawValue + "-translate", frame)
        return selection.items.filter { item in
            meets(data, item.feature, selection.paint(of: item), move)
        }.map(\.feature)
    }

    private func draws(_ kind: TileGeometryKind) -> Bool {
        switch layer.kind {
        case .circle: true
        case .line: kind != .point
        case .fill, .fillExtrusion: kind == .polygon
        default: false
        }
    }

    private func reach(_ context: EvaluationContext) -> Reach {
        func pixels(_ name: String) -> Float { layer.number(name, context) * frame.ratio }
        switch layer.kind {
        case .circle: return Reach(radius: Double(pixels("circle-radius") + pixels("circle-stroke-width")))
        case .line:
            let (width, gap) = (pixels("line-width"), pixels("line-gap-width"))
            // A cased line is found in its gap too.
            return Reach(halfWidth: Double(gap > 0 ? gap + 2 * width : width) / 2, offset: pixels("line-offset"))
        default: return Reach()
        }
    }

    private func meets(_ data: TileLayer, _ feature: Int, _ reach: Reach, _ move: (x: Int32, y: Int32)) -> Bool {
        let kind = data.features[feature].kind
        let parts = data.features[feature].parts.map { data.coordinates[data.coordinateRange(part: $0)] }
        switch layer.kind {
        case .circle:
            return parts.contains { part in
                stride(from: part.startIndex, to: part.endIndex, by: 2).contains { i in
                    (tile?.holds(part[i], part[i + 1]) ?? true)
                        && area.meets(disc: position(part[i] &+ move.x, part[i + 1] &+ move.y), radius: reach.radius)
                }
            }
        case .line:
            return parts.contains { area.meets(line: line($0, isClosed: kind == .polygon, reach.offset, move), halfWidth: reach.halfWidth) }
        default: return area.meets(rings: parts.map { positions($0, move) })
        }
    }

    private func line(_ part: ArraySlice<Int32>, isClosed: Bool, _ offset: Float, _ move: (x: Int32, y: Int32)) -> [Position] {
        var line = positions(part, move)
        if offset != 0 {
            var path = Path()
            ParallelLine(offsetInPixels: offset, isClosed: isClosed).append(part, to: &path)
            line = positions(path.coordinates[...], move)
        }
        if isClosed, let first = line.first { line.append(first) }
        return line
    }

    private func positions(_ part: ArraySlice<Int32>, _ move: (x: Int32, y: Int32)) -> [Position] {
        stride(from: part.startIndex, to: part.endIndex, by: 2).map { position(part[$0] &+ move.x, part[$0 + 1] &+ move.y) }
    }

    private func position(_ x: Int32, _ y: Int32) -> Position {
        Position(Double(x), Double(y)) / Double(PixelGeometry.unitsPerPixel)
    }
}
