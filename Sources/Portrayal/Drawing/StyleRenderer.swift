public import Raster
import Synchronization
public import Tiling
public import Typography

/// A compiled style with its sprites and fonts, ready to draw windows; one value serves any number of workers.
public struct StyleRenderer: Sendable {
    public let style: Style
    let sprites: SpriteSet
    let catalogue: FontCatalogue
    let glyphBlocks: (any GlyphBlocks)?
    /// Tells the styles of one process apart in a worker's caches.
    let identity: UInt64

    private static let identities = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - sprites: sheets in order of preference; of sheets with the same icon the one whose ratio fits the request best
    ///     is used.
    ///   - glyphs: the glyph ranges that the style names, for the manner of clients; its glyphs are made from `fonts` where
    ///     there are none.
    public init(
        style: Style, sprites: [SpriteSheet] = [], fonts: FontCatalogue, glyphs: (any GlyphBlocks)? = nil
    ) {
        self.style = style
        self.sprites = SpriteSet(sprites)
        catalogue = fonts
        glyphBlocks = glyphs
        identity = Self.identities.add(1, ordering: .relaxed).newValue
    }

    /// The same sprites and fonts under another style.
    public func with(_ style: Style) -> StyleRenderer { StyleRenderer(style: style, of: self) }

    private init(style: Style, of other: StyleRenderer) {
        self.style = style
        sprites = other.sprites
        catalogue = other.catalogue
        glyphBlocks = other.glyphBlocks
        identity = Self.identities.add(1, ordering: .relaxed).newValue
    }

    /// The files that texts may be set from: other fonts give other places to the same labels.
    public var fontFiles: [String] { Set(catalogue.fonts.map(\.path)).sorted() }

    /// Draws one window without its margin.
    ///
    /// - Parameters:
    ///   - layers: features in the window's units, which are 24.8 fixed pixels of the result.
    ///   - window: its extent is the tile's width in device pixels times 256.
    ///   - styleZoom: the zoom of the style language, for tiles 512 logical pixels wide: level - 1 for 256 pixel tiles.
    ///   - pixelRatio: device pixels a logical pixel; 2 for `@2x`.
    ///   - images: pictures of raster sources, placed in the window.
    ///   - plan: the level's labels, placed for the same style zoom, ratio and extent; without it they are placed for
    ///     the window alone.
    /// - Throws: `missingFont`, `unreadableGlyph`, `invalidRequest`.
    public func render(
        layers: [TileLayer], images: [PlacedTile] = [], window: TileWindow, styleZoom: Double, pixelRatio: Float = 1,
        options: RenderOptions = RenderOptions(), plan: LabelPlan? = nil, scratch: inout RenderScratch
    ) throws(PortrayalError) -> Pixmap {
        let unit = PixelGeometry.unitsPerPixel
        guard window.extent % unit == 0 else {
            throw PortrayalError(
                .invalidRequest, "a tile of \(window.extent) units is not of whole pixels of \(unit) units; ask for another extent")
        }
        let side = Int(window.extent / unit)
        let frame = PictureFrame(
            width: Int(window.width / unit), height: Int(window.height / unit), pixelRatio: pixelRatio, styleZoom: styleZoom,
            originX: window.origin.column * side, originY: window.origin.row * side, grid: FeatureGrid(window))
        return try render(
            [PlacedTile(layers: layers)] + images, frame: frame, options: options, plan: plan, scratch: &scratch)
    }

    /// Draws a picture of tiles that have been placed in it, each source's tiles in the order given.
    ///
    /// - Throws: `missingFont`, `unreadableGlyph`, `invalidRequest`.
    public func render(
        _ tiles: [PlacedTile], frame picture: PictureFrame, options: RenderOptions, plan: LabelPlan? = nil,
        scratch: inout RenderScratch
    ) throws(PortrayalError) -> Pixmap {
        try picture.check()
        scratch.canvas.reset(width: picture.width, height: picture.height)
        try draw(tiles, picture, options, plan, &scratch)
        return scratch.canvas.pixmap()
    }

    /// The same as a list of what is painted, for paper: labels as outlines, on a picture of any size that paper has.
    ///
    /// - Throws: as `render`.
    public func record(
        _ tiles: [PlacedTile], frame picture: PictureFrame, options: RenderOptions, plan: LabelPlan? = nil,
        scratch: inout RenderScratch
    ) throws(PortrayalError) -> DisplayList {
        try picture.check(sideLimit: DisplayList.sideLimit)
        scratch.canvas.beginRecording(width: picture.width, height: picture.height)
        do {
            try draw(tiles, picture, options, plan, &scratch)
        } catch {
            scratch.canvas.reset(width: 1, height: 1)
            throw error
        }
        return scratch.canvas.endRecording()
    }

    private func draw(
        _ tiles: [PlacedTile], _ picture: PictureFrame, _ options: RenderOptions, _ plan: LabelPlan?, _ scratch: inout RenderScratch
    ) throws(PortrayalError) {
        scratch.statistics = RenderStatistics()
        let zoomed = scratch.layers(of: style, identity: identity, zoom: picture.styleZoom, images: sprites.names)
        let frame = frame(picture, options)
        var labels = [[PlacedSymbol]](repeating: [], count: zoomed.count)
        var symbols: [[DrawnSymbols]] = []
        var drawing = SymbolDrawing(catalogue: catalogue, sprites: sprites, ratio: frame.ratio, textBlending: style.textBlending, moveX: 0, moveY: 0)
        if options.drawsSymbols, let plan {
            let move = plan.move(to: picture)
            drawing = SymbolDrawing(
                catalogue: catalogue, sprites: sprites, ratio: frame.ratio, textBlending: style.textBlending, moveX: -move.x,
                moveY: -move.y)
            for (i, layer) in zoomed.enumerated() where layer.kind == .symbol {
                labels[i] = plan.symbols(of: layer.id, in: picture)
            }
        } else if options.drawsSymbols, options.manner == .client {
            var placement = ClientPlacement(frame: frame, blocks: glyphBlocks, catalogue: catalogue)
            symbols = try placement.place(zoomed, tiles, &scratch)
        } else if options.drawsSymbols {
            var placement = SymbolPlacement(frame: frame, catalogue: catalogue)
            for (i, layer) in zoomed.enumerated().reversed() where layer.kind == .symbol {
                labels[i] = try placement.place(
                    layer, tiles.filter { $0.feeds(layer) }.flatMap(\.layers), &scratch)
            }
        }
        for i in PassOrder.indices(of: zoomed, frame) {
            let layer = zoomed[i]
            switch layer.kind {
            case .background where !options.drawsBackground: break
            case .background: BackgroundSymboliser(layer: layer, frame: frame).draw(&scratch)
            case .symbol:
                if i < symbols.count { ClientSymbolDrawing.draw(symbols[i], texts: style.textBlending, &scratch.canvas) }
                for symbol in labels[i] { try drawing.draw(symbol, &scratch) }
            case .fillExtrusion where !layer.gives("fill-extrusion-pattern"):
                ExtrusionSymboliser(layer: layer, frame: frame).draw(tiles, light: style.light, &scratch)
            case .heatmap: HeatmapSymboliser(layer: layer, frame: frame).draw(tiles, &scratch)
            case .raster:
                for tile in tiles where tile.feeds(layer) {
                    RasterSymboliser(layer: layer, frame: frame).draw(tile, &scratch.canvas)
                }
            default: draw(layer, tiles, frame, &scratch)
            }
        }
    }

    /// Features of one layer, on a surface of their own where the layer as a whole has an opacity.
    private func draw(
        _ layer: ZoomedLayer, _ tiles: [PlacedTile], _ frame: RenderFrame, _ scratch: inout RenderScratch
    ) {
        let name = layer.kind.rawValue + "-layer-opacity"
        let opacity = layer.gives(name) ? layer.number(name, frame.context) : 1
        guard opacity > 0 else { return }
        if opacity >= 1 { return drawEach(layer, tiles, frame, &scratch) }
        let ground = scratch.canvas.beginSurface()
        drawEach(layer, tiles, frame, &scratch)
        scratch.canvas.endSurface(on: ground, opacity: opacity)
    }

    private func drawEach(
        _ layer: ZoomedLayer, _ tiles: [PlacedTile], _ frame: RenderFrame, _ scratch: inout RenderScratch
    ) {
        for tile in tiles where tile.feeds(layer) { draw(layer, tile, frame, &scratch) }
        scratch.canvas.clip(to: nil)
    }

    private func draw(
        _ layer: ZoomedLayer, _ tile: PlacedTile, _ frame: RenderFrame, _ scratch: inout RenderScratch
    ) {
        for data in tile.layers where layer.reads(data) {
            switch layer.kind {
            case .fill, .fillExtrusion:
                scratch.canvas.clip(to: tile.area)
                FillSymboliser(layer: layer, frame: frame).draw(data, &scratch)
            case .line:
                scratch.canvas.clip(to: tile.area)
                if frame.followsClients {
                    RibbonSymboliser(layer: layer, frame: frame).draw(data, &scratch)
                } else {
                    LineSymboliser(layer: layer, frame: frame).draw(data, &scratch)
                }
            case .circle: CircleSymboliser(layer: layer, frame: frame, tile: tile.placement).draw(data, &scratch)
            default: break
            }
        }
    }

    func frame(_ picture: PictureFrame, _ options: RenderOptions) -> RenderFrame {
        var context = EvaluationContext()
        context.zoom = picture.styleZoom
        context.globalState = style.globalState
        context.images = sprites.names
        context.grid = picture.grid
        return RenderFrame(picture: picture, sprites: sprites, context: context, options: options)
    }
}

/// How window units become pixels.
enum PixelGeometry {
    /// Window units in one device pixel: the rasteriser's 24.8 fixed point.
    static let unitsPerPixel: Int32 = 1 << 8

    static func pixels(_ units: Int32) -> Float { Float(units) / Float(unitsPerPixel) }
}

/// What every symboliser of one render knows.
struct RenderFrame {
    let picture: PictureFrame
    let sprites: SpriteSet
    let context: EvaluationContext
    let options: RenderOptions

    /// Device pixels.
    var width: Int { picture.width }
    var height: Int { picture.height }
    /// Device pixels a logical pixel.
    var ratio: Float { picture.pixelRatio }
    /// The map's turn on the screen.
    var turn: Rotation {
        picture.bearingInDegrees == 0 ? Rotation(dx: 1, dy: 0) : Rotation(degrees: Float(-picture.bearingInDegrees))
    }
    var followsClients: Bool { options.manner == .client }

    func context(_ layer: TileLayer, _ feature: Int) -> EvaluationContext {
        var context = context
        context.feature = .tile(layer, feature)
        return context
    }

    /// Where the picture of a repeated pattern has its corner, so that neighbouring windows continue it.
    func patternOrigin(_ image: Pixmap) -> (x: Int, y: Int) {
        (-(picture.originX % image.width), -(picture.originY % image.height))
    }
}
