extension TileAddress {
    /// The address of an XYZ request: `z` names the level, `x` the column, `y` the row from the top.
    public init(z: Int, x: Int, y: Int) {
        self.init(level: z, row: y, column: x)
    }

    public var z: Int { level }
    public var x: Int { column }
    public var y: Int { row }

    /// One digit a level, as in `13212222`; meaningful for sets in which every level halves the one above and level
    /// 0 is one tile.
    public var quadkey: String {
        var key = ""
        for bit in stride(from: level - 1, through: 0, by: -1) {
            key.append(String(((column >> bit) & 1) | (((row >> bit) & 1) << 1)))
        }
        return key
    }
}
