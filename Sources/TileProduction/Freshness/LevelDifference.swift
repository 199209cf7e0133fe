import FeatureStore
import SimpleFeatures
import TileCache
import Tiling

/// One layer's difference at one level, as one kind of tiles shows it.
struct LevelDifference {
    /// What the tiles are made for.
    enum View {
        case vector
        /// - Parameter ratio: device pixels a logical pixel.
        case picture(LiveStyle, RasterContent, ratio: Int)

        fileprivate var purpose: LayerPurpose {
            switch self {
            case .vector: .vector
            case .picture(let style, let content, _): .raster(style, content)
            }
        }

        fileprivate func window(at address: TileAddress, of matrix: TileMatrix) -> TileWindow {
            switch self {
            case .vector:
                return TileWindow.tile(
                    address, of: matrix, extent: StandardGrid.vectorTileExtent, margin: ProductionSettings.vectorBuffer)
            case .picture(_, _, let ratio):
                let units = Int32(ratio) * ProductionSettings.unitsPerPixel
                return TileWindow.metatile(
                    containing: address, of: matrix, size: 1, extent: Int32(matrix.tileSize) * units,
                    margin: ProductionSettings.rasterGutterInPixels * units)
            }
        }
    }

    let layer: LayerDifference
    let crs: String
    private let view: View
    private let matrix: TileMatrix
    private let formerPart: LayerPart?
    private let currentPart: LayerPart?
    /// CRS units around a tile from which features matter to it.
    private let reach: Double

    init(_ layer: LayerDifference, _ view: View, set: TileMatrixSet, matrix: TileMatrix) {
        self.layer = layer
        self.view = view
        self.matrix = matrix
        crs = ServedCRSs.datumTwin(of: set.crs)
        let window = view.window(at: TileAddress(level: matrix.level, row: 0, column: 0), of: matrix)
        let level = matrix.nominalLevel(metresPerUnit: set.metresPerUnit)
        func part(_ live: LiveLayer?) -> LayerPart? {
            live?.parts(level: level, window: window, purpose: view.purpose).first { $0.name == layer.name }
        }
        formerPart = part(layer.former)
        currentPart = part(layer.current)
        // Two more: a position may be rounded onto the margin's edge, and a box in the file is rounded itself.
        let units = [formerPart, currentPart].compactMap { $0 }.map { part in
            Double(part.margin) + 2 + Double(part.rules.densityLimit?.cellInUnits ?? 0)
        }
        reach = (units.max() ?? 0) / window.unitsPerCRSUnit
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
        var window = view.window(at: address, of: matrix)
        window.margin = part.margin
        return try part.prepared.tileLayer(
            name: part.name, window: window, crs: crs, rules: part.rules, scratch: &bench.scratch,
            repair: view.purpose.repairsRings ? bench.repair : nil, only: only)
    }

    private func isSame(_ former: TileSelection?, _ current: TileSelection?) -> Bool {
        guard let former, let current else {
            let other = former ?? current
            return other?.layer.features.isEmpty != false && other?.leftOut ?? LeftOut() == LeftOut()
        }
        return former.layer == current.layer && former.leftOut == current.leftOut && former.leftOutByTile == current.leftOutByTile
    }
}
