/// The numbers of production that are ours to choose.
enum ProductionSettings {
    /// Units of a 4096-unit tile: wide enough for the strokes and labels of a vector client at the tile's edge.
    static let vectorBuffer: Int32 = 64
    /// The rasteriser's fixed point: 24.8.
    static let unitsPerPixel: Int32 = 256
    /// Logical pixels around a raster window: half the widest stroke and the largest symbol reach no further.
    static let rasterGutterInPixels: Int32 = 64
}
