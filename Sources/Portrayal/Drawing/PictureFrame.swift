import Raster

/// The picture to draw: its size, and how the map lies under it.
public struct PictureFrame: Sendable, Hashable {
    /// Device pixels.
    public var width: Int
    public var height: Int
    /// Device pixels a logical pixel.
    public var pixelRatio: Float
    /// The zoom of the style language, for tiles 512 logical pixels wide.
    public var styleZoom: Double
    /// The direction that points up, in degrees clockwise from north.
    public var bearingInDegrees: Double
    /// The device pixel of the whole map's plane that is the picture's left top one: repeated patterns count from there.
    public var originX: Int
    public var originY: Int
    /// Where the features' units lie on the Earth; `nil` where that is not known.
    public var grid: FeatureGrid?

    public init(
        width: Int, height: Int, pixelRatio: Float, styleZoom: Double, bearingInDegrees: Double = 0, originX: Int = 0,
        originY: Int = 0, grid: FeatureGrid? = nil
    ) {
        self.width = width
        self.height = height
        self.pixelRatio = pixelRatio
        self.styleZoom = styleZoom
        self.bearingInDegrees = bearingInDegrees
        self.originX = originX
        self.originY = originY
        self.grid = grid
    }

    /// - Throws: `invalidRequest` for a size that is not drawn.
    func check(sideLimit: Int = Canvas.sideLimit) throws(PortrayalError) {
        let sides = 1...sideLimit
        guard sides.contains(width), sides.contains(height) else {
            throw PortrayalError(
                .invalidRequest,
                "a picture of \(width) x \(height) pixels is not 1...\(sideLimit) pixels a side; ask for a smaller part of the map")
        }
    }
}
