import Foundation
public import SeedJobs
import TileArchives
import Tiling
import Wording

/// Where requests were: tiles of a map in an access log, counted by block.
///
/// A line counts where it holds `/tiles/MAP/LEVEL/COLUMN/ROW`, as access logs of any kind do; what else it says does not matter.
public struct SeedHeat: Sendable, Equatable {
    /// The matrix set that these addresses count in.
    static let matrixSet = "w"

    private(set) var requests: [TileAddress: Int] = [:]

    init() {}

    /// - Throws: `ProductionError` for a file that cannot be read.
    public init(log path: String, map: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ProductionError(
                code: .storage, message: .init(zh: "访问日志 \(path) 无法读取", en: "the access log \(path) cannot be read"))
        }
        var rest: [UInt8] = []
        while let bytes = try file.read(upToCount: 1 << 20), !bytes.isEmpty {
            rest += bytes
            guard let end = rest.lastIndex(of: 0x0A) else { continue }
            add(lines: rest[...end], map: map)
            rest.removeSubrange(...end)
        }
        add(lines: rest[...], map: map)
    }

    private mutating func add(lines: ArraySlice<UInt8>, map: String) {
        for line in lines.split(separator: 0x0A) { add(line: line, map: map) }
    }

    mutating func add(line: ArraySlice<UInt8>, map: String) {
        let mark = Array("/tiles/\(map)/".utf8)
        guard let start = Self.end(of: mark, in: line) else { return }
        var place = start
        var numbers: [Int] = []
        for part in 0..<3 {
            var number = 0
            let first = place
            while place < line.endIndex, (0x30...0x39).contains(line[place]), place - first < 9 {
                number = number * 10 + Int(line[place] - 0x30)
                place += 1
            }
            guard place > first else { return }
            numbers.append(number)
            if part < 2 {
                guard place < line.endIndex, line[place] == 0x2F else { return }
                place += 1
            }
        }
        requests[TileAddress(level: numbers[0], row: numbers[2], column: numbers[1]), default: 0] += 1
    }

    private static func end(of mark: [UInt8], in line: ArraySlice<UInt8>) -> Int? {
        guard line.count >= mark.count else { return nil }
        return (line.startIndex...(line.endIndex - mark.count)).first { line[$0..<($0 + mark.count)].elementsEqual(mark) }
            .map { $0 + mark.count }
    }
}

extension SeedPlan {
    /// As the journal keeps them, with what was asked for how often.
    public func journalPasses(heat: SeedHeat) -> [JobPass] {
        var journalled = journalPasses
        let shift = specification.metatile.trailingZeroBitCount
        for (number, pass) in passes.enumerated() where pass.set.id == SeedHeat.matrixSet {
            var asked: [TileAddress: Int] = [:]
            for (address, count) in heat.requests where address.level == pass.level {
                asked[TileAddress(level: address.level, row: address.row >> shift, column: address.column >> shift), default: 0] += count
            }
            guard !asked.isEmpty else { continue }
            for (place, block) in pass.blocks.enumerated() {
                let first = block.first
                let corner = TileAddress(level: first.level, row: first.row >> shift, column: first.column >> shift)
                if let count = asked[corner] { journalled[number].heat[place] = count }
            }
        }
        return journalled
    }
}
