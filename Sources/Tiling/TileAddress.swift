/// The place of a tile in one tile matrix set: row 0 is the top row, column 0 the westernmost.
public struct TileAddress: Hashable, Sendable {
    public var level: Int
    public var row: Int
    public var column: Int

    public init(level: Int, row: Int, column: Int) {
        self.level = level
        self.row = row
        self.column = column
    }
}
