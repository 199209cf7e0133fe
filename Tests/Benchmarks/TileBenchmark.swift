import Foundation
import Portrayal
import TileCache
import TileProduction
import Tiling

/// One tile after the other on one thread, in process, no cache: what producing costs.
///
///     Benchmarks tiles DATA MAP TILES.json mvt|png LEVEL [METATILE [plan]]
///
/// TILES.json holds `{"tiles": {"10": [[z, x, y, …], …]}}`; for metatiles of 8 x 8 the list `meta`, where it has one, of
/// their first tiles. Prints one JSON line: CPU milliseconds of the whole process a tile (the median of the passes after a
/// first one that warms), bytes a tile. A metatile's cost is divided by the tiles it gives. With `plan` the level's labels
/// are placed beforehand, as the service does it; `plan_ms` is what that cost, once for the level, and `plan_labels` how
/// many have a place.
struct TileBenchmark {
    private struct TileList: Decodable {
        var tiles: [String: [[Int]]]
        var meta: [String: [[Int]]]?

        func places(level: Int, metatile: Int) -> [[Int]] {
            (metatile == 8 ? meta?["\(level)"] : nil) ?? tiles["\(level)"] ?? []
        }
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
    /// Whether labels are placed once for the level, before anything is measured.
    let planned: Bool

    private static let passes = 5

    func run() async throws {
        let library = try Installation(data: data).library()
        try await library.prepareAll()
        let state = library.state
        guard let live = state.maps[map], let set = state.sets["w"] else {
            throw Failure(message: "\(data) has no map \(map)")
        }
        let producer = TileProducer(map: live, set: set, bench: WorkerBench())
        let tiles = try JSONDecoder().decode(TileList.self, from: Data(contentsOf: URL(filePath: list)))
        let places = tiles.places(level: level, metatile: metatile)
        guard !places.isEmpty else { throw Failure(message: "\(list) has no tiles of level \(level)") }
        let addresses = places.map { TileAddress(level: $0[0], row: $0[2], column: $0[1]) }
        let start = Self.processorSeconds()
        let labels = planned ? try producer.labels(level: level, ratio: 1) : nil
        let planning = labels.map { (milliseconds: (Self.processorSeconds() - start) * 1000, labels: $0.plan.symbolCount) }
        report(try measure(producer, addresses, labels), count: addresses.count, planning)
    }

    /// The median pass.
    private func measure(_ producer: TileProducer, _ addresses: [TileAddress], _ labels: LevelLabels?) throws -> Pass {
        var measured: [Pass] = []
        for number in 0...Self.passes {
            var pass = Pass()
            let start = Self.processorSeconds()
            for address in addresses { try produce(producer, address, labels, &pass) }
            pass.processorSeconds = Self.processorSeconds() - start
            if number > 0 { measured.append(pass) }
        }
        measured.sort { $0.processorSeconds < $1.processorSeconds }
        return measured[measured.count / 2]
    }

    private func produce(_ producer: TileProducer, _ address: TileAddress, _ labels: LevelLabels?, _ pass: inout Pass) throws {
        var recorder = ProductionRecorder()
        if format == "mvt" {
            let window = try producer.vectorWindow(at: address)
            pass.bytes += try producer.vectorBytes(in: window, recorder: &recorder).bytes.count
            pass.tiles += 1
            return
        }
        let tiles = try producer.rasterTiles(around: address, format: .png(ratio: 1), metatile: metatile, labels: labels, recorder: &recorder)
        pass.bytes += tiles.values.reduce(0) { $0 + $1.body.count }
        pass.tiles += tiles.count
    }

    private func report(_ pass: Pass, count: Int, _ planning: (milliseconds: Double, labels: Int)?) {
        let milliseconds = (pass.millisecondsPerTile * 1000).rounded() / 1000
        let plan = planning.map { ", \"plan_ms\": \($0.milliseconds.rounded()), \"plan_labels\": \($0.labels)" } ?? ""
        print(
            "{\"z\": \(level), \"n\": \(count), \"metatile\": \(metatile), \"cpu_ms\": \(milliseconds), \"bytes\": \(pass.bytes / max(pass.tiles, 1))\(plan)}")
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
