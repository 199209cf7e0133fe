public import SimpleFeatures
public import Tiling

/// From whole numbers to positions: `x = translate.x + scale · i`, and y down from the upper left or up from the lower left.
public struct EsriTransform: Hashable, Sendable {
    public var origin: EsriQuantisation.Origin
    /// Units of the CRS in one step.
    public var scale: Double
    public var translate: Coordinate
    /// Whether positions that fall together become one, and what has no extent any more goes.
    public var merges: Bool

    public init(origin: EsriQuantisation.Origin, scale: Double, translate: Coordinate, merges: Bool) {
        precondition(scale > 0, "a grid has a step")
        self.origin = origin
        self.scale = scale
        self.translate = translate
        self.merges = merges
    }

    /// What a client asked for, in the CRS of the answer.
    ///
    /// - Parameters:
    ///   - extent: of the wish, carried to the answer's CRS; else of the answer's positions.
    ///   - finest: the step that keeps everything the service says.
    public init(_ wanted: EsriQuantisation, extent: Envelope, finest: Double) {
        let corner = extent.isEmpty ? Coordinate(x: 0, y: 0) : Coordinate(x: extent.minX, y: wanted.origin == .upperLeft ? extent.maxY : extent.minY)
        let isView = wanted.mode == .view
        self.init(origin: wanted.origin, scale: isView ? wanted.tolerance ?? 1 : finest, translate: corner, merges: isView)
    }

    /// The finest grid over some positions whose numbers fit in 32 bits, which is what Esri's schema has room for: ten thousandths of a
    /// metre over two hundred kilometres.
    public init(over envelope: Envelope, finest: Double) {
        var scale = finest
        let reach = envelope.isEmpty ? 0 : max(envelope.width, envelope.height)
        while reach / scale > Double(Int32.max) { scale *= 10 }
        // On the grid that rounding to decimals has, so that what is rounded there is the same here.
        func snapped(_ ordinate: Double) -> Double { (ordinate / finest).rounded() * finest }
        let corner = envelope.isEmpty ? Coordinate(x: 0, y: 0) : Coordinate(x: snapped(envelope.minX), y: snapped(envelope.maxY))
        self.init(origin: .upperLeft, scale: scale, translate: corner, merges: false)
    }

    /// A point of the grid.
    public struct Step: Hashable, Sendable {
        public var x: Int64
        public var y: Int64
    }

    /// `nil` for a position that no number of 62 bits reaches.
    public func step(_ position: Coordinate) -> Step? {
        let x = ((position.x - translate.x) / scale).rounded()
        let north = ((position.y - translate.y) / scale).rounded()
        guard abs(x) < 0x1p62, abs(north) < 0x1p62 else { return nil }
        return Step(x: Int64(x), y: Int64(origin == .upperLeft ? -north : north))
    }

    /// A path on the grid, the first position whole and each other as its difference from the one before; empty for one that has no
    /// extent there.
    ///
    /// - Parameter least: positions that a path of its kind has: 2 for a line, 4 for a ring, 1 for points.
    func differences(_ path: [Coordinate], least: Int) -> [Step] {
        var steps: [Step] = []
        steps.reserveCapacity(path.count)
        var last: Step?
        for position in path {
            guard let step = step(position) else { return [] }
            if merges, least > 1, step == last { continue }
            steps.append(Step(x: step.x - (last?.x ?? 0), y: step.y - (last?.y ?? 0)))
            last = step
        }
        return merges && steps.count < least ? [] : steps
    }

    /// The parts of a geometry as differences; `nil` where nothing of it has extent on the grid.
    func quantised(_ parts: EsriFeatureWriter.Parts) -> [[Step]]? {
        let paths: [[Step]] =
            switch parts {
            case .point(let position): [differences([position], least: 1)]
            case .points(let positions): [differences(positions, least: 1)]
            case .paths(let paths): paths.map { differences($0, least: 2) }
            case .rings(let rings): rings.map { differences($0, least: 4) }
            }
        let left = paths.filter { !$0.isEmpty }
        return left.isEmpty ? nil : left
    }

    public func json() -> JSONDocument {
        [
            "originPosition": .string(origin.rawValue), "scale": .numbers([scale, scale]), "translate": .numbers([translate.x, translate.y]),
        ]
    }
}
