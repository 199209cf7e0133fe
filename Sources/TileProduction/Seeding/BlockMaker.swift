import FeatureStore
import TileCache
import Tiling
import Wording

/// Makes the tiles of a block of one map on one worker's bench.
struct BlockMaker {
    let map: LiveMap
    let set: TileMatrixSet
    let format: TileFormat
    /// Tiles along the side of a block.
    let side: Int

    /// What a block came to.
    struct Made: Sendable {
        /// Along the Hilbert curve.
        var tiles: [SeededTile]
        /// Of a picture the whole metatile's, of vector tiles the slowest one's.
        var seconds: Double
    }

    /// - Parameter labels: the level's; `nil` where each metatile places its own.
    func make(_ block: SeedBlock, labels: LevelLabels?, bench: WorkerBench) -> Made {
        let producer = TileProducer(map: map, set: set, bench: bench)
        guard format != .mvt else { return vectorTiles(block, producer) }
        let start = ContinuousClock.now
        let tiles = map.style?.plainImagery == nil ? pictures(block, producer, labels) : images(block, producer)
        return Made(tiles: tiles, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    private func vectorTiles(_ block: SeedBlock, _ producer: TileProducer) -> Made {
        var slowest = 0.0
        let tiles = block.addresses.map { address in
            let start = ContinuousClock.now
            defer { slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1)) }
            return Self.tile(address) {
                guard try !producer.isKnownEmpty(vectorTileAt: address) else { return nil }
                var recorder = ProductionRecorder()
                return try producer.vectorTile(at: address, recorder: &recorder)
            }
        }
        return Made(tiles: tiles, seconds: slowest)
    }

    private func pictures(_ block: SeedBlock, _ producer: TileProducer, _ labels: LevelLabels?) -> [SeededTile] {
        let addresses = block.addresses
        do {
            let isEmpty = try producer.isKnownEmpty(
                metatileAround: block.first, format: format, metatile: side, labels: labels, only: addresses)
            if isEmpty { return addresses.map { SeededTile(address: $0, content: .empty, isKnownEmpty: true) } }
            var recorder = ProductionRecorder()
            let made = try producer.rasterTiles(
                around: block.first, format: format, metatile: side, labels: labels, only: addresses, recorder: &recorder)
            return addresses.compactMap { address in
                made[address].map { SeededTile(address: address, content: $0.isEmpty ? .empty : .made($0)) }
            }
        } catch {
            return addresses.map { SeededTile(address: $0, content: .failed("\(error)")) }
        }
    }

    /// As the archive of imagery holds them, where it does.
    private func images(_ block: SeedBlock, _ producer: TileProducer) -> [SeededTile] {
        block.addresses.map { address in
            Self.tile(address) {
                var recorder = ProductionRecorder()
                return try producer.rasterTiles(around: address, format: format, metatile: 1, recorder: &recorder)[address]
            }
        }
    }

    /// - Parameter make: gives `nil` for a tile that is known to be empty.
    private static func tile(_ address: TileAddress, _ make: () throws -> EncodedTile?) -> SeededTile {
        do {
            guard let tile = try make() else { return SeededTile(address: address, content: .empty, isKnownEmpty: true) }
            return SeededTile(address: address, content: tile.isEmpty ? .empty : .made(tile))
        } catch {
            return SeededTile(address: address, content: .failed("\(error)"))
        }
    }
}
