import Tiling

/// Tiles of one map whose bytes a change of its data may have changed.
///
/// Whatever is not named here has the bytes it had before the change: whoever keeps tiles may keep those.
public struct DirtyTiles: Hashable, Sendable {
    /// What is made of the data: the same change may leave one alone and touch the other.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        case vector
        case picture
    }

    /// A rectangle of tiles of one level.
    public struct Block: Hashable, Sendable {
        public var matrixSet: String
        public var level: Int
        public var kind: Kind
        public var rows: Range<Int>
        public var columns: Range<Int>

        public init(matrixSet: String, level: Int, kind: Kind, rows: Range<Int>, columns: Range<Int>) {
            self.matrixSet = matrixSet
            self.level = level
            self.kind = kind
            self.rows = rows
            self.columns = columns
        }

        public var count: Int { rows.count * columns.count }
    }

    public var map: String
    /// They do not overlap.
    public var blocks: [Block]

    public init(map: String, blocks: [Block]) {
        self.map = map
        self.blocks = blocks
    }

    public var isEmpty: Bool { blocks.isEmpty }

    /// Tiles in all blocks.
    public var count: Int { blocks.reduce(0) { $0 + $1.count } }
}

extension DirtyTiles.Kind {
    public init(_ format: TileFormat) {
        switch format {
        case .mvt: self = .vector
        case .png, .jpeg, .webp, .mixed: self = .picture
        }
    }
}
