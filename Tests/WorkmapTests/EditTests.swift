import FeatureStore
import Foundation
import Glibc
import SimpleFeatures
import TestSupport
import Testing

extension WholeProgram {
    /// Edits on the command line, beside a running server.
    struct EditTests {
        let data: DataDirectory

        init() throws {
            data = try DataDirectory()
            let file = try data.write("places.ndjson", Sample.points(400, seed: 4, name: "点"))
            let outcome = try data.importing(file, "places")
            try #require(outcome.status == 0, "\(outcome.text)")
        }

        private func edit(_ arguments: [String]) throws -> Program.Outcome {
            try Program.run(["edit", "--layer", "places", "--data", data.path] + arguments)
        }

        private static func feature(_ id: Int?, _ longitude: Double, _ latitude: Double, _ name: String) -> String {
            let identity = id.map { "\"id\":\($0)," } ?? ""
            return "{\"type\":\"Feature\",\(identity)\"geometry\":{\"type\":\"Point\",\"coordinates\":[\(longitude),\(latitude)]},\"properties\":{\"名称\":\"\(name)\"}}"
        }

        /// The tile of level 14 that a place lies in.
        private static func tile(_ longitude: Double, _ latitude: Double) -> (x: Int, y: Int) {
            let (count, radians) = (Double(1 << 14), latitude * .pi / 180)
            return (
                Int((longitude + 180) / 360 * count), Int((1 - log(tan(radians) + 1 / cos(radians)) / .pi) / 2 * count)
            )
        }

        @Test func aRunningServerShowsItAndTellsWhere() throws {
            let server = try LocalServer(data)
            defer { server.stop() }
            let (x, y) = Self.tile(113.7001, 23.0001)
            let target = "/tiles/standard/14/\(x)/\(y).mvt"
            let far = Self.tile(113.9, 22.8)
            let before = try #require(server.get(target))
            let farBefore = try #require(server.get("/tiles/standard/14/\(far.x)/\(far.y).mvt"))
            let listener = try Program.Listener(port: server.port, target: "/tiles/standard/changes")
            defer { listener.end() }
            let file = try data.write("new.geojson", "{\"type\":\"FeatureCollection\",\"features\":[\(Self.feature(nil, 113.7001, 23.0001, "新点"))]}")
            let outcome = try edit([file])
            #expect(outcome.status == 0 && outcome.output.contains("编辑报告"), "\(outcome.text)")
            var after: LocalServer.Answer?
            for _ in 0..<600 {
                after = server.get(target)
                if after?.body != before.body { break }
                usleep(50_000)
            }
            #expect(after?.status == 200 && after?.body != before.body)
            #expect(server.get("/tiles/standard/14/\(far.x)/\(far.y).mvt")?.body == farBefore.body)
            let told = try listener.text { $0.contains("\"kind\":\"vector\"") }
            #expect(told.contains("event: tiles"), "\(told)")
            let blocks = try Self.blocks(told)
            #expect(blocks.contains { $0.covers("w", 14, x, y, "vector") }, "\(told)")
            #expect(!blocks.contains { $0.covers("w", 14, far.x, far.y, "vector") }, "\(told)")
        }

        private struct Block: Decodable {
            var matrixSet: String
            var level: Int
            var kind: String
            var rows: [Int]
            var columns: [Int]

            func covers(_ set: String, _ level: Int, _ x: Int, _ y: Int, _ kind: String) -> Bool {
                matrixSet == set && self.level == level && self.kind == kind && (rows[0]...rows[1]).contains(y)
                    && (columns[0]...columns[1]).contains(x)
            }
        }

        private static func blocks(_ told: String) throws -> [Block] {
            struct Event: Decodable { var tiles: [Block] }
            return try told.split(separator: "\n").filter { $0.hasPrefix("data: ") }.flatMap { line in
                try JSONDecoder().decode(Event.self, from: Data(line.dropFirst(6).utf8)).tiles
            }
        }

        @Test func whatCannotBeDoneIsNotDone() throws {
            let broken = try data.write(
                "broken.geojson",
                "{\"type\":\"FeatureCollection\",\"features\":[\(Self.feature(1, 113.7, 23.0, "好")),{\"type\":\"Feature\",\"id\":2,\"geometry\":{\"type\":\"Point\",\"coordinates\":[\"a\",1]},\"properties\":{}}]}")
            let refused = try edit([broken])
            #expect(refused.status == 1 && refused.text.contains("拒绝原因"), "\(refused.text)")
            let unknown = try edit(["--remove", "99999"])
            #expect(unknown.status == 1 && unknown.text.contains("99999"), "\(unknown.text)")
            let outdated = try edit(["--remove", "1", "--based-on", "77"])
            #expect(outdated.status == 1 && outdated.text.contains("77"), "\(outdated.text)")
            for misuse in [[], ["--remove", "x"], ["--remove", "0"]] {
                let outcome = try edit(misuse)
                #expect(outcome.status == 2, "\(misuse): \(outcome.text)")
            }
            let absent = try Program.run(["edit", "--layer", "nowhere", "--remove", "1", "--data", data.path])
            #expect(absent.status == 1 && absent.text.contains("nowhere"), "\(absent.text)")
            // Nothing of all this has happened.
            let good = try edit(["--remove", "1,2"])
            #expect(good.status == 0 && good.output.contains("features removed: 2"), "\(good.text)")
        }

        /// A process killed while it edits leaves the layer as it was or as it shall be.
        @Test func killedAtSeededMoments() async throws {
            var random = SeededGenerator(seed: 44_190_013)
            var done = 0
            for round in 0..<20 {
                let file = try data.write(
                    "edit-\(round).ndjson",
                    (1...200).map { Self.feature($0, 113.6 + Double($0) * 0.0005, 22.9 + Double(round) * 0.001, "改\(round)") }.joined(separator: "\n") + "\n")
                let outcome = try Program.run(
                    ["edit", file, "--layer", "places", "--data", data.path], kill: Double.random(in: 0.02...0.35, using: &random))
                if outcome.status == 0 { done += 1 }
                let names = try await namesInRegistry()
                #expect(Set(names).count <= 1 || !names.contains("改\(round)"), "round \(round): \(Set(names))")
            }
            let last = try edit(["--remove", "200"])
            #expect(last.status == 0, "\(last.text)")
            #expect(done < 20)
        }

        /// The names of the first two hundred features.
        private func namesInRegistry() async throws -> [String] {
            try await data.features("places").filter { $0.id <= 200 }.flatMap { feature in
                feature.values.compactMap { value -> String? in
                    if case .text(let name) = value { return name }
                    return nil
                }
            }
        }
    }
}
