import Foundation
import TestSupport
import Testing
import Wording

@testable import GeoTIFF

@Suite struct DamagedImageTests {
    private static var sound: TIFFBytes {
        var image = TIFFBytes(width: 4, height: 4, samples: 3, photometric: 2, pixels: [UInt8](repeating: 90, count: 48))
        image.place()
        return image
    }

    private static func error(_ path: String) -> GeoTIFFError? {
        do throws(GeoTIFFError) {
            let image = try GeoTIFFImage(path: path)
            for level in image.levels {
                for row in 0..<level.blockRows {
                    for column in 0..<level.blockColumns { _ = try level.block(column: column, row: row) }
                }
            }
            return nil
        } catch {
            return error
        }
    }

    @Test func aSoundOneIsRead() throws {
        #expect(Self.error(try Self.sound.written()) == nil)
    }

    @Test func everyFaultNamesTheFileAndTheRemedy() throws {
        var cases: [(name: String, code: GeoTIFFError.Code, path: String)] = []
        func add(_ name: String, _ code: GeoTIFFError.Code, offset: UInt32? = nil, _ change: (inout TIFFBytes) -> Void) throws {
            var image = Self.sound
            change(&image)
            cases.append((name, code, try image.written(as: name + ".tif", offset: offset)))
        }
        try add("nowhere", .notGeoreferenced) { $0.fields[33550] = nil }
        try add("flat", .notGeoreferenced) { $0.fields[33550] = .doubles([0, 0, 0]) }
        try add("control-points", .notGeoreferenced) {
            $0.fields[33550] = nil
            $0.fields[33922] = .doubles([Double](repeating: 1, count: 24))
        }
        try add("deep", .unsupported) { $0.fields[258] = .shorts([16, 16, 16]) }
        try add("floating", .unsupported) { $0.fields[339] = .shorts([3, 3, 3]) }
        try add("lab", .unsupported) { $0.fields[262] = .shorts([8]) }
        try add("wide", .damaged) { $0.fields[256] = .longs([4_000_000_000]) }
        try add("tall", .damaged) { $0.fields[257] = .longs([2_000_000]) }
        try add("strip-beyond-the-end", .damaged, offset: 4_000_000) { _ in }
        for (name, code, path) in cases {
            let error = try #require(Self.error(path), "\(name) was read")
            #expect(error.code == code, "\(name): \(error)")
            #expect(error.message.zh.contains(path) && error.message.en.contains(path), "\(name)")
            #expect(error.message.zh.contains("gdal") && error.message.en.contains("gdal"), "\(name): \(error)")
        }
        let absent = try #require(Self.error("/nowhere/at/all.tif"))
        #expect(absent.code == .notReadable)
    }

    /// A file cut anywhere and a file with any byte changed is read or refused, and never more than that.
    @Test func cutAndChangedFilesNeverCrash() throws {
        let whole = Self.sound.bytes()
        let directory = try ScratchDirectory.make()
        var generator = SeededGenerator(seed: 20_180_509)
        var refused = 0
        for round in 0..<400 {
            var bytes = whole
            if round % 2 == 0 {
                bytes = Array(bytes.prefix(Int(generator.next() % UInt64(whole.count))))
            } else {
                for _ in 0..<(1 + generator.next() % 4) { bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next()) }
            }
            let path = "\(directory)/\(round).tif"
            try Data(bytes).write(to: URL(filePath: path))
            if Self.error(path) != nil { refused += 1 }
        }
        #expect(refused > 200)
    }
}
