import Foundation
import TestSupport
import Testing
import Tiling

@testable import SeedJobs

/// Blocks outlive their writer, and a torn or damaged one is never taken for whole.
@Suite struct SpoolTests {
    let spool: Spool

    init() throws { spool = Spool(directory: try ScratchDirectory.make() + "/a.job-1") }

    private func block(_ row: Int, attempt: Int = 1, version: UInt64 = 5, seed: UInt64) -> SpooledBlock {
        var random = SeededGenerator(seed: seed)
        let body = (0..<Int.random(in: 1...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        return SpooledBlock(
            address: TileAddress(level: 9, row: row, column: 3), version: version, attempt: attempt,
            tiles: [
                SpooledTile(row: row, column: 3, content: .made(body)), SpooledTile(row: row, column: 4, content: .empty),
                SpooledTile(row: row + 1, column: 3, content: .failed("坏 bad")),
            ])
    }

    private func index() throws -> SpoolIndex {
        var index = SpoolIndex(spool)
        try index.refresh()
        return index
    }

    private func read(_ row: Int, version: UInt64 = 5) throws -> SpooledBlock? {
        guard let place = try index().place(of: TileAddress(level: 9, row: row, column: 3), version: version) else { return nil }
        return try spool.block(at: place)
    }

    @Test func blocksAreFoundInTheFilesOfAllProcesses() throws {
        var first = try SpoolWriter(directory: spool.directory)
        var second = try SpoolWriter(directory: spool.directory)
        #expect(first.path != second.path)
        for row in 0..<20 {
            if row.isMultiple(of: 2) { try first.append(block(row, seed: UInt64(row))) } else { try second.append(block(row, seed: UInt64(row))) }
        }
        try first.sync()
        for row in 0..<20 { #expect(try read(row) == block(row, seed: UInt64(row))) }
        #expect(try read(20) == nil && read(3, version: 6) == nil)
    }

    @Test func theLatestGoCounts() throws {
        var writer = try SpoolWriter(directory: spool.directory)
        try writer.append(block(1, attempt: 2, seed: 2))
        try writer.append(block(1, attempt: 1, seed: 1))
        #expect(try read(1) == block(1, attempt: 2, seed: 2))
        var index = try index()
        try writer.append(block(1, attempt: 3, version: 6, seed: 3))
        try index.refresh()
        #expect(index.place(of: TileAddress(level: 9, row: 1, column: 3), version: 5) == nil)
        #expect(index.place(of: TileAddress(level: 9, row: 1, column: 3), version: 6) != nil)
    }

    /// As a killed process leaves a file: cut off after any byte.
    @Test func aTornBlockIsPassedOver() throws {
        var writer = try SpoolWriter(directory: spool.directory)
        try writer.append(block(1, seed: 1))
        let whole = try Data(contentsOf: URL(filePath: writer.path)).count
        try writer.append(block(2, seed: 2))
        let both = try Data(contentsOf: URL(filePath: writer.path))
        for length in whole..<both.count {
            try both.prefix(length).write(to: URL(filePath: writer.path))
            #expect(try read(1) == block(1, seed: 1) && read(2) == nil, "cut at \(length)")
        }
    }

    /// A bit that turns over anywhere is noticed: the block is gone or damaged, never another one.
    @Test func aDamagedBlockIsNoticed() throws {
        var writer = try SpoolWriter(directory: spool.directory)
        try writer.append(block(1, seed: 1))
        let sound = try Data(contentsOf: URL(filePath: writer.path))
        for place in sound.indices {
            var bytes = sound
            bytes[place] ^= 0x10
            try bytes.write(to: URL(filePath: writer.path))
            #expect(try read(1) == nil, "byte \(place)")
        }
    }

    @Test func aSpoolThatIsNotThereIsEmpty() throws {
        #expect(try read(1) == nil)
        try spool.remove()
    }
}
