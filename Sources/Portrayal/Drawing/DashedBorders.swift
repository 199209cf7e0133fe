import Raster
import Tiling

/// Strokes dashed lines and rings of one style layer: the pattern runs on from window to window, and an edge that two
/// polygons share is drawn once, because the dashes of the second would fill the gaps of the first.
struct DashedBorders {
    private struct Edge: Hashable {
        var low: UInt64
        var high: UInt64
    }

    private var drawn: Set<Edge> = []

    /// Adds the stroke of one feature to the canvas's shape.
    mutating func add(
        _ data: TileLayer, _ feature: Int, _ stroke: Stroke, _ move: (x: Int32, y: Int32), _ scratch: inout RenderScratch
    ) {
        let isClosed = data.features[feature].kind == .polygon
        for part in data.features[feature].parts {
            let range = data.coordinateRange(part: part)
            let (first, count) = (range.lowerBound / 2, range.count / 2)
            var run = Run(stroke: stroke)
            for i in 0..<(isClosed ? count : max(0, count - 1)) {
                let (from, to) = (first + i, first + (i + 1) % count)
                if isClosed, !drawn.insert(Self.edge(data, from, to)).inserted {
                    run.finish(move, &scratch)
                    continue
                }
                run.add(data, from, to, move, &scratch)
            }
            run.finish(move, &scratch)
        }
    }

    private static func edge(_ data: TileLayer, _ a: Int, _ b: Int) -> Edge {
        let (p, q) = (key(data, a), key(data, b))
        return p < q ? Edge(low: p, high: q) : Edge(low: q, high: p)
    }

    private static func key(_ data: TileLayer, _ position: Int) -> UInt64 {
        UInt64(UInt32(bitPattern: data.coordinates[2 * position])) << 32
            | UInt64(UInt32(bitPattern: data.coordinates[2 * position + 1]))
    }

    /// Edges that follow one another with nothing left out between them.
    private struct Run {
        let stroke: Stroke
        private var startDistance: Int64 = 0
        private var endDistance: Int64 = 0
        private var isEmpty = true

        init(stroke: Stroke) { self.stroke = stroke }

        mutating func add(
            _ data: TileLayer, _ from: Int, _ to: Int, _ move: (x: Int32, y: Int32), _ scratch: inout RenderScratch
        ) {
            let distance = data.distances[from]
            if !isEmpty, distance != endDistance { finish(move, &scratch) }
            let (x, y) = (data.coordinates[2 * from], data.coordinates[2 * from + 1])
            let (nextX, nextY) = (data.coordinates[2 * to], data.coordinates[2 * to + 1])
            if isEmpty {
                scratch.path.removeAll()
                scratch.path.append(x: x, y: y)
                startDistance = max(0, distance)
                isEmpty = false
            }
            scratch.path.append(x: nextX, y: nextY)
            let (dx, dy) = (Double(nextX) - Double(x), Double(nextY) - Double(y))
            endDistance = distance + max(1, Int64((dx * dx + dy * dy).squareRoot() * 256))
        }

        mutating func finish(_ move: (x: Int32, y: Int32), _ scratch: inout RenderScratch) {
            guard !isEmpty else { return }
            isEmpty = true
            scratch.path.endPart()
            var stroke = stroke
            stroke.dashPhase += phase(of: startDistance)
            scratch.canvas.addStroke(
                PathSlice(scratch.path, offsetX: move.x, offsetY: move.y), closed: false, stroke: stroke)
        }

        /// Pixels into the pattern, whole periods taken off in the rasteriser's own 1/65 536 pixels.
        private func phase(of distance: Int64) -> Float {
            let sum = stroke.dashes.reduce(Int64(0)) { $0 + Int64(Double($1) * Self.stepsPerPixel) }
            let period = stroke.dashes.count % 2 == 1 ? sum * 2 : sum
            return period > 0 ? Float(Double(distance % period) / Self.stepsPerPixel) : 0
        }

        private static let stepsPerPixel = 65_536.0
    }
}
