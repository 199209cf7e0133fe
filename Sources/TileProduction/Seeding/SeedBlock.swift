import TileArchives
public import Tiling

/// The tiles of one metatile that are wanted.
public struct SeedBlock: Hashable, Sendable {
    /// Tiles along the side of a metatile whose tiles follow one another along the Hilbert curve.
    static let sides = [1, 2, 4, 8, 16]

    public var limits: TileMatrixLimits
    /// Those within the limits that are wanted; `nil` for all.
    var chosen: [TileAddress]?

    init(limits: TileMatrixLimits, chosen: [TileAddress]? = nil) {
        self.limits = limits
        self.chosen = chosen
    }

    /// Any tile of it, and always the same one.
    var first: TileAddress {
        TileAddress(level: limits.level, row: limits.rows.lowerBound, column: limits.columns.lowerBound)
    }

    public var tileCount: Int { chosen?.count ?? limits.tileCount }

    /// Along the Hilbert curve.
    public var addresses: [TileAddress] {
        var all: [TileAddress] = chosen ?? []
        if chosen == nil { limits.forEachAddress { all.append($0) } }
        return all.sorted { Self.precedes($0, $1) }
    }

    /// The blocks of side `side` that the tiles of a level fall into, along the Hilbert curve.
    static func blocks(of limits: TileMatrixLimits, side: Int) -> [SeedBlock] {
        precondition(sides.contains(side), "a block's side is a power of two")
        let shift = side.trailingZeroBitCount
        var blocks: [(corner: TileAddress, block: SeedBlock)] = []
        for row in (limits.rows.lowerBound >> shift)...(limits.rows.upperBound >> shift) {
            for column in (limits.columns.lowerBound >> shift)...(limits.columns.upperBound >> shift) {
                let rows = (row << shift)...((row << shift) + side - 1)
                let columns = (column << shift)...((column << shift) + side - 1)
                let block = SeedBlock(
                    limits: TileMatrixLimits(
                        level: limits.level, rows: rows.clamped(to: limits.rows), columns: columns.clamped(to: limits.columns)))
                blocks.append((TileAddress(level: max(0, limits.level - shift), row: row, column: column), block))
            }
        }
        return blocks.sorted { precedes($0.corner, $1.corner) }.map(\.block)
    }

    /// Blocks of one level along the Hilbert curve.
    static func sorted(_ blocks: [SeedBlock], side: Int) -> [SeedBlock] {
        let shift = side.trailingZeroBitCount
        return blocks.map { block in
            let first = block.first
            return (
                TileAddress(level: max(0, first.level - shift), row: first.row >> shift, column: first.column >> shift), block
            )
        }.sorted { precedes($0.0, $1.0) }.map(\.1)
    }

    /// Along the Hilbert curve; tiles beyond the quadtree come last, row by row.
    private static func precedes(_ a: TileAddress, _ b: TileAddress) -> Bool {
        let (x, y) = (HilbertOrder.number(of: a) ?? .max, HilbertOrder.number(of: b) ?? .max)
        return (x, a.row, a.column) < (y, b.row, b.column)
    }
}
