import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// The search over the names and addresses of a whole hamlet.
@Suite struct SearchRoutesTests {
    private struct Find: Equatable, CustomStringConvertible {
        var layer: String
        var id: Int
        var name: String
        var description: String { "\(layer)/\(id) \(name)" }
    }

    private static func finds(_ client: RouterClient, _ text: String, limit: Int = 50) async throws -> [Find] {
        let answer = try await client.ask("/search?q=\(PercentEncoded.text(text))&limit=\(limit)")
        #expect(answer.status == 200, "\(text)")
        return try answer.features().map { feature in
            let properties = try #require(feature["properties"] as? [String: Any])
            return Find(
                layer: try #require(properties["layer"] as? String), id: try #require(feature["id"] as? Int),
                name: try #require(properties["name"] as? String))
        }
    }

    /// A service over the same data whose name indexes are not there.
    private static func scanning() async throws -> RouterClient {
        let shared = try await Hamlet.service.value
        let directory = shared.installation.directory
        let copy = try ScratchDirectory.make("hamlet-without-names")
        for name in ["registry.gpkg", "registry.gpkg-wal", "registry.gpkg-shm"] where FileManager.default.fileExists(atPath: "\(directory.path)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(copy)/\(name)")
        }
        let installation = try Installation(data: copy, share: Hamlet.repository)
        for file in try FileManager.default.contentsOfDirectory(atPath: directory.preparedDirectory) where file.hasSuffix(".prepared") {
            try FileManager.default.copyItem(
                atPath: "\(directory.preparedDirectory)/\(file)", toPath: "\(installation.directory.preparedDirectory)/\(file)")
        }
        let library = try installation.library()
        try await library.refresh()
        return try RouterClient(Hamlet.context(installation, library))
    }

    private static let questions = [
        "道滘镇", "道滘", "路", "号", "1号", "南 1号", "有限公司", "东莞市 公司 1", "公厕", "银湖 94", "查无此地", "g", "Ｄ",
    ]

    @Test func anOldDataDirectoryIsScannedAndThenIndexedWithTheSameAnswers() async throws {
        let client = try await Hamlet.client()
        let old = try await Self.scanning()
        let before = old.service.library.state.layers
        #expect(before.values.contains { $0.names == nil && $0.record != nil }, "nothing is indexed at first")
        var answers: [[Find]] = []
        for question in Self.questions { answers.append(try await Self.finds(old, question)) }
        #expect(answers.contains { $0.count == 50 } && answers.contains { $0.isEmpty })
        for (question, answer) in zip(Self.questions, answers) {
            #expect(try await Self.finds(client, question) == answer, "\(question)")
        }
        try await old.service.library.prepareAll()
        for (question, answer) in zip(Self.questions, answers) {
            #expect(try await Self.finds(old, question) == answer, "\(question), indexed")
        }
        #expect(old.service.library.state.layers["doorplate"]?.names != nil)
    }

    @Test(arguments: questions) func betterFindsComeFirstThenTheLayersThenTheIds(question: String) async throws {
        let client = try await Hamlet.client()
        let state = client.service.library.state
        let query = try #require(NameQuery(question))
        let finds = try await Self.finds(client, question)
        var keys: [[Int]] = []
        for find in finds {
            let layer = try #require(state.layers[find.layer])
            let record = try #require(layer.record)
            let columns = layer.definition.searchedFields(of: record.schema)
            var one = FeatureQuery(layer: find.layer, ids: [Int64(find.id)])
            one.fields = .some(columns)
            let feature = try #require(try await client.service.installation.registry.features(one).first)
            let names: [String] = columns.compactMap { if case .text(let name) = feature.values[$0] { name } else { nil } }
            let match = try #require(query.match(names), "\(find) answers \(question)")
            keys.append([match.rawValue, layer.definition.searchRank, find.id])
        }
        #expect(keys == keys.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(Set(keys).count == keys.count)
        for limit in [1, 7] { #expect(try await Self.finds(client, question, limit: limit) == Array(finds.prefix(limit))) }
    }

    @Test func addressesFindWhatLiesThere() async throws {
        let client = try await Hamlet.client()
        let record = try #require(try await client.service.installation.registry.layer("unit"))
        let column = try #require(record.schema.index(of: "address"))
        var query = FeatureQuery(layer: "unit")
        query.limit = 1
        let unit = try #require(try await client.service.installation.registry.features(query).first)
        guard case .text(let address) = unit.values[column] else {
            Issue.record("organisations have an address")
            return
        }
        let finds = try await Self.finds(client, address)
        #expect(finds.contains { $0.layer == "unit" && $0.id == Int(unit.id) })
        #expect(finds.contains { $0.layer == "doorplate" })
    }

    @Test(arguments: [
        "", "%20", "%00", "%E3%80%80", "a+b+c+d+e+f+g+h+i", String(repeating: "a", count: 201), String(repeating: "a", count: 10_240), "%FF", "%",
    ])
    func whatIsNoQuestionIs400(text: String) async throws {
        let answer = try await Hamlet.client().ask("/search?q=\(text)")
        #expect(answer.status == 400)
        try expectProblem(answer)
    }

    @Test(arguments: ["\"", "'", "*", "路\"", "路 OR 号", "NEAR(路)", "names:路", "^路", "路\u{0}号", "'); DROP TABLE names; --", "%", "_", "\\"])
    func operatorsAreText(text: String) async throws {
        _ = try await Self.finds(Hamlet.client(), text)
    }
}
