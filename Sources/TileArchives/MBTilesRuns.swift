import SQLite
import Tiling

/// The tiles of an MBTiles archive in the order of `HilbertOrder`, a run each.
///
/// Memory is eight bytes a tile of the level with the most.
struct MBTilesRuns: TileRuns {
    private let archive: MBTilesArchive
    private var levels: ArraySlice<Int>
    private var numbers: ArraySlice<UInt64> = []

    init(_ archive: MBTilesArchive) throws(TileArchiveError) {
        self.archive = archive
        levels = try archive.levelsWithTiles()[...]
    }

    mutating func next() throws(TileArchiveError) -> TileRun? {
        while true {
            while let number = numbers.popFirst() {
                guard let address = HilbertOrder.address(of: number), let bytes = try archive.tile(at: address) else { continue }
                return TileRun(first: number, count: 1, bytes: bytes)
            }
            guard let level = levels.popFirst() else { return nil }
            numbers = try archive.numbers(ofLevel: level).numbers[...]
        }
    }
}

extension MBTilesArchive {
    /// Levels of a quadtree that have rows, ascending.
    func levelsWithTiles() throws(TileArchiveError) -> [Int] {
        try read { database in
            try database.withStatement("SELECT DISTINCT zoom_level FROM tiles ORDER BY 1") { statement in
                var levels: [Int] = []
                while try statement.step() {
                    if let level = Int(exactly: statement.integer(at: 0)), HilbertOrder.levels.contains(level) { levels.append(level) }
                }
                return levels
            }
        }
    }

    /// The numbers of one level's tiles, ascending, and how many rows are no tiles of it or say a tile twice.
    func numbers(ofLevel level: Int) throws(TileArchiveError) -> (numbers: [UInt64], strays: Int) {
        var (numbers, strays): ([UInt64], Int) = try read { database in
            try database.withStatement("SELECT tile_column, tile_row FROM tiles WHERE zoom_level = ? AND tile_data IS NOT NULL") { statement in
                try statement.bind(Int64(level), at: 1)
                var (numbers, strays): ([UInt64], Int) = ([], 0)
                while try statement.step() {
                    let column = Int(clamping: statement.integer(at: 0)), row = Self.flipped(Int(clamping: statement.integer(at: 1)), level: level)
                    if let row, let number = HilbertOrder.number(of: TileAddress(level: level, row: row, column: column)) {
                        numbers.append(number)
                    } else {
                        strays += 1
                    }
                }
                return (numbers, strays)
            }
        }
        numbers.sort()
        var kept = 0
        for (i, number) in numbers.enumerated() where i == 0 || number != numbers[kept - 1] {
            numbers[kept] = number
            kept += 1
        }
        strays += numbers.count - kept
        numbers.removeLast(numbers.count - kept)
        return (numbers, strays)
    }
}
