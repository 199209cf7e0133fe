import FeatureStore
import Imagery
public import TileCache
import Tiling

/// What the library goes on to serve, and what of it differs from before.
public struct LibraryChange: Sendable {
    public let former: LibraryState
    public let current: LibraryState
    /// The vector tiles that differ, map by map; those without any are not in it.
    public let dirty: [DirtyTiles]
    /// Maps whose states could not be compared: all their tiles count as dirty.
    public let uncompared: [String]

    init(from former: LibraryState, to current: LibraryState, _ comparisons: [MapComparison]) {
        self.former = former
        self.current = current
        dirty = comparisons.map(\.vectorTiles).filter { !$0.isEmpty }
        uncompared = comparisons.filter { !$0.isKnown }.map(\.vectorTiles.map)
    }
}

/// What changes of one map's tiles when the library goes on to its next state.
struct MapComparison: Sendable {
    var vectorTiles: DirtyTiles
    /// The rungs of which it is not known yet which pictures differ.
    var openPictures: [TileVersions.Rung]
    /// `false` where a file could not be read, and everything counts as changed.
    var isKnown: Bool

    init(from old: LiveMap, to map: LiveMap, sets: [TileMatrixSet], known: [DirtyTiles.Block]? = nil, bench: WorkerBench) {
        do {
            let finder = DirtyFinder(from: old, to: map, bench: bench)
            let blocks = try known ?? finder.vectorTiles(of: sets).blocks
            vectorTiles = DirtyTiles(map: map.definition.id, blocks: blocks)
            // What has not changed a picture in one style may have changed it in another; with other images nothing is as it was.
            let isEverything = old.style?.version != map.style?.version || old.imageHashes != map.imageHashes
            openPictures = Self.pictureRungs(of: sets) { isEverything || finder.touchesPictures(of: $0, $1) }
            isKnown = true
        } catch {
            // A file that cannot be read tells nothing; what is drawn will say so.
            var blocks: [DirtyTiles.Block] = []
            for set in sets { for matrix in set.matrices { blocks += DirtyLevel(whole: matrix).blocks(set: set.id, kind: .vector) } }
            vectorTiles = DirtyTiles(map: map.definition.id, blocks: blocks)
            openPictures = Self.pictureRungs(of: sets) { _, _ in true }
            isKnown = false
        }
    }

    private static func pictureRungs(
        of sets: [TileMatrixSet], where isTouched: (TileMatrixSet, TileMatrix) -> Bool
    ) -> [TileVersions.Rung] {
        sets.flatMap { set in
            set.matrices.filter { isTouched(set, $0) }.flatMap { matrix in
                [1, 2].map { TileVersions.Rung(matrixSet: set.id, level: matrix.level, kind: .picture, ratio: $0) }
            }
        }
    }
}

extension TileWorker {
    /// What maps draw the same way in vector tiles: they differ by style alone, and are compared once.
    private struct SameTiles: Hashable {
        var former: UInt64
        var current: UInt64
        var matrixSets: [String]
    }

    /// Of maps whose data or style have changed.
    func comparisons(from former: LibraryState, to next: LibraryState) -> [MapComparison] {
        var known: [SameTiles: [DirtyTiles.Block]] = [:]
        return next.maps.values.sorted { $0.definition.id < $1.definition.id }.compactMap { map in
            guard let old = former.maps[map.definition.id],
                old.dataVersion != map.dataVersion || old.style?.version != map.style?.version
            else { return nil }
            let sets = map.definition.matrixSets.compactMap { next.sets[$0] }
            let same = SameTiles(former: old.dataVersion, current: map.dataVersion, matrixSets: map.definition.matrixSets)
            let found = known[same]
            let comparison = run { bench in MapComparison(from: old, to: map, sets: sets, known: found, bench: bench) }
            if comparison.isKnown { known[same] = comparison.vectorTiles.blocks }
            return comparison
        }
    }
}

extension LiveMap {
    /// Of all its images.
    var imageHashes: [UInt64] { layers.compactMap { $0.imagery?.contentHash } }
}

extension LibraryState {
    /// Lets the tiles keep their versions that no change has touched.
    mutating func takeVersions(from former: LibraryState, _ changes: [MapComparison]) {
        for (id, map) in maps {
            guard let old = former.maps[id] else { continue }
            var versions = old.tileVersions
            if let change = changes.first(where: { $0.vectorTiles.map == id }) {
                versions.change(to: map.dataVersion, dirty: change.vectorTiles.blocks, opening: change.openPictures)
            }
            maps[id]?.tileVersions = versions
        }
    }
}
