import FeatureStore
import Foundation
import Glibc
import TestSupport
import Testing
import TileCache

extension WholeProgram {
    /// Seeding into the store that a server answers from: by the command before it starts, and as a job of its own.
    struct StoreSeedingTests {
        private static let seed: UInt64 = 44_190_011
        private static let levels = ["--levels", "8-14"]
        let data: DataDirectory

        init() throws {
            data = try DataDirectory()
            let file = try data.write("places.ndjson", Sample.points(4_000, seed: 11, name: "点"))
            let outcome = try data.importing(file, "places")
            try #require(outcome.status == 0, "\(outcome.text)")
        }

        private func seeding(_ options: [String] = [], kill: Double? = nil) throws -> Program.Outcome {
            try data.run("seed", ["standard"] + Self.levels + options, kill: kill)
        }

        /// Vector tiles of the middle of the city, on all of which something is drawn.
        private static let targets: [String] = (12...14).flatMap { level -> [String] in
            let side = 1 << (level - 10)
            let (column, row) = (835 * side + side / 4, 444 * side + side / 2)
            return (0..<4).flatMap { x in (0..<4).map { y in "/tiles/standard/\(level)/\(column + x)/\(row + y).mvt" } }
        }

        private func metric(_ name: String, _ server: LocalServer) throws -> Int {
            let text = String(decoding: try #require(server.get("/metrics")).body, as: UTF8.self)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("workmap_\(name) ") }, "\(name)")
            let value = try #require(line.split(separator: " ").last)
            return Int(try #require(Double(value)))
        }

        /// Starts a server over the store and one without, asks both, and looks whether the first had anything to make.
        private func expectServedFromTheStore() throws {
            let reference = try LocalServer(data, ["--store-quota", "0"])
            let bodies = Self.targets.map { reference.get($0)?.body }
            reference.stop()
            let server = try LocalServer(data, ["--cache", "0"])
            for (target, body) in zip(Self.targets, bodies) { #expect(server.get(target)?.body == body, "\(target)") }
            let drawn = bodies.count { $0?.isEmpty == false }
            #expect(drawn > 20)
            #expect(try metric("store_hits_total", server) == drawn)
            #expect(try metric("productions_started_total", server) == bodies.count - drawn, "only what nothing is drawn on is made")
            server.stop()
            #expect(try StoreExamination(directory: data.path + "/tiles").faults.isEmpty)
        }

        private func tally(_ outcome: Program.Outcome) -> Substring? {
            outcome.output.split(separator: "\n").first { $0.hasPrefix("作业 job") }?.split(separator: ";").first?.split(separator: ":").last
        }

        @Test func aServerHasAtOnceWhatTheCommandMade() throws {
            let outcome = try seeding()
            #expect(outcome.status == 0 && outcome.output.contains("失败 failed 0") && outcome.output.contains("瓦片库"), "\(outcome.text)")
            try expectServedFromTheStore()
            // What is there is counted for a later job and not made again.
            let again = try seeding()
            #expect(again.status == 0 && tally(again) == tally(outcome), "\(again.text)")
        }

        @Test func killedAtSeededMoments() throws {
            let start = ContinuousClock.now
            let whole = try seeding(["--metatile", "1"])
            #expect(whole.status == 0, "\(whole.text)")
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let tiles = try StoreExamination(directory: data.path + "/tiles").tiles
            try FileManager.default.removeItem(atPath: data.path + "/tiles")
            var random = SeededGenerator(seed: Self.seed)
            var (killed, known) = (0, 0)
            for round in 0..<20 {
                let outcome = try seeding(["--metatile", "1"], kill: seconds * Double.random(in: 0.3...0.9, using: &random))
                let store = try StoreExamination(directory: data.path + "/tiles")
                #expect(store.faults.isEmpty && store.tiles >= known, "round \(round) of seed \(Self.seed): \(store)")
                known = store.tiles
                if outcome.status == -SIGKILL { killed += 1 } else { #expect(outcome.status == 0, "round \(round): \(outcome.text)") }
            }
            #expect(killed > 3, "only \(killed) runs were met on their way")
            let last = try seeding(["--metatile", "1"])
            #expect(last.status == 0 && tally(last) == tally(whole), "\(last.text)")
            #expect(try StoreExamination(directory: data.path + "/tiles").tiles == tiles)
        }

        @Test func aStoreThatIsTooSmallIsTold() throws {
            let many = try data.write("many.ndjson", Sample.points(60_000, seed: 13, name: "许多"))
            #expect(try data.importing(many, "places").status == 0)
            let small = try seeding(["--store-quota", "16", "--levels", "8-15", "--formats", "png@2x"])
            #expect(small.status == 1 && small.errors.contains("--store-quota"), "\(small.text)")
            #expect(try data.run("jobs", []).output.contains("\trunning\t"), "it can be gone on with")
        }

        /// One process writes to a store: the command says where the job belongs.
        @Test func besideAServerTheJobIsTheServers() throws {
            let server = try LocalServer(data)
            defer { server.stop() }
            let refused = try seeding()
            #expect(refused.status == 2 && refused.errors.contains("/admin/jobs") && refused.errors.contains("--into"), "\(refused.text)")
            #expect(try data.run("jobs", []).output.isEmpty, "nothing was journalled")
            #expect(server.post("/admin/jobs", #"{"map":"standard","levels":"8-14"}"#)?.status == 201)
            try wait(for: "done")
            #expect(try metric("store_tiles", server) > 20)
            let started = try metric("productions_started_total", server)
            let drawn = Self.targets.count { server.get($0)?.body.isEmpty == false }
            #expect(try metric("productions_started_total", server) - started == Self.targets.count - drawn)
        }

        /// A server that is killed in the midst of a job goes on with it when it starts again.
        @Test func aKilledServerGoesOn() throws {
            var cut = 0
            for round in 1...3 {
                let server = try LocalServer(data)
                let answer = server.post("/admin/jobs", #"{"map":"standard","levels":"8-14","matrixSets":["w","c"]}"#)
                #expect(answer.map { [200, 201].contains($0.status) } == true, "round \(round)")
                usleep(UInt32(50_000 * round))
                server.kill()
                if try data.run("jobs", []).output.contains("\trunning\t") { cut += 1 }
            }
            #expect(cut > 0, "no job was met on its way")
            let server = try LocalServer(data)
            try wait(for: "done")
            server.stop()
            try expectServedFromTheStore()
        }

        private func wait(for state: String) throws {
            for _ in 0..<1200 {
                if try data.run("jobs", []).output.contains("\t\(state)\t") { return }
                usleep(50_000)
            }
            Issue.record("the job did not become \(state): \(try data.run("jobs", []).output)")
        }
    }
}
