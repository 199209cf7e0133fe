import Raster
import Tiling

/// A style layer with one zoom folded into its expressions, defaults filled in.
struct ZoomedLayer: Sendable {
    let id: String
    let kind: StyleLayerKind
    let source: String?
    let sourceLayer: String?
    let filter: PropertyExpression?
    /// Every property of the layer's kind, given or default.
    private let properties: [String: PropertyExpression]
    /// The properties that the document gives.
    private let given: Set<String>
    /// What all layout and paint properties together read of a feature.
    let inputs: ExpressionInputs
    /// The layer at the whole zoom below, at which clients measure dashes and set texts; empty where that is this one.
    let onWholeZoom: [ZoomedLayer]

    init(_ layer: StyleLayer, _ context: EvaluationContext) {
        id = layer.id
        kind = layer.kind
        source = layer.source
        sourceLayer = layer.sourceLayer
        filter = layer.filter.map { $0.folded(context) }
        var properties: [String: PropertyExpression] = [:]
        var inputs = ExpressionInputs()
        for definition in layer.kind.layout + layer.kind.paint {
            guard let property = layer.properties[definition.name] else {
                properties[definition.name] = PropertyExpression(constant: definition.fallback)
                continue
            }
            let folded = property.folded(context)
            inputs.formUnion(folded.inputs)
            properties[definition.name] = folded
        }
        self.properties = properties
        self.inputs = inputs
        given = Set(layer.properties.keys)
        if layer.kind == .symbol || given.contains("line-dasharray") || given.contains("line-pattern"), let zoom = context.zoom, zoom != zoom.rounded(.down) {
            var whole = context
            whole.zoom = zoom.rounded(.down)
            onWholeZoom = [ZoomedLayer(layer, whole)]
        } else {
            onWholeZoom = []
        }
    }

    /// Whether the layer draws these features: those of its source layer, or of a source that has no layers of its own.
    func reads(_ data: TileLayer) -> Bool { data.name == (sourceLayer ?? "") }

    func gives(_ name: String) -> Bool { given.contains(name) }

    func value(_ name: String, _ context: EvaluationContext) -> ExpressionValue {
        guard let property = properties[name] else { return .null }
        if case .literal(let value) = property.expression { return value == .null ? property.fallback : value }
        return property.value(context)
    }

    /// The number that a property has for every feature.
    func sharedNumber(_ name: String) -> Double? {
        guard case .literal(let value)? = properties[name]?.expression else { return nil }
        return value.number
    }

    /// The greatest magnitude that a number or a pair of numbers can have for any feature; `nil` where it is not known.
    func greatestMagnitude(_ name: String) -> Double? {
        guard let property = properties[name], let greatest = property.expression.greatestMagnitude,
            let fallback = Expression.literal(property.fallback).greatestMagnitude
        else { return nil }
        return max(greatest, fallback)
    }

    func number(_ name: String, _ context: EvaluationContext) -> Float {
        Float(value(name, context).number ?? 0)
    }

    /// `nil` where the property gives no number.
    func optionalNumber(_ name: String, _ context: EvaluationContext) -> Double? {
        value(name, context).number
    }

    func isTrue(_ name: String, _ context: EvaluationContext) -> Bool { value(name, context).isTrue }

    func text(_ name: String, _ context: EvaluationContext) -> String { value(name, context).text }

    func numbers(_ name: String, _ context: EvaluationContext) -> [Float] {
        (value(name, context).numbers ?? []).map { Float($0) }
    }

    func colour(_ name: String, _ context: EvaluationContext) -> Colour {
        if case .colour(let c) = value(name, context) { return Colour(c) }
        return .clear
    }

    /// The name of an image, or `nil` where there is none.
    func image(_ name: String, _ context: EvaluationContext) -> String? {
        switch value(name, context) {
        case .image(let name, _), .string(let name): name.isEmpty ? nil : name
        default: nil
        }
    }

    /// `…-translate` in 24.8 pixels, turned with the map unless `…-translate-anchor` holds it to the picture.
    func translation(_ name: String, _ frame: RenderFrame) -> (x: Int32, y: Int32) {
        let v = numbers(name, frame.context)
        guard v.count == 2, v != [0, 0] else { return (0, 0) }
        let isOnMap = text(name + "-anchor", frame.context) != "viewport"
        let moved = isOnMap ? frame.turn.applied(v[0], v[1]) : (x: v[0], y: v[1])
        let unit = frame.ratio * Float(PixelGeometry.unitsPerPixel)
        return (Int32((moved.x * unit).rounded()), Int32((moved.y * unit).rounded()))
    }
}

extension Colour {
    /// The nearest colour of eight bits a component.
    init(_ colour: StyleColour) {
        func byte(_ v: Double) -> UInt8 { UInt8(Swift.min(Swift.max(v, 0), 1) * 255 + 0.5) }
        let c = colour.straight
        self.init(red: byte(c[0]), green: byte(c[1]), blue: byte(c[2]), alpha: byte(colour.alpha))
    }
}
