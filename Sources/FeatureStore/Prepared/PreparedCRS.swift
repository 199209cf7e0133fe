/// A CRS that a prepared layer holds coordinates in.
public struct PreparedCRS: Hashable, Sendable {
    /// As the tile matrix sets name it, such as `EPSG:3857`.
    public var id: String
    /// Metres per CRS unit: 1 for projected CRSs in metres, 111319.49… for degrees; as `TileMatrixSet` has it.
    public var metresPerUnit: Double

    public init(id: String, metresPerUnit: Double) {
        self.id = id
        self.metresPerUnit = metresPerUnit
    }

    /// The power of two that one stored unit is in CRS units where the layer's extent allows it: about a millimetre
    /// in metres (2^-10), under a millimetre in degrees (2^-27).
    var finestUnitExponent: Int { metresPerUnit > 1000 ? -27 : -10 }
}
