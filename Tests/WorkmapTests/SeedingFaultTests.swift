import FeatureStore
import Foundation
import Glibc
import TestSupport
import Testing

extension WholeProgram {
    /// What may happen to a job of seeding beside its being killed.
    struct SeedingFaultTests {
        let data: DataDirectory

        init() throws {
            data = try DataDirectory()
            let file = try data.write("places.ndjson", Sample.points(4_000, seed: 11, name: "点"))
            let outcome = try data.importing(file, "places")
            try #require(outcome.status == 0, "\(outcome.text)")
        }

        private static let levels = ["--levels", "8-14", "--metatile", "1"]

        private func arguments(_ path: String, _ options: [String]) -> [String] {
            ["seed", "standard", "--into", path, "--data", data.path] + Self.levels + options
        }

        private func seeding(_ path: String, _ options: [String] = [], kill: Double? = nil) throws -> Program.Outcome {
            try Program.run(arguments(path, options), kill: kill)
        }

        private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

        @Test(.enabled(if: SmallDisk.canMount, "skipped: this user may not mount a tmpfs"))
        func aFullDiskIsToldAndGoneOnWithWhenThereIsRoom() throws {
            let many = try data.write("many.ndjson", Sample.points(60_000, seed: 13, name: "许多"))
            #expect(try data.importing(many, "places").status == 0)
            let whole = data.path + "/whole.pmtiles"
            #expect(try seeding(whole).status == 0)
            let small = data.path + "/small"
            try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
            let size = try bytes(whole).count
            try #require(size > 2 << 20, "the archive does not fill a small disk")
            try #require(SmallDisk.mount(at: small, megabytes: max(1, (size / 2) >> 20)))
            do {
                let path = small + "/a.pmtiles"
                let full = try seeding(path)
                #expect(full.status == 1 && full.errors.contains("磁盘已满"), "\(full.text)")
                #expect(!FileManager.default.fileExists(atPath: path), "no half archive has a name")
                try SmallDisk.enlarge(small)
                let later = try seeding(path)
                #expect(later.status == 0 && later.errors.contains("继续作业"), "\(later.text)")
                #expect(try bytes(path) == bytes(whole))
            } catch {
                try SmallDisk.unmount(small)
                throw error
            }
            try SmallDisk.unmount(small)
        }

        @Test func oneOfTwoProcessesIsKilled() throws {
            let whole = data.path + "/whole.pmtiles"
            let start = ContinuousClock.now
            #expect(try seeding(whole).status == 0)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            for share in [0.3, 0.6] {
                let path = data.path + "/shared-\(share).pmtiles"
                let first = try Program.Running(arguments(path, ["--workers", "1"]))
                let second = try Program.Running(arguments(path, ["--workers", "1"]))
                let killed = try first.finish(kill: seconds * share)
                let other = try second.finish()
                #expect(killed.status == -SIGKILL || killed.status == 0)
                #expect(other.status == 0, "\(other.text)")
                #expect(try bytes(path) == bytes(whole))
            }
        }

        @Test func newDataWhileSeedingAreFollowed() throws {
            let path = data.path + "/a.pmtiles"
            let start = ContinuousClock.now
            #expect(try seeding(data.path + "/old.pmtiles").status == 0)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            var isCut = false
            for share in stride(from: 0.9, to: 0.3, by: -0.05) where !isCut {
                let cut = try seeding(path, kill: seconds * share)
                // On its way, with something done by the journal.
                let latest = try data.run("jobs", []).output.split(separator: "\n").first ?? ""
                isCut = cut.status == -SIGKILL && latest.contains("\trunning\t") && !latest.contains("made 0 ")
            }
            try #require(isCut)
            let next = try data.write("next.ndjson", Sample.points(4_000, seed: 12, name: "新"))
            #expect(try data.importing(next, "places").status == 0)
            let later = try seeding(path)
            #expect(later.status == 0 && later.output.contains("数据已变"), "\(later.text)")
            let fresh = data.path + "/fresh.pmtiles"
            #expect(try seeding(fresh).status == 0)
            #expect(try bytes(path) == bytes(fresh))
            #expect(try bytes(path) != bytes(data.path + "/old.pmtiles"))
        }

        @Test func aBrokenStyleStopsPicturesAndIsGoneOnWith() throws {
            let path = data.path + "/a.pmtiles"
            let styles = data.path + "/styles/standard"
            try FileManager.default.createDirectory(atPath: styles, withIntermediateDirectories: true)
            try Data("{".utf8).write(to: URL(filePath: styles + "/style.json"))
            let broken = try seeding(path, ["--formats", "png"])
            #expect(broken.status == 1 && broken.errors.contains("standard"), "\(broken.text)")
            #expect(!FileManager.default.fileExists(atPath: path))
            try FileManager.default.removeItem(atPath: data.path + "/styles")
            let mended = try seeding(path, ["--formats", "png", "--levels", "8-10"])
            #expect(mended.status == 0, "\(mended.text)")
        }

        @Test func aJobIsPausedResumedAndCancelledByAnotherProcess() throws {
            let path = data.path + "/a.pmtiles"
            let running = try Program.Running(arguments(path, ["--formats", "png", "--levels", "8-17"]))
            var paused = try data.run("jobs", ["pause", "1"])
            for _ in 0..<100 where paused.status != 0 {
                usleep(50_000)
                paused = try data.run("jobs", ["pause", "1"])
            }
            #expect(paused.status == 0 && paused.output.contains("paused"), "\(paused.text)")
            #expect(try data.run("jobs", ["resume", "1"]).output.contains("running"))
            #expect(try data.run("jobs", ["cancel", "1"]).output.contains("cancelled"))
            let ended = try running.finish()
            #expect(ended.status == 4 && ended.output.contains("取消"), "\(ended.text)")
            let left = try FileManager.default.contentsOfDirectory(atPath: data.path).filter { $0.hasPrefix("a.pmtiles") }
            #expect(left.isEmpty, "\(left)")
            #expect(try data.run("jobs", ["resume", "1"]).status == 2)
            #expect(try data.run("jobs", ["pause", "99"]).status == 2)
        }

        @Test(arguments: [
            ["--area", "1,2,3"], ["--area", "town:nowhere"], ["--hours", "25-6"], ["--nice", "20"], ["--formats", "gif"], ["--formats", "mvt,mvt"],
            ["--fail-above", "101%"], ["--retry-failed"], ["--levels", "9-8"], ["--matrix-sets", "mars"],
        ]) func aCallThatMakesNoSenseIsRefused(options: [String]) throws {
            let outcome = try data.run("seed", ["standard", "--into", data.path + "/a.pmtiles"] + options)
            #expect(outcome.status == 2 && !outcome.errors.isEmpty, "\(outcome.text)")
        }

        @Test func aDryRunEstimatesAndMakesNothing() throws {
            let outcome = try data.run("seed", ["standard", "--dry-run"] + Self.levels)
            #expect(outcome.status == 0 && outcome.output.contains("±"), "\(outcome.text)")
            let again = try data.run("seed", ["standard", "--dry-run"] + Self.levels)
            let bytes = [outcome, again].map { $0.output.split(separator: "\n").map { $0.split(separator: "\t").dropLast() } }
            #expect(bytes[0] == bytes[1], "the same sample has the same bytes")
            #expect(!FileManager.default.fileExists(atPath: data.path + "/jobs"))
        }
    }
}
