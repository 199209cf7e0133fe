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
                .invalidStyle, "the style document has \(compiler.issues.count) fault(s)", issues: compiler.issues)
        }
        name = parts.name
        layers = parts.layers
        sources = parts.sources
        sprites = parts.sprites
        glyphs = parts.glyphs
        globalState = parts.globalState
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

    /// The source layers whose lines are dashed at a style zoom: their dashes need the distances along whole lines.
    public func dashedSourceLayers(atStyleZoom zoom: Double) -> Set<String> {
        Set(
            layers.filter { $0.kind == .line && $0.properties["line-dasharray"] != nil && $0.draws(atStyleZoom: zoom) }
                .compactMap(\.sourceLayer))
    }

    /// Every font stack the style names in a plain value, for a check before the first request.
    public var fontStacks: Set<[String]> {
        var out: Set<[String]> = []
        for layer in layers where layer.kind == .symbol {
            guard let font = layer.properties["text-font"] else { continue }
            _ = font.expression.contains { node in
                if case .literal(.array(let names)) = node {
                    let texts = names.compactMap { if case .string(let s) = $0 { s } else { nil } }
                    if texts.count == names.count, !texts.isEmpty { out.insert(texts) }
                }
                return false
            }
        }
        return out
    }
}
