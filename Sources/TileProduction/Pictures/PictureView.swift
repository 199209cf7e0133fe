public import SimpleFeatures
public import Tiling

/// What a picture shows: a box of one of the CRSs that maps are drawn in, on any number of pixels.
public struct PictureView: Hashable, Sendable {
    /// The matrix set whose CRS the box is in; its levels are those whose labels are taken where the scale is theirs.
    public var set: TileMatrixSet
    /// In the CRS of the set, east first.
    public var envelope: Envelope
    /// Device pixels.
    public var width: Int
    public var height: Int
    /// Device pixels a logical pixel: 2 draws symbols and text twice as large.
    public var ratio: Double

    /// Device pixels along a side of the largest picture.
    public static let sideLimit = 4096
    public static let ratios = 0.5...8.0
    /// CRS units: no plane of ours reaches farther, and no picture shows less.
    public static let farthestOrdinate = 1e9
    public static let shortestSide = 1e-7
    /// Doubles tell no finer positions apart that far out.
    public static let finestPixelInMetres = 1e-6

    /// - Returns: `nil` for sides or a ratio that are not drawn, and for a box that is empty, infinitely small or far away.
    public init?(set: TileMatrixSet, envelope: Envelope, width: Int, height: Int, ratio: Double = 1) {
        let sides = 1...Self.sideLimit
        guard sides.contains(width), sides.contains(height), Self.ratios.contains(ratio), !envelope.isEmpty,
            envelope.width >= Self.shortestSide, envelope.height >= Self.shortestSide,
            [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY].allSatisfy({ abs($0) <= Self.farthestOrdinate }),
            min(envelope.width / Double(width), envelope.height / Double(height)) * set.metresPerUnit >= Self.finestPixelInMetres
        else { return nil }
        self.set = set
        self.envelope = envelope
        self.width = width
        self.height = height
        self.ratio = ratio
    }

    /// CRS units a device pixel, across and down.
    var cell: (x: Double, y: Double) { (envelope.width / Double(width), envelope.height / Double(height)) }

    /// The nominal level whose plans and styles apply.
    public var nominalLevel: Int { grid.matrix.nominalLevel(metresPerUnit: set.metresPerUnit) }

    /// The scale denominator of OGC 17-083r4: metres a logical pixel of 0.28 mm.
    public var scaleDenominator: Double {
        grid.cell * grid.ratio * set.metresPerUnit / StandardGrid.renderingPixelSizeInMetres
    }

    /// How the picture is drawn: on square pixels, from which it is resampled where those of the request are not square.
    var grid: PictureGrid { PictureGrid(self) }
}

/// The square pixels that a view is drawn on.
struct PictureGrid {
    /// CRS units a device pixel.
    let cell: Double
    let ratio: Double
    /// The view's left top corner in the CRS, moved onto the pixels of the set's level where it is theirs but for rounding.
    let corner: Coordinate
    /// Device pixels that are drawn, and how many of them, in fractions, the view takes.
    let width: Int
    let height: Int
    let taken: (width: Double, height: Double)
    /// Device pixels from the set's own corner to the picture's.
    let origin: (x: Int, y: Int)
    /// A level of the set that has these pixels.
    let level: Int?
    /// One matrix of logical 256 pixel tiles that begins at the corner.
    let matrix: TileMatrix

    /// A picture whose pixels differ by less than this many over its whole side is drawn as if they did not.
    private static let slackInPixels = 0.1
    private static let snapInPixels = 0.02
    private static let drawnSideLimit = 8192.0

    init(_ view: PictureView) {
        let tile = StandardGrid.tileSizeInPixels
        let side = (Double(tile) * view.ratio).rounded()
        ratio = side / Double(tile)
        let (x, y) = view.cell
        let isSquare = abs(x / y - 1) * Double(max(view.width, view.height)) < Self.slackInPixels
        // No more than twice the pixels that are wanted.
        let least = (view.envelope.width * view.envelope.height / (2 * Double(view.width * view.height))).squareRoot()
        var cell = isSquare ? x : max(min(x, y), least, max(view.envelope.width, view.envelope.height) / Self.drawnSideLimit)
        let origin = view.set.matrices[0].pointOfOrigin
        var corner = Coordinate(x: view.envelope.minX, y: view.envelope.maxY)
        let logical = cell * ratio
        let matrix = isSquare
            ? view.set.matrices.first { abs(logical / $0.cellSize - 1) * Double(max(view.width, view.height)) < Self.slackInPixels } : nil
        if let matrix { cell = matrix.cellSize / ratio }
        let (east, south) = ((corner.x - origin.x) / cell, (origin.y - corner.y) / cell)
        self.origin = (Self.whole(east), Self.whole(south))
        if matrix != nil, abs(east - east.rounded()) < Self.snapInPixels, abs(south - south.rounded()) < Self.snapInPixels {
            corner = Coordinate(x: origin.x + east.rounded() * cell, y: origin.y - south.rounded() * cell)
        }
        level = matrix?.level
        self.cell = cell
        self.corner = corner
        taken = isSquare
            ? (Double(view.width), Double(view.height)) : (view.envelope.width / cell, view.envelope.height / cell)
        width = isSquare ? view.width : max(1, Int(taken.width.rounded(.up)))
        height = isSquare ? view.height : max(1, Int(taken.height.rounded(.up)))
        self.matrix = TileMatrix(
            id: "picture", level: 0, cellSize: cell * ratio, pointOfOrigin: corner, tileSize: tile,
            matrixWidth: Self.tiles(width, side), matrixHeight: Self.tiles(height, side),
            scaleDenominator: cell * ratio * view.set.metresPerUnit / StandardGrid.renderingPixelSizeInMetres)
    }

    /// Far beyond every map a pixel's number says nothing any more.
    private static func whole(_ pixels: Double) -> Int { Int(min(max(pixels.rounded(), -farthestPixel), farthestPixel)) }
    private static let farthestPixel = 4e15

    private static func tiles(_ pixels: Int, _ side: Double) -> Int { max(1, Int((Double(pixels) / side).rounded(.up))) }

    /// Device pixels of a tile of `matrix`.
    var tileSide: Int { Int((Double(matrix.tileSize) * ratio).rounded()) }

    /// The tiles that hold the picture, with the margin within which labels matter.
    var window: TileWindow {
        TileWindow(
            matrix: matrix, origin: TileAddress(level: matrix.level, row: 0, column: 0), columns: matrix.matrixWidth,
            rows: matrix.matrixHeight, extent: Int32(tileSide) * ProductionSettings.unitsPerPixel,
            margin: Int32((Double(ProductionSettings.rasterGutterInPixels) * ratio).rounded(.up)) * ProductionSettings.unitsPerPixel)
    }
}
