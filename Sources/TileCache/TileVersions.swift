public import Tiling

/// For every tile of a map the version of the data that changed it last.
///
/// The version stands in the tile's key, so that a change leaves the keys of all tiles alone that it does not touch: those stay
/// in every cache and archive, and the others cannot be found any more. A version names a content of the layers; a tile that no
/// change since has touched has the bytes that it had then.
///
/// A ladder rung whose changes are not known yet is open: all of its tiles have the newest version until `close` says which of
/// them really changed. The others get their former version back.
public struct TileVersions: Sendable, Equatable, Codable {
    /// One level of one matrix set, for one kind of tiles.
    public struct Rung: Hashable, Sendable, Codable {
        public var matrixSet: String
        public var level: Int
        public var kind: DirtyTiles.Kind
        /// Device pixels a logical pixel of pictures, whose labels stand elsewhere at every ratio; 1 for vector tiles.
        public var ratio: Int

        public init(matrixSet: String, level: Int, kind: DirtyTiles.Kind, ratio: Int = 1) {
            self.matrixSet = matrixSet
            self.level = level
            self.kind = kind
            self.ratio = ratio
        }
    }

    /// Of the data as they are now.
    public private(set) var current: UInt64
    /// Of tiles of rungs that no change has touched.
    private var floor: UInt64
    private var rungs: [Rung: RungVersions] = [:]

    /// All tiles are of this version.
    public init(_ version: UInt64) {
        current = version
        floor = version
    }

    public func version(matrixSet: String, address: TileAddress, format: TileFormat) -> UInt64 {
        let name = Rung(matrixSet: matrixSet, level: address.level, kind: .init(format), ratio: format.ratio ?? 1)
        guard let rung = rungs[name] else { return floor }
        return rung.open ?? rung.version(of: address) ?? floor
    }

    /// The rungs of which it is not known yet which tiles the latest change has touched.
    public var openRungs: [Rung] { rungs.filter { $0.value.open != nil }.map(\.key) }

    /// The data are another version now, which differs from the former in these vector tiles, and in any of the rungs that are
    /// opened.
    ///
    /// Rungs that are open stay so.
    public mutating func change(to version: UInt64, dirty blocks: [DirtyTiles.Block], opening opened: [Rung] = []) {
        current = version
        for (rung, blocks) in Dictionary(grouping: blocks.filter { $0.kind == .vector }, by: \.vectorRung) {
            rungs[rung, default: RungVersions()].add(blocks, version)
        }
        for rung in opened { rungs[rung, default: RungVersions()].open = version }
        for rung in rungs.keys where rungs[rung]?.open != nil { rungs[rung]?.open = version }
    }

    /// These tiles of an open rung have changed since it was opened, and no others.
    public mutating func close(_ rung: Rung, dirty blocks: [DirtyTiles.Block]) {
        guard rungs[rung]?.open != nil else { return }
        rungs[rung]?.open = nil
        rungs[rung]?.add(blocks, current)
    }

    /// Every tile of the rung may have changed.
    public mutating func restart(_ rung: Rung) { rungs[rung] = RungVersions(floor: current) }

    /// What it holds on to: single tiles and rectangles.
    public var size: Int { rungs.values.reduce(0) { $0 + $1.size } }
}

extension DirtyTiles.Block {
    fileprivate var vectorRung: TileVersions.Rung { TileVersions.Rung(matrixSet: matrixSet, level: level, kind: kind) }
}

/// The versions of one rung: single tiles and rectangles, in runs of which a later one outdoes an earlier.
///
/// A run is never changed, so that a copy shares all of them with its original; runs of like size are joined, so that there are
/// few of them.
private struct RungVersions: Sendable, Equatable, Codable {
    /// Of the tiles that no run speaks of; `nil` for that of the whole map.
    private(set) var floor: UInt64?
    private var runs: [Run] = []
    var open: UInt64?

    /// Beyond it the rung starts afresh: a tile made once more costs less than a long memory of which need not be.
    private static let mostTiles = 100_000
    private static let mostRectangles = 256
    /// A rectangle up to which tiles are kept one by one.
    private static let singleTiles = 16

    private struct Run: Sendable, Equatable, Codable {
        var tiles: [UInt64: UInt64] = [:]
        /// The latest first.
        var rectangles: [Rectangle] = []

        struct Rectangle: Sendable, Equatable, Codable {
            var rows: Range<Int>
            var columns: Range<Int>
            var version: UInt64

            func contains(_ place: UInt64) -> Bool {
                rows.contains(Int(place >> 32)) && columns.contains(Int(place & 0xFFFF_FFFF))
            }
        }

        var size: Int { tiles.count + rectangles.count }

        func version(of place: UInt64) -> UInt64? {
            tiles[place] ?? rectangles.first { $0.contains(place) }?.version
        }

        /// Both in one, of which `later` outdoes this.
        func joined(_ later: Run) -> Run {
            var joined = self
            if !later.rectangles.isEmpty {
                joined.tiles = tiles.filter { tile in !later.rectangles.contains { $0.contains(tile.key) } }
                joined.rectangles = later.rectangles + rectangles
            }
            joined.tiles.merge(later.tiles) { _, new in new }
            return joined
        }
    }

    init(floor: UInt64? = nil) { self.floor = floor }

    var size: Int { runs.reduce(0) { $0 + $1.size } }

    func version(of address: TileAddress) -> UInt64? {
        let place = Self.place(address.row, address.column)
        for run in runs.reversed() {
            if let version = run.version(of: place) { return version }
        }
        return floor
    }

    mutating func add(_ blocks: [DirtyTiles.Block], _ version: UInt64) {
        guard !blocks.isEmpty else { return }
        var run = Run()
        for block in blocks {
            if block.count > Self.singleTiles {
                run.rectangles.append(Run.Rectangle(rows: block.rows, columns: block.columns, version: version))
            } else {
                for row in block.rows { for column in block.columns { run.tiles[Self.place(row, column)] = version } }
            }
        }
        runs.append(run)
        while runs.count > 1, runs[runs.count - 2].size <= 2 * runs[runs.count - 1].size {
            let later = runs.removeLast()
            runs[runs.count - 1] = runs[runs.count - 1].joined(later)
        }
        let rectangles = runs.reduce(0) { $0 + $1.rectangles.count }
        if size - rectangles > Self.mostTiles || rectangles > Self.mostRectangles {
            floor = version
            runs = []
        }
    }

    private static func place(_ row: Int, _ column: Int) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: row)) << 32 | UInt64(UInt32(truncatingIfNeeded: column))
    }
}
