import FeatureStore
import Imagery
import TileCache
import Tiling

/// What changes of one map's tiles when the library goes on to its next state.
struct MapComparison: Sendable {
    var map: String
    /// `nil` where the tiles of the former state are no use for the next: it is another map.
    var vectorTiles: DirtyTiles?
    /// The rungs of which it is not known yet which pictures differ.
    var openPictures: [TileVersions.Rung] = []
}

extension TileWorker {
    /// Of maps whose data or style have changed.
    func changes(from former: LibraryState, to next: LibraryState) -> [MapComparison] {
        next.maps.values.sorted { $0.definition.id < $1.definition.id }.compactMap { map in
            guard let old = former.maps[map.definition.id],
                old.dataVersion != map.dataVersion || old.style?.version != map.style?.version
            else { return nil }
            do {
                return try run { bench in try MapComparison(from: old, to: map, sets: next.sets, bench: bench) }
            } catch {
                return MapComparison(map: map.definition.id)  // a file that cannot be read tells nothing; what is drawn will say so
            }
        }
    }
}

extension MapComparison {
    init(from old: LiveMap, to map: LiveMap, sets: TileMatrixSetRegistry, bench: WorkerBench) throws {
        self.map = map.definition.id
        let sets = map.definition.matrixSets.compactMap { sets[$0] }
        let finder = DirtyFinder(from: old, to: map, bench: bench)
        vectorTiles = try finder.vectorTiles(of: sets)
        // What has not changed a picture in one style may have changed it in another; with other images nothing is as it was.
        let isEverything = old.style?.version != map.style?.version || old.imageHashes != map.imageHashes
        for set in sets {
            for matrix in set.matrices where isEverything || finder.touchesPictures(of: set, matrix) {
                openPictures += [1, 2].map { ratio in
                    TileVersions.Rung(matrixSet: set.id, level: matrix.level, kind: .picture, ratio: ratio)
                }
            }
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
            guard let change = changes.first(where: { $0.map == id }) else {
                maps[id]?.tileVersions = old.tileVersions
                continue
            }
            guard let dirty = change.vectorTiles else { continue }
            var versions = old.tileVersions
            versions.change(to: map.dataVersion, dirty: dirty.blocks, opening: change.openPictures)
            maps[id]?.tileVersions = versions
        }
    }
}
