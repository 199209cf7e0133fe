public import Portrayal

/// A style document that has been compiled, with the sprite that belongs to it.
public struct LiveStyle: Sendable {
    public var id: String
    /// Changes with every byte of the document and its icons.
    public var version: UInt64
    public var renderer: StyleRenderer
    /// As clients get it, before its addresses are filled in.
    public var document: JSONValue
    public var sprites: SpriteBuilder
    /// By nominal level: source layer to the fields that the style reads there.
    private var inputs: [RasterContent: [[String: Set<String>]]]
    /// By nominal level: source layers with dashed lines.
    private var dashed: [Set<String>]
    /// By nominal level: how far the source layers' shapes reach beyond themselves, in logical pixels.
    private var reaches: [[String: Double?]]

    /// The sources of its raster layers; each is called by the id of the layer of imagery that feeds it.
    public let imagerySources: Set<String>
    /// The one source whose pictures are all that the style draws, as they are.
    let plainImagery: String?

    static let levels = 0...24

    public init(id: String, version: UInt64, renderer: StyleRenderer, document: JSONValue, sprites: SpriteBuilder) {
        self.id = id
        self.version = version
        self.renderer = renderer
        self.document = document
        self.sprites = sprites
        imagerySources = Set(renderer.style.layers.filter { $0.kind == .raster && $0.isVisible }.compactMap(\.source))
        plainImagery = renderer.style.unalteredRasterSource
        inputs = [
            .everything: Self.inputs(renderer.style) { _ in true }, .symbols: Self.inputs(renderer.style) { $0 == .symbol },
            .shapes: Self.inputs(renderer.style) { $0 != .symbol },
        ]
        reaches = Self.levels.map { renderer.style.reach(atStyleZoom: Double($0 - 1)) }
        dashed = Self.levels.map { renderer.style.dashedSourceLayers(atStyleZoom: Double($0 - 1)) }
    }

    /// Whether lines of the source layer are dashed at a level.
    func dashes(_ sourceLayer: String, level: Int) -> Bool {
        Self.levels.contains(level) && dashed[level].contains(sourceLayer)
    }

    /// How far around a picture features matter to it, in logical pixels.
    func gutter(of sourceLayer: String, level: Int, for content: RasterContent) -> Double {
        let usual = Double(ProductionSettings.rasterGutterInPixels)
        guard Self.levels.contains(level), let known = reaches[level][sourceLayer] else { return usual }
        guard let reach = known else { return usual }
        let gutter = min(reach.rounded(.up), Double(ProductionSettings.widestRasterGutterInPixels))
        return content == .shapes ? gutter : max(gutter, usual)
    }

    /// The fields that the style reads of a source layer at a level; `nil` where it does not draw the layer.
    func fields(of sourceLayer: String, level: Int, for content: RasterContent) -> Set<String>? {
        guard Self.levels.contains(level) else { return nil }
        return inputs[content]?[level][sourceLayer]
    }

    private static func inputs(_ style: Style, of kinds: (StyleLayerKind) -> Bool) -> [[String: Set<String>]] {
        levels.map { level in
            style.requiredInputs(atStyleZoom: Double(level - 1), of: kinds).mapValues { Set($0.properties) }
        }
    }
}
