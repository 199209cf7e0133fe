public import Tiling

/// What the tiles of an archive are.
public enum ArchivedTileKind: String, Sendable, CaseIterable {
    case mvt, png, jpeg, webp, avif
    /// Anything else that an archive may hold.
    case unknown
}

/// How an archive's tiles are packed.
public enum ArchivedTilePacking: String, Sendable, CaseIterable {
    case none, gzip, brotli, zstd, unknown
}

/// What an archive says of itself.
public struct TileArchiveDescription: Sendable, Equatable {
    public var kind: ArchivedTileKind
    public var packing: ArchivedTilePacking
    /// First and last level with tiles.
    public var levels: ClosedRange<Int>
    /// Degrees, x east: west, south, east, north.
    public var bounds: [Double]
    /// Longitude and latitude in degrees.
    public var centre: [Double]
    public var centreLevel: Int
    /// Name, attribution, `vector_layers` and whatever else there is.
    public var metadata: ArchiveMetadata

    public init(
        kind: ArchivedTileKind, packing: ArchivedTilePacking, levels: ClosedRange<Int>, bounds: [Double], centre: [Double],
        centreLevel: Int, metadata: ArchiveMetadata
    ) {
        self.kind = kind
        self.packing = packing
        self.levels = levels
        self.bounds = bounds
        self.centre = centre
        self.centreLevel = centreLevel
        self.metadata = metadata
    }
}

/// One tile of an archive as it is stored, packed or not.
public struct ArchivedTile: Sendable, Equatable {
    public var address: TileAddress
    public var bytes: [UInt8]

    public init(address: TileAddress, bytes: [UInt8]) {
        self.address = address
        self.bytes = bytes
    }
}
