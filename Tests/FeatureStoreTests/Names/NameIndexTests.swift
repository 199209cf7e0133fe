import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

/// What the index finds is what reading every name finds.
@Suite struct NameIndexTests {
    private static let schema = FeatureSchema(
        fields: [
            Field(name: "name", kind: .text), Field(name: "address", kind: .text), Field(name: "kind", kind: .text),
            Field(name: "owner", kind: .text),
        ])

    private static let layer = CatalogueLayer(
        id: "test.names", title: LocalisedText(zh: "名称", en: "Names"), group: "entity", geometry: "Any", order: 1,
        nameField: "name",
        fields: [FieldDefinition(name: "name"), FieldDefinition(name: "owner", sensitive: true)],
        withheld: [WithheldRule(field: "kind", values: [CatalogueValue(.text("secret"))])],
        tiles: TilePlan(levels: LevelRange(1, 20), fields: []), search: SearchPlan(rank: 1, fields: ["name", "address", "owner"]))

    private static func feature(
        _ id: Int64, _ name: String?, _ address: String? = nil, kind: String = "", owner: String = "",
        geometry: Geometry? = .point(Coordinate(x: 1, y: 2))
    ) -> Feature {
        Feature(
            id: id, geometry: geometry,
            values: [name.map { .text($0) } ?? .null, address.map { .text($0) } ?? .null, .text(kind), .text(owner)])
    }

    private static func index(_ features: [Feature]) async throws -> NameIndex {
        let path = try ScratchDirectory.make() + "/test.names"
        let writer = try NameIndexWriter(layer: layer, schema: schema, path: path)
        try await writer.append(features)
        #expect(try await writer.finish())
        #expect(try FileManager.default.contentsOfDirectory(atPath: URL(filePath: path).deletingLastPathComponent().path) == ["test.names"])
        return try NameIndex(path: path)
    }

    private static func found(_ text: String, _ match: NameMatch = .part, in index: NameIndex) async throws -> [Int64] {
        try await index.find(try #require(NameQuery(text), "\(text)"), match, limit: 1000)
    }

    /// Names over a small alphabet, so that every query has wholes, beginnings and parts.
    private static func names(_ count: Int, seed: UInt64) -> [Feature] {
        let alphabet = Array("东莞路号1２aＢ滘埗-\"* 𠮷")
        var random = SeededGenerator(seed: seed)
        func text() -> String { String((0..<Int.random(in: 0...5, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "东" }) }
        return (1...count).map { feature(Int64($0) * 3, text(), Bool.random(using: &random) ? text() : nil) }
    }

    @Test(arguments: [UInt64(1), 2, 3]) func agreesWithReadingEveryName(seed: UInt64) async throws {
        let features = Self.names(2000, seed: seed)
        let index = try await Self.index(features)
        var asked = 0
        for sample in Self.names(600, seed: seed + 100) {
            guard case .text(let text) = sample.values[0], let query = NameQuery(text) else { continue }
            for match in NameMatch.allCases {
                let expected = features.filter { feature in
                    let names: [String] = feature.values[..<2].compactMap { if case .text(let name) = $0, !name.isEmpty { name } else { nil } }
                    return query.match(names).map { $0.rawValue <= match.rawValue } ?? false
                }.map(\.id)
                let found = try await index.find(query, match, limit: 5000)
                #expect(found == expected, "\(text), \(match), seed \(seed)")
                asked += expected.isEmpty ? 0 : 1
            }
        }
        #expect(asked > 500, "most queries find something")
    }

    @Test func widthAndLetterCaseAreLevelledAndVariantsAreNot() async throws {
        let index = try await Self.index([
            Self.feature(1, "道滘镇振兴路１２号Ａ座"), Self.feature(2, "道窖镇振兴路12号a座"), Self.feature(3, "高埗镇"), Self.feature(4, "Café ÉCOLE"),
        ])
        #expect(try await Self.found("12号A", in: index) == [1, 2])
        #expect(try await Self.found("１２号ａ", in: index) == [1, 2])
        #expect(try await Self.found("道滘", in: index) == [1])
        #expect(try await Self.found("埗", in: index) == [3])
        #expect(try await Self.found("高步", in: index).isEmpty)
        #expect(try await Self.found("école", in: index) == [4])
    }

    @Test func everyWordHasToBeThereInAnyField() async throws {
        let index = try await Self.index([
            Self.feature(1, "便利店", "南城街道鸿福路12号"), Self.feature(2, "便利店", "南城街道鸿福路112号"), Self.feature(3, "鸿福路", nil),
        ])
        #expect(try await Self.found("南城 鸿福路 12号", in: index) == [1, 2])
        #expect(try await Self.found("便利 鸿福", in: index) == [1, 2])
        #expect(try await Self.found("鸿福路", .beginning, in: index) == [3])
        #expect(try await Self.found("店南", in: index).isEmpty, "no name runs on into the next")
    }

    @Test func sensitiveFieldsAndWithheldFeaturesAreNotInTheFile() async throws {
        let index = try await Self.index([
            Self.feature(1, "甲店", owner: "赵四海"), Self.feature(2, "乙店", kind: "secret"), Self.feature(3, "丙店", geometry: nil),
        ])
        #expect(try await Self.found("赵", in: index).isEmpty)
        #expect(try await Self.found("四海", in: index).isEmpty)
        #expect(try await Self.found("店", in: index) == [1])
    }

    @Test func piecesOfARoadAreOnePlace() async throws {
        let line = Geometry.lineString([Coordinate(x: 0, y: 0), Coordinate(x: 1, y: 1)])
        let index = try await Self.index([7, 5, 9].map { Self.feature($0, "东莞大道", geometry: line) })
        #expect(try await Self.found("莞大", in: index) == [5])
    }

    @Test func idsThatDoNotAscendGiveNoFile() async throws {
        let directory = try ScratchDirectory.make()
        try Data("left by an import that was killed".utf8).write(to: URL(filePath: directory + "/test.names"))
        let writer = try NameIndexWriter(layer: Self.layer, schema: Self.schema, path: directory + "/test.names")
        try await writer.append([Self.feature(2, "甲"), Self.feature(1, "乙")])
        #expect(try await writer.finish() == false)
        #expect(!FileManager.default.fileExists(atPath: directory + "/test.names"))
    }

    @Test(arguments: ["\"", "*", "东\"莞", "NEAR(东 莞)", "东* AND", "names:东", "^东", "-", "') --", "{a b}: c", "东\u{0}莞", "\u{10FF00}东"])
    func operatorsAreText(text: String) async throws {
        let index = try await Self.index([Self.feature(1, "东莞"), Self.feature(2, text)])
        let found = try await Self.found(text, in: index)
        #expect(found.contains(2))
    }

    @Test(arguments: ["", " ", "\u{0}", "\u{3000}\t", "a b c d e f g h i"]) func whatIsNoQuery(text: String) {
        #expect(NameQuery(text) == nil)
    }

    @Test(arguments: [0, 1, 100, 4096]) func aDamagedFileIsRefused(bytes: Int) async throws {
        let path = try ScratchDirectory.make() + "/test.names"
        let writer = try NameIndexWriter(layer: Self.layer, schema: Self.schema, path: path)
        try await writer.append(Self.names(500, seed: 9))
        #expect(try await writer.finish())
        try Data(contentsOf: URL(filePath: path)).prefix(bytes).write(to: URL(filePath: path))
        let query = try #require(NameQuery("东莞"))
        await #expect(throws: PreparedLayerError.self) { try await NameIndex(path: path).find(query, .part, limit: 10) }
    }
}
