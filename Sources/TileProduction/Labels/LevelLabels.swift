import FeatureStore
public import Portrayal
import Tiling

/// The labels of one level and what reading for them left out: all that a picture of the level needs of the layers that are
/// drawn as labels and icons only.
public struct LevelLabels: Sendable {
    public let plan: LabelPlan
    /// By tile, of the source layers that no shape is drawn from; tiles that miss nothing are not in it.
    let leftOut: [TileAddress: LeftOut]
}

/// Sums up what the queries for a plan leave out.
struct PlannedLeftOut {
    private(set) var byTile: [TileAddress: LeftOut] = [:]
    private var counted: Set<String> = []

    /// - Parameter selection: of the whole canvas; the same layer counts once, however many style layers ask for it.
    mutating func add(_ selection: TileSelection, on canvas: TileWindow) {
        guard counted.insert(selection.layer.name).inserted else { return }
        for (place, leftOut) in selection.leftOutByTile.nonEmpty {
            let (row, column) = place.quotientAndRemainder(dividingBy: canvas.columns)
            let address = TileAddress(
                level: canvas.origin.level, row: canvas.origin.row + row, column: canvas.origin.column + column)
            byTile[address, default: LeftOut()].add(leftOut)
        }
    }
}
