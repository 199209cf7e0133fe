import Foundation
import Glibc
import SeedJobs
import TestSupport
import Testing

extension WholeProgram {
    /// Seeding that is killed at any moment is gone on with, makes what is missing and no more, and comes to the same archive.
    struct InterruptedSeedingTests {
        private static let seed: UInt64 = 20_211_015
        let data: DataDirectory

        init() throws {
            data = try DataDirectory()
            let outcome = try data.run("demo", ["--scale", "hamlet"])
            try #require(outcome.status == 0, "\(outcome.text)")
        }

        private func seeding(_ name: String, _ options: [String], kill: Double? = nil) throws -> Program.Outcome {
            try data.run("seed", ["standard", "--into", data.path + "/" + name] + options, kill: kill)
        }

        private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: data.path + "/" + name)) }

        /// Blocks that were made more than once, and all that were made, by the spool of the job under way.
        private func spooled(_ name: String) throws -> (blocks: Int, records: Int) {
            let spools = try FileManager.default.contentsOfDirectory(atPath: data.path).filter { $0.hasPrefix(name + ".job-") }
            var (blocks, records) = (Set<String>(), 0)
            for spool in spools {
                for place in try Spool(directory: data.path + "/" + spool).allPlaces() {
                    records += 1
                    blocks.insert("\(place.address)")
                }
            }
            return (blocks.count, records)
        }

        /// - Parameters: kills, and how the job is described.
        struct Case: Sendable, CustomTestStringConvertible {
            var file: String
            var options: [String]
            var kills: Int
            var testDescription: String { "\(file), \(kills) kills" }
        }

        @Test(arguments: [
            Case(file: "a.pmtiles", options: ["--levels", "8-14", "--metatile", "1"], kills: 100),
            Case(file: "b.mbtiles", options: ["--levels", "8-12", "--format", "png", "--metatile", "2"], kills: 20),
        ])
        func killedAtSeededMoments(one: Case) throws {
            let start = ContinuousClock.now
            let whole = try seeding("whole-" + one.file, one.options)
            #expect(whole.status == 0, "\(whole.text)")
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let goal = try bytes("whole-" + one.file)

            var random = SeededGenerator(seed: Self.seed)
            var (killed, ended, known) = (0, 0, 0)
            for round in 0..<one.kills {
                // Mostly while blocks are made, now and then while the archive is put together.
                let share = Double.random(in: round.isMultiple(of: 4) ? 0.5...1.05 : 0.05...0.6, using: &random)
                let outcome = try seeding(one.file, one.options, kill: seconds * share)
                let latest = try data.run("jobs", []).output.split(separator: "\n").first ?? ""
                if outcome.status == -SIGKILL, latest.contains("\tdone\t") {
                    // Killed when all was done: the archive has its name, the spool may be half gone.
                    #expect(try bytes(one.file) == goal, "round \(round) of seed \(Self.seed)")
                    (ended, known) = (ended + 1, 0)
                } else if outcome.status == -SIGKILL {
                    killed += 1
                    let (blocks, records) = try spooled(one.file)
                    #expect(records == blocks, "round \(round) of seed \(Self.seed): blocks were made twice")
                    #expect(blocks >= known, "round \(round) of seed \(Self.seed): blocks were lost")
                    known = blocks
                } else {
                    #expect(outcome.status == 0, "round \(round) of seed \(Self.seed): \(outcome.text)")
                    #expect(try bytes(one.file) == goal, "round \(round) of seed \(Self.seed)")
                    (ended, known) = (ended + 1, 0)
                }
            }
            #expect(killed >= one.kills / 2, "only \(killed) runs were met on their way, \(ended) came to their end")
            let last = try seeding(one.file, one.options)
            #expect(last.status == 0 && last.output.contains("失败 failed 0"), "\(last.text)")
            #expect(try bytes(one.file) == goal)
            let left = try FileManager.default.contentsOfDirectory(atPath: data.path).filter { $0.contains(".job-") || $0.hasSuffix(".part") }
            #expect(left.isEmpty, "\(left)")
        }
    }
}
