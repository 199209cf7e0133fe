public import SimpleFeatures

/// What a feature draws as inside a window.
public enum TileGeometryKind: UInt8, Sendable {
    case point = 1
    case line = 2
    case polygon = 3
}

/// One feature in window units: ranges into the arrays of the `TileLayer` that holds it.
@frozen
public struct TileFeature: Hashable, Sendable {
    /// The feature's id in the registry; 0 stands for none (an aggregate).
    public var id: UInt64
    public var kind: TileGeometryKind
    /// Indices into `TileLayer.tags`; even length, pairs of key index and value index.
    public var tags: Range<Int>
    /// Indices into `TileLayer.partEnds`.
    public var parts: Range<Int>

    @inlinable
    public init(id: UInt64, kind: TileGeometryKind, tags: Range<Int>, parts: Range<Int>) {
        self.id = id
        self.kind = kind
        self.tags = tags
        self.parts = parts
    }
}

/// The features of one layer inside one window, simplified, clipped and quantised: the neck between the pipeline
/// and the two encoders.
///
/// Geometry is flat. `coordinates` holds x, y pairs in window units, y down. Part `p` of the layer runs from the end
/// of part `p - 1` (0 for the first) to `partEnds[p]`, counted in *positions*, not in array elements. For a point
/// feature every position of its single part is one point. For a polygon a part is a ring without the repeated
/// closing position, three or more positions; a ring of positive area in the sense of MVT 2.1 clause 4.3.3.3
/// (clockwise on screen) starts a polygon, rings of negative area after it are its holes.
@frozen
public struct TileLayer: Hashable, Sendable {
    public var name: String
    /// Units a tile.
    public var extent: Int32
    public var keys: [String]
    /// Distinct; never `.null` (a null property has no tag).
    public var values: [PropertyValue]
    public var features: [TileFeature]
    public var tags: [UInt32]
    public var partEnds: [Int]
    public var coordinates: [Int32]
    /// How far along its line or ring every position lies in the layer's whole geometry, in 1/256 window units, so
    /// that a dash pattern runs on from window to window; -1 for a position that is none of the geometry's own. Empty
    /// where nobody asked.
    public var distances: [Int64]

    public init(name: String, extent: Int32) {
        self.name = name
        self.extent = extent
        keys = []
        values = []
        features = []
        tags = []
        partEnds = []
        coordinates = []
        distances = []
    }

    /// The positions of part `p`, as a range of `coordinates` (two elements a position).
    @inlinable
    public func coordinateRange(part p: Int) -> Range<Int> {
        let start = p == 0 ? 0 : partEnds[p - 1]
        return (start * 2)..<(partEnds[p] * 2)
    }
}
