import FeatureStore
import SimpleFeatures
import TileCache
import Tiling

/// Finds the tiles of one map whose bytes differ between two states of it, labels aside.
///
/// What changed in a layer bounds the tiles that come into question; each of them is cut from both states, and is dirty exactly
/// when the two cuts differ. Where more than `comparisonLimit` tiles of a level are in question, as after a large import, all of
/// them count as dirty: cutting them would take longer than making them.
struct DirtyFinder {
    private let former: LiveMap?
    private let current: LiveMap
    private let differences: [LayerDifference]
    private let bench: WorkerBench
    /// Tiles along the side of a picture job.
    private let metatile: Int
    private let comparisonLimit: Int

    /// - Parameter comparisonLimit: of one level and layer.
    init(from former: LiveMap?, to current: LiveMap, metatile: Int, bench: WorkerBench, comparisonLimit: Int = 300) {
        self.former = former
        self.current = current
        self.metatile = metatile
        self.bench = bench
        self.comparisonLimit = comparisonLimit
        differences = LayerDifference.all(from: former, to: current)
    }

    /// Tiles of one feature up to which each is looked at.
    private static let tilesOfAFeature = 1_024

    /// Vector tiles of all levels.
    func vectorTiles(of set: TileMatrixSet) throws -> [DirtyLevel] {
        guard !differences.isEmpty else { return [] }
        return try set.matrices.map { matrix in
            var dirty = DirtyLevel(matrix)
            try find(.vector, ratio: nil, blockSide: 1, set, into: &dirty)
            return dirty
        }
    }

    /// Pictures of one level, for what is not a label of a plan.
    ///
    /// - Parameter placesLabels: whether each metatile places its own labels.
    func pictures(of set: TileMatrixSet, _ matrix: TileMatrix, placesLabels: Bool, into dirty: inout DirtyLevel) throws {
        guard let style = current.style, !differences.isEmpty || former == nil else { return }
        // A finer grid may show what a coarser does not, and the other way about.
        for ratio in [1, 2] {
            try find(.raster(style, .shapes), ratio: ratio, blockSide: 1, set, into: &dirty)
            if placesLabels { try find(.raster(style, .symbols), ratio: ratio, blockSide: metatile, set, into: &dirty) }
        }
    }

    private func find(
        _ purpose: LayerPurpose, ratio: Int?, blockSide: Int, _ set: TileMatrixSet, into dirty: inout DirtyLevel
    ) throws {
        for layer in differences where !dirty.isWhole {
            let level = LevelDifference(layer, purpose: purpose, ratio: ratio, blockSide: blockSide, set: set, matrix: dirty.matrix)
            guard level.isShown else { continue }
            if layer.difference.isOfEverything {
                let box = try layer.difference.envelope(crs: level.crs)
                if let block = level.tiles(box) { dirty.insert(block) }
                continue
            }
            try find(level, into: &dirty)
        }
    }

    private func find(_ level: LevelDifference, into dirty: inout DirtyLevel) throws {
        var inQuestion: [TileAddress: [PreparedDifference.Change]] = [:]
        for change in level.layer.difference.changes {
            guard let block = level.tiles(try level.layer.difference.envelope(of: change, crs: level.crs)) else { continue }
            if block.tileCount > Self.tilesOfAFeature {
                dirty.insert(block)
            } else {
                level.forEachBlock(in: block) { inQuestion[$0, default: []].append(change) }
            }
        }
        let isCut = inQuestion.count <= comparisonLimit
        for (address, changes) in inQuestion where !dirty.contains(address) {
            if isCut, try !level.differs(at: address, changes, bench) { continue }
            level.forEachTile(ofBlockAt: address) { dirty.insert($0) }
        }
    }
}

/// One layer's difference at one level, for one purpose.
private struct LevelDifference {
    let layer: LayerDifference
    let crs: String
    private let matrix: TileMatrix
    private let blockSide: Int
    private let window: TileWindow
    private let formerPart: LayerPart?
    private let currentPart: LayerPart?
    /// CRS units around a tile from which features matter to it.
    private let reach: Double
    private let repairsRings: Bool

    init(_ layer: LayerDifference, purpose: LayerPurpose, ratio: Int?, blockSide: Int, set: TileMatrixSet, matrix: TileMatrix) {
        self.layer = layer
        self.matrix = matrix
        self.blockSide = blockSide
        crs = ServedCRSs.datumTwin(of: set.crs)
        repairsRings = purpose.repairsRings
        let origin = TileAddress(level: matrix.level, row: 0, column: 0)
        if let ratio {
            window = TileWindow.metatile(
                containing: origin, of: matrix, size: blockSide, extent: Int32(matrix.tileSize * ratio) * ProductionSettings.unitsPerPixel,
                margin: ProductionSettings.rasterGutterInPixels * Int32(ratio) * ProductionSettings.unitsPerPixel)
        } else {
            window = TileWindow.tile(
                origin, of: matrix, extent: StandardGrid.vectorTileExtent, margin: ProductionSettings.vectorBuffer)
        }
        let (level, frame) = (matrix.nominalLevel(metresPerUnit: set.metresPerUnit), window)
        func part(_ live: LiveLayer?) -> LayerPart? {
            live?.parts(level: level, window: frame, purpose: purpose).first { $0.name == layer.name }
        }
        formerPart = part(layer.former)
        currentPart = part(layer.current)
        let units = [formerPart, currentPart].compactMap { $0 }.map { part in
            Double(part.margin) + 2 + Double(part.rules.densityLimit?.cellInUnits ?? 0)
        }
        reach = (units.max() ?? 0) / window.unitsPerCRSUnit
    }

    /// Whether the layer gives anything at this level in either state.
    var isShown: Bool { formerPart != nil || currentPart != nil }

    /// The tiles, or of blocks of several tiles the first ones, that a box may matter to; `nil` for none.
    func tiles(_ box: Envelope) -> TileMatrixLimits? {
        guard !box.isEmpty else { return nil }
        let grown = box.expanded(by: reach)
        func place(_ distance: Double, _ count: Int) -> Int { Int(max(-1, min(Double(count), (distance / matrix.tileSpan).rounded(.down)))) }
        let left = place(grown.minX - matrix.pointOfOrigin.x, matrix.matrixWidth)
        let right = place(grown.maxX - matrix.pointOfOrigin.x, matrix.matrixWidth)
        let top = place(matrix.pointOfOrigin.y - grown.maxY, matrix.matrixHeight)
        let bottom = place(matrix.pointOfOrigin.y - grown.minY, matrix.matrixHeight)
        guard right >= 0, bottom >= 0, left < matrix.matrixWidth, top < matrix.matrixHeight else { return nil }
        func whole(_ low: Int, _ high: Int, _ count: Int) -> ClosedRange<Int> {
            let first = max(0, low) / blockSide * blockSide
            return first...max(first, min(count - 1, min(count - 1, high) / blockSide * blockSide + blockSide - 1))
        }
        return TileMatrixLimits(
            level: matrix.level, rows: whole(top, bottom, matrix.matrixHeight), columns: whole(left, right, matrix.matrixWidth))
    }

    /// Calls `body` with the first tile of every block.
    func forEachBlock(in limits: TileMatrixLimits, _ body: (TileAddress) -> Void) {
        for row in stride(from: limits.rows.lowerBound, through: limits.rows.upperBound, by: blockSide) {
            for column in stride(from: limits.columns.lowerBound, through: limits.columns.upperBound, by: blockSide) {
                body(TileAddress(level: matrix.level, row: row, column: column))
            }
        }
    }

    func forEachTile(ofBlockAt address: TileAddress, _ body: (TileAddress) -> Void) {
        let (row, column) = (address.row / blockSide * blockSide, address.column / blockSide * blockSide)
        for r in row..<min(row + blockSide, matrix.matrixHeight) {
            for c in column..<min(column + blockSide, matrix.matrixWidth) {
                body(TileAddress(level: matrix.level, row: r, column: c))
            }
        }
    }

    /// Whether the two states give the tile, or the block that it is in, different features or accounts.
    func differs(at address: TileAddress, _ changes: [PreparedDifference.Change], _ bench: WorkerBench) throws -> Bool {
        var place = window
        place.origin = TileAddress(
            level: address.level, row: address.row / blockSide * blockSide, column: address.column / blockSide * blockSide)
        place.columns = min(blockSide, matrix.matrixWidth - place.origin.column)
        place.rows = min(blockSide, matrix.matrixHeight - place.origin.row)
        let weighsNeighbours = [formerPart, currentPart].contains { $0?.rules.densityLimit != nil }
        guard !weighsNeighbours else { return try !isSame(cut(formerPart, place, bench), cut(currentPart, place, bench)) }
        var (old, new) = (PreparedFeatures(), PreparedFeatures())
        for change in changes {
            old.formUnion(change.former)
            new.formUnion(change.current)
        }
        let (before, after) = (try cut(formerPart, place, bench, only: old), try cut(currentPart, place, bench, only: new))
        guard isSame(before, after) else { return true }
        // Alike by themselves, and yet they may stand elsewhere among the others.
        guard let after, !after.layer.features.isEmpty, changes.contains(where: \.isMoved) else { return false }
        return try !isSame(cut(formerPart, place, bench), cut(currentPart, place, bench))
    }

    private func cut(
        _ part: LayerPart?, _ window: TileWindow, _ bench: WorkerBench, only: PreparedFeatures? = nil
    ) throws -> TileSelection? {
        guard let part else { return nil }
        var reached = window
        reached.margin = part.margin
        return try part.prepared.tileLayer(
            name: part.name, window: reached, crs: crs, rules: part.rules, scratch: &bench.scratch,
            repair: repairsRings ? bench.repair : nil, only: only)
    }

    private func isSame(_ former: TileSelection?, _ current: TileSelection?) -> Bool {
        guard let former, let current else {
            let other = former ?? current
            return other?.layer.features.isEmpty != false && other?.leftOut == LeftOut()
        }
        return former.layer == current.layer && former.leftOut == current.leftOut && former.leftOutByTile == current.leftOutByTile
    }
}
