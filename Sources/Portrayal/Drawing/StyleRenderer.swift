public import Raster
import Synchronization
public import Tiling
public import Typography

/// A compiled style with its sprites and fonts, ready to draw windows; one value serves any number of workers.
public struct StyleRenderer: Sendable {
    public let style: Style
    let sprites: SpriteSet
    let catalogue: FontCatalogue
    /// Tells the styles of one process apart in a worker's caches.
    let identity: UInt64

    private static let identities = Atomic<UInt64>(0)

    /// - Parameter sprites: sheets in order of preference; of sheets with the same icon the one whose ratio fits the
    ///   request best is used.
    public init(style: Style, sprites: [SpriteSheet] = [], fonts: FontCatalogue) {
        self.style = style
        self.sprites = SpriteSet(sprites)
        catalogue = fonts
        identity = Self.identities.add(1, ordering: .relaxed).newValue
    }

    /// Draws one window without its margin.
    ///
    /// - Parameters:
    ///   - layers: features in the window's units, which are 24.8 fixed pixels of the result.
    ///   - window: its extent is the tile's width in device pixels times 256.
    ///   - styleZoom: the zoom of the style language, for tiles 512 logical pixels wide: level - 1 for 256 pixel tiles.
    ///   - pixelRatio: device pixels a logical pixel; 2 for `@2x`.
    /// - Throws: `missingFont`, `missingCharacter`, `invalidRequest`.
    public func render(
        layers: [TileLayer], window: TileWindow, styleZoom: Double, pixelRatio: Float = 1,
        options: RenderOptions = RenderOptions(), scratch: inout RenderScratch
    ) throws(PortrayalError) -> Pixmap {
        let unit = PixelGeometry.unitsPerPixel
        let width = Int(window.width / unit)
        let height = Int(window.height / unit)
        guard window.extent % unit == 0, width <= Canvas.sideLimit, height <= Canvas.sideLimit, width > 0, height > 0
        else {
            throw PortrayalError(
                .invalidRequest,
                "a window of \(window.width) x \(window.height) units is not 1...\(Canvas.sideLimit) whole pixels of "
                    + "\(unit) units a side; ask for fewer tiles or another extent")
        }
        scratch.canvas.reset(width: width, height: height)
        scratch.statistics = RenderStatistics()
        let zoomed = scratch.layers(of: style, identity: identity, zoom: styleZoom, images: sprites.names)
        var context = EvaluationContext()
        context.zoom = styleZoom
        context.globalState = style.globalState
        context.images = sprites.names
        let frame = RenderFrame(
            window: window, width: width, height: height, ratio: pixelRatio, sprites: sprites, context: context,
            options: options)
        var labels: [[PlacedSymbol]] = []
        if options.drawsSymbols {
            var placement = SymbolPlacement(frame: frame, catalogue: catalogue)
            labels = try placement.place(zoomed, layers, &scratch)
        }
        for (i, layer) in zoomed.enumerated() {
            switch layer.kind {
            case .background: BackgroundSymboliser(layer: layer, frame: frame).draw(&scratch)
            case .fill, .fillExtrusion:
                for data in layers where data.name == layer.sourceLayer {
                    FillSymboliser(layer: layer, frame: frame).draw(data, &scratch)
                }
            case .line:
                for data in layers where data.name == layer.sourceLayer {
                    LineSymboliser(layer: layer, frame: frame).draw(data, &scratch)
                }
            case .circle:
                for data in layers where data.name == layer.sourceLayer {
                    CircleSymboliser(layer: layer, frame: frame).draw(data, &scratch)
                }
            case .symbol:
                if i < labels.count {
                    for symbol in labels[i] {
                        try SymbolDrawing(frame: frame).draw(symbol, &scratch)
                    }
                }
            default: break
            }
        }
        return scratch.canvas.pixmap()
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
    let window: TileWindow
    /// Device pixels.
    let width: Int
    let height: Int
    /// Device pixels a logical pixel.
    let ratio: Float
    let sprites: SpriteSet
    let context: EvaluationContext
    let options: RenderOptions

    func context(_ layer: TileLayer, _ feature: Int) -> EvaluationContext {
        var context = context
        context.feature = .tile(layer, feature)
        return context
    }

    /// Where the picture of a repeated pattern has its corner, so that neighbouring windows continue it.
    func patternOrigin(_ image: Pixmap) -> (x: Int, y: Int) {
        let tile = Int(window.extent / PixelGeometry.unitsPerPixel)
        return (-(window.origin.column * tile % image.width), -(window.origin.row * tile % image.height))
    }
}
