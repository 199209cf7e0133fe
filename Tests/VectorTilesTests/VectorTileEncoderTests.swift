import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import VectorTiles

@Suite struct VectorTileEncoderTests {
    @Test func theSpecificationsExample() {
        var layer = TileLayer(name: "hello", extent: 4096)
        layer.keys = ["hello"]
        layer.values = [.text("world")]
        layer.tags = [0, 0]
        layer.coordinates = [25, 17]
        layer.partEnds = [1]
        layer.features = [TileFeature(id: 1, kind: .point, tags: 0..<2, parts: 0..<1)]
        let expected: [UInt8] =
            [0x1a, 0x2b, 0x78, 0x02, 0x0a, 0x05] + Array("hello".utf8) + [0x12, 0x0d, 0x08, 0x01, 0x12, 0x02, 0, 0, 0x18, 1, 0x22, 3, 9, 50, 34]
            + [0x1a, 0x05] + Array("hello".utf8) + [0x22, 0x07, 0x0a, 0x05] + Array("world".utf8) + [0x28, 0x80, 0x20]
        #expect(VectorTileEncoder.encode([layer]) == expected)
        layer.features[0].id = 0
        #expect(VectorTileEncoder.encode([layer]).count == expected.count - 2)
    }

    @Test func layersWithoutFeaturesAreLeftOut() {
        #expect(VectorTileEncoder.encode([]) == [])
        #expect(VectorTileEncoder.encodeLayer(TileLayer(name: "empty", extent: 4096)) == [])
    }

    @Test func polygonsAreClosedAndTheCursorRunsOn() throws {
        var layer = TileLayer(name: "p", extent: 512)
        layer.coordinates = [0, 0, 10, 0, 10, 10, 0, 10, 11, 11, 20, 11, 20, 20, 11, 20, 13, 13, 13, 17, 17, 17, 17, 13]
        layer.partEnds = [4, 8, 12]
        layer.features = [TileFeature(id: 1, kind: .polygon, tags: 0..<0, parts: 0..<3)]
        // The example of clause 4.3.5.6.
        #expect(layer.commands(of: layer.features[0]) == [9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15])
        let tile = try VectorTileDecoder.inspect(VectorTileEncoder.encode([layer]))
        #expect(tile.layers == [layer] && tile.warnings.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 20_180_509] as [UInt64])
    func randomLayersReadBack(_ seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let layers = (0..<Int.random(in: 1...4, using: &random)).map { RandomLayer.make(named: "层\($0)", &random, round: round) }
            let bytes = VectorTileEncoder.encode(layers)
            #expect(try VectorTileDecoder.decode(bytes) == layers)
            #expect(VectorTileEncoder.encode(layers) == bytes)
        }
    }

    @Test func damagedTilesNeverStopTheProcess() {
        let seed: UInt64 = 99
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var read = 0
        for round in 0..<4000 {
            var bytes = VectorTileEncoder.encode([RandomLayer.make(named: "a", &random, round: round % 7)])
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeLast(Int.random(in: 0...(bytes.count - 1), using: &random))
                default: bytes.insert(0xFF, at: Int.random(in: 0...bytes.count, using: &random))
                }
                if bytes.isEmpty { break }
            }
            do throws(VectorTileError) {
                _ = try VectorTileDecoder.inspect(bytes)
                read += 1
            } catch { #expect(!error.message.isEmpty) }
        }
        print("\(read) of 4000 damaged tiles could still be read")
    }

    @Test func hostileNumbersAreRefused() {
        let cases: [(String, [UInt8], VectorTileError.Code)] = [
            ("a length past the end", [0x1a, 0xff, 0xff, 0xff, 0xff, 0x07], .truncated),
            ("a length of 2^64 - 1", [0x1a] + Array(repeating: 0xff, count: 9) + [0x01], .truncated),
            ("a varint of eleven bytes", [0x1a] + Array(repeating: 0xff, count: 11), .malformed),
            ("field zero", [0x02, 0x00], .malformed),
            ("a group", [0x1b, 0x1c], .malformed),
            ("a layer without anything", [0x1a, 0x00], .invalidLayer),
            ("a name that is not UTF-8", [0x1a, 0x05, 0x78, 0x02, 0x0a, 0x01, 0xff], .invalidText),
            ("no version", [0x1a, 0x03, 0x0a, 0x01, 0x61], .invalidLayer),
            ("two layers of one name", Array(repeating: [0x1a, 0x05, 0x78, 0x02, 0x0a, 0x01, 0x61], count: 2).flatMap { $0 }, .invalidLayer),
            ("extent zero", [0x1a, 0x07, 0x78, 0x02, 0x0a, 0x01, 0x61, 0x28, 0x00], .invalidLayer),
            ("a value of no type", [0x1a, 0x07, 0x78, 0x02, 0x0a, 0x01, 0x61, 0x22, 0x00], .invalidValue),
        ]
        for (name, bytes, code) in cases {
            let error = #expect(throws: VectorTileError.self, "\(name)") { try VectorTileDecoder.inspect(bytes) }
            #expect(error?.code == code, "\(name): \(error?.message ?? "")")
        }
    }
}

/// Layers of random features, valid in every respect.
enum RandomLayer {
    static func make(named name: String, _ random: inout SeededGenerator, round: Int) -> TileLayer {
        var layer = TileLayer(name: name, extent: [256, 4096, 8192].randomElement(using: &random) ?? 4096)
        layer.keys = ["id", "名称", "height", "tall"]
        layer.values = [
            .integer(.random(in: .min ... .max, using: &random)), .integer(-1), .integer(Int64(round)), .text("滘联街\(round)"), .text(""),
            .real(.random(in: -1e6...1e6, using: &random)), .real(0.1), .boolean(true), .boolean(false), .integer(.min), .integer(.max),
        ]
        for i in 0..<Int.random(in: 1...(1 + round), using: &random) {
            let kind: TileGeometryKind = [.point, .line, .polygon].randomElement(using: &random) ?? .point
            let firstTag = layer.tags.count
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                layer.tags.append(.random(in: 0..<UInt32(layer.keys.count), using: &random))
                layer.tags.append(.random(in: 0..<UInt32(layer.values.count), using: &random))
            }
            let firstPart = layer.partEnds.count
            for _ in 0..<(kind == .point ? 1 : Int.random(in: 1...3, using: &random)) {
                let least = kind == .point ? 1 : kind == .line ? 2 : 3
                for _ in 0..<Int.random(in: least...(least + (i % 9 == 8 ? 3000 : 12)), using: &random) {
                    let range: ClosedRange<Int32> = round % 10 == 9 ? .min ... .max : -64...5000
                    layer.coordinates.append(.random(in: range, using: &random))
                    layer.coordinates.append(.random(in: range, using: &random))
                }
                layer.partEnds.append(layer.coordinates.count / 2)
            }
            let id: UInt64 = i == 0 ? 0 : i == 1 ? .max : UInt64(i) << UInt64.random(in: 0...40, using: &random)
            layer.features.append(TileFeature(id: id, kind: kind, tags: firstTag..<layer.tags.count, parts: firstPart..<layer.partEnds.count))
        }
        return layer
    }
}
