import FeatureStore
import Foundation
import Glibc
import Testing

extension WholeProgram {
    /// A data directory that cannot be used, or is damaged.
    struct BadStorageTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        private func fill() throws -> String {
            let file = try data.write("standing.ndjson", Sample.points(400, seed: 9, name: "原"))
            let outcome = try data.importing(file, "places")
            try #require(outcome.status == 0, "\(outcome.text)")
            return file
        }

        @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
            let file = try data.write("a.csv", Sample.table([(113.75, 23)], header: "name,lon,lat"))
            let outcome = try Program.run(["import", file, "--layer", "a", "--data", file + "/data"])
            #expect(outcome.status == 1 && outcome.errors.contains("数据目录无法使用") && outcome.errors.contains(file + "/data"), "\(outcome.text)")
        }

        @Test(arguments: ["tile", "import", "doctor"])
        func anotherFileInTheRegistrysPlaceIsLeftAlone(command: String) throws {
            let file = try fill()
            let foreign = Data("这不是登记库 no registry at all ".utf8) + Data(count: 8192)
            let registry = data.path + "/registry.gpkg"
            for name in ["registry.gpkg-wal", "registry.gpkg-shm"] where FileManager.default.fileExists(atPath: data.path + "/" + name) {
                try FileManager.default.removeItem(atPath: data.path + "/" + name)
            }
            try foreign.write(to: URL(filePath: registry))
            let arguments = ["tile": ["standard", "10/835/444", "-o", data.path + "/x.png"], "import": [file, "--layer", "places"], "doctor": []]
            let outcome = try data.run(command, try #require(arguments[command]))
            #expect(outcome.status == 1 && outcome.errors.contains("registry.gpkg") && outcome.errors.contains("move it away"), "\(outcome.text)")
            #expect(try Data(contentsOf: URL(filePath: registry)) == foreign)
        }

        @Test func aDamagedRegistryIsNamedAndDoesNotCrash() throws {
            let file = try fill()
            let registry = data.path + "/registry.gpkg"
            var bytes = try Data(contentsOf: URL(filePath: registry))
            for index in 100..<min(bytes.count, 4096 * 8) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
            try bytes.write(to: URL(filePath: registry))
            for arguments in [["doctor"], ["import", file, "--layer", "places"]] {
                let outcome = try data.run(arguments[0], Array(arguments.dropFirst()))
                #expect(outcome.status == 1 && outcome.errors.contains("registry.gpkg"), "\(arguments[0]): \(outcome.text)")
            }
        }

        /// How a prepared file may be spoilt.
        enum Damage: String, CaseIterable, Sendable {
            case gone, empty, cut, headless
        }

        @Test(arguments: Damage.allCases)
        func aDamagedPreparedFileIsMadeAgain(damage: Damage) throws {
            _ = try fill()
            let tile = try data.tile()
            let names = try FileManager.default.contentsOfDirectory(atPath: data.path + "/prepared")
            let url = URL(filePath: data.path + "/prepared/" + (try #require(names.first)))
            let whole = try Data(contentsOf: url)
            switch damage {
            case .gone: try FileManager.default.removeItem(at: url)
            case .empty: try Data().write(to: url)
            case .cut: try whole.prefix(whole.count / 2).write(to: url)
            case .headless: try (Data(count: 256) + whole.dropFirst(256)).write(to: url)
            }
            #expect(try data.tile() == tile)
            #expect(try Data(contentsOf: url) == whole, "made again, it is the same file")
        }

        @Test func doctorFindsWhatOnlyAFullReadShows() throws {
            _ = try fill()
            let sound = try data.run("doctor", [])
            #expect(sound.status == 0 && sound.output.contains("一切正常"), "\(sound.text)")
            let names = try FileManager.default.contentsOfDirectory(atPath: data.path + "/prepared")
            let url = URL(filePath: data.path + "/prepared/" + (try #require(names.first)))
            var bytes = try Data(contentsOf: url)
            for index in (bytes.count / 2)..<(bytes.count / 2 + 4096) { bytes[index] ^= 0x55 }
            try bytes.write(to: url)
            let sick = try data.run("doctor", [])
            #expect(sick.status == 1 && sick.output.contains("places") && sick.output.contains("hash"), "\(sick.text)")
        }

        @Test(.enabled(if: SmallDisk.canMount, "skipped: this user may not mount a tmpfs"))
        func aFullDiskLeavesTheFormerVersion() async throws {
            try FileManager.default.createDirectory(atPath: data.path, withIntermediateDirectories: true)
            try #require(SmallDisk.mount(at: data.path))
            do {
                _ = try fill()
                let (record, tile) = (try await data.record("places"), try data.tile())
                let large = try data.write("large.ndjson", Sample.points(60_000, seed: 3, name: "大"))
                let outcome = try data.importing(large, "places")
                #expect(outcome.status == 1 && outcome.errors.contains("磁盘已满"), "\(outcome.text)")
                #expect(try await data.record("places") == record)
                #expect(try data.tile() == tile)
                try SmallDisk.enlarge(data.path)
                let small = try data.write("small.ndjson", Sample.points(20, seed: 5, name: "小"))
                let later = try data.importing(small, "places")
                #expect(later.status == 0, "\(later.text)")
                #expect(try await data.record("places")?.featureCount == 20)
            } catch {
                try SmallDisk.unmount(data.path)
                throw error
            }
            try SmallDisk.unmount(data.path)
        }
    }
}
