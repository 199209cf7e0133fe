import Raster
import Typography

/// Lays out the text of a symbol, hung from its position by one of its anchors.
struct ClientTextSetting {
    let layer: String
    let common: SymbolLayerFormat
    let frame: RenderFrame
    let blocks: (any GlyphBlocks)?
    let catalogue: FontCatalogue

    private static let em = Float(GlyphRange.sizeInPixels)
    /// What labels above and below their position are moved by, so that the ink seems as far away as at the sides.
    private static let baselineShift: Float = 7

    /// A place where a text may hang.
    struct Hanging {
        var anchor: SymbolAnchor
        /// Glyph pixels.
        var offset: (x: Float, y: Float)
        /// Whether it is one of several: then the text's box hangs with its padding.
        var isOneOfMany = true
    }

    /// In order of preference; one where the text has a fixed place.
    func hangings(_ format: SymbolFormat) -> [Hanging] {
        if !format.anchorOffsets.isEmpty {
            return format.anchorOffsets.map { entry in
                let v = entry.offset.map { Float($0) * Self.em }
                let up = Self.lift(entry.anchor)
                return Hanging(anchor: entry.anchor, offset: v.count == 2 ? (v[0], v[1] + up) : (0, up))
            }
        }
        if common.variableAnchors.isEmpty {
            let em = Self.em
            let fixed = format.radialOffsetInEm != 0
                ? Self.radial(format.anchor, format.radialOffsetInEm) : (format.offset.x * em, format.offset.y * em)
            return [Hanging(anchor: format.anchor, offset: fixed, isOneOfMany: false)]
        }
        return common.variableAnchors.map { anchor in
            Hanging(
                anchor: anchor,
                offset: format.givesRadialOffset
                    ? Self.radial(anchor, format.radialOffsetInEm) : Self.away(anchor, format.offset.x, format.offset.y))
        }
    }

    /// In order of preference, how a text at a point may run: down only where something of it stands upright there.
    func directions(_ format: SymbolFormat) -> [DistanceLayout.Direction] {
        guard common.writingModes.contains(.vertical), Self.hasUpright(format) else { return [.row] }
        return common.writingModes.map { $0 == .vertical ? .column : .row }
    }

    /// Whether a text along a line runs otherwise where the line is steep.
    func standsSteep(_ format: SymbolFormat) -> Bool {
        common.textFollowsLine && common.keepsTextUpright && Self.hasUpright(format)
    }

    private static func hasUpright(_ format: SymbolFormat) -> Bool { format.text.unicodeScalars.contains(where: \.standsUpright) }

    private static func lift(_ anchor: SymbolAnchor) -> Float {
        anchor.down == 0 ? -baselineShift : anchor.down == 1 ? baselineShift : 0
    }

    private static func radial(_ anchor: SymbolAnchor, _ distanceInEm: Float) -> (Float, Float) {
        let distance = max(distanceInEm, 0) * em
        let isCorner = anchor.across != 0.5 && anchor.down != 0.5
        let reach = isCorner ? distance / Float(2).squareRoot() : distance
        let to = anchor.away(reach, reach)
        return (to.x, to.y + lift(anchor))
    }

    private static func away(_ anchor: SymbolAnchor, _ x: Float, _ y: Float) -> (Float, Float) {
        let to = anchor.away(abs(x) * em, abs(y) * em)
        return (to.x, to.y + lift(anchor))
    }

    /// - Parameters:
    ///   - direction: a column takes the anchor and the offset as turned with it.
    ///   - wraps: whether the text may be broken to its maximum width.
    func layout(
        _ format: SymbolFormat, _ hanging: Hanging, _ direction: DistanceLayout.Direction = .row, wraps: Bool,
        _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> DistanceLayout {
        var sections: [DistanceLayout.Section] = []
        for section in format.sections { sections.append(try self.section(section, format, &scratch)) }
        var options = DistanceLayout.Options(
            maxWidthInEm: wraps ? format.maximumWidthInEm : 0, lineHeightInEm: common.lineHeight,
            letterSpacingInEm: format.letterSpacingInEm, justification: direction == .column ? 0 : justification(format, hanging.anchor),
            across: hanging.isOneOfMany ? 0.5 : hanging.anchor.across, down: hanging.isOneOfMany ? 0.5 : hanging.anchor.down,
            offset: hanging.isOneOfMany ? (0, 0) : hanging.offset)
        options.direction = direction
        do {
            var layout = try DistanceLayout(sections, options: options)
            if hanging.isOneOfMany {
                let padding = 2 * common.textPadding * Self.em / format.sizeInPixels
                layout.move(
                    (0.5 - hanging.anchor.across) * (layout.right - layout.left + padding) + hanging.offset.x,
                    (0.5 - hanging.anchor.down) * (layout.bottom - layout.top + padding) + hanging.offset.y)
            }
            return layout
        } catch {
            throw PortrayalError(.unreadableGlyph, "layer \"\(layer)\": \(error.message)")
        }
    }

    private func section(
        _ given: FormattedSection, _ format: SymbolFormat, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> DistanceLayout.Section {
        let height: Float = given.verticalAlign == "top" ? 0 : given.verticalAlign == "center" ? 0.5 : 1
        if let name = given.image {
            guard let sprite = frame.sprites.icon(name, ratio: frame.ratio) else {
                scratch.statistics.missingImages.insert(name)
                return DistanceLayout.Section(.image(width: 0, height: 0), scale: 0, height: height)
            }
            return DistanceLayout.Section(
                .image(width: Float(sprite.image.width) / sprite.ratio, height: Float(sprite.image.height) / sprite.ratio),
                scale: Self.em * frame.ratio / max(format.wholeZoomSizeInPixels, .leastNormalMagnitude), height: height)
        }
        let names = given.fonts.map { $0.split(separator: ",").map(String.init) } ?? format.fonts
        let font = try scratch.distances.font(names, blocks, catalogue, &scratch.fonts, layer: layer)
        return DistanceLayout.Section(.text(given.text, font), scale: Float(given.scale ?? 1), height: height)
    }

    private func justification(_ format: SymbolFormat, _ anchor: SymbolAnchor) -> Float {
        switch format.justify {
        case "left": 0
        case "right": 1
        case "auto": anchor.across
        default: 0.5
        }
    }
}
