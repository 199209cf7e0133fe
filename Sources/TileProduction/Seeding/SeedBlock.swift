import SimpleFeatures
import TileArchives
import Tiling

/// The tiles of one metatile that are wanted.
struct SeedBlock: Hashable, Sendable {
    /// Tiles along the side of a metatile whose tiles follow one another along the Hilbert curve.
    static let sides = [1, 2, 4, 8, 16]

    var limits: TileMatrixLimits

    /// Any tile of it.
    var first: TileAddress {
        TileAddress(level: limits.level, row: limits.rows.lowerBound, column: limits.columns.lowerBound)
    }

    /// Along the Hilbert curve.
    var addresses: [TileAddress] {
        var all: [TileAddress] = []
        limits.forEachAddress { all.append($0) }
        return all.sorted { Self.place($0) < Self.place($1) }
    }

    /// The blocks of side `side` that the tiles of a level fall into, along the Hilbert curve.
    static func blocks(of limits: TileMatrixLimits, side: Int) -> [SeedBlock] {
        precondition(sides.contains(side), "a block's side is a power of two")
        let shift = side.trailingZeroBitCount
        var blocks: [(place: UInt64, block: SeedBlock)] = []
        for row in (limits.rows.lowerBound >> shift)...(limits.rows.upperBound >> shift) {
            for column in (limits.columns.lowerBound >> shift)...(limits.columns.upperBound >> shift) {
                let rows = (row << shift)...((row << shift) + side - 1)
                let columns = (column << shift)...((column << shift) + side - 1)
                let block = SeedBlock(
                    limits: TileMatrixLimits(
                        level: limits.level, rows: rows.clamped(to: limits.rows), columns: columns.clamped(to: limits.columns)))
                let corner = TileAddress(level: max(0, limits.level - shift), row: row, column: column)
                blocks.append((place(corner), block))
            }
        }
        return blocks.sorted { $0.place < $1.place }.map(\.block)
    }

    /// A tile beyond the quadtree comes last.
    private static func place(_ address: TileAddress) -> UInt64 { HilbertOrder.number(of: address) ?? .max }
}
