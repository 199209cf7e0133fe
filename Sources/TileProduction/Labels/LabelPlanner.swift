import FeatureStore
import Portrayal
import SimpleFeatures
import Tiling

/// Everything that the labels of one level depend on.
struct LabelPlanKey: Hashable, Sendable {
    var map: String
    var matrixSet: String
    var level: Int
    /// Device pixels a logical pixel.
    var ratio: Int
    var styleVersion: UInt64
    /// Of the layers that are labelled, and no others.
    var dataVersion: UInt64
}

/// Makes the label plan of one level from one state of a map.
struct LabelPlanner: Sendable {
    let map: LiveMap
    let set: TileMatrixSet
    let matrix: TileMatrix
    let style: LiveStyle
    let ratio: Int

    /// Units farther from the corner would not be exact.
    private static let widestCanvasInUnits: Int64 = 1 << 29
    /// Tiles along the side of the blocks that a canvas is made of.
    private static let blockSide = 16

    /// `nil` where the map has no style or the set no such level.
    init?(map: LiveMap, set: TileMatrixSet, level: Int, ratio: Int) {
        guard let style = map.style, let matrix = set.matrix(level: level) else { return nil }
        self.map = map
        self.set = set
        self.matrix = matrix
        self.style = style
        self.ratio = ratio
    }

    private var nominalLevel: Int { matrix.nominalLevel(metresPerUnit: set.metresPerUnit) }

    private var extent: Int32 { Int32(matrix.tileSize * ratio) * ProductionSettings.unitsPerPixel }

    /// The layers whose features have labels or icons at this level.
    private var labelled: [LiveLayer] {
        map.layers.filter { !labelledSources(of: $0).isEmpty }
    }

    private func labelledSources(of layer: LiveLayer) -> [String: PreparedLayer] {
        layer.sources.filter { style.fields(of: $0.key, level: nominalLevel, for: .symbols) != nil }
    }

    var key: LabelPlanKey {
        LabelPlanKey(
            map: map.definition.id, matrixSet: set.id, level: matrix.level, ratio: ratio,
            styleVersion: style.version, dataVersion: LiveMap.dataVersion(of: labelled))
    }

    /// How many features are looked at: the measure of how long a plan takes.
    var featureCount: Int {
        map.layers.reduce(0) { sum, layer in labelledSources(of: layer).values.reduce(sum) { $0 + $1.featureCount } }
    }

    /// The block of tiles that holds all labelled features; `nil` where it is too large for exact positions.
    ///
    /// Its edges lie on a coarse grid, so that features which come and go seldom move it.
    func canvas() throws -> TileWindow? {
        let crs = ServedCRSs.datumTwin(of: set.crs)
        var all = Envelope.empty
        for layer in labelled {
            for prepared in labelledSources(of: layer).values where prepared.featureCount > 0 {
                all.formUnion(try prepared.envelope(crs: crs))
            }
        }
        guard !all.isEmpty else {
            return TileWindow(
                matrix: matrix, origin: TileAddress(level: matrix.level, row: 0, column: 0), extent: extent, margin: 0)
        }
        func block(_ distance: Double) -> Int { Int((distance / matrix.tileSpan / Double(Self.blockSide)).rounded(.down)) }
        let (left, right) = (block(all.minX - matrix.pointOfOrigin.x), block(all.maxX - matrix.pointOfOrigin.x))
        let (top, bottom) = (block(matrix.pointOfOrigin.y - all.maxY), block(matrix.pointOfOrigin.y - all.minY))
        let side = Int64(max(right - left, bottom - top) + 1) * Int64(Self.blockSide) * Int64(extent)
        guard side < Self.widestCanvasInUnits else { return nil }
        return TileWindow(
            matrix: matrix, origin: TileAddress(level: matrix.level, row: top * Self.blockSide, column: left * Self.blockSide),
            columns: (right - left + 1) * Self.blockSide, rows: (bottom - top + 1) * Self.blockSide, extent: extent,
            margin: extent)
    }

    /// Reads every labelled layer whole and places its labels.
    func labels(on canvas: TileWindow, bench: WorkerBench) throws -> LevelLabels {
        var leftOut = PlannedLeftOut()
        let plan = try bench.plan(canvas, style: style, styleZoom: styleZoom, ratio: ratio) { name in
            try features(of: name, on: canvas, bench, &leftOut)
        }
        leftOut.add(bench.lastRender?.unlettered ?? [], on: canvas)
        return LevelLabels(plan: plan, leftOut: leftOut.byTile)
    }

    /// Brings a ledger of the same canvas up to date.
    func labels(_ ledger: inout LabelLedger, on canvas: TileWindow, bench: WorkerBench) throws -> LevelLabels {
        var leftOut = PlannedLeftOut()
        try bench.update(&ledger) { name in try features(of: name, on: canvas, bench, &leftOut) }
        leftOut.add(ledger.unlettered, on: canvas)
        return LevelLabels(plan: ledger.plan(), leftOut: leftOut.byTile)
    }

    func ledger(on canvas: TileWindow, bench: WorkerBench) -> LabelLedger {
        bench.ledger(canvas, style: style, styleZoom: styleZoom, ratio: ratio)
    }

    private var styleZoom: Double { matrix.styleZoom(metresPerUnit: set.metresPerUnit) }

    private func features(
        of name: String, on canvas: TileWindow, _ bench: WorkerBench, _ leftOut: inout PlannedLeftOut
    ) throws -> [TileLayer] {
        let producer = TileProducer(map: map, set: set, bench: bench)
        var recorder = ProductionRecorder()
        let layers = map.layers.filter { $0.sources[name] != nil }
        let selections = try producer.query(canvas, purpose: .raster(style, .symbols), layers: layers, recorder: &recorder)
            .filter { $0.layer.name == name }
        if style.fields(of: name, level: nominalLevel, for: .shapes) == nil {
            for selection in selections { leftOut.add(selection, on: canvas) }
        }
        return selections.map(\.layer)
    }
}

extension TileProducer {
    /// All labels of a level, placed now; `nil` where the level is too fine for it, or the map has no style.
    ///
    /// - Parameter ratio: device pixels a logical pixel.
    /// - Throws: `PortrayalError`, and what reading the layers throws.
    public func labels(level: Int, ratio: Int) throws -> LevelLabels? {
        guard let planner = LabelPlanner(map: map, set: set, level: level, ratio: ratio), let canvas = try planner.canvas() else {
            return nil
        }
        return try planner.labels(on: canvas, bench: bench)
    }
}
