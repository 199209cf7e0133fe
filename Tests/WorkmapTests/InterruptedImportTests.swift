import FeatureStore
import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

extension WholeProgram {
    /// An import that is killed at any moment leaves the former version served and intact.
    struct InterruptedImportTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        private static let seed: UInt64 = 20_180_509
        private static let kills = 24

        @Test func killedAtSeededMoments() async throws {
            let former = try data.write("former.ndjson", Sample.points(2_000, seed: 1, name: "旧"))
            let next = try data.write("next.ndjson", Sample.points(30_000, seed: 2, name: "新"))
            let rehearsal = try DataDirectory()
            let start = ContinuousClock.now
            let whole = try rehearsal.importing(next, "places")
            #expect(whole.status == 0, "\(whole.text)")
            let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
            let first = try data.importing(former, "places")
            #expect(first.status == 0, "\(first.text)")
            var standing = try #require(try await data.record("places"))
            var tile = try data.tile()

            var random = SeededGenerator(seed: Self.seed)
            var killed = 0
            for round in 0..<Self.kills {
                // Every other one late, where the versions change places.
                let share = Double.random(in: round.isMultiple(of: 2) ? 0...1 : 0.7...1.05, using: &random)
                let outcome = try data.importing(next, "places", kill: seconds * share)
                let now = try #require(try await data.record("places"), "round \(round) of seed \(Self.seed)")
                if outcome.status == -SIGKILL { killed += 1 }
                if now.version == standing.version {
                    #expect(outcome.status != 0, "round \(round): it ended well and changed nothing")
                    #expect(now == standing, "round \(round) of seed \(Self.seed)")
                    let served = try data.tile()
                    #expect(served == tile, "round \(round) of seed \(Self.seed), killed at \(share)")
                } else {
                    // Killed after its commit, or not at all: then the new version is there, whole.
                    #expect(now.featureCount == 30_000, "round \(round) of seed \(Self.seed)")
                    let again = try data.importing(former, "places")
                    #expect(again.status == 0, "round \(round): \(again.text)")
                    standing = try #require(try await data.record("places"))
                    #expect(standing.featureCount == 2_000)
                    tile = try data.tile()
                }
                let features = try await data.features("places")
                #expect(features.count == 2_000, "round \(round) of seed \(Self.seed)")
            }
            #expect(killed >= Self.kills / 2, "only \(killed) imports were met on their way")

            let last = try data.importing(next, "places")
            #expect(last.status == 0, "\(last.text)")
            _ = try data.tile()
            #expect(try await data.features("places").count == 30_000)
            try nothingIsLeftBehind()
        }

        private func nothingIsLeftBehind() throws {
            let connection = try Connection(path: data.path + "/registry.gpkg", access: .readOnly)
            let findings = try connection.quickCheck()
            #expect(findings.isEmpty)
            let half = try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%\\_\\_v%' ESCAPE '\\'")
            #expect(half == 0, "tables of killed imports stayed")
            let files = try FileManager.default.contentsOfDirectory(atPath: data.path + "/prepared")
            #expect(files.allSatisfy { $0.hasPrefix("places.") }, "\(files)")
            let kinds = files.map { ($0 as NSString).pathExtension }.sorted()
            #expect(kinds == ["names", "prepared"], "\(files)")
        }
    }
}
