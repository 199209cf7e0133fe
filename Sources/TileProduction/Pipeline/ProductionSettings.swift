/// The numbers of production that are ours to choose.
enum ProductionSettings {
    /// Units of a 4096-unit tile: wide enough for the strokes and labels of a vector client at the tile's edge.
    static let vectorBuffer: Int32 = 64
    /// The rasteriser's fixed point: 24.8.
    static let unitsPerPixel: Int32 = 256
    /// Logical pixels around a raster window whose labels are placed for it alone, or where a style does not tell how far
    /// its shapes reach.
    static let rasterGutterInPixels: Int32 = 64
    /// However wide a style's strokes are, the features that far away are not looked at.
    static let widestRasterGutterInPixels: Int32 = 512
}
