import Foundation

/// Measures of this program alone; `Scripts/benchmark` sets them beside its peers.
@main
struct Benchmarks {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 7, arguments[1] == "tiles", let level = Int(arguments[6]) else {
            FileHandle.standardError.write(Data((usage + "\n").utf8))
            exit(2)
        }
        try await TileBenchmark(
            data: arguments[2], map: arguments[3], list: arguments[4], format: arguments[5], level: level,
            metatile: arguments.count > 7 ? Int(arguments[7]) ?? 1 : 1, planned: arguments.dropFirst(8).first == "plan"
        ).run()
    }

    private static let usage = "usage: Benchmarks tiles DATA MAP TILES.json mvt|png LEVEL [METATILE [plan]]"
}
