import FeatureStore
import Foundation
import HTTPTypes
import SQLite
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// Versions of a layer and features as of a past time, over HTTP.
@Suite struct VersionRoutesTests {
    private let installation: Installation
    private let library: MapLibrary
    private let client: RouterClient
    private let directory: String

    init() async throws {
        directory = try ScratchDirectory.make("versions-\(UUID().uuidString)")
        installation = try Installation(data: directory, share: Hamlet.repository)
        library = try installation.library()
        client = try RouterClient(Hamlet.context(installation, library))
    }

    private func deliver(_ name: String, _ names: [String?], isStaged: Bool = false) async throws {
        let features = names.enumerated().compactMap { place, name in
            name.map {
                #"{"type":"Feature","id":\#(place + 1),"geometry":{"type":"Point","coordinates":[\#(113.6845 + Double(place) * 0.0005),22.9940]},"properties":{"name":"\#($0)","keeper":"张三\#(place)"}}"#
            }
        }
        let path = directory + "/\(name).geojson"
        try #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        var request = LayerImportRequest(layer: "stations", files: [path])
        request.sensitiveFields = ["keeper"]
        request.delivery = DeliveryRequest(name: name, isStaged: isStaged, keep: 2)
        _ = try await installation.importLayer(request)
        try await library.prepareAll()
    }

    private func removing(_ id: Int64) async throws {
        _ = try await installation.registry.edit("stations", [.remove(id)], version: nil)
        try await library.prepareAll()
    }

    /// Gives every version of the layer, in their order, the first day of a month of 2026.
    private func spreadOverTheYear() throws {
        let connection = try Connection(path: directory + "/registry.gpkg", access: .readWrite)
        var versions: [Int64] = []
        try connection.withStatement("SELECT version FROM workmap_edits UNION SELECT version FROM workmap_publications ORDER BY 1") { row in
            while try row.step() { versions.append(row.integer(at: 0)) }
        }
        for (place, version) in versions.enumerated() {
            let values: [SQLiteValue] = [.text("2026-0\(place + 1)-01T00:00:00Z"), .integer(version)]
            try connection.run("UPDATE workmap_edits SET edited_at = ? WHERE version = ?", values)
            try connection.run("UPDATE workmap_publications SET published_at = ? WHERE version = ?", values)
        }
    }

    private func names(_ query: String) async throws -> [String] {
        let answer = try await client.ask("/collections/stations/items" + query)
        try #require(answer.status == 200, "\(query): \(answer.text)")
        return try answer.features().compactMap { ($0["properties"] as? [String: Any])?["name"] as? String }
    }

    private func expectProblem(_ target: String, _ status: Int, _ says: String) async throws {
        let answer = try await client.ask(target)
        #expect(answer.status == status && answer.type == "application/problem+json", "\(target): \(answer.status) \(answer.text)")
        let detail = try answer.json()["detail"] as? String ?? ""
        #expect(detail.contains(says), "\(target): \(detail)")
    }

    @Test func versionsAreListedAndCompared() async throws {
        try await deliver("2026Q3", ["甲", "乙", "丙"])
        try await deliver("2026Q4", ["甲", nil, "丙丙", "丁"])
        try await deliver("2027Q1", ["甲"], isStaged: true)
        let listed = try await client.ask("/collections/stations/versions").json()
        let versions = try #require(listed["versions"] as? [[String: Any]])
        #expect(versions.compactMap { $0["name"] as? String } == ["2027Q1", "2026Q4", "2026Q3"])
        #expect(versions.compactMap { $0["state"] as? String } == ["staged", "served", "kept"])
        #expect(versions.compactMap { $0["featureCount"] as? Int } == [1, 3, 3])
        #expect(versions[0]["publishedAt"] == nil && versions[1]["publishedAt"] is String)
        let one = try await client.ask("/collections/stations/versions/2026Q3").json()
        #expect(one["name"] as? String == "2026Q3")

        let report = try await client.ask("/collections/stations/versions/2026Q3..2026Q4")
        #expect(report.status == 200, "\(report.text)")
        let counts = try report.json()
        #expect(["added", "removed", "changed", "unchanged"].map { counts[$0] as? Int } == [1, 1, 1, 1])
        let text = try await client.ask("/collections/stations/versions/2026Q3..2026Q4?f=text")
        #expect(text.type.hasPrefix("text/plain") && text.text.hasPrefix("图层更新通报"), "\(text.text)")
        let layer = try await client.ask("/collections/stations/versions/2026Q3..2026Q4/items")
        let features = try layer.features()
        #expect(features.compactMap { ($0["properties"] as? [String: Any])?["_change"] as? String } == ["removed", "added", "changed"])
        #expect(features.compactMap { $0["id"] as? Int } == [2, 4, 3])
        #expect(try layer.json()["numberMatched"] as? Int == 3)
        // Nobody learns what a keeper is called, nor that another one came.
        #expect(!layer.text.contains("张三") && !report.text.contains("keeper"), "\(report.text)")
        let page = try await client.ask("/collections/stations/versions/2026Q3..2026Q4/items?limit=1&offset=1").features()
        #expect(page.compactMap { $0["id"] as? Int } == [4])
        let byName = try await client.ask("/collections/stations/versions/2026Q3..2026Q4?key=name").json()
        #expect(byName["unchanged"] as? Int == 1 && byName["added"] as? Int == 2)
    }

    @Test func whatIsNotThereIsToldSo() async throws {
        for (name, names) in [("a", ["甲"]), ("b", ["乙"]), ("c", ["丙"])] { try await deliver(name, names) }
        try await expectProblem("/collections/nowhere/versions", 404, "nowhere")
        try await expectProblem("/collections/stations/versions/x", 404, "c, b")
        try await expectProblem("/collections/stations/versions/b..x", 404, "“x”")
        try await expectProblem("/collections/stations/versions/a..c", 410, "不再保留")
        try await expectProblem("/collections/stations/versions/b..c?key=keeper", 400, "keeper")
        try await expectProblem("/collections/stations/versions/b..c?f=xml", 400, "text")
        try await expectProblem("/collections/stations/versions/b..c?colour=red", 400, "colour")
        try await expectProblem("/collections/stations/versions/b..c/items?limit=0", 400, "limit")
    }

    @Test func featuresAreGivenAsOfAPastTime() async throws {
        try await deliver("2026Q1", ["甲", "乙", "丙"])
        try await removing(2)
        try await deliver("2026Q3", ["甲甲", "丁丁"])
        try await removing(1)
        try spreadOverTheYear()
        #expect(try await names("") == ["丁丁"])
        #expect(try await names("?datetime=2026-01-01T00:00:00Z") == ["甲", "乙", "丙"])
        #expect(try await names("?datetime=2026-01-31") == ["甲", "乙", "丙"])
        #expect(try await names("?datetime=2026-02-15T00:00:00Z") == ["甲", "丙"])
        #expect(try await names("?datetime=2026-03-15T08:00:00%2B08:00") == ["甲甲", "丁丁"])
        #expect(try await names("?datetime=2026-04-02T00:00:00Z") == ["丁丁"])
        #expect(try await names("?datetime=2026-02-15T00:00:00Z&name=%E4%B8%99") == ["丙"])
        #expect(try await names("?datetime=2026-01-15T00:00:00Z&bbox=113.6849,22.99,113.6851,23.0") == ["乙"])
        #expect(try await names("?datetime=2026-01-15T00:00:00Z&center=113.6845,22.994&radius=60") == ["甲", "乙"])
        // What was removed within an interval was there in it.
        #expect(try await names("?datetime=2026-01-15T00:00:00Z/2026-02-15T00:00:00Z") == ["甲", "乙", "丙"])
        #expect(try await names("?datetime=2026-03-15T00:00:00Z/..") == ["甲甲", "丁丁"])
        let page = try await client.ask("/collections/stations/items?datetime=2026-01-31&limit=2")
        #expect(try page.json()["numberMatched"] as? Int == 3)
        #expect(page.text.contains("datetime=2026-01-31") && page.header("X-Data-Version") != nil)
        let one = try await client.ask("/collections/stations/items/2?datetime=2026-01-31")
        #expect(one.status == 200 && one.text.contains("乙"), "\(one.text)")
        let tag = try #require(page.headers[.eTag])
        let now = try await client.ask("/collections/stations/items?limit=2", headers: [.ifNoneMatch: tag])
        #expect(now.status == 200)

        try await expectProblem("/collections/stations/items/2?datetime=2026-02-15T00:00:00Z", 404, "没有要素 2")
        try await expectProblem("/collections/stations/items?datetime=2025-12-31T00:00:00Z", 404, "2026-01-01")
        try await expectProblem("/collections/stations/items?datetime=../2026-02-15T00:00:00Z", 404, "2026-01-01")
        try await expectProblem("/collections/stations/items?datetime=2026-02-15T00:00:00Z/2026-03-15T00:00:00Z", 404, "2026-03-01")
        try await expectProblem("/collections/stations/items?datetime=2999-01-01T00:00:00Z", 400, "datetime")
        try await deliver("2026Q4", ["戊"])
        try await expectProblem("/collections/stations/items?datetime=2026-02-15T00:00:00Z", 410, "2026Q1")
        #expect(try await names("") == ["戊"])
    }

    /// A tile as of a past time has the bytes it had then, and the present never learns of it.
    @Test func tilesAreGivenAsOfAPastTime() async throws {
        let tile = "/tiles/standard/16/53463/28464"
        var bodies: [[UInt8]] = []
        func look() async throws {
            let answer = try await client.ask(tile + ".mvt")
            try #require(answer.status == 200, "\(answer.text)")
            bodies.append(try answer.unpacked())
        }
        try await deliver("2026Q1", ["甲", "乙", "丙"])
        try await look()
        try await removing(2)
        try await look()
        try await deliver("2026Q3", ["甲甲", "丁丁"])
        try await look()
        try await removing(1)
        try await look()
        #expect(Set(bodies).count == 4 && bodies.allSatisfy { !$0.isEmpty })
        try spreadOverTheYear()
        for _ in 0..<2 {
            for (month, body) in bodies.enumerated() {
                let past = try await client.ask(tile + ".mvt?datetime=2026-0\(month + 1)-15T00:00:00Z")
                #expect(past.status == 200, "\(past.text)")
                #expect(try past.unpacked() == body, "month \(month + 1)")
                #expect(try await client.ask(tile + ".mvt").unpacked() == bodies[3])
            }
        }
        let before = try await client.ask(tile + ".mvt?datetime=2025-06-01T00:00:00Z")
        #expect(before.status == 200 || before.status == 204, "no layer was there: an empty tile")
        #expect(before.body.isEmpty)
        let picture = try await client.ask(tile + ".png?datetime=2026-01-15T00:00:00Z")
        #expect(picture.status == 200 && picture.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try await client.ask(tile + ".png").body != picture.body)
        try await expectProblem(tile + ".mvt?datetime=2026-01-15T00:00:00Z/..", 400, "时刻")
        try await expectProblem(tile + ".mvt?datetime=2999-01-15T00:00:00Z", 400, "datetime")
        try await expectProblem(tile + ".mvt?datetime=tomorrow", 400, "tomorrow")
        try await expectProblem("/tiles/nowhere/1/0/0.mvt?datetime=2026-01-15T00:00:00Z", 404, "nowhere")
        try await deliver("2026Q4", ["戊"])
        try await expectProblem(tile + ".mvt?datetime=2026-02-15T00:00:00Z", 410, "2026Q1")
    }

    /// A field that is sensitive is so in the past, too.
    @Test func thePastHidesWhatTheRegistryHides() async throws {
        try await deliver("a", ["甲", "乙"])
        try await removing(1)
        try spreadOverTheYear()
        let answer = try await client.ask("/collections/stations/items?datetime=2026-01-15T00:00:00Z")
        #expect(answer.status == 200 && answer.text.contains("甲") && !answer.text.contains("张三"), "\(answer.text)")
        try await expectProblem("/collections/stations/items?datetime=2026-01-15T00:00:00Z&keeper=%E5%BC%A0", 400, "keeper")
    }
}
