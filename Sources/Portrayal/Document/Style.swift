import Raster

/// A compiled MapLibre style document, version 8.
public struct Style: Sendable {
    public let name: String?
    /// In drawing order, the first at the bottom.
    public let layers: [StyleLayer]
    /// Source identifier to its kind, such as `vector`.
    public let sources: [String: String]
    /// Where the document says the sprite is; one sheet, or several with identifiers.
    public let sprites: [(id: String, url: String)]
    public let glyphs: String?
    /// Layers that are valid and not drawn, with the reason.
    public let undrawn: [(layer: String, reason: String)]
    /// What the document says that nothing comes of: members that the specification does not know and lets stand.
    public let remarks: [StyleIssue]
    /// How texts are mixed with what they lie on: `metadata["workmap:text-blending"]`.
    let textBlending: Blending
    /// The members of `light` that the document gives.
    let light: [String: PropertyExpression]
    /// The document's defaults of `global-state`.
    let globalState: [String: ExpressionValue]

    /// Compiles a document.
    ///
    /// - Parameter json: UTF-8 text.
    /// - Throws: `invalidJSON`, or `invalidStyle` whose `issues` lists every fault with its path.
    public init(json: [UInt8]) throws(PortrayalError) {
        try self.init(JSONReader.value(of: json))
    }

    public init(_ document: JSONValue) throws(PortrayalError) {
        var compiler = StyleCompiler()
        let parts = compiler.compile(document)
        guard compiler.issues.isEmpty else {
            throw PortrayalError(
                .invalidStyle,
                "样式文件有 \(compiler.issues.count) 处错误 / the style document has \(compiler.issues.count) fault(s)",
                issues: compiler.issues)
        }
        name = parts.name
        layers = parts.layers
        sources = parts.sources
        sprites = parts.sprites
        glyphs = parts.glyphs
        globalState = parts.globalState
        light = parts.light
        textBlending = parts.textBlending
        remarks = compiler.remarks
        undrawn = parts.layers.compactMap { layer in layer.kind.reasonNotDrawn.map { (layer.id, $0) } }
    }

    /// The source layers that draw at a style zoom, with what is read of their features.
    ///
    /// `properties` is what the pipeline must load; everything else of a feature can be left out.
    public func requiredInputs(
        atStyleZoom zoom: Double, of kinds: (StyleLayerKind) -> Bool = { _ in true }
    ) -> [String: ExpressionInputs] {
        var out: [String: ExpressionInputs] = [:]
        for layer in layers where layer.draws(atStyleZoom: zoom) && kinds(layer.kind) {
            guard let name = layer.sourceLayer else { continue }
            out[name, default: ExpressionInputs()].formUnion(layer.inputs)
        }
        return out
    }

    /// The source of the style's only layer, where that draws the pictures of a raster source as they are at every zoom.
    public var unalteredRasterSource: String? {
        guard layers.count == 1, let layer = layers.first, layer.kind == .raster, layer.isVisible, layer.properties.isEmpty,
            layer.minimumZoom <= 0, layer.maximumZoom >= 24
        else { return nil }
        return layer.source
    }

    /// The source layers whose lines are dashed at a style zoom: their dashes need the distances along whole lines.
    public func dashedSourceLayers(atStyleZoom zoom: Double) -> Set<String> {
        Set(
            layers.filter { $0.kind == .line && $0.properties["line-dasharray"] != nil && $0.draws(atStyleZoom: zoom) }
                .compactMap(\.sourceLayer))
    }
}
