import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import VectorTiles

/// The vector tile fixtures that decoders are measured with: valid, recoverable and fatal tiles.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct FixtureTests {
    struct Info: Decodable {
        struct Validity: Decodable {
            var v1, v2: Bool
            var error: String?
        }
        var description: String
        var validity: Validity
    }

    struct Document: Decodable {
        struct Layer: Decodable {
            var version: Int?
            var name: String?
            var features: [Feature]
            var keys: [String]
            var values: [Value]
            var extent: Int32?
        }
        struct Feature: Decodable {
            var id: UInt64?
            var tags: [UInt32]?
            var type: Int?
            var geometry: [UInt32]?
        }
        struct Value: Decodable {
            var string_value: Text?
            var float_value: Double?
            var double_value: Double?
            var int_value: Int64?
            var uint_value: UInt64?
            var sint_value: Int64?
            var bool_value: Bool?
        }
        /// One fixture's document gives the text of a string value as a number.
        struct Text: Decodable {
            var text: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                do { text = try container.decode(String.self) } catch { text = String(try container.decode(Int.self)) }
            }
        }
        var layers: [Layer]
    }

    static let names = Corpora.names(in: "mvt-fixtures/fixtures").filter { Int($0) != nil }

    /// Valid, with features of geometry type UNKNOWN, which the specification lets decoders ignore and a tile layer
    /// cannot hold: the feature is left out and counted.
    static let withUnknownGeometry: Set<String> = ["039"]

    @Test(arguments: names)
    func fixture(_ name: String) throws {
        let folder = "mvt-fixtures/fixtures/\(name)"
        let info = try Corpora.decode(Info.self, folder + "/info.json")
        let bytes = try Corpora.bytes(folder + "/tile.mvt")
        guard info.validity.v2 else {
            if info.validity.error == "fatal" {
                #expect(throws: VectorTileError.self, "\(info.description)") { try VectorTileDecoder.inspect(bytes) }
            } else {
                do {
                    let tile = try VectorTileDecoder.inspect(bytes)
                    #expect(!tile.warnings.isEmpty, "\(info.description)")
                } catch { print("fixture \(name): \(error)") }
            }
            return
        }
        let tile = try VectorTileDecoder.inspect(bytes)
        if Self.withUnknownGeometry.contains(name) {
            #expect(tile.warnings.map(\.code) == [.missingType])
            return
        }
        let expected = try Corpora.decode(Document.self, folder + "/tile.json")
        #expect(tile.layers.count == expected.layers.count)
        for (i, layer) in expected.layers.enumerated() {
            #expect(tile.versions[i] == layer.version)
            compare(tile.layers[i], with: layer)
        }
        let again = try VectorTileDecoder.decode(VectorTileEncoder.encode(tile.layers))
        #expect(again == tile.layers.filter { !$0.features.isEmpty })
    }

    private func compare(_ layer: TileLayer, with expected: Document.Layer) {
        #expect(layer.name == expected.name)
        #expect(layer.extent == expected.extent ?? 4096)
        #expect(layer.keys == expected.keys)
        #expect(layer.values.count == expected.values.count)
        for (value, expected) in zip(layer.values, expected.values) {
            switch value {
            case .text(let text): #expect(text == expected.string_value?.text)
            case .boolean(let flag): #expect(flag == expected.bool_value)
            case .integer(let number):
                #expect(number == expected.int_value ?? expected.sint_value ?? expected.uint_value.map { Int64($0) })
            case .real(let number):
                let stated = expected.double_value ?? expected.float_value.map { Double(Float($0)) }
                #expect(number == stated)
            case .null: Issue.record("a value is null")
            }
        }
        #expect(layer.features.count == expected.features.count)
        for (feature, expected) in zip(layer.features, expected.features) {
            #expect(feature.id == expected.id ?? 0)
            #expect(Int(feature.kind.rawValue) == expected.type)
            #expect(Array(layer.tags[feature.tags]) == expected.tags ?? [])
            #expect(layer.commands(of: feature) == expected.geometry)
        }
    }

    @Test(arguments: Corpora.names(in: "mvt-fixtures/real-world/compressed", suffix: ".gz"))
    func realTilesSurviveReadingAndWriting(_ name: String) throws {
        let bytes = try gunzip(Corpora.path("mvt-fixtures/real-world/compressed/" + name))
        let tile = try VectorTileDecoder.inspect(bytes)
        #expect(tile.layers.count > 3 && tile.layers.map(\.features.count).reduce(0, +) > 10)
        print("\(name): \(tile.layers.count) layers, \(tile.layers.map(\.features.count).reduce(0, +)) features, \(tile.warnings.count) warnings")
        let written = VectorTileEncoder.encode(tile.layers)
        #expect(try VectorTileDecoder.decode(written) == tile.layers.filter { !$0.features.isEmpty })
        #expect(VectorTileEncoder.encode(tile.layers) == written)
        #expect(written == tile.layers.flatMap { VectorTileEncoder.encodeLayer($0) })
    }

    private func gunzip(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-dc", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return [UInt8](data)
    }
}

extension TileLayer {
    /// The command integers of one feature, written independently of the encoder.
    func commands(of feature: TileFeature) -> [UInt32] {
        var words: [UInt32] = []
        var cursor: (Int32, Int32) = (0, 0)
        func step(_ x: Int32, _ y: Int32) {
            for delta in [x &- cursor.0, y &- cursor.1] { words.append(UInt32(bitPattern: (delta << 1) ^ (delta >> 31))) }
            cursor = (x, y)
        }
        for part in feature.parts {
            let run = Array(coordinates[coordinateRange(part: part)])
            let moved = feature.kind == .point ? run.count / 2 : 1
            words.append(UInt32(moved) << 3 | 1)
            for i in 0..<moved { step(run[2 * i], run[2 * i + 1]) }
            guard feature.kind != .point else { continue }
            words.append(UInt32(run.count / 2 - 1) << 3 | 2)
            for i in 1..<(run.count / 2) { step(run[2 * i], run[2 * i + 1]) }
            if feature.kind == .polygon { words.append(15) }
        }
        return words
    }
}
