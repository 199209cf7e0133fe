import Tiling

/// Tiles one after the other along `HilbertOrder` that have one content.
public struct TileRun: Sendable, Equatable {
    /// The number of the first tile.
    public var first: UInt64
    /// How many tiles, 1 or more.
    public var count: UInt64
    /// The content as it is stored, packed or not.
    public var bytes: [UInt8]

    public init(first: UInt64, count: UInt64, bytes: [UInt8]) {
        self.first = first
        self.count = count
        self.bytes = bytes
    }

    /// The number behind the last tile.
    public var end: UInt64 { first + count }
}

/// Runs of tiles in ascending order, none overlapping the one before; memory is that of one run and of what leads to it.
public protocol TileRuns {
    /// The next run; `nil` at the end.
    ///
    /// - Throws: `corrupt`, `notAccessible`.
    mutating func next() throws(TileArchiveError) -> TileRun?
}

extension HilbertOrder {
    /// The number behind the last tile of the last level.
    static let end = first(ofLevel: 32)

    /// The level of a tile's number, which must be one.
    static func level(of number: UInt64) -> Int {
        precondition(number < end, "a tile's number is below the end of the last level")
        var level = 0
        while number >= first(ofLevel: level + 1) { level += 1 }
        return level
    }

    /// Calls `body` with the part of a range of numbers that each level has.
    static func forEachLevel(of numbers: Range<UInt64>, _ body: (_ level: Int, _ part: Range<UInt64>) throws -> Void) rethrows {
        var start = numbers.lowerBound
        while start < numbers.upperBound {
            let level = level(of: start)
            let stop = min(numbers.upperBound, first(ofLevel: level + 1))
            try body(level, start..<stop)
            start = stop
        }
    }
}
