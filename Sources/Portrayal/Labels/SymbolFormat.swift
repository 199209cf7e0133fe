import Raster

/// The properties of a symbol that may differ from feature to feature.
struct SymbolFormat {
    var text: String
    /// The text in its sections, transformed.
    var sections: [FormattedSection]
    var fonts: [String]
    /// Device pixels.
    var sizeInPixels: Float
    /// At the whole zoom below, by which clients scale the pictures in a text.
    var wholeZoomSizeInPixels: Float
    var maximumWidthInEm: Float
    var letterSpacingInEm: Float
    var justify: String
    var anchor: SymbolAnchor
    /// Ems, x right and y down.
    var offset: (x: Float, y: Float)
    var radialOffsetInEm: Float
    /// Whether the style measures from the position outwards and not along the axes.
    var givesRadialOffset: Bool
    var anchorOffsets: [AnchorOffset]
    /// That of the first section.
    var colour: Colour
    /// That of sections which state none.
    var baseColour: Colour
    var halo: Colour
    var haloWidth: Float
    var haloBlur: Float
    var textOpacity: Float
    var textTurnInDegrees: Float
    var icon: String?
    var iconSize: Float
    var iconRotationInDegrees: Float
    var iconOffset: (x: Float, y: Float)
    var iconAnchor: SymbolAnchor
    /// Device pixels, the greatest side.
    var iconPadding: Float
    var iconOpacity: Float
    /// What an icon of distances is painted with; device pixels.
    var iconColour: Colour
    var iconHalo: Colour
    var iconHaloWidth: Float
    var iconHaloBlur: Float
    var sortKey: Double

    /// Whether there is something to set: text, or pictures in it.
    var hasLabel: Bool { !text.isEmpty || sections.contains { $0.image != nil } }

    /// The text with an object character where a picture stands.
    var textWithObjects: String { sections.map { $0.image == nil ? $0.text : "\u{FFFC}" }.joined() }

    /// Device pixels that the halo reaches past the glyphs.
    var haloReach: Float { haloWidth > 0 ? haloWidth + haloBlur : 0 }

    /// - Parameter layout: the layer at the zoom that layout properties are read at; the layer's own by default.
    /// - Returns: `nil` where the feature has neither text nor icon.
    init?(_ layer: ZoomedLayer, _ context: EvaluationContext, _ ratio: Float, layout: ZoomedLayer? = nil) {
        let layout = layout ?? layer
        var sections: [FormattedSection] = []
        if case .formatted(let given) = layout.value("text-field", context) { sections = given }
        let transform = layout.text("text-transform", context)
        for i in sections.indices {
            switch transform {
            case "uppercase": sections[i].text = sections[i].text.uppercased()
            case "lowercase": sections[i].text = sections[i].text.lowercased()
            default: break
            }
        }
        self.sections = sections
        text = sections.map(\.text).joined()
        icon = layout.image("icon-image", context)
        let size = layer.number("text-size", context) * ratio
        if size <= 0 { text = "" }
        if size <= 0 { self.sections = [] }
        guard !text.isEmpty || icon != nil || self.sections.contains(where: { $0.image != nil }) else { return nil }
        wholeZoomSizeInPixels = layout.number("text-size", context) * ratio
        sizeInPixels = size
        fonts = []
        if case .array(let names) = layout.value("text-font", context) { fonts = names.map(\.text) }
        maximumWidthInEm = layout.number("text-max-width", context)
        letterSpacingInEm = layout.number("text-letter-spacing", context)
        justify = layout.text("text-justify", context)
        anchor = SymbolAnchor(rawValue: layout.text("text-anchor", context)) ?? .center
        let offset = layout.numbers("text-offset", context)
        self.offset = offset.count == 2 ? (offset[0], offset[1]) : (0, 0)
        radialOffsetInEm = layout.number("text-radial-offset", context)
        givesRadialOffset = layout.gives("text-radial-offset")
        textTurnInDegrees = layout.number("text-rotate", context)
        anchorOffsets = []
        if case .anchorOffsets(let list) = layout.value("text-variable-anchor-offset", context) { anchorOffsets = list }
        baseColour = layer.colour("text-color", context)
        colour = sections.first?.colour.map { Colour($0) } ?? layer.colour("text-color", context)
        halo = layer.colour("text-halo-color", context)
        haloWidth = layer.number("text-halo-width", context) * ratio
        haloBlur = layer.number("text-halo-blur", context) * ratio
        textOpacity = layer.number("text-opacity", context)
        iconSize = layer.number("icon-size", context)
        iconRotationInDegrees = layout.number("icon-rotate", context)
        let shift = layout.numbers("icon-offset", context)
        iconOffset = shift.count == 2 ? (shift[0], shift[1]) : (0, 0)
        iconAnchor = SymbolAnchor(rawValue: layout.text("icon-anchor", context)) ?? .center
        iconPadding = (layout.numbers("icon-padding", context).max() ?? 0) * ratio
        iconOpacity = layer.number("icon-opacity", context)
        iconColour = layer.colour("icon-color", context)
        iconHalo = layer.colour("icon-halo-color", context)
        iconHaloWidth = layer.number("icon-halo-width", context) * ratio
        iconHaloBlur = layer.number("icon-halo-blur", context) * ratio
        sortKey = layout.optionalNumber("symbol-sort-key", context) ?? 0
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
