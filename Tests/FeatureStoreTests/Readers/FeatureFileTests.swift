import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

struct FeatureFileTests {
    /// A zip archive of stored entries, whose directory may lie about sizes.
    private func archive(_ files: [(name: String, bytes: [UInt8])], unpackedBytes: Int? = nil) -> [UInt8] {
        func le(_ n: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: n >> ($0 * 8)) } }
        var bytes: [UInt8] = [], directory: [UInt8] = []
        for file in files {
            let name = Array(file.name.utf8), size = file.bytes.count
            let sums = le(Int(checksum(file.bytes)), 4) + le(size, 4) + le(unpackedBytes ?? size, 4)
            directory += [0x50, 0x4B, 1, 2] + le(20, 2) + le(20, 2) + [0, 8] + le(0, 6) + sums + le(name.count, 2) + le(0, 12) + le(bytes.count, 4) + name
            bytes += [0x50, 0x4B, 3, 4] + le(20, 2) + [0, 8] + le(0, 6) + sums + le(name.count, 2) + le(0, 2) + name + file.bytes
        }
        return bytes + directory + [0x50, 0x4B, 5, 6] + le(0, 4) + le(files.count, 2) + le(files.count, 2) + le(directory.count, 4) + le(bytes.count, 4) + le(0, 2)
    }

    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    /// The files of a small shapefile.
    private func shapefile(_ folder: TestFolder) throws -> [(name: String, bytes: [UInt8])] {
        let writer = try ShapefileWriter(
            path: folder.path + "/a.shp", schema: FeatureSchema(fields: [Field(name: "name", kind: .text)]), dimension: .point, encoding: .gbk)
        try writer.append(Feature(id: 0, geometry: .point(Coordinate(x: 1, y: 2)), values: [.text("道滘")]))
        try writer.finish()
        return ["shp", "dbf", "cpg"].map { ("数据/a.\($0)", FileManager.default.contents(atPath: folder.path + "/a.\($0)").map { [UInt8]($0) } ?? []) }
    }

    @Test func zippedShapefile() throws {
        let folder = try TestFolder()
        let files = try shapefile(folder)
        let path = try folder.write("a.zip", archive(files))
        let readers = try FeatureFile.open(path: path)
        #expect(readers.count == 1)
        #expect(readers.first?.sourceName == path + ":数据/a.shp")
        #expect(try readers.first?.texts("name") == ["道滘"])
        #expect(throws: ReaderError.self) { try FeatureFile.open(path: path, options: ReaderOptions(layer: "b")) }
    }

    @Test func zipBombIsRefusedByName() throws {
        let folder = try TestFolder()
        let files = try shapefile(folder)
        let path = try folder.write("bomb.zip", archive(files, unpackedBytes: 3 << 30))
        let error = #expect(throws: ReaderError.self) { try FeatureFile.open(path: path) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("a.shp") == true)
    }

    @Test func damagedArchivesNeverCrash() throws {
        let folder = try TestFolder()
        let good = archive(try shapefile(folder))
        let seed: UInt64 = 0x5A4950
        var random = SeededGenerator(seed: seed)
        for round in 0..<1_500 {
            var bytes = round < 300 ? Array(good[..<Int.random(in: 0..<good.count, using: &random)]) : good
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                for reader in try ShapefileArchive.open(source: SourceBytes(name: "fuzz.zip", bytes: bytes), options: ReaderOptions()) { _ = try reader.all() }
            } catch {
                #expect(error is ReaderError, "seed \(seed)")
            }
        }
    }

    @Test func unknownFormatsAreNamed() throws {
        let folder = try TestFolder()
        for (name, text, code) in [("a.bin", "\u{1}\u{2}", ReaderError.Code.formatUnknown), ("b.geojson", "", .contentDamaged), ("c.json", "{\"a\":1}", .contentDamaged)] {
            let path = try folder.write(name, text)
            let error = #expect(throws: ReaderError.self) { try FeatureFile.open(path: path) }
            #expect(error?.code == code)
            #expect(error?.message.contains(name) == true)
        }
        let absent = #expect(throws: ReaderError.self) { try FeatureFile.open(path: folder.path + "/none.csv") }
        #expect(absent?.code == .fileNotFound)
    }
}
