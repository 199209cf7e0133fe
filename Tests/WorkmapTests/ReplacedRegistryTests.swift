import Foundation
import Glibc
import TestSupport
import Testing

extension WholeProgram {
    /// The registry's file gives way to another, as when a backup is put back.
    struct ReplacedRegistryTests {
        private let data: DataDirectory

        init() throws {
            data = try DataDirectory()
            try Self.fill(data, "甲", seed: 4)
        }

        private static func fill(_ data: DataDirectory, _ name: String, seed: UInt64) throws {
            var random = SeededGenerator(seed: seed)
            let lines = (1...40).map { n in
                // Within one tile of level 14.
                let (x, y) = (Double.random(in: 113.693...113.708, using: &random), Double.random(in: 22.961...22.976, using: &random))
                return #"{"type":"Feature","id":\#(n),"properties":{"名称":"\#(name)\#(n)"},"geometry":{"type":"Point","coordinates":[\#(x),\#(y)]}}"#
            }
            let file = try data.write("places-\(name).ndjson", lines.joined(separator: "\n") + "\n")
            let outcome = try data.importing(file, "places")
            try #require(outcome.status == 0, "\(outcome.text)")
        }

        private static func move(_ from: String, _ to: String) throws {
            let status = unsafe rename(from + "/registry.gpkg", to + "/registry.gpkg")
            try #require(status == 0)
        }

        /// What a fresh data directory with the same registry serves.
        private static func tile(of data: DataDirectory) throws -> Data { try data.tile("14/13366/7117") }

        @Test func aRunningServerGoesOverToIt() throws {
            let other = try DataDirectory()
            try Self.fill(other, "乙", seed: 5)
            let expected = try Self.tile(of: other)
            let former = try Self.tile(of: data)
            #expect(expected != former && !expected.isEmpty && !former.isEmpty)
            let server = try LocalServer(data)
            defer { server.stop() }
            let target = "/tiles/standard/14/13366/7117.mvt"
            let before = try #require(server.get(target))
            try Self.move(other.path, data.path)
            var after: LocalServer.Answer?
            var names = ""
            for _ in 0..<1200 {
                after = server.get(target)
                names = String(decoding: server.get("/collections/places/items?limit=3&f=json")?.body ?? [], as: UTF8.self)
                // Nothing is shown of the layer while it is prepared again.
                if after?.status == 200, after?.body != before.body, names.contains("乙") { break }
                usleep(50_000)
            }
            #expect(names.contains("乙1") && !names.contains("甲"), "\(names)")
            #expect(after?.status == 200)
            let log = try server.log
            #expect(log.contains("the registry is another one"), "\(log)")
            // The same versions, the same names of files: what was prepared of the former would do as well.
            let again = try Self.tile(of: data)
            #expect(again == expected)
        }

        @Test func anOlderCopyIsNotServedWithTheFilesOfWhatCameAfter() throws {
            let backup = try TemporaryDirectory()
            try FileManager.default.copyItem(atPath: data.path + "/registry.gpkg", toPath: backup.path + "/registry.gpkg")
            let old = try Self.tile(of: data)
            try Self.fill(data, "丙", seed: 6)
            let new = try Self.tile(of: data)
            #expect(old != new)
            for name in ["registry.gpkg-wal", "registry.gpkg-shm"] {
                #expect(!FileManager.default.fileExists(atPath: "\(data.path)/\(name)"), "nobody has it open")
            }
            try Self.move(backup.path, data.path)
            #expect(try Self.tile(of: data) == old)
            // It goes on from there: the version has the number of the one that is lost, and is another.
            try Self.fill(data, "丁", seed: 7)
            let other = try DataDirectory()
            try Self.fill(other, "甲", seed: 4)
            try Self.fill(other, "丁", seed: 7)
            #expect(try Self.tile(of: data) == Self.tile(of: other))
            let outcome = try data.run("doctor", [])
            #expect(outcome.status == 0, "\(outcome.text)")
        }
    }
}
