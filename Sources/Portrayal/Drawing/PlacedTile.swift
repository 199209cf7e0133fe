public import Raster
public import Tiling

/// A tile of one source, or a whole source, with its features where they come in the picture.
public struct PlacedTile: Sendable {
    /// The source of the style document it belongs to; `nil` feeds the layers of every source.
    public var source: String?
    /// Which of the source's tiles it is, the same in every copy of the world that the picture shows.
    public var name: String?
    /// How the tile lies in the picture; `nil` where the features are those of the whole picture.
    public var placement: TilePlacement?
    /// Features in 24.8 device pixels of the picture.
    public var layers: [TileLayer]
    /// The pixels that fills and lines of the tile may paint; `nil` for all.
    public var area: ClipArea?
    /// The picture of a raster source's tile.
    public var image: Pixmap?

    public init(
        layers: [TileLayer], source: String? = nil, name: String? = nil, placement: TilePlacement? = nil, area: ClipArea? = nil, image: Pixmap? = nil
    ) {
        self.layers = layers
        self.source = source
        self.name = name
        self.placement = placement
        self.area = area
        self.image = image
    }

    func feeds(_ layer: ZoomedLayer) -> Bool { source == nil || source == layer.source }
}

/// The way from a tile's own units to device pixels: a scale, a turn and a shift.
public struct TilePlacement: Sendable, Hashable {
    /// Units along a side of the tile.
    public var extent: Double
    /// Device pixels a unit.
    public var scale: Double
    /// Of the map on the screen, clockwise.
    public var turnCosine: Double
    public var turnSine: Double
    /// Device pixels of the tile's left top corner.
    public var x: Double
    public var y: Double
    /// How many tiles of the picture's own zoom lie along the tile's side, where it is a coarser one.
    public var overscale: Double

    public init(
        extent: Double, scale: Double, turnCosine: Double, turnSine: Double, x: Double, y: Double, overscale: Double = 1
    ) {
        self.extent = extent
        self.scale = scale
        self.turnCosine = turnCosine
        self.turnSine = turnSine
        self.x = x
        self.y = y
        self.overscale = overscale
    }

    /// Device pixels of a position in tile units.
    public func pixels(_ u: Double, _ v: Double) -> (x: Double, y: Double) {
        let (dx, dy) = (u * scale, v * scale)
        return (x + dx * turnCosine - dy * turnSine, y + dx * turnSine + dy * turnCosine)
    }

    /// The position in tile units under device pixels.
    public func units(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
        let (dx, dy) = ((px - x) / scale, (py - y) / scale)
        return (dx * turnCosine + dy * turnSine, dy * turnCosine - dx * turnSine)
    }

    /// The tile's corners in device pixels, clockwise from its left top.
    public var outline: [(x: Double, y: Double)] {
        [pixels(0, 0), pixels(extent, 0), pixels(extent, extent), pixels(0, extent)]
    }

    /// Whether a position in 24.8 device pixels lies in the tile, its left and upper edges included.
    func holds(_ px: Int32, _ py: Int32) -> Bool {
        let unit = Double(PixelGeometry.unitsPerPixel)
        let p = units(Double(px) / unit, Double(py) / unit)
        let slack = 0.5 / (scale * unit)
        return p.x >= -slack && p.y >= -slack && p.x < extent - slack && p.y < extent - slack
    }
}
