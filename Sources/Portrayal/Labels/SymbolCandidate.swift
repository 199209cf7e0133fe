import Tiling

/// A symbol that wants a place: what it looks like and where it could stand.
struct SymbolCandidate {
    enum Place {
        /// Device pixels; the turn is the line's where the symbol stands on one.
        case point(x: Float, y: Float, turn: Rotation)
        /// Along a line, its middle at a distance from the start.
        case line(TwoWayLine, middle: Float)
    }

    var format: SymbolFormat
    var place: Place
    var id: UInt64

    /// Lowest first: the style's own order, then the feature's id, then the place, whatever order features came in.
    static func ordered(_ candidates: [SymbolCandidate]) -> [SymbolCandidate] {
        // Sorting moves ranks and not whole candidates with their texts.
        let ranks = candidates.indices.map { candidates[$0].rank(layer: 0, number: Int32($0)) }
        return ranks.sorted().map { candidates[Int($0.number)] }
    }

    func rank(layer: Int32, number: Int32) -> SymbolRank {
        let (x, y) = position
        return SymbolRank(layer: layer, sortKey: format.sortKey, id: id, x: x, y: y, number: number)
    }

    var position: (x: Float, y: Float) {
        switch place {
        case .point(let x, let y, _): return (x, y)
        case .line(let line, let middle):
            let p = line.forward.point(at: middle)
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
        var (found, lines) = read(data)
        var roads: [RoadKey: Road] = [:]
        for part in lines { roads[part.key, default: Road()].add(part) }
        lines.removeAll()
        // By id: a dictionary's own order changes from run to run.
        for road in roads.values.sorted(by: { ($0.id, $0.format?.text ?? "") < ($1.id, $1.format?.text ?? "") }) {
            found += try along(road, width)
        }
        return SymbolCandidate.ordered(found)
    }

    /// What the features give by themselves, and the lines that are joined with others of their name first.
    func read(_ data: TileLayer) -> (points: [SymbolCandidate], lines: [RoadPart]) {
        let selection = FeatureSelection<SymbolFormat>(
            layer, data, frame, sortKey: nil, where: { _ in true }, make: { SymbolFormat(layer, $0, frame.ratio) })
        var points: [SymbolCandidate] = []
        var lines: [RoadPart] = []
        for item in selection.items {
            let format = selection.paint(of: item)
            let feature = data.features[item.feature]
            switch (common.placement, feature.kind) {
            case (.point, .point): addPoints(feature, format, data, &points)
            case (.point, .polygon): addCentre(feature, format, data, &points)
            case (_, .point): break
            case (.point, .line): addMiddles(feature, format, data, &points)
            case (_, .line), (_, .polygon): lines.append(RoadPart(feature, format, data))
            }
        }
        return (points, lines)
    }

    /// What features must have in common to be joined and labelled as one.
    struct RoadKey: Hashable {
        var text: String
        var icon: String?
        var size: Float
    }

    /// One feature of a road.
    struct RoadPart {
        let format: SymbolFormat
        let id: UInt64
        /// x, y pairs a line.
        let lines: [[Int32]]

        init(_ feature: TileFeature, _ format: SymbolFormat, _ data: TileLayer) {
            self.format = format
            id = feature.id
            lines = feature.parts.map { part in
                let positions = Array(data.coordinates[data.coordinateRange(part: part)])
                return feature.kind == .polygon ? positions + positions.prefix(2) : positions
            }
        }

        var key: RoadKey { RoadKey(text: format.text, icon: format.icon, size: format.sizeInPixels) }
    }

    /// Everything that carries one name, joined; looks like the feature with the least id.
    struct Road {
        private(set) var format: SymbolFormat?
        private(set) var id = UInt64.max
        private(set) var joiner = LineJoiner()

        mutating func add(_ part: RoadPart) {
            if format == nil || part.id < id { (format, id) = (part.format, part.id) }
            for line in part.lines { joiner.add(line) }
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

    /// No road is named more often, however much its line runs to and fro.
    private static let mostPlaces: Float = 10_000

    /// The places along a road, as many as its length has room for.
    func along(
        _ road: Road, _ width: (SymbolFormat) throws(PortrayalError) -> Float
    ) throws(PortrayalError) -> [SymbolCandidate] {
        guard let format = road.format else { return [] }
        var found: [SymbolCandidate] = []
        let needed = common.textFollowsLine ? try width(format) : 0
        for positions in road.joiner.joined() {
            let line = line(positions[...])
            guard line.length > needed, line.length > 0 else { continue }
            let room = min(line.length / common.spacing, Self.mostPlaces)
            let count = common.placement == .lineCentre ? 1 : max(1, Int(room))
            let way = TwoWayLine(line)
            for k in 0..<count {
                let middle = (Float(k) + 0.5) * line.length / Float(count)
                let place: SymbolCandidate.Place
                if common.textFollowsLine, !format.text.isEmpty {
                    place = .line(way, middle: middle)
                } else {
                    let p = line.point(at: middle)
                    place = .point(x: p.x, y: p.y, turn: common.iconFollowsLine ? p.turn : Self.noTurn)
                }
                found.append(SymbolCandidate(format: format, place: place, id: road.id))
            }
        }
        return found
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
