import Foundation

/// Measures of this program alone; `Scripts/benchmark` sets them beside its peers.
@main
struct Benchmarks {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "tiles":
            guard (6...8).contains(words.count), let level = Int(words[5]) else { return refuse() }
            try await TileBenchmark(
                data: words[1], map: words[2], list: words[3], format: words[4], level: level,
                metatile: words.count > 6 ? Int(words[6]) ?? 1 : 1, planned: words.dropFirst(7).first == "plan"
            ).run()
        case "raster":
            guard (4...5).contains(words.count), let side = Int(words[2]), let limit = Double(words[3]) else { return refuse() }
            try RasterBenchmark(scene: words[1], side: side, milliseconds: limit, picture: words.count > 4 ? words[4] : nil)
                .run()
        case "encode":
            guard words.count == 5, let side = Int(words[2]), let limit = Double(words[4]) else { return refuse() }
            try EncodeBenchmark(picture: words[1], side: side, isLossy: words[3] == "lossy", milliseconds: limit).run()
        default: refuse()
        }
    }

    private static func refuse() {
        FileHandle.standardError.write(Data((usage + "\n").utf8))
        exit(2)
    }

    private static let usage = """
        usage: Benchmarks tiles DATA MAP TILES.json mvt|png LEVEL [METATILE [plan]]
               Benchmarks raster SCENE SIDE MILLISECONDS [PICTURE]
               Benchmarks encode PICTURE SIDE exact|lossy MILLISECONDS
        """
}
