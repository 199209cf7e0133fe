import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import TileCache

extension WholeProgram {
    /// The store of a server that is killed, shared or damaged.
    struct TileStoreTests {
        let data: DataDirectory

        init() throws {
            data = try DataDirectory()
            let file = try data.write("places.ndjson", Sample.points(4_000, seed: 4, name: "点"))
            let outcome = try data.importing(file, "places")
            try #require(outcome.status == 0, "\(outcome.text)")
        }

        private static let seed: UInt64 = 44_190_004
        private static let kills = 25
        /// Nothing in memory: every tile goes to the store and comes from it.
        private static let options = ["--cache", "0", "--store-quota", "16"]

        private static let targets: [String] = (12...14).flatMap { level -> [String] in
            let (column, row) = (835 << (level - 10), 444 << (level - 10))
            return (0..<6).flatMap { x in (0..<6).map { y in "/tiles/standard/\(level)/\(column + x)/\(row + y).mvt" } }
        }

        private var directory: String { data.path + "/tiles" }

        private func metric(_ name: String, _ server: LocalServer) throws -> Int {
            let answer = try #require(server.get("/metrics"))
            let text = String(decoding: answer.body, as: UTF8.self)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("workmap_\(name) ") }, "\(name) in \(text.count) bytes")
            let value = try #require(line.split(separator: " ").last)
            return Int(try #require(Double(value)))
        }

        /// More than all rounds ask for: some are new to the store, some were asked for before.
        private static let manyTargets: [String] = (13...16).flatMap { level -> [String] in
            let (column, row, side) = (835 << (level - 10), 443 << (level - 10), 10 << (level - 12))
            return (0..<side).flatMap { x in (0..<side).map { y in "/tiles/standard/\(level)/\(column + x)/\(row + y).mvt" } }
        }

        /// Asks from several threads until the server is gone.
        private func ask(_ port: UInt16, _ answers: AnswerBoard, seed: UInt64) -> DispatchGroup {
            let group = DispatchGroup()
            for n in 0..<3 {
                group.enter()
                let thread = Thread {
                    var random = SeededGenerator(seed: seed &+ UInt64(n))
                    while true {
                        let target = Self.manyTargets[Int.random(in: 0..<Self.manyTargets.count, using: &random)]
                        guard let answer = LocalServer.get(target, port: port) else { break }
                        answers.add(target, answer)
                    }
                    group.leave()
                }
                thread.start()
            }
            return group
        }

        /// Killed in the midst of writing, again and again: the store is whole every time, and no tile is ever another one.
        @Test func killedAtSeededMoments() throws {
            var random = SeededGenerator(seed: Self.seed)
            let answers = AnswerBoard()
            var stored = 0
            for round in 0..<Self.kills {
                let server = try LocalServer(data, Self.options)
                let group = ask(server.port, answers, seed: random.next())
                usleep(UInt32.random(in: 5_000...500_000, using: &random))
                server.kill()
                group.wait()
                let store = try StoreExamination(directory: directory)
                #expect(store.faults.isEmpty, "round \(round) of seed \(Self.seed): \(store.faults)")
                stored = max(stored, store.tiles)
                // Sometimes from the beginning, so that the making of a store is met as well.
                if round % 8 == 7 { try FileManager.default.removeItem(atPath: directory) }
            }
            #expect(answers.contradictions.isEmpty, "seed \(Self.seed)")
            let seen = answers.bodies
            #expect(seen.count > 200 && stored > 100, "\(seen.count) tiles seen, \(stored) stored")
            let reference = try LocalServer(data, ["--store-quota", "0"])
            let last = try LocalServer(data, Self.options)
            for (target, body) in seen {
                #expect(reference.get(target)?.body == body, "\(target)")
                #expect(last.get(target)?.body == body, "\(target)")
            }
            #expect(try metric("store_hits_total", last) > 0 && metric("store_damaged_total", last) == 0)
            reference.stop()
            last.stop()
        }

        /// What a stopped server had made is there when it starts again.
        @Test func aStoppedServerHasWrittenEverything() throws {
            let first = try LocalServer(data, Self.options)
            for target in Self.targets { #expect(first.get(target) != nil) }
            first.stop()
            let second = try LocalServer(data, Self.options)
            for target in Self.targets { #expect(second.get(target) != nil) }
            #expect(try metric("productions_started_total", second) == 0)
            #expect(try metric("store_tiles", second) == Self.targets.count)
            second.stop()
        }

        @Test func twoServersOnOneDirectory() throws {
            let first = try LocalServer(data, Self.options)
            let second = try LocalServer(data, Self.options)
            #expect(try second.log.contains("another process writes to the tile store"))
            #expect(try !first.log.contains("another process writes"))
            for target in Self.targets { #expect(first.get(target)?.body == second.get(target)?.body) }
            #expect(try metric("store_writer", first) == 1 && metric("store_writer", second) == 0)
            first.kill()
            // Taking over is tried every five seconds, when there is something to write.
            var isWriter = false
            for round in 0..<200 where !isWriter {
                usleep(100_000)
                _ = second.get("/tiles/standard/17/\(107_000 + round)/56900.mvt")
                isWriter = try metric("store_writer", second) == 1
            }
            #expect(isWriter)
            #expect(try second.log.contains("this process writes to the tile store now"))
            second.stop()
            #expect(try StoreExamination(directory: directory).faults.isEmpty)
        }

        @Test func doctorFindsADamagedStoreAndAServerReplacesIt() throws {
            let first = try LocalServer(data, Self.options)
            let right = Self.targets.map { first.get($0)?.body }
            first.stop()
            let sound = try data.run("doctor", [])
            #expect(sound.status == 0 && sound.output.contains("瓦片库 tile store: \(Self.targets.count)"), "\(sound.text)")
            let file = URL(filePath: directory + "/store-1.sqlite")
            var bytes = try Data(contentsOf: file)
            for index in stride(from: 8192, to: bytes.count, by: 97) { bytes[index] ^= 0x5A }
            try bytes.write(to: file)
            let sick = try data.run("doctor", [])
            #expect(sick.status == 1 && sick.output.contains("瓦片库") && sick.output.contains("damaged"), "\(sick.text)")
            let second = try LocalServer(data, Self.options)
            for (target, body) in zip(Self.targets, right) { #expect(second.get(target)?.body == body, "\(target)") }
            #expect(try second.log.contains("was damaged"))
            second.stop()
            let healed = try data.run("doctor", [])
            #expect(healed.status == 0 && healed.output.contains("damaged.sqlite"), "\(healed.text)")
        }

        @Test func noStoreWhereNoneIsWanted() throws {
            let server = try LocalServer(data, ["--store-quota", "0"])
            #expect(server.get(Self.targets[0]) != nil)
            server.stop()
            #expect(!FileManager.default.fileExists(atPath: directory))
            let wrong = try data.run("serve", ["--store-quota", "-1"])
            #expect(wrong.status == 2 || wrong.status == 64, "\(wrong.text)")
        }
    }
}

/// What servers answered, one body a target.
private final class AnswerBoard: Sendable {
    private struct State {
        var bodies: [String: [UInt8]] = [:]
        var contradictions: [String] = []
    }

    private let state = Mutex(State())

    func add(_ target: String, _ answer: LocalServer.Answer) {
        state.withLock { state in
            guard answer.status == 200 || answer.status == 204 else {
                state.contradictions.append("\(target): \(answer.status)")
                return
            }
            let former = state.bodies.updateValue(answer.body, forKey: target)
            if let former, former != answer.body { state.contradictions.append(target) }
        }
    }

    var bodies: [String: [UInt8]] { state.withLock { $0.bodies } }
    var contradictions: [String] { state.withLock { $0.contradictions } }
}
