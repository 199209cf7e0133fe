import Tiling

/// A symbol that wants a place: what it looks like and where it could stand.
struct SymbolCandidate {
    enum Place {
        /// Device pixels; the turn is the line's where the symbol stands on one.
        case point(x: Float, y: Float, turn: Rotation)
        /// Along a line, its middle at a distance from the start.
        case line(LabelLine, middle: Float)
    }

    var format: SymbolFormat
    var place: Place
    var id: UInt64

    /// Lowest first: the style's own order, then the feature's id, then the place, whatever order features came in.
    static func ordered(_ candidates: [SymbolCandidate]) -> [SymbolCandidate] {
        let ranks = candidates.indices.map { Rank(candidates[$0], index: $0) }
        return ranks.sorted(by: Rank.precedes).map { candidates[$0.index] }
    }

    /// What candidates are ordered by: sorting moves this and not the whole candidate with its texts.
    private struct Rank {
        let sortKey: Double
        let id: UInt64
        let x: Float
        let y: Float
        let index: Int

        init(_ candidate: SymbolCandidate, index: Int) {
            sortKey = candidate.format.sortKey
            id = candidate.id
            (x, y) = candidate.position
            self.index = index
        }

        static func precedes(_ a: Rank, _ b: Rank) -> Bool {
            if a.sortKey != b.sortKey { return a.sortKey < b.sortKey }
            if a.id != b.id { return a.id < b.id }
            if a.x != b.x { return a.x < b.x }
            return a.y != b.y ? a.y < b.y : a.index < b.index
        }
    }

    var position: (x: Float, y: Float) {
        switch place {
        case .point(let x, let y, _): return (x, y)
        case .line(let line, let middle):
            let p = line.point(at: middle)
            return (p.x, p.y)
        }
    }
}

/// Finds the candidates of one symbol layer in one layer of features.
struct SymbolCandidates {
    let layer: ZoomedLayer
    let common: SymbolLayerFormat
    let frame: RenderFrame

    func collect(_ data: TileLayer, layout width: (SymbolFormat) throws(PortrayalError) -> Float) throws(PortrayalError) -> [SymbolCandidate] {
        let selection = FeatureSelection<SymbolFormat>(
            layer, data, frame, sortKey: nil, where: { _ in true }, make: { SymbolFormat(layer, $0, frame.ratio) })
        var found: [SymbolCandidate] = []
        var roads: [RoadKey: Road] = [:]
        for item in selection.items {
            let feature = data.features[item.feature]
            switch (common.placement, feature.kind) {
            case (.point, .point): addPoints(feature, item.paint, data, &found)
            case (.point, .polygon): addCentre(feature, item.paint, data, &found)
            case (_, .point): break
            case (.point, .line): addMiddles(feature, item.paint, data, &found)
            case (_, .line), (_, .polygon):
                let key = RoadKey(text: item.paint.text, icon: item.paint.icon, size: item.paint.sizeInPixels)
                roads[key, default: Road(format: item.paint, id: feature.id)].add(feature, data)
            }
        }
        // By id: a dictionary's own order changes from run to run.
        for road in roads.values.sorted(by: { ($0.id, $0.format.text) < ($1.id, $1.format.text) }) {
            try addAlong(road, width, &found)
        }
        return SymbolCandidate.ordered(found)
    }

    private struct RoadKey: Hashable {
        var text: String
        var icon: String?
        var size: Float
    }

    /// Everything that carries one name, to be joined.
    private struct Road {
        var format: SymbolFormat
        var id: UInt64
        var joiner = LineJoiner()

        init(format: SymbolFormat, id: UInt64) {
            self.format = format
            self.id = id
        }

        mutating func add(_ feature: TileFeature, _ data: TileLayer) {
            id = min(id, feature.id)
            for part in feature.parts {
                var positions = Array(data.coordinates[data.coordinateRange(part: part)])
                if feature.kind == .polygon { positions += positions.prefix(2) }
                joiner.add(positions)
            }
        }
    }

    private static let noTurn = Rotation(dx: 1, dy: 0)

    private func addPoints(_ feature: TileFeature, _ format: SymbolFormat, _ data: TileLayer, _ found: inout [SymbolCandidate]) {
        for part in feature.parts {
            let range = data.coordinateRange(part: part)
            for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
                let (x, y) = (PixelGeometry.pixels(data.coordinates[i]), PixelGeometry.pixels(data.coordinates[i + 1]))
                found.append(SymbolCandidate(format: format, place: .point(x: x, y: y, turn: Self.noTurn), id: feature.id))
            }
        }
    }

    /// One label a polygon feature, at the inmost point of what the window shows of it.
    private func addCentre(_ feature: TileFeature, _ format: SymbolFormat, _ data: TileLayer, _ found: inout [SymbolCandidate]) {
        var centre = VisualCentre()
        for part in feature.parts { centre.addRing(data.coordinates[data.coordinateRange(part: part)]) }
        let window = PixelBox(left: 0, top: 0, right: Float(frame.width), bottom: Float(frame.height))
        guard let point = centre.point(in: window) else { return }
        found.append(
            SymbolCandidate(format: format, place: .point(x: point.x, y: point.y, turn: Self.noTurn), id: feature.id))
    }

    private func addMiddles(_ feature: TileFeature, _ format: SymbolFormat, _ data: TileLayer, _ found: inout [SymbolCandidate]) {
        guard let longest = feature.parts.map({ line(data.coordinates[data.coordinateRange(part: $0)]) }).max(by: { $0.length < $1.length }),
            longest.length > 0
        else { return }
        let p = longest.point(at: longest.length / 2)
        found.append(SymbolCandidate(format: format, place: .point(x: p.x, y: p.y, turn: Self.noTurn), id: feature.id))
    }

    private func addAlong(
        _ road: Road, _ width: (SymbolFormat) throws(PortrayalError) -> Float, _ found: inout [SymbolCandidate]
    ) throws(PortrayalError) {
        let needed = common.textFollowsLine ? try width(road.format) : 0
        for positions in road.joiner.joined() {
            let line = line(positions[...])
            guard line.length > needed, line.length > 0 else { continue }
            let count = common.placement == .lineCentre ? 1 : max(1, Int(line.length / common.spacing))
            for k in 0..<count {
                let middle = (Float(k) + 0.5) * line.length / Float(count)
                let place: SymbolCandidate.Place
                if common.textFollowsLine, !road.format.text.isEmpty {
                    place = .line(line, middle: middle)
                } else {
                    let p = line.point(at: middle)
                    place = .point(x: p.x, y: p.y, turn: common.iconFollowsLine ? p.turn : Self.noTurn)
                }
                found.append(SymbolCandidate(format: road.format, place: place, id: road.id))
            }
        }
    }

    private func line(_ positions: ArraySlice<Int32>) -> LabelLine {
        var x: [Float] = []
        var y: [Float] = []
        for i in stride(from: positions.startIndex, to: positions.endIndex, by: 2) {
            x.append(PixelGeometry.pixels(positions[i]))
            y.append(PixelGeometry.pixels(positions[i + 1]))
        }
        return LabelLine(x: x, y: y)
    }
}
