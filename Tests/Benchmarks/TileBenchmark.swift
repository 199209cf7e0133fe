import Foundation
import TileCache
import TileProduction
import Tiling

/// One tile after the other on one thread, in process, no cache: what producing costs.
///
///     Benchmarks tiles DATA MAP TILES.json mvt|png LEVEL [METATILE]
///
/// TILES.json holds `{"tiles": {"10": [[z, x, y, …], …]}}`. Prints one JSON line: CPU milliseconds of the whole process
/// a tile (the median of the passes after a first one that warms), bytes a tile. A metatile's cost is divided by the
/// tiles it gives.
struct TileBenchmark {
    private struct TileList: Decodable {
        var tiles: [String: [[Int]]]
    }

    private struct Failure: Error {
        var message: String
    }

    private struct Pass {
        var tiles = 0
        var bytes = 0
        var processorSeconds = 0.0

        var millisecondsPerTile: Double { processorSeconds * 1000 / Double(max(tiles, 1)) }
    }

    let data: String
    let map: String
    let list: String
    /// `mvt` or `png`.
    let format: String
    let level: Int
    /// Tiles along the side of a raster job.
    let metatile: Int

    private static let passes = 5

    func run() async throws {
        let library = try Installation(data: data).library()
        try await library.prepareAll()
        let state = library.state
        guard let live = state.maps[map], let set = state.sets["w"] else {
            throw Failure(message: "\(data) has no map \(map)")
        }
        let producer = TileProducer(map: live, set: set, bench: WorkerBench())
        let tiles = try JSONDecoder().decode(TileList.self, from: Data(contentsOf: URL(filePath: list))).tiles
        guard let places = tiles["\(level)"], !places.isEmpty else {
            throw Failure(message: "\(list) has no tiles of level \(level)")
        }
        let addresses = places.map { TileAddress(level: $0[0], row: $0[2], column: $0[1]) }
        report(try measure(producer, addresses), count: addresses.count)
    }

    /// The median pass.
    private func measure(_ producer: TileProducer, _ addresses: [TileAddress]) throws -> Pass {
        var measured: [Pass] = []
        for number in 0...Self.passes {
            var pass = Pass()
            let start = Self.processorSeconds()
            for address in addresses { try produce(producer, address, &pass) }
            pass.processorSeconds = Self.processorSeconds() - start
            if number > 0 { measured.append(pass) }
        }
        measured.sort { $0.processorSeconds < $1.processorSeconds }
        return measured[measured.count / 2]
    }

    private func produce(_ producer: TileProducer, _ address: TileAddress, _ pass: inout Pass) throws {
        var recorder = ProductionRecorder()
        if format == "mvt" {
            let window = try producer.vectorWindow(at: address)
            pass.bytes += try producer.vectorBytes(in: window, recorder: &recorder).bytes.count
            pass.tiles += 1
            return
        }
        let tiles = try producer.rasterTiles(around: address, ratio: 1, metatile: metatile, recorder: &recorder)
        pass.bytes += tiles.values.reduce(0) { $0 + $1.body.count }
        pass.tiles += tiles.count
    }

    private func report(_ pass: Pass, count: Int) {
        let milliseconds = (pass.millisecondsPerTile * 1000).rounded() / 1000
        print(
            "{\"z\": \(level), \"n\": \(count), \"metatile\": \(metatile), \"cpu_ms\": \(milliseconds), \"bytes\": \(pass.bytes / max(pass.tiles, 1))}")
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
