/// The numbers that tile grids are built from; no other module spells them.
public enum StandardGrid {
    /// The standardised rendering pixel of OGC 17-083r4 clause 6.1.1.1, in metres.
    public static let renderingPixelSizeInMetres = 0.00028
    /// The pixel of a 96 dpi screen, in metres, which Tianditu's documents use in place of the standard's.
    public static let screenPixelSizeInMetres = 0.0254 / 96
    /// The semi-major axis shared by WGS 84, GRS 80 and CGCS2000, in metres.
    public static let semiMajorAxisInMetres = 6_378_137.0
    /// One degree along the equator, in metres.
    public static let metresPerDegree = 111_319.49079327358
    /// Half the side of the Web Mercator square, in metres.
    public static let webMercatorHalfWorldInMetres = 20_037_508.342789244
    /// Pixels along the side of a raster tile.
    public static let tileSizeInPixels = 256
    /// Units along the side of a vector tile, unless a layer says otherwise.
    public static let vectorTileExtent: Int32 = 4096
}
