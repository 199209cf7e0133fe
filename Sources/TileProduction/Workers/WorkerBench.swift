import Compression
import FeatureStore
import Generalisation
import Portrayal
import Raster
import TileCache
import Tiling
import Topology

/// What one worker reuses from tile to tile. Never leaves its worker's thread.
public final class WorkerBench {
    private let effort: EncodingEffort
    let compressor: Compressor
    var scratch = TileScratch()
    private let topology: TopologyContext
    private var drawing = RenderScratch()
    private var grounds: [GroundKey: UInt32?] = [:]
    private var pngWorkspace = PNGWorkspace()
    /// What an empty tile is, by format and pixels along its side.
    private var blanks: [BlankKey: [UInt8]] = [:]
    /// What the last picture drew or the last plan placed; `nil` before the first.
    private(set) var lastRender: RenderStatistics?

    private struct GroundKey: Hashable {
        var style: String
        var version: UInt64
        var zoom: Double
        var ratio: Int
    }

    private struct BlankKey: Hashable {
        var format: TileFormat
        var side: Int
    }

    private static let groundLimit = 500

    public init(effort: EncodingEffort = .quick) {
        self.effort = effort
        compressor = Compressor(level: effort == .quick ? 1 : 6)
        do {
            topology = try TopologyContext()
        } catch {
            preconditionFailure("a worker needs GEOS: \(error)")
        }
    }

    /// Valid polygons for rings that cross after quantising; nothing where GEOS finds no area in them.
    func repair(_ rings: FlatRings) -> FlatRings {
        do {
            return FlatRings(try topology.onIntegerGrid(GridRings(rings)))
        } catch {
            return FlatRings()  // the cutter counts a feature that comes back empty as not repairable
        }
    }

    func draw(
        _ layers: [TileLayer], images: [PlacedTile] = [], in window: TileWindow, style: LiveStyle, styleZoom: Double,
        ratio: Int, plan: LabelPlan? = nil
    ) throws(PortrayalError) -> Pixmap {
        let picture = try style.renderer.render(
            layers: layers, images: images, window: window, styleZoom: styleZoom, pixelRatio: Float(ratio), plan: plan,
            scratch: &drawing)
        lastRender = drawing.statistics
        return picture
    }

    /// Draws a picture that is no window of tiles.
    func draw(
        _ tiles: [PlacedTile], frame: PictureFrame, options: RenderOptions, style: LiveStyle, plan: LabelPlan?
    ) throws(PortrayalError) -> Pixmap {
        let picture = try style.renderer.render(tiles, frame: frame, options: options, plan: plan, scratch: &drawing)
        lastRender = drawing.statistics
        return picture
    }

    /// Lends the buffers that drawing needs.
    func withDrawing<Result, Failure: Error>(_ body: (inout RenderScratch) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(&drawing)
    }

    /// Draws what lies over a picture, transparent beside it.
    func draw(_ overlay: PictureOverlay) throws -> Pixmap {
        try ViewportProducer(document: overlay.document, assets: AssetDirectory(nil), fonts: overlay.fonts)
            .picture(overlay.viewport, scratch: &drawing)
    }

    /// What the style paints where there is nothing: one premultiplied pixel, `nil` for a patterned ground.
    func ground(of style: LiveStyle, window: TileWindow, styleZoom: Double, ratio: Int) throws(PortrayalError) -> UInt32? {
        let key = GroundKey(style: style.id, version: style.version, zoom: styleZoom, ratio: ratio)
        if let known = grounds[key] { return known }
        let bare = TileWindow(matrix: window.matrix, origin: window.origin, extent: window.extent, margin: 0)
        let pixel = try draw([], in: bare, style: style, styleZoom: styleZoom, ratio: ratio).uniformPixel
        if grounds.count >= Self.groundLimit { grounds.removeAll() }
        grounds[key] = .some(pixel)
        return pixel
    }

    func plan(
        _ canvas: TileWindow, style: LiveStyle, styleZoom: Double, ratio: Int,
        features: (_ sourceLayer: String) throws -> [TileLayer]
    ) throws -> LabelPlan {
        let plan = try style.renderer.labelPlan(
            canvas: canvas, styleZoom: styleZoom, pixelRatio: Float(ratio), scratch: &drawing, features: features)
        lastRender = drawing.statistics
        return plan
    }

    func ledger(_ canvas: TileWindow, style: LiveStyle, styleZoom: Double, ratio: Int) -> LabelLedger {
        style.renderer.labelLedger(canvas: canvas, styleZoom: styleZoom, pixelRatio: Float(ratio), scratch: &drawing)
    }

    func update(_ ledger: inout LabelLedger, features: (_ sourceLayer: String) throws -> [TileLayer]) throws {
        try ledger.update(scratch: &drawing, features: features)
    }

    /// The part as a file, and the format that `format` comes to for it; PNG with the palette that the map's definition allows.
    func encode(_ part: PicturePart, as format: TileFormat, for map: MapDefinition) -> (format: TileFormat, body: [UInt8]) {
        var format = format
        if case .mixed(let ratio) = format { format = part.isOpaque ? .jpeg(ratio: ratio) : .png(ratio: ratio) }
        guard part.isBlank else { return (format, body(part, as: format, for: map)) }
        let key = BlankKey(format: format, side: part.side)
        if let known = blanks[key] { return (format, known) }
        let body = body(part, as: format, for: map)
        blanks[key] = body
        return (format, body)
    }

    private func body(_ part: PicturePart, as format: TileFormat, for map: MapDefinition) -> [UInt8] {
        body(part.picture, x: part.x, y: part.y, width: part.side, height: part.side, as: format, lossy: map.allowsLossyPalette)
    }

    /// A whole picture as a file.
    ///
    /// - Parameter isLossy: whether PNG may take the 256 colours that come closest.
    func encode(_ picture: Pixmap, as format: TileFormat, isLossy: Bool) -> [UInt8] {
        body(picture, x: 0, y: 0, width: picture.width, height: picture.height, as: format, lossy: isLossy)
    }

    private func body(
        _ picture: Pixmap, x: Int, y: Int, width: Int, height: Int, as format: TileFormat, lossy isLossy: Bool
    ) -> [UInt8] {
        switch format {
        case .png:
            let options = effort.options(allowsLossyPalette: isLossy)
            return PNGEncoder.encode(picture, x: x, y: y, width: width, height: height, options: options, workspace: &pngWorkspace)
        case .jpeg: return JPEGCodec.encode(picture, x: x, y: y, width: width, height: height)
        case .webp: return WebPCodec.encode(picture, x: x, y: y, width: width, height: height)
        case .mvt, .mixed: preconditionFailure("a picture is encoded in one format of pictures")
        }
    }
}

/// How much time packing a tile may take.
public enum EncodingEffort: Sendable {
    /// Somebody waits for the tile.
    case quick
    /// The tile is stored and sent many times.
    case stored

    func options(allowsLossyPalette: Bool) -> PNGOptions {
        PNGOptions(level: self == .quick ? 1 : PNGOptions.stored.level, palette: allowsLossyPalette ? .exactElseQuantised : .exactElseTruecolour)
    }
}

/// A square part of a picture: a tile of a metatile.
struct PicturePart {
    var picture: Pixmap
    var x: Int
    var y: Int
    var side: Int
    /// Whether nothing is drawn on it.
    var isBlank = false

    var isOpaque: Bool {
        (y..<(y + side)).allSatisfy { row in
            picture.pixels[(row * picture.width + x)..<(row * picture.width + x + side)].allSatisfy { $0 >= 0xFF00_0000 }
        }
    }
}

extension GridRings {
    fileprivate init(_ rings: FlatRings) {
        var coordinates: [Int32] = []
        coordinates.reserveCapacity(rings.positions.count * 2)
        for p in rings.positions {
            coordinates.append(p.x)
            coordinates.append(p.y)
        }
        self.init(coordinates: coordinates, ends: rings.ends)
    }
}

extension FlatRings {
    fileprivate init(_ rings: GridRings) {
        self.init()
        for r in rings.ends.indices {
            let range = rings.coordinateRange(ring: r)
            append(
                stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
                    GridPosition(x: rings.coordinates[$0], y: rings.coordinates[$0 + 1])
                })
        }
    }
}
