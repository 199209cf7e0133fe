import Foundation
import Raster
import Tiling
import Typography

/// Finds the symbols of one layer in the features of one tile, and where each may stand.
struct ClientSymbolBuilder {
    let layer: ZoomedLayer
    let common: SymbolLayerFormat
    let frame: RenderFrame
    let tile: TilePlacement?

    /// Device pixels at the zoom of a pixel at the tile's own, whole zoom: spacings are measured there.
    private var growth: Float { Float(exp2(frame.picture.styleZoom - frame.picture.styleZoom.rounded(.down))) }

    /// In the order in which they look for a place.
    func symbols(
        _ data: TileLayer, width: (SymbolFormat) throws(PortrayalError) -> Float
    ) throws(PortrayalError) -> [ClientSymbol] {
        let selection = FeatureSelection<SymbolFormat>(
            layer, data, frame, sortKey: nil, where: { _ in true },
            make: { SymbolFormat(layer, $0, frame.ratio, layout: layer.onWholeZoom.first) })
        var found: [ClientSymbol] = []
        if common.placement == .point {
            for (index, item) in selection.items.enumerated() { addPoints(data, item.feature, selection.paint(of: item), index, &found) }
        } else {
            try addAlong(selection, data, width, &found)
        }
        for i in found.indices { found[i].index = selection.items[found[i].index].feature }
        if common.sortsByKey {
            let order = found.indices.sorted {
                let (a, b) = (found[$0].format.sortKey, found[$1].format.sortKey)
                return a != b ? a < b : $0 < $1
            }
            return order.map { found[$0] }
        }
        if common.placesByY {
            // Down the screen's rows, from the bottom.
            let order = found.indices.sorted {
                let (a, b) = (found[$0], found[$1])
                return a.y != b.y ? a.y > b.y : a.index < b.index
            }
            return order.map { found[$0] }
        }
        return found
    }

    private static let noTurn = Rotation(dx: 1, dy: 0)

    private func addPoint(_ x: Float, _ y: Float, _ format: SymbolFormat, _ index: Int, _ found: inout [ClientSymbol]) {
        guard isInside(x, y) else { return }
        found.append(ClientSymbol(format: format, x: x, y: y, turn: Self.noTurn, line: nil, index: index))
    }

    private func isInside(_ x: Float, _ y: Float) -> Bool {
        tile?.holds(PlacedSymbol.units(x), PlacedSymbol.units(y)) ?? true
    }

    // MARK: At points

    private func addPoints(
        _ data: TileLayer, _ feature: Int, _ format: SymbolFormat, _ index: Int, _ found: inout [ClientSymbol]
    ) {
        let parts = data.features[feature].parts
        switch data.features[feature].kind {
        case .point:
            for part in parts {
                for p in positions(data, part) { addPoint(p.x, p.y, format, index, &found) }
            }
        case .line:
            for part in parts {
                if let p = positions(data, part).first { addPoint(p.x, p.y, format, index, &found) }
            }
        case .polygon:
            for rings in polygons(data, parts) {
                var centre = VisualCentre()
                for ring in rings { centre.addRing(data.coordinates[data.coordinateRange(part: ring)]) }
                let everywhere = PixelBox(left: -1e7, top: -1e7, right: 1e7, bottom: 1e7)
                if let p = centre.point(in: everywhere) { addPoint(p.x, p.y, format, index, &found) }
            }
        }
    }

    private func positions(_ data: TileLayer, _ part: Int) -> [SIMD2<Float>] {
        let range = data.coordinateRange(part: part)
        return stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
            SIMD2(PixelGeometry.pixels(data.coordinates[$0]), PixelGeometry.pixels(data.coordinates[$0 + 1]))
        }
    }

    /// Exteriors with the holes that follow them.
    private func polygons(_ data: TileLayer, _ parts: Range<Int>) -> [[Int]] {
        var out: [[Int]] = []
        for part in parts {
            let ring = positions(data, part)
            let area = ring.indices.reduce(Float(0)) { sum, i in
                let (a, b) = (ring[i], ring[(i + 1) % ring.count])
                return sum + a.x * b.y - b.x * a.y
            }
            if area > 0 || out.isEmpty { out.append([part]) } else { out[out.count - 1].append(part) }
        }
        return out
    }

    // MARK: Along lines

    private func addAlong(
        _ selection: FeatureSelection<SymbolFormat>, _ data: TileLayer,
        _ width: (SymbolFormat) throws(PortrayalError) -> Float, _ found: inout [ClientSymbol]
    ) throws(PortrayalError) {
        var merging = LineMerging()
        for (index, item) in selection.items.enumerated() where data.features[item.feature].kind != .point {
            for part in data.features[item.feature].parts {
                var line = positions(data, part).map { SIMD2<Double>($0) }
                if data.features[item.feature].kind == .polygon, let first = line.first { line.append(first) }
                merging.add(line, text: selection.paint(of: item).text, feature: index)
            }
        }
        for case let entry? in merging.entries {
            let format = selection.paint(of: selection.items[entry.feature])
            let length = try width(format)
            let runs = common.placement == .line ? clipped(entry.line) : [(labelLine(entry.line), false)]
            for run in runs { add(run, format, length, entry.feature, &found) }
        }
    }

    private func add(
        _ run: (line: LabelLine, isContinued: Bool), _ format: SymbolFormat, _ length: Float, _ index: Int,
        _ found: inout [ClientSymbol]
    ) {
        let line = run.line
        guard line.length > 0 else { return }
        let anchors = LineAnchors(
            spacing: common.spacing * growth, maximumAngle: common.maximumAngle, length: length,
            angleWindow: !format.hasLabel ? 0 : 0.6 * format.sizeInPixels, lead: 2 * format.sizeInPixels,
            overscale: Float(tile?.overscale ?? 1), isContinued: run.isContinued)
        let places = common.placement == .line
            ? anchors.places(on: line, isInside: isInside)
            : [line.length / 2].filter { at in
                let p = line.point(at: at)
                return isInside(p.x, p.y) && anchors.isGentle(line, at)
            }
        let way = TwoWayLine(line)
        for place in places {
            let p = line.point(at: place)
            found.append(ClientSymbol(format: format, x: p.x, y: p.y, turn: p.turn, line: (way, place), index: index))
        }
    }

    /// The runs of a line inside the tile, and whether each begins at its edge.
    private func clipped(_ line: [SIMD2<Double>]) -> [(line: LabelLine, isContinued: Bool)] {
        guard let tile else { return [(labelLine(line), false)] }
        var runs: [[SIMD2<Double>]] = []
        for i in 1..<max(line.count, 1) {
            let (a, b) = (tile.units(line[i - 1].x, line[i - 1].y), tile.units(line[i].x, line[i].y))
            guard let piece = Self.cut(SIMD2(a.x, a.y), SIMD2(b.x, b.y), extent: tile.extent) else { continue }
            if let last = runs.last?.last, last == piece.0 {
                runs[runs.count - 1].append(piece.1)
            } else {
                runs.append([piece.0, piece.1])
            }
        }
        return runs.map { run in
            let near = 1 / (tile.scale * 128)
            let isAtEdge = [run[0].x, run[0].y].contains { abs($0) < near || abs($0 - tile.extent) < near }
            let pixels = run.map { (p: SIMD2<Double>) -> SIMD2<Double> in
                let d = tile.pixels(p.x, p.y)
                return SIMD2(d.x, d.y)
            }
            return (labelLine(pixels), isAtEdge)
        }
    }

    private func labelLine(_ line: [SIMD2<Double>]) -> LabelLine {
        LabelLine(x: line.map { Float($0.x) }, y: line.map { Float($0.y) })
    }

    /// The part of a segment in the tile.
    private static func cut(
        _ a: SIMD2<Double>, _ b: SIMD2<Double>, extent: Double
    ) -> (SIMD2<Double>, SIMD2<Double>)? {
        var (from, to) = (0.0, 1.0)
        let d = b - a
        for axis in 0..<2 {
            if d[axis] == 0 {
                if a[axis] < 0 || a[axis] > extent { return nil }
                continue
            }
            let (s, t) = ((0 - a[axis]) / d[axis], (extent - a[axis]) / d[axis])
            from = max(from, min(s, t))
            to = min(to, max(s, t))
        }
        guard from < to else { return nil }
        return (from == 0 ? a : a + d * from, to == 1 ? b : a + d * to)
    }
}
