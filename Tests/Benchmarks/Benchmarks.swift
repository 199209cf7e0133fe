import Foundation

@main
struct Benchmarks {
    static func main() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "tiles" where arguments.count >= 6:
            try await TileBenchmark(
                data: arguments[2], map: arguments[3], list: arguments[4], format: arguments[5],
                metatile: arguments.count > 6 ? Int(arguments[6]) ?? 1 : 1
            ).run()
        default:
            print("usage: Benchmarks tiles DATA MAP TILES.json mvt|png [metatile]")
            exit(2)
        }
    }
}
