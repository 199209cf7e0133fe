import Raster
import Typography

/// A text at a point as it is set in one writing mode.
struct PointText {
    private enum Layout {
        case rows(TextLayout)
        case columns(ColumnLayout)
    }

    private let layout: Layout
    /// What stands for the objects of the text.
    private let icons: [PlacedSymbol.Icon]

    init(_ layout: TextLayout, icons: [PlacedSymbol.Icon] = []) {
        self.layout = .rows(layout)
        self.icons = icons
    }

    init(_ layout: ColumnLayout) {
        self.layout = .columns(layout)
        icons = []
    }

    /// Device pixels.
    var width: Float {
        switch layout {
        case .rows(let layout): layout.width
        case .columns(let layout): layout.width
        }
    }

    var height: Float {
        switch layout {
        case .rows(let layout): layout.height
        case .columns(let layout): layout.height
        }
    }

    /// Whether no font has one of its characters.
    var lacksCharacters: Bool {
        switch layout {
        case .rows(let layout): !layout.missing.isEmpty
        case .columns(let layout): !layout.missing.isEmpty
        }
    }

    /// The box's left top corner from the anchored position, in pixels.
    ///
    /// Where a text has one place, anchor and offset of a column are those of a row turned with it, as on clients: `left` hangs
    /// the column from its top.
    /// - Parameters:
    ///   - offset: pixels, x right and y down.
    ///   - isOneOfMany: whether the side is one of several that may be free: then it is a side of the box as it stands.
    func corner(_ side: SymbolAnchor, offset: (x: Float, y: Float), isOneOfMany: Bool) -> (x: Float, y: Float) {
        if case .columns = layout, !isOneOfMany {
            return ((side.down - 1) * width - offset.y, offset.x - side.across * height)
        }
        return (offset.x - side.across * width, offset.y - side.down * height)
    }

    /// - Parameters:
    ///   - x, y: where the box's left top corner comes, in pixels.
    func shape(x: Float, y: Float) -> PlacedSymbol.Shape {
        switch layout {
        case .rows(let layout):
            guard !icons.isEmpty else { return .block(x: PlacedSymbol.units(x), y: PlacedSymbol.units(y)) }
            return .glyphs(layout.lines.flatMap { line in
                line.run.glyphs.map { glyph in
                    TurnedGlyph(
                        glyph: glyph.glyph, face: glyph.face, x: PlacedSymbol.units(x + line.x + glyph.x),
                        y: PlacedSymbol.units(y + line.baseline + glyph.y), turn: Rotation(cosine: 1, sine: 0))
                }
            })
        case .columns(let layout):
            return .glyphs(layout.glyphs.map { glyph in
                TurnedGlyph(
                    glyph: glyph.glyph, face: glyph.face, x: PlacedSymbol.units(x + glyph.x), y: PlacedSymbol.units(y + glyph.y),
                    turn: glyph.isTurned ? Rotation(cosine: 0, sine: 1) : Rotation(cosine: 1, sine: 0))
            })
        }
    }
}

extension PointText {
    /// The pictures in the text, its box's left top corner at a place in pixels.
    func pictures(x: Float, y: Float) -> [PlacedSymbol.Icon] {
        guard case .rows(let layout) = layout else { return [] }
        return layout.objects.map { object in
            var icon = icons[object.number]
            icon.x = PlacedSymbol.units(x + layout.lines[object.line].x + object.x)
            icon.y = PlacedSymbol.units(y + object.y)
            return icon
        }
    }
}

extension TextSetting {
    /// In order of preference, the modes that a text may be set in: columns only where something of it stands upright there.
    func writingModes(_ text: String) -> [SymbolLayerFormat.WritingMode] {
        guard common.writingModes.contains(.vertical), text.unicodeScalars.contains(where: \.standsUpright) else {
            return [.horizontal]
        }
        return common.writingModes
    }

    /// - Throws: `missingFont`.
    func pointText(
        _ format: SymbolFormat, _ mode: SymbolLayerFormat.WritingMode, wraps: Bool, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> PointText {
        switch mode {
        case .horizontal:
            guard format.sections.contains(where: { $0.image != nil }) else {
                return PointText(try layout(format, wraps: wraps, &scratch))
            }
            return try textWithPictures(format, wraps: wraps, &scratch)
        case .vertical:
            let ink = ink(format, wraps: wraps)
            let stack = try scratch.fonts.stack(ink.fonts, catalogue, layer: ink.layer)
            return PointText(scratch.layouts.columns(format.text, stack, sizeInPixels: ink.sizeInPixels, options: ink.options))
        }
    }

    private func textWithPictures(
        _ format: SymbolFormat, wraps: Bool, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> PointText {
        var objects: [TextObject] = []
        var icons: [PlacedSymbol.Icon] = []
        for section in format.sections {
            guard let name = section.image else { continue }
            let sprite = frame.sprites.icon(name, ratio: frame.ratio)
            if sprite == nil { scratch.statistics.missingImages.insert(name) }
            let scale = sprite.map { frame.ratio / $0.ratio } ?? 0
            objects.append(
                TextObject(
                    width: Float(sprite?.image.width ?? 0) * scale, height: Float(sprite?.image.height ?? 0) * scale,
                    alignment: section.verticalAlign == "top" ? 0 : section.verticalAlign == "center" ? 0.5 : 1))
            icons.append(
                PlacedSymbol.Icon(name: name, stretch: nil, x: 0, y: 0, scale: scale, degrees: 0, opacity: format.textOpacity))
        }
        let ink = ink(format, wraps: wraps)
        let stack = try scratch.fonts.stack(ink.fonts, catalogue, layer: ink.layer)
        let layout = TextLayout(
            format.textWithObjects, objects: objects, stack: stack, sizeInPixels: ink.sizeInPixels, options: ink.options)
        return PointText(layout, icons: icons)
    }
}
