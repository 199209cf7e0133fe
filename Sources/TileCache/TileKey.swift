public import Tiling

/// Everything that can change the bytes of a tile.
///
/// Two requests share a tile exactly when their keys are equal, so an access rule or a fresh import never meets a
/// cached tile of another kind.
public struct TileKey: Hashable, Sendable {
    public var map: String
    public var matrixSet: String
    public var address: TileAddress
    public var format: TileFormat
    /// Changes with every version of the style document; 0 for vector tiles, which have no style.
    public var styleVersion: UInt64
    /// The version of the map's data that changed this tile last.
    public var dataVersion: UInt64
    /// Readers with the same rights share a class.
    public var policyClass: String

    public init(
        map: String, matrixSet: String, address: TileAddress, format: TileFormat, styleVersion: UInt64,
        dataVersion: UInt64, policyClass: String
    ) {
        self.map = map
        self.matrixSet = matrixSet
        self.address = address
        self.format = format
        self.styleVersion = styleVersion
        self.dataVersion = dataVersion
        self.policyClass = policyClass
    }
}
