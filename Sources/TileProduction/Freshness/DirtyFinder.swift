import FeatureStore
import TileCache
import Tiling

/// Finds the tiles of one map whose bytes differ between two states of it, the labels of pictures aside.
///
/// What changed in a layer bounds the tiles that come into question; each of them is cut from both states, and is dirty exactly
/// when the two cuts differ. Cutting takes time: where more than `comparisonLimit` tiles of a level are in question, as after a
/// large import, or after `comparisonTotal` tiles of all levels, those in question count as dirty without it.
struct DirtyFinder {
    private let map: String
    private let current: LiveMap
    private let differences: [LayerDifference]
    private let bench: WorkerBench
    private let comparisonLimit: Int
    private let comparisonTotal: Int

    /// - Parameters:
    ///   - comparisonLimit: of one level and layer.
    ///   - comparisonTotal: of one call; a comparison takes a tenth of a millisecond and more.
    init(from former: LiveMap, to current: LiveMap, bench: WorkerBench, comparisonLimit: Int = 300, comparisonTotal: Int = 4_000) {
        map = current.definition.id
        self.current = current
        self.bench = bench
        self.comparisonLimit = comparisonLimit
        self.comparisonTotal = comparisonTotal
        differences = LayerDifference.all(from: former, to: current)
    }

    /// Tiles of one feature up to which each is looked at.
    private static let tilesOfAFeature = 1_024

    /// Of all levels of the sets.
    func vectorTiles(of sets: [TileMatrixSet]) throws -> DirtyTiles {
        var blocks: [DirtyTiles.Block] = []
        var comparisons = comparisonTotal
        for set in sets where !differences.isEmpty {
            for matrix in set.matrices {
                var dirty = DirtyLevel(matrix)
                for layer in differences {
                    try find(LevelDifference(layer, .vector, set: set, matrix: matrix), &comparisons, into: &dirty)
                }
                blocks += dirty.blocks(set: set.id, kind: .vector)
            }
        }
        return DirtyTiles(map: map, blocks: blocks)
    }

    /// Whether pictures of a level can differ at all: whether the style draws or labels something of what changed.
    func touchesPictures(of set: TileMatrixSet, _ matrix: TileMatrix) -> Bool {
        guard let style = current.style else { return false }
        return differences.contains { layer in
            LevelDifference(layer, .picture(style, .everything, ratio: 1), set: set, matrix: matrix).isShown
        }
    }

    /// Pictures of one level, for all that is not a label.
    ///
    /// - Parameter ratio: device pixels a logical pixel: a finer grid may show what a coarser does not, and the other way about.
    func pictures(of set: TileMatrixSet, _ matrix: TileMatrix, ratio: Int, into dirty: inout DirtyLevel) throws {
        guard let style = current.style else { return }
        var comparisons = comparisonTotal
        for layer in differences {
            let level = LevelDifference(layer, .picture(style, .shapes, ratio: ratio), set: set, matrix: matrix)
            try find(level, &comparisons, into: &dirty)
        }
    }

    private func find(_ level: LevelDifference, _ comparisons: inout Int, into dirty: inout DirtyLevel) throws {
        guard level.isShown else { return }
        let difference = level.layer.difference
        guard !difference.isOfEverything else {
            if let block = level.tiles(try difference.envelope(crs: level.crs)) { dirty.insert(block) }
            return
        }
        var inQuestion: [TileAddress: [PreparedDifference.Change]] = [:]
        for change in difference.changes {
            guard let block = level.tiles(try difference.envelope(of: change, crs: level.crs)) else { continue }
            if block.tileCount > Self.tilesOfAFeature {
                dirty.insert(block)
            } else {
                block.forEachAddress { inQuestion[$0, default: []].append(change) }
            }
        }
        let isCut = inQuestion.count <= min(comparisonLimit, comparisons)
        for (address, changes) in inQuestion where !dirty.contains(address) {
            if isCut {
                comparisons -= 1
                if try !level.differs(at: address, changes, bench) { continue }
            }
            dirty.insert(address)
        }
    }
}
