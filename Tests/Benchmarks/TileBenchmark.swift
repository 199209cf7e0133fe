import Foundation
import TileCache
import TileProduction
import Tiling

/// One tile after the other on one thread, in process, no cache: what producing costs.
///
///     Benchmarks tiles DATA MAP TILES.json mvt|png [metatile]
///
/// TILES.json holds `{"tiles": {"10": [[z, x, y, …], …]}}`. Prints one JSON line a level: CPU milliseconds a tile (the
/// median of the passes), bytes a tile.
struct TileBenchmark {
    private struct TileList: Decodable {
        var tiles: [String: [[Int]]]
    }

    let data: String
    let map: String
    let list: String
    let format: String
    let metatile: Int

    func run() async throws {
        let installation = try Installation(data: data)
        let library = try installation.library()
        try await library.prepareAll()
        let state = library.state
        guard let live = state.maps[map], let set = state.sets["w"] else { fatalError("no map \(map)") }
        let producer = TileProducer(map: live, set: set, bench: WorkerBench())
        let tiles = try JSONDecoder().decode(TileList.self, from: Data(contentsOf: URL(filePath: list))).tiles
        for level in tiles.keys.compactMap(Int.init).sorted() {
            let addresses = (tiles["\(level)"] ?? []).map { TileAddress(level: $0[0], row: $0[2], column: $0[1]) }
            try measure(producer, addresses, level: level)
        }
    }

    private func measure(_ producer: TileProducer, _ addresses: [TileAddress], level: Int) throws {
        var bytes = 0
        var passes: [Double] = []
        for pass in 0..<4 {
            bytes = 0
            let start = Self.processorSeconds()
            for address in addresses { bytes += try produce(producer, address) }
            if pass > 0 { passes.append((Self.processorSeconds() - start) * 1000 / Double(addresses.count)) }
        }
        passes.sort()
        let median = (passes[1] * 1000).rounded() / 1000
        print("{\"z\": \(level), \"n\": \(addresses.count), \"cpu_ms\": \(median), \"bytes\": \(bytes / addresses.count)}")
    }

    private func produce(_ producer: TileProducer, _ address: TileAddress) throws -> Int {
        var recorder = ProductionRecorder()
        if format == "mvt" {
            return try producer.vectorBytes(in: try producer.vectorWindow(at: address), recorder: &recorder).bytes.count
        }
        let tiles = try producer.rasterTiles(around: address, ratio: 1, metatile: metatile, recorder: &recorder)
        return tiles[address]?.body.count ?? 0
    }

    static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
