import FeatureStore
import Foundation
import Glibc
import SQLite
import TestSupport
import Testing

extension WholeProgram {
    /// Versions of a layer on the command line, beside a running server, and killed on the way.
    struct VersionsTests {
        let data: DataDirectory

        /// In the middle of the points, on a level that shows them.
        private static let tile = "12/3343/1779"

        init() throws {
            data = try DataDirectory()
            try deliver("2026Q3", Sample.points(400, seed: 4, name: "旧"))
        }

        private func deliver(_ name: String, _ text: String, _ options: [String] = []) throws {
            let file = try data.write("\(name).ndjson", text)
            let outcome = try data.importing(file, "places", ["--version-name", name] + options)
            try #require(outcome.status == 0 && outcome.output.contains("版本 version: \(name)"), "\(outcome.text)")
        }

        private func versions(_ arguments: String..., kill: Double? = nil) throws -> Program.Outcome {
            try data.run("versions", arguments, kill: kill)
        }

        @Test func stagedComparedPublishedAndGoneBackTo() async throws {
            var lines = Sample.points(400, seed: 4, name: "旧").split(separator: "\n").map(String.init)
            lines[9] = lines[9].replacingOccurrences(of: "旧10", with: "改")
            lines.removeFirst(2)
            try deliver("2026Q4", lines.joined(separator: "\n") + "\n", ["--staged"])
            let list = try versions("list", "places")
            #expect(list.output.contains("待发布 staged\t2026Q4") && list.output.contains("现行 served\t2026Q3"), "\(list.text)")
            let (layer, report) = (data.path + "/diff.geojson", data.path + "/diff.json")
            let diff = try versions("diff", "places", "-o", layer, "--report", report)
            #expect(diff.status == 0 && diff.output.contains("新增 added 0，删除 removed 2，变更 changed 1，不变 unchanged 397"), "\(diff.text)")
            #expect(diff.output.contains("名称: 1"), "\(diff.text)")
            let drawn = try data.importing(layer, "changes")
            #expect(drawn.status == 0 && drawn.output.contains("= 入库 stored 3"), "\(drawn.text)")
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: report))) as? [String: Any]
            #expect(json?["removed"] as? Int == 2 && json?["layer"] as? String == "places")
            let tile = try data.tile(try Self.tileOfFirstFeature(layer))
            #expect(tile.range(of: Data("changes".utf8)) != nil, "the layer of changes is drawn")
            let changes = try await data.record("changes")
            #expect(changes?.featureCount == 3)

            let published = try versions("publish", "places", "2026Q4")
            #expect(published.status == 0 && published.output.contains("now served: 2026Q4"), "\(published.text)")
            #expect(try await data.record("places")?.featureCount == 398)
            let back = try versions("rollback", "places")
            #expect(back.status == 0 && back.output.contains("now served: 2026Q3"), "\(back.text)")
            #expect(try await data.record("places")?.featureCount == 400)
        }

        /// The tile of level 14 that the first point of a file lies in.
        private static func tileOfFirstFeature(_ path: String) throws -> String {
            struct File: Decodable {
                struct Feature: Decodable {
                    struct Geometry: Decodable { var coordinates: [Double] }
                    var geometry: Geometry
                }
                var features: [Feature]
            }
            let place = try #require(try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: path))).features.first).geometry.coordinates
            let (count, radians) = (Double(1 << 14), place[1] * .pi / 180)
            let (x, y) = ((place[0] + 180) / 360 * count, (1 - log(tan(radians) + 1 / cos(radians)) / .pi) / 2 * count)
            return "14/\(Int(x))/\(Int(y))"
        }

        @Test func refusalsSayWhatToDo() async throws {
            try deliver("2026Q4", Sample.points(300, seed: 5, name: "新"))
            let file = try data.write("x.ndjson", Sample.points(3, seed: 6, name: "x"))
            let taken = try data.importing(file, "places", ["--version-name", "2026Q3"])
            #expect(taken.status == 2 && taken.text.contains("版本名称已被占用") && taken.text.contains("versions drop"), "\(taken.text)")
            for misuse in [
                ["list"], ["publish", "places"], ["rollback", "places", "--keep", "0"], ["publish", "places", "nothing"],
                ["drop", "places", "nothing"], ["diff", "places", "nothing"],
            ] {
                let outcome = try data.run("versions", misuse)
                #expect(outcome.status == 2, "\(misuse): \(outcome.text)")
            }
            let nowhere = try versions("list", "nowhere")
            #expect(nowhere.status == 1 && nowhere.text.contains("nowhere"), "\(nowhere.text)")
            let served = try versions("drop", "places", "2026Q4")
            #expect(served.status == 1 && served.text.contains("正在提供"), "\(served.text)")
            let imagery = try data.run("import", [file, "--layer", "base.image", "--staged"])
            #expect(imagery.status == 1 && imagery.text.contains("影像图层"), "\(imagery.text)")
            let edit = try data.run("edit", ["--layer", "places", "--remove", "7"])
            #expect(edit.status == 0, "\(edit.text)")
            let edited = try versions("rollback", "places")
            #expect(edited.status == 1 && edited.text.contains("1 次编辑") && edited.text.contains("--leave-edits"), "\(edited.text)")
            #expect(try await data.record("places")?.featureCount == 299)
            let left = try versions("rollback", "places", "--leave-edits")
            #expect(left.status == 0 && left.output.contains("随其离开地图"), "\(left.text)")
            let again = try versions("publish", "places", "2026Q4")
            #expect(again.status == 0, "\(again.text)")
            #expect(try await data.record("places")?.featureCount == 299, "the edit stays with its version")
        }

        /// Killed at any moment, the layer is in one version or the other, whole, and the next command finds nothing in its way.
        @Test func killedAtSeededMoments() async throws {
            try deliver("2026Q4", Sample.points(30_000, seed: 5, name: "新"))
            var random = SeededGenerator(seed: 20_261_127)
            let start = ContinuousClock.now
            let whole = try versions("rollback", "places")
            #expect(whole.status == 0, "\(whole.text)")
            let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
            var standing = try #require(try await data.record("places"))
            var (killed, switched) = (0, 0)
            for round in 0..<24 {
                let share = Double.random(in: round.isMultiple(of: 2) ? 0...1 : 0.6...1.1, using: &random)
                let outcome = try versions("rollback", "places", kill: seconds * share)
                if outcome.status == -SIGKILL { killed += 1 }
                let now = try #require(try await data.record("places"), "round \(round)")
                if now.version == standing.version {
                    #expect(outcome.status != 0 && now == standing, "round \(round): \(outcome.text)")
                } else {
                    switched += 1
                    #expect(now.featureCount == (standing.featureCount == 400 ? 30_000 : 400), "round \(round)")
                    standing = now
                }
                #expect(try await data.features("places").count == standing.featureCount, "round \(round)")
                let names = try await GeoPackageRegistry(directory: data.path).deliveries(of: "places")
                #expect(names.map(\.state).sorted { $0.rawValue < $1.rawValue } == [.kept, .served], "round \(round)")
            }
            #expect(killed >= 8, "only \(killed) were met on their way; \(switched) switched")
            let last = try versions("rollback", "places")
            #expect(last.status == 0, "\(last.text)")
            let connection = try Connection(path: data.path + "/registry.gpkg", access: .readOnly)
            #expect(try connection.quickCheck() == [])
            #expect(try connection.integer("SELECT count(*) FROM workmap_versions WHERE state = 'writing'") == 0)
        }

        @Test func aRunningServerShowsTheVersionThatIsPublished() throws {
            let server = try LocalServer(data)
            defer { server.stop() }
            let before = try #require(server.get("/tiles/standard/\(Self.tile).mvt"))
            try deliver("2026Q4", Sample.points(300, seed: 9, name: "新"), ["--staged"])
            usleep(1_500_000)
            #expect(server.get("/tiles/standard/\(Self.tile).mvt")?.body == before.body)
            let published = try versions("publish", "places", "2026Q4")
            #expect(published.status == 0, "\(published.text)")
            #expect(wait(server) { $0.body != before.body })
            let back = try versions("rollback", "places")
            #expect(back.status == 0, "\(back.text)")
            #expect(wait(server) { $0.body == before.body }, "the same features give the same bytes")
        }

        private func wait(_ server: LocalServer, for holds: (LocalServer.Answer) -> Bool) -> Bool {
            for _ in 0..<600 {
                if let answer = server.get("/tiles/standard/\(Self.tile).mvt"), answer.status == 200, holds(answer) { return true }
                usleep(50_000)
            }
            return false
        }
    }
}
