/// How many features a window leaves out, by reason.
public struct LeftOut: Hashable, Sendable {
    /// The raw value is the stable key in headers, TileJSON and reports.
    public enum Reason: String, Sendable, CaseIterable {
        /// The layer is not drawn at this level.
        case outsideLevel = "outside-level"
        /// The layer's rules take other property values at this level.
        case filtered = "filtered"
        /// Smaller than the rules' least area or length.
        case tooSmall = "too-small"
        /// More than the rules' number in one cell.
        case density = "density"
        /// Nothing was left after quantising.
        case collapsed = "collapsed"
        /// Not left out: kept after its rings had been repaired.
        case repaired = "repaired"
        /// The repair gave nothing back.
        case notRepairable = "not-repairable"
        /// The file's ranges contradict each other.
        case unreadable = "unreadable"
        /// Not left out: drawn without its label, for which no font of the style has a character.
        case noGlyph = "no-glyph"
    }

    private var counts = InlineArray<9, Int>(repeating: 0)

    public init() {}

    public subscript(reason: Reason) -> Int {
        get { counts[Self.place(reason)] }
        set { counts[Self.place(reason)] = newValue }
    }

    /// The reasons that occurred, in the order of `Reason.allCases`.
    public var nonZero: [(reason: Reason, count: Int)] {
        Reason.allCases.compactMap { self[$0] > 0 ? ($0, self[$0]) : nil }
    }

    public mutating func add(_ other: LeftOut) {
        for reason in Reason.allCases { self[reason] += other[reason] }
    }

    public static func == (a: Self, b: Self) -> Bool { Reason.allCases.allSatisfy { a[$0] == b[$0] } }

    public func hash(into hasher: inout Hasher) { for reason in Reason.allCases { hasher.combine(self[reason]) } }

    private static func place(_ reason: Reason) -> Int {
        switch reason {
        case .outsideLevel: 0
        case .filtered: 1
        case .tooSmall: 2
        case .density: 3
        case .collapsed: 4
        case .repaired: 5
        case .notRepairable: 6
        case .unreadable: 7
        case .noGlyph: 8
        }
    }
}

/// What the tiles of a window leave out, each counted row by row from the top.
public struct LeftOutByTile: Hashable, Sendable {
    /// Of a window of few tiles.
    private var dense: [LeftOut] = []
    /// Of a window that may be of a million, most of which leave nothing out.
    private var sparse: [Int: LeftOut] = [:]

    private static let denseLimit = 1_024

    public init(tiles: Int) {
        if tiles <= Self.denseLimit { dense = Array(repeating: LeftOut(), count: tiles) }
    }

    public subscript(tile: Int) -> LeftOut { dense.isEmpty ? sparse[tile] ?? LeftOut() : dense[tile] }

    /// The tiles that leave something out.
    public var nonEmpty: [(tile: Int, leftOut: LeftOut)] {
        dense.enumerated().filter { !$0.element.nonZero.isEmpty }.map { ($0.offset, $0.element) }
            + sparse.map { ($0.key, $0.value) }
    }

    mutating func add(_ other: LeftOut, tile: Int) {
        if dense.isEmpty { sparse[tile, default: LeftOut()].add(other) } else { dense[tile].add(other) }
    }

    mutating func add(_ reason: LeftOut.Reason, tile: Int) {
        if dense.isEmpty { sparse[tile, default: LeftOut()][reason] += 1 } else { dense[tile][reason] += 1 }
    }
}
