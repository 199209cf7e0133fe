import Foundation
import TestSupport
import Testing
import TileArchives
import Tiling

/// `workmap archive`, run as people run it.
@Suite(.enabled(if: Program.path != nil, "the program is not built")) struct ArchiveCommandTests {
    /// PNG-like contents along the curve, some of them shared, a few hundred bytes each.
    static func write(_ path: String, tiles: Int, seed: UInt64, leavingOut gap: Int = 0) throws {
        var numbers = SeededGenerator(seed: seed)
        var writer = try TileArchiveWriter(path: path, kind: .png, packing: .none)
        for i in 0..<tiles {
            let isShared = Int.random(in: 0..<4, using: &numbers) == 0
            let rest = isShared ? [7] : (0..<300).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            guard gap == 0 || i % gap != 0 else { continue }
            try writer.append(TileRun(first: UInt64(21_845 + i), count: 1, bytes: [0x89, 0x50, 0x4E, 0x47] + rest))
        }
        try writer.finish(
            TileArchiveDescription(
                kind: .png, packing: .none, levels: 8...8, bounds: [113, 22, 114, 23], centre: [113.5, 22.5], centreLevel: 9,
                metadata: ArchiveMetadata()))
    }

    static func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(["archive"] + arguments) }

    @Test func exitCodesTellTheTruth() throws {
        let folder = try ScratchDirectory.make()
        let (path, cut) = (folder + "/a.pmtiles", folder + "/cut.pmtiles")
        try Self.write(path, tiles: 900, seed: 1)
        let hash = try TileArchive(path: path).contentHash().description
        let sound = try Self.run("verify", path, "--expect", hash)
        #expect(sound.status == 0, "\(sound.text)")
        #expect(sound.output.contains(hash))
        #expect(try Self.run("verify", path, "--expect", String(hash.reversed())).status == 1)
        #expect(try Self.run("verify", path, "--expect", "12").status == 2)
        #expect(try Self.run("verify", folder + "/none.pmtiles").status == 1)
        let whole = try Data(contentsOf: URL(filePath: path))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: cut))
        for command in ["verify", "info"] {
            let outcome = try Self.run(command, cut)
            #expect(outcome.status == 1)
            #expect(outcome.text.contains(cut))
        }
        let info = try Self.run("info", path)
        #expect(info.status == 0)
        #expect(info.output.contains("瓦片数 tiles: 900"))
        let json = try JSONSerialization.jsonObject(with: Data(try Self.run("info", path, "--json").output.utf8)) as? [String: Any]
        #expect(json?["tiles"] as? Int == 900)
        #expect(try Self.run("convert", path, folder + "/a.zip").status == 1)
    }

    @Test func aDifferenceIsAppliedToItsBaseAndToNoOther() throws {
        let folder = try ScratchDirectory.make()
        let (old, new, delta, made) = (folder + "/old.pmtiles", folder + "/new.mbtiles", folder + "/delta.pmtiles", folder + "/made.mbtiles")
        try Self.write(old, tiles: 600, seed: 2)
        try Self.write(new, tiles: 700, seed: 2, leavingOut: 9)
        let diff = try Self.run("diff", old, new, "-o", delta)
        #expect(diff.status == 0, "\(diff.text)")
        let apply = try Self.run("apply", old, delta, "-o", made)
        #expect(apply.status == 0, "\(apply.text)")
        #expect(try TileArchive(path: made).contentHash() == TileArchive(path: new).contentHash())
        let wrong = try Self.run("apply", new, delta, "-o", folder + "/wrong.pmtiles")
        #expect(wrong.status == 1)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == ["old.pmtiles", "new.mbtiles", "delta.pmtiles", "made.mbtiles"])
    }

    /// Ended without warning at one moment after another: the name is never that of half a file.
    @Test(arguments: ["pmtiles", "mbtiles"])
    func aKilledConversionLeavesNoHalfFile(ending: String) throws {
        let folder = try ScratchDirectory.make()
        let (source, target) = (folder + "/a.pmtiles", "\(folder)/b.\(ending)")
        try Self.write(source, tiles: 40_000, seed: 3)
        let hash = try TileArchive(path: source).contentHash()
        var killed = 0
        for round in 0..<30 {
            try? FileManager.default.removeItem(atPath: target)
            let outcome = try Program.run(["archive", "convert", source, target], kill: Double(round) * 0.02)
            if outcome.status < 0 { killed += 1 }
            if FileManager.default.fileExists(atPath: target) { #expect(try TileArchive(path: target).contentHash() == hash) }
        }
        #expect(killed > 0)
        #expect(try Self.run("convert", source, target).status == 0)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == ["a.pmtiles", "b.\(ending)"], "no remains are left")
    }

    /// 400,000 tiles, 250,000 contents: memory is that of directories, not of tiles.
    @Test func memoryStaysSmall() throws {
        let folder = try ScratchDirectory.make()
        let path = folder + "/a.pmtiles"
        var writer = try TileArchiveWriter(path: path, kind: .unknown, packing: .none)
        for i in 0..<400_000 as Range<UInt64> {
            let content = i % 8 < 5 ? i : 0
            let bytes = (0..<100).map { UInt8(truncatingIfNeeded: content >> UInt64(8 * ($0 % 4))) }
            try writer.append(TileRun(first: 89_478_485 + i, count: 1, bytes: bytes))
        }
        try writer.finish(
            TileArchiveDescription(
                kind: .unknown, packing: .none, levels: 14...14, bounds: [113, 22, 114, 23], centre: [113.5, 22.5], centreLevel: 14,
                metadata: ArchiveMetadata()))
        for arguments in [["verify", path], ["convert", path, folder + "/b.mbtiles"], ["diff", path, folder + "/b.mbtiles"], ["convert", folder + "/b.mbtiles", folder + "/c.pmtiles"]] {
            let outcome = try Program.run(["archive"] + arguments)
            #expect(outcome.status == 0, "\(outcome.text)")
            #expect(outcome.peakMemoryBytes < 120 << 20, "\(arguments[0]): \(outcome.peakMemoryBytes >> 20) MB")
        }
    }
}
