import FeatureStore
import SimpleFeatures
import TileCache
import Tiling

/// Finds the vector tiles of one map whose bytes differ between two states of it.
///
/// What changed in a layer bounds the tiles that come into question; each of them is cut from both states, and is dirty exactly
/// when the two cuts differ. Where more than `comparisonLimit` tiles of a level are in question, as after a large import, all of
/// them count as dirty: cutting them would take longer than making them.
struct DirtyFinder {
    private let map: String
    private let differences: [LayerDifference]
    private let bench: WorkerBench
    private let comparisonLimit: Int

    /// - Parameter comparisonLimit: of one level and layer.
    init(from former: LiveMap, to current: LiveMap, bench: WorkerBench, comparisonLimit: Int = 300) {
        map = current.definition.id
        self.bench = bench
        self.comparisonLimit = comparisonLimit
        differences = LayerDifference.all(from: former, to: current)
    }

    /// Tiles of one feature up to which each is looked at.
    private static let tilesOfAFeature = 1_024

    /// Of all levels of the sets.
    func vectorTiles(of sets: [TileMatrixSet]) throws -> DirtyTiles {
        var blocks: [DirtyTiles.Block] = []
        for set in sets where !differences.isEmpty {
            for matrix in set.matrices { blocks += try vectorTiles(of: set, matrix).blocks(set: set.id) }
        }
        return DirtyTiles(map: map, blocks: blocks)
    }

    private func vectorTiles(of set: TileMatrixSet, _ matrix: TileMatrix) throws -> DirtyLevel {
        var dirty = DirtyLevel(matrix)
        for layer in differences {
            let level = LevelDifference(layer, set: set, matrix: matrix)
            guard level.isShown else { continue }
            if layer.difference.isOfEverything {
                if let block = level.tiles(try layer.difference.envelope(crs: level.crs)) { dirty.insert(block) }
            } else {
                try find(level, into: &dirty)
            }
        }
        return dirty
    }

    private func find(_ level: LevelDifference, into dirty: inout DirtyLevel) throws {
        var inQuestion: [TileAddress: [PreparedDifference.Change]] = [:]
        for change in level.layer.difference.changes {
            guard let block = level.tiles(try level.layer.difference.envelope(of: change, crs: level.crs)) else { continue }
            if block.tileCount > Self.tilesOfAFeature {
                dirty.insert(block)
            } else {
                block.forEachAddress { inQuestion[$0, default: []].append(change) }
            }
        }
        let isCut = inQuestion.count <= comparisonLimit
        for (address, changes) in inQuestion where !dirty.contains(address) {
            if isCut, try !level.differs(at: address, changes, bench) { continue }
            dirty.insert(address)
        }
    }
}

/// One layer's difference at one level.
private struct LevelDifference {
    let layer: LayerDifference
    let crs: String
    private let matrix: TileMatrix
    private let formerPart: LayerPart?
    private let currentPart: LayerPart?
    /// CRS units around a tile from which features matter to it.
    private let reach: Double

    init(_ layer: LayerDifference, set: TileMatrixSet, matrix: TileMatrix) {
        self.layer = layer
        self.matrix = matrix
        crs = ServedCRSs.datumTwin(of: set.crs)
        let window = Self.window(at: TileAddress(level: matrix.level, row: 0, column: 0), of: matrix)
        let level = matrix.nominalLevel(metresPerUnit: set.metresPerUnit)
        func part(_ live: LiveLayer?) -> LayerPart? {
            live?.parts(level: level, window: window, purpose: .vector).first { $0.name == layer.name }
        }
        formerPart = part(layer.former)
        currentPart = part(layer.current)
        // Two more: a position may be rounded onto the margin's edge, and a box in the file is rounded itself.
        let units = [formerPart, currentPart].compactMap { $0 }.map { part in
            Double(part.margin) + 2 + Double(part.rules.densityLimit?.cellInUnits ?? 0)
        }
        reach = (units.max() ?? 0) / window.unitsPerCRSUnit
    }

    private static func window(at address: TileAddress, of matrix: TileMatrix) -> TileWindow {
        TileWindow.tile(address, of: matrix, extent: StandardGrid.vectorTileExtent, margin: ProductionSettings.vectorBuffer)
    }

    /// Whether the layer gives anything at this level in either state.
    var isShown: Bool { formerPart != nil || currentPart != nil }

    /// The tiles that a box may matter to; `nil` for none.
    func tiles(_ box: Envelope) -> TileMatrixLimits? {
        guard !box.isEmpty else { return nil }
        let grown = box.expanded(by: reach)
        func place(_ distance: Double, _ count: Int) -> Int {
            Int(max(-1, min(Double(count), (distance / matrix.tileSpan).rounded(.down))))
        }
        let left = place(grown.minX - matrix.pointOfOrigin.x, matrix.matrixWidth)
        let right = place(grown.maxX - matrix.pointOfOrigin.x, matrix.matrixWidth)
        let top = place(matrix.pointOfOrigin.y - grown.maxY, matrix.matrixHeight)
        let bottom = place(matrix.pointOfOrigin.y - grown.minY, matrix.matrixHeight)
        guard right >= 0, bottom >= 0, left < matrix.matrixWidth, top < matrix.matrixHeight else { return nil }
        return TileMatrixLimits(
            level: matrix.level, rows: max(0, top)...min(matrix.matrixHeight - 1, bottom),
            columns: max(0, left)...min(matrix.matrixWidth - 1, right))
    }

    /// Whether the two states give the tile different features or accounts.
    func differs(at address: TileAddress, _ changes: [PreparedDifference.Change], _ bench: WorkerBench) throws -> Bool {
        let weighsNeighbours = [formerPart, currentPart].contains { $0?.rules.densityLimit != nil }
        guard !weighsNeighbours else { return try !isSame(cut(formerPart, address, bench), cut(currentPart, address, bench)) }
        var (old, new) = (PreparedFeatures(), PreparedFeatures())
        for change in changes {
            old.formUnion(change.former)
            new.formUnion(change.current)
        }
        let (before, after) = (try cut(formerPart, address, bench, only: old), try cut(currentPart, address, bench, only: new))
        guard isSame(before, after) else { return true }
        // Alike by themselves, and yet they may stand elsewhere among the others.
        guard let after, !after.layer.features.isEmpty, changes.contains(where: \.isMoved) else { return false }
        return try !isSame(cut(formerPart, address, bench), cut(currentPart, address, bench))
    }

    private func cut(
        _ part: LayerPart?, _ address: TileAddress, _ bench: WorkerBench, only: PreparedFeatures? = nil
    ) throws -> TileSelection? {
        guard let part else { return nil }
        var window = Self.window(at: address, of: matrix)
        window.margin = part.margin
        return try part.prepared.tileLayer(
            name: part.name, window: window, crs: crs, rules: part.rules, scratch: &bench.scratch, repair: bench.repair, only: only)
    }

    private func isSame(_ former: TileSelection?, _ current: TileSelection?) -> Bool {
        guard let former, let current else {
            let other = former ?? current
            return other?.layer.features.isEmpty != false && other?.leftOut ?? LeftOut() == LeftOut()
        }
        return former.layer == current.layer && former.leftOut == current.leftOut
    }
}
