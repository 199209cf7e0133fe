import Raster

/// The properties of a symbol that may differ from feature to feature.
struct SymbolFormat {
    var text: String
    var fonts: [String]
    /// Device pixels.
    var sizeInPixels: Float
    var maximumWidthInEm: Float
    var letterSpacingInEm: Float
    var justify: String
    var anchor: SymbolAnchor
    /// Ems, x right and y down.
    var offset: (x: Float, y: Float)
    var radialOffsetInEm: Float
    var anchorOffsets: [AnchorOffset]
    var colour: Colour
    var halo: Colour
    var haloWidth: Float
    var haloBlur: Float
    var textOpacity: Float
    var icon: String?
    var iconSize: Float
    var iconRotationInDegrees: Float
    var iconOffset: (x: Float, y: Float)
    var iconAnchor: SymbolAnchor
    /// Device pixels, the greatest side.
    var iconPadding: Float
    var iconOpacity: Float
    var sortKey: Double

    /// Device pixels that the halo reaches past the glyphs.
    var haloReach: Float { haloWidth > 0 ? haloWidth + haloBlur : 0 }

    /// `nil` where the feature has neither text nor icon.
    init?(_ layer: ZoomedLayer, _ context: EvaluationContext, _ ratio: Float) {
        var sections: [FormattedSection] = []
        if case .formatted(let given) = layer.value("text-field", context) { sections = given }
        let raw = sections.map(\.text).joined()
        switch layer.text("text-transform", context) {
        case "uppercase": text = raw.uppercased()
        case "lowercase": text = raw.lowercased()
        default: text = raw
        }
        icon = layer.image("icon-image", context)
        let size = layer.number("text-size", context) * ratio
        if size <= 0 { text = "" }
        guard !text.isEmpty || icon != nil else { return nil }
        sizeInPixels = size
        fonts = []
        if case .array(let names) = layer.value("text-font", context) { fonts = names.map(\.text) }
        maximumWidthInEm = layer.number("text-max-width", context)
        letterSpacingInEm = layer.number("text-letter-spacing", context)
        justify = layer.text("text-justify", context)
        anchor = SymbolAnchor(rawValue: layer.text("text-anchor", context)) ?? .center
        let offset = layer.numbers("text-offset", context)
        self.offset = offset.count == 2 ? (offset[0], offset[1]) : (0, 0)
        radialOffsetInEm = layer.number("text-radial-offset", context)
        anchorOffsets = []
        if case .anchorOffsets(let list) = layer.value("text-variable-anchor-offset", context) { anchorOffsets = list }
        colour = sections.first?.colour.map { Colour($0) } ?? layer.colour("text-color", context)
        halo = layer.colour("text-halo-color", context)
        haloWidth = layer.number("text-halo-width", context) * ratio
        haloBlur = layer.number("text-halo-blur", context) * ratio
        textOpacity = layer.number("text-opacity", context)
        iconSize = layer.number("icon-size", context)
        iconRotationInDegrees = layer.number("icon-rotate", context)
        let shift = layer.numbers("icon-offset", context)
        iconOffset = shift.count == 2 ? (shift[0], shift[1]) : (0, 0)
        iconAnchor = SymbolAnchor(rawValue: layer.text("icon-anchor", context)) ?? .center
        iconPadding = (layer.numbers("icon-padding", context).max() ?? 0) * ratio
        iconOpacity = layer.number("icon-opacity", context)
        sortKey = layer.optionalNumber("symbol-sort-key", context) ?? 0
    }
}

extension SymbolAnchor {
    /// The part of the width that lies left of the anchored position: 0, 0.5 or 1.
    var across: Float {
        switch self {
        case .left, .topLeft, .bottomLeft: 0
        case .right, .topRight, .bottomRight: 1
        default: 0.5
        }
    }

    /// The part of the height that lies above the anchored position.
    var down: Float {
        switch self {
        case .top, .topLeft, .topRight: 0
        case .bottom, .bottomLeft, .bottomRight: 1
        default: 0.5
        }
    }

    /// An offset that leads away from the anchored position, given its amounts across and down.
    func away(_ x: Float, _ y: Float) -> (x: Float, y: Float) { (x * (1 - 2 * across), y * (1 - 2 * down)) }
}
