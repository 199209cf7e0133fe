public import Foundation
import Raster
public import Tiling

/// The labels and icons of one zoom level, placed once for everything there is: a window draws those that reach it.
///
/// Which label stands where does not depend on how the map is cut into tiles, so that a label may lie across any number
/// of them. Equal places give equal bytes; a plan in a file is read from there as it is needed.
public struct LabelPlan: Sendable {
    /// The block of tiles whose top left corner positions count from.
    let canvas: TileWindow
    /// The whole plan as it goes into a file.
    public let bytes: Data
    let contents: LabelPlanContents
    private let inks: [SharedInk]
    let layers: [String: LabelPlanContents.Layer]

    /// Labels and icons that have a place.
    public var symbolCount: Int { contents.layers.reduce(0) { $0 + $1.count } }

    /// The identifiers of the style layers that place symbols, from bottom to top.
    var layerIDs: [String] { contents.layers.map(\.id) }

    /// - Parameter symbols: by style layer, in drawing order.
    init(canvas: TileWindow, frame: RenderFrame, symbols: [(layer: String, symbols: [PlacedSymbol])]) {
        var writer = LabelPlanWriter(width: frame.width, height: frame.height)
        for (layer, symbols) in symbols { writer.add(layer, symbols) }
        let (bytes, contents) = writer.finish(canvas: canvas)
        self.init(canvas: canvas, bytes: bytes, contents: contents)
    }

    /// Opens a plan.
    ///
    /// - Parameters:
    ///   - bytes: what `bytes` gave; may be mapped from a file.
    ///   - canvas: the one that the plan was made on.
    /// - Throws: `unreadablePlan` where the bytes are damaged, of another version or of another canvas.
    public init(bytes: Data, canvas: TileWindow) throws(PortrayalError) {
        let contents = try LabelPlanContents(reading: bytes)
        guard contents.canvas == LabelPlanContents.Canvas(canvas) else {
            throw PortrayalError(.unreadablePlan, "the label plan was made for another canvas; make it again")
        }
        self.init(canvas: canvas, bytes: bytes, contents: contents)
    }

    private init(canvas: TileWindow, bytes: Data, contents: LabelPlanContents) {
        self.canvas = canvas
        self.bytes = bytes
        self.contents = contents
        inks = contents.inks.map { SharedInk($0.ink) }
        layers = Dictionary(uniqueKeysWithValues: contents.layers.map { ($0.id, $0) })
    }

    /// Whole pixels from the plan's corner to a picture's.
    func move(to picture: PictureFrame) -> (x: Int, y: Int) {
        let tile = Int(canvas.extent / PixelGeometry.unitsPerPixel)
        return (picture.originX - canvas.origin.column * tile, picture.originY - canvas.origin.row * tile)
    }

    /// What a layer draws in a picture, in drawing order.
    func symbols(of layer: String, in picture: PictureFrame) -> [PlacedSymbol] {
        let corner = move(to: picture)
        return symbols(
            of: layer,
            in: PixelBox(
                left: Float(corner.x), top: Float(corner.y), right: Float(corner.x + picture.width),
                bottom: Float(corner.y + picture.height)))
    }

    func symbols(of layer: String, in box: PixelBox) -> [PlacedSymbol] {
        guard let layer = layers[layer] else { return [] }
        let reader = LabelPlanReader(inks: inks, icons: contents.icons)
        return unsafe bytes.withUnsafeBytes { raw in reader.symbols(of: layer, meeting: box, in: unsafe raw.bytes) }
    }

    /// Whether no label and no icon reaches a window, its margin left out.
    ///
    /// - Precondition: the window's tiles are of the plan's level and extent.
    public func isEmpty(in window: TileWindow) -> Bool {
        precondition(
            window.extent == canvas.extent && window.origin.level == canvas.origin.level, "a window of the plan's level and extent")
        let tile = Int(canvas.extent / PixelGeometry.unitsPerPixel)
        let (left, top) = ((window.origin.column - canvas.origin.column) * tile, (window.origin.row - canvas.origin.row) * tile)
        let box = PixelBox(
            left: Float(left), top: Float(top), right: Float(left + window.columns * tile), bottom: Float(top + window.rows * tile))
        return layers.keys.allSatisfy { symbols(of: $0, in: box).isEmpty }
    }

    /// Everything that a layer draws, in drawing order.
    func symbols(of layer: String) -> [PlacedSymbol] {
        symbols(of: layer, in: PixelBox(left: -.infinity, top: -.infinity, right: .infinity, bottom: .infinity))
    }
}

extension StyleRenderer {
    /// Places the labels and icons of a whole level.
    ///
    /// - Parameters:
    ///   - canvas: the block of tiles that holds all features, with the margin that they were read with.
    ///   - styleZoom, pixelRatio: as `render` has them.
    ///   - features: gives the features of a source layer in the canvas's units, asked once a style layer that draws
    ///     symbols, from the topmost down.
    /// - Throws: `missingFont`; what `features` throws.
    public func labelPlan(
        canvas: TileWindow, styleZoom: Double, pixelRatio: Float, scratch: inout RenderScratch,
        features: (_ sourceLayer: String) throws -> [TileLayer]
    ) throws -> LabelPlan {
        let frame = labelFrame(canvas, styleZoom, pixelRatio)
        scratch.statistics = RenderStatistics()
        let zoomed = scratch.layers(of: style, identity: identity, zoom: styleZoom, images: sprites.names)
        var placement = SymbolPlacement(frame: frame, catalogue: catalogue)
        var layers: [(layer: String, symbols: [PlacedSymbol])] = []
        for layer in zoomed.reversed() where layer.kind == .symbol {
            guard let sourceLayer = layer.sourceLayer else { continue }
            layers.append((layer.id, try placement.place(layer, try features(sourceLayer), &scratch)))
        }
        return LabelPlan(canvas: canvas, frame: frame, symbols: layers.reversed())
    }

    /// The same places, kept so that they can be brought up to date after changes; nothing is in it yet.
    public func labelLedger(
        canvas: TileWindow, styleZoom: Double, pixelRatio: Float, scratch: inout RenderScratch
    ) -> LabelLedger {
        let frame = labelFrame(canvas, styleZoom, pixelRatio)
        let zoomed = scratch.layers(of: style, identity: identity, zoom: styleZoom, images: sprites.names)
        return LabelLedger(renderer: self, frame: frame, canvas: canvas, layers: zoomed)
    }

    private func labelFrame(_ canvas: TileWindow, _ styleZoom: Double, _ pixelRatio: Float) -> RenderFrame {
        let tile = Int(canvas.extent / PixelGeometry.unitsPerPixel)
        let picture = PictureFrame(
            width: tile * canvas.columns, height: tile * canvas.rows, pixelRatio: pixelRatio, styleZoom: styleZoom,
            originX: canvas.origin.column * tile, originY: canvas.origin.row * tile, grid: FeatureGrid(canvas))
        return frame(picture, RenderOptions(keepsLabelsWhole: false))
    }
}
