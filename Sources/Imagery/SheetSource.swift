public import Reprojection
public import Tiling

/// One image of a mosaic: a file, and the CRS its positions count as being in.
public struct SheetSource: Hashable, Sendable {
    public var path: String
    public var crs: CRS

    public init(path: String, crs: CRS) {
        self.path = path
        self.crs = crs
    }
}

/// A tile matrix set that an archive is made for, with the CRS that its positions are carried from.
public struct ImageryTarget: Sendable {
    public var set: TileMatrixSet
    public var crs: CRS

    public init(set: TileMatrixSet, crs: CRS) {
        self.set = set
        self.crs = crs
    }
}
