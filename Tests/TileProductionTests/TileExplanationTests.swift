import Foundation
import TileCache
import Testing
import Tiling

@testable import TileProduction

/// Every folder of `Goldens` is a case: the account of the tile that `case.json` asks for has the shape of
/// `expected.txt`, where `#` stands for a number and `<file>` for a prepared file.
///
/// `WORKMAP_BLESS=1` rewrites what is expected and fails the run.
@Suite struct TileExplanationTests {
    struct Case: Decodable {
        var format: String
        var level: Int
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    static let cases = ["raster-17", "vector-17"]

    @Test(arguments: cases) func theAccountHasItsShape(_ name: String) async throws {
        let place = Self.folder.appending(path: name)
        let asked = try JSONDecoder().decode(Case.self, from: Data(contentsOf: place.appending(path: "case.json")))
        let shape = Self.shape(of: try await Self.explanation(asked).text)
        let file = place.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["WORKMAP_BLESS"] == "1" {
            try Data(shape.utf8).write(to: file)
            Issue.record("blessed \(name); run again without WORKMAP_BLESS")
            return
        }
        #expect(shape == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    @Test func bytesOfLayersAddUpToTheTile() async throws {
        let account = try await Self.explanation(Case(format: "mvt", level: 17))
        let data = try await DemoHamlet.shared.value
        let address = account.request.address
        let producer = TileProducer(map: try data.map, set: try data.set("w"), bench: WorkerBench())
        var recorder = ProductionRecorder()
        let bytes = try producer.vectorBytes(in: try producer.vectorWindow(at: address), recorder: &recorder).bytes
        #expect(account.record.layers.compactMap(\.bytes).reduce(0, +) == bytes.count)
        #expect(account.record.layers.contains { ($0.bytes ?? 0) > 1000 })
        #expect(account.record.stages.map(\.name) == ["encode", "pack"])
    }

    private static func explanation(_ asked: Case) async throws -> TileExplanation {
        let data = try await DemoHamlet.shared.value
        let address = try #require(try data.middle(of: "base.building", set: try data.set("w"), level: asked.level))
        let request = TileService.Request(
            map: "standard", matrixSet: "w", address: address, format: asked.format == "mvt" ? .mvt : .png(ratio: 1))
        let (tile, record) = try await data.service().explain(request)
        return TileExplanation(request: request, tile: tile, record: record)
    }

    /// Numbers, file names, tags and the width of columns taken out.
    static func shape(of text: String) -> String {
        text.split(separator: "\n").map { line in
            line.split(separator: " ").map { word in
                if word.contains(".prepared") { return "<file>" }
                if word.hasPrefix("\"") { return "<tag>" }
                var out = ""
                for character in word {
                    guard character.isNumber || character == "." && out.hasSuffix("#") else {
                        out.append(character)
                        continue
                    }
                    if !out.hasSuffix("#") { out.append("#") }
                }
                return out
            }.joined(separator: " ")
        }.joined(separator: "\n") + "\n"
    }
}
