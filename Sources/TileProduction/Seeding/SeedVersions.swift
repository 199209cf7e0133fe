import FeatureStore
import Imagery
import TileCache
import Tiling

/// What the tiles of a pass are made from, as one number: it changes with everything that can change their bytes, and with little
/// else, so that a new version of a layer leaves alone the levels that do not show it.
enum SeedVersions {
    static func version(of map: LiveMap, _ pass: SeedPlan.Pass) -> UInt64 {
        guard let matrix = pass.set.matrix(level: pass.level) else { return 0 }
        var hash = VersionHash()
        let ratio = pass.format.ratio
        if ratio != nil { hash.add(map.style?.version ?? 0) }
        let purpose = ratio.flatMap { _ in map.style }.map { LayerPurpose.raster($0, .everything) } ?? .vector
        let window = TileWindow(
            matrix: matrix, origin: TileAddress(level: pass.level, row: 0, column: 0),
            extent: ratio.map { Int32(matrix.tileSize * $0) * ProductionSettings.unitsPerPixel } ?? StandardGrid.vectorTileExtent,
            margin: 0)
        let level = matrix.nominalLevel(metresPerUnit: pass.set.metresPerUnit)
        for layer in map.layers {
            for part in layer.parts(level: level, window: window, purpose: purpose) {
                hash.add(part.name)
                hash.add(part.prepared.contentHash)
            }
            if ratio != nil, let imagery = layer.imagery, map.style?.imagerySources.contains(layer.definition.id) == true {
                hash.add(layer.definition.id)
                hash.add(imagery.contentHash)
            }
        }
        return hash.value
    }
}

private struct VersionHash {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: UInt64) {
        value = (value ^ number) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
    }

    mutating func add(_ text: String) { for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 } }
}
