/// The properties of a symbol layer that are the same for all its features.
struct SymbolLayerFormat {
    enum Placement: String {
        case point, line
        case lineCentre = "line-center"
    }
    enum WritingMode: String {
        case horizontal, vertical
    }
    let placement: Placement
    /// Device pixels.
    let spacing: Float
    let textPadding: Float
    let textOverlaps: Bool
    let textIgnoresPlacement: Bool
    let textOptional: Bool
    let iconOverlaps: Bool
    let iconIgnoresPlacement: Bool
    let iconOptional: Bool
    let textFollowsLine: Bool
    /// Whether glyphs stand upright while they follow a line.
    let glyphsStandUpright: Bool
    let iconFollowsLine: Bool
    /// Whether texts and icons turn with the map where they follow no line.
    private let textLiesOnMap: Bool
    private let iconLiesOnMap: Bool
    let keepsTextUpright: Bool
    /// Degrees.
    let maximumAngle: Float
    let lineHeight: Float
    let variableAnchors: [SymbolAnchor]
    /// Ways in which texts at points may run, in order of preference.
    let writingModes: [WritingMode]
    let iconFit: String
    /// Top, right, bottom, left in device pixels.
    let iconFitPadding: [Float]
    let ordersByY: Bool
    /// Whether the lowest on the screen look for a place first.
    let placesByY: Bool
    let sortsByKey: Bool
    /// Whether clients read icons between their pixels: where some may be scaled or turned.
    let readsIconsSmoothly: Bool
    let textTranslation: (x: Float, y: Float)
    let iconTranslation: (x: Float, y: Float)

    init(_ layer: ZoomedLayer, _ frame: RenderFrame) {
        let context = frame.context
        placement = Placement(rawValue: layer.text("symbol-placement", context)) ?? .point
        spacing = max(layer.number("symbol-spacing", context), 1) * frame.ratio
        textPadding = layer.number("text-padding", context) * frame.ratio
        textOverlaps = layer.isTrue("text-allow-overlap", context) || layer.text("text-overlap", context) == "always"
        textIgnoresPlacement = layer.isTrue("text-ignore-placement", context)
        textOptional = layer.isTrue("text-optional", context)
        iconOverlaps = layer.isTrue("icon-allow-overlap", context) || layer.text("icon-overlap", context) == "always"
        iconIgnoresPlacement = layer.isTrue("icon-ignore-placement", context)
        iconOptional = layer.isTrue("icon-optional", context)
        let alignment = layer.text("text-rotation-alignment", context)
        textFollowsLine = placement != .point && alignment != "viewport"
        glyphsStandUpright = alignment == "viewport-glyph"
        let iconAlignment = layer.text("icon-rotation-alignment", context)
        iconFollowsLine = placement != .point && iconAlignment != "viewport"
        textLiesOnMap = alignment == "map"
        iconLiesOnMap = iconAlignment == "map"
        keepsTextUpright = layer.isTrue("text-keep-upright", context)
        maximumAngle = layer.number("text-max-angle", context)
        lineHeight = layer.number("text-line-height", context)
        if case .array(let names) = layer.value("text-variable-anchor", context) {
            variableAnchors = names.compactMap { SymbolAnchor(rawValue: $0.text) }
        } else {
            variableAnchors = []
        }
        var modes: [WritingMode] = []
        if placement == .point, case .array(let names) = layer.value("text-writing-mode", context) {
            for case let mode? in names.map({ WritingMode(rawValue: $0.text) }) where !modes.contains(mode) { modes.append(mode) }
        }
        writingModes = modes.isEmpty ? [.horizontal] : modes
        iconFit = layer.text("icon-text-fit", context)
        iconFitPadding = layer.numbers("icon-text-fit-padding", context).map { $0 * frame.ratio }
        let order = layer.text("symbol-z-order", context)
        placesByY = order == "viewport-y"
        readsIconsSmoothly = layer.sharedNumber("icon-size") != 1 || layer.sharedNumber("icon-rotate") != 0
            || iconFollowsLine || iconAlignment == "map"
        sortsByKey = layer.gives("symbol-sort-key")
        ordersByY = order == "viewport-y" || order == "auto" && !sortsByKey
        let text = layer.translation("text-translate", frame)
        let icon = layer.translation("icon-translate", frame)
        textTranslation = (PixelGeometry.pixels(text.x), PixelGeometry.pixels(text.y))
        iconTranslation = (PixelGeometry.pixels(icon.x), PixelGeometry.pixels(icon.y))
    }

    /// - Parameter map: the map's turn on the screen.
    func textTurn(_ map: Rotation) -> Rotation { textLiesOnMap ? map : Rotation(dx: 1, dy: 0) }
    func iconTurn(_ map: Rotation) -> Rotation { iconLiesOnMap ? map : Rotation(dx: 1, dy: 0) }
}
