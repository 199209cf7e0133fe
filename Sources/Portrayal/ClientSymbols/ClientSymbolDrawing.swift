import Raster
import Typography

/// Works out where the glyphs and pictures of a symbol come, and draws them.
struct ClientSymbolDrawing {
    let common: SymbolLayerFormat
    let frame: RenderFrame

    /// A text or an icon with the boxes it needs.
    struct Piece {
        var glyphs: [DrawnSymbol.Glyph] = []
        var images: [DrawnSymbol.Image] = []
        var boxes: [PixelBox] = []
    }

    // MARK: Text

    /// `nil` where a line leaves the text no room.
    func text(_ layout: DistanceLayout, _ symbol: ClientSymbol) -> Piece? {
        let format = symbol.format
        let scale = format.sizeInPixels / Float(GlyphRange.sizeInPixels)
        if let (line, at) = symbol.line, common.textFollowsLine { return text(layout, symbol, along: line, at, scale) }
        let turn = common.textTurn(frame.turn).turned(degrees: format.textTurnInDegrees)
        let (x, y) = (symbol.x + common.textTranslation.x, symbol.y + common.textTranslation.y)
        var piece = Piece()
        for glyph in layout.glyphs {
            let place = turn.applied(glyph.x * scale, glyph.y * scale)
            add(glyph, x + place.x, y + place.y, turn, centred: false, scale, format, &piece)
        }
        let box = PixelBox(
            left: layout.left * scale, top: layout.top * scale, right: layout.right * scale, bottom: layout.bottom * scale
        ).grown(by: common.textPadding)
        // Boxes heed the symbol's own turn, not the map's.
        piece.boxes = [box.turned(Rotation(degrees: format.textTurnInDegrees)).moved(x, y)]
        return piece
    }

    private func text(
        _ layout: DistanceLayout, _ symbol: ClientSymbol, along given: LabelLine, _ at: Float, _ scale: Float
    ) -> Piece? {
        guard let first = layout.glyphs.first, let last = layout.glyphs.last else { return nil }
        func middle(_ glyph: DistanceLayout.Glyph) -> Float {
            (glyph.x + Float(glyph.glyph.advance) * glyph.scale / 2) * scale
        }
        let (start, end) = (at + middle(first), at + middle(last))
        let offset = common.variableAnchors.isEmpty && symbol.format.radialOffsetInEm == 0
            ? symbol.format.offset.y * symbol.format.sizeInPixels : 0
        guard offset != 0 || (start >= 0 && end <= given.length) else { return nil }
        let flips = common.keepsTextUpright && given.point(at: end).x < given.point(at: start).x
        let line = flips ? given.reversed : given
        let anchor = flips ? given.length - at : at
        let way = offset == 0 ? nil : ParallelWay(line, anchor: anchor, offset: offset)
        var piece = Piece()
        for glyph in layout.glyphs {
            let reach = anchor + middle(glyph)
            guard way != nil || (0...line.length).contains(reach) else { return nil }
            guard let p = way.map({ $0.point(at: middle(glyph)) }) ?? line.point(at: reach) else { return nil }
            let turn = common.glyphsStandUpright ? common.textTurn(frame.turn) : p.turn
            let drop = turn.applied(0, glyph.y * scale - offset)
            let (x, y) = (p.x + common.textTranslation.x, p.y + common.textTranslation.y)
            add(glyph, x + drop.x, y + drop.y, turn, centred: true, scale, symbol.format, &piece)
            let radius = symbol.format.sizeInPixels / 2 + common.textPadding
            piece.boxes.append(PixelBox(left: x - radius, top: y - radius, right: x + radius, bottom: y + radius))
        }
        return piece
    }

    /// - Parameter centred: whether the glyph's middle, and not its pen position, comes to the place.
    private func add(
        _ glyph: DistanceLayout.Glyph, _ x: Float, _ y: Float, _ turn: Rotation, centred: Bool, _ scale: Float,
        _ format: SymbolFormat, _ piece: inout Piece
    ) {
        let (shape, buffer) = (glyph.glyph, GlyphRange.bufferInPixels)
        guard !shape.bitmap.isEmpty else { return }
        let step = glyph.scale * scale
        let left = Float(shape.left - buffer) * step - (centred ? Float(shape.advance) * step / 2 : 0)
        let corner = turn.applied(left, Float(-shape.top - buffer) * step)
        let (width, height) = (shape.width + 2 * buffer, shape.height + 2 * buffer)
        let placement = ImagePlacement(
            x: x + corner.x, y: y + corner.y, across: turn.applied(step, 0), down: turn.applied(0, step), left: -1, top: -1,
            right: Float(width + 1), bottom: Float(height + 1))
        let section = format.sections.indices.contains(glyph.section) ? format.sections[glyph.section] : nil
        let colour = section?.colour.map { Colour($0) } ?? format.baseColour
        piece.glyphs.append(
            DrawnSymbol.Glyph(
                picture: DistancePicture(width: width, height: height, values: shape.bitmap), placement: placement,
                fill: .fill(colour, opacity: format.textOpacity, scale: scale),
                halo: .halo(
                    format.halo, width: format.haloWidth, blur: format.haloBlur, opacity: format.textOpacity, scale: scale)))
    }

    // MARK: Icons

    func icon(_ icon: ClientIcon, _ symbol: ClientSymbol) -> Piece {
        let format = symbol.format
        let scale = format.iconSize * frame.ratio
        let base = common.iconFollowsLine && symbol.line != nil ? symbol.turn : common.iconTurn(frame.turn)
        let turn = base.turned(degrees: format.iconRotationInDegrees)
        let (x, y) = (symbol.x + common.iconTranslation.x, symbol.y + common.iconTranslation.y)
        var piece = Piece()
        let placements = icon.pieces(x: x, y: y, turn: turn, size: format.iconSize, ratio: frame.ratio)
        if icon.sprite.isDistances {
            let picture = DistancePicture(alphasOf: icon.sprite.image)
            let shade = IconShade(format, scale: scale)
            for placement in placements {
                piece.glyphs.append(
                    DrawnSymbol.Glyph(
                        picture: picture, placement: placement, fill: shade.fill(opacity: format.iconOpacity),
                        halo: shade.halo(opacity: format.iconOpacity)))
            }
        } else {
            let isSmooth = common.readsIconsSmoothly || icon.sprite.ratio != frame.ratio
            for placement in placements {
                piece.images.append(
                    DrawnSymbol.Image(
                        image: icon.sprite.image, placement: placement, sampling: isSmooth ? .linear : .nearest,
                        opacity: format.iconOpacity))
            }
        }
        let box = icon.collisionBox.scaled(scale).grown(by: format.iconPadding)
        piece.boxes = [box.turned(Rotation(degrees: format.iconRotationInDegrees)).moved(x, y)]
        return piece
    }

    // MARK: On the canvas

    /// Icons lie below all texts of the layer, halos below the texts of their tile; but symbols with keys lie one over the
    /// other, whichever tiles they are of.
    static func draw(_ tiles: [DrawnSymbols], texts: Blending, _ canvas: inout Canvas) {
        var keyed = tiles.filter(\.isInterleaved).flatMap(\.symbols)
        // A stable sort: equal keys keep the order of the tiles.
        keyed = keyed.indices.sorted { a, b in
            let (x, y) = (keyed[a].order.key, keyed[b].order.key)
            return x != y ? x < y : a < b
        }.map { keyed[$0] }
        for symbol in keyed {
            drawIcons([symbol], &canvas)
            draw(symbol.glyphs, texts, &canvas)
        }
        for tile in tiles where !tile.isInterleaved { drawIcons(tile.symbols, &canvas) }
        for tile in tiles where !tile.isInterleaved { draw(tile.symbols.flatMap(\.glyphs), texts, &canvas) }
    }

    private static func drawIcons(_ symbols: [DrawnSymbol], _ canvas: inout Canvas) {
        for symbol in symbols {
            for image in symbol.images {
                canvas.draw(image.image, at: image.placement, sampling: image.sampling, opacity: image.opacity)
            }
        }
        draw(symbols.flatMap(\.icons), .stored, &canvas)
    }

    private static func draw(_ glyphs: [DrawnSymbol.Glyph], _ blending: Blending, _ canvas: inout Canvas) {
        for glyph in glyphs {
            if let halo = glyph.halo { canvas.draw(glyph.picture, at: glyph.placement, shade: halo, blending: blending) }
        }
        for glyph in glyphs { canvas.draw(glyph.picture, at: glyph.placement, shade: glyph.fill, blending: blending) }
    }
}

extension PixelBox {
    /// The upright box round this one turned about the origin.
    func turned(_ turn: Rotation) -> PixelBox {
        var out: PixelBox?
        for (x, y) in [(left, top), (right, top), (left, bottom), (right, bottom)] {
            let p = turn.applied(x, y)
            let corner = PixelBox(left: p.x, top: p.y, right: p.x, bottom: p.y)
            out = out?.union(corner) ?? corner
        }
        return out ?? self
    }

    func moved(_ x: Float, _ y: Float) -> PixelBox {
        PixelBox(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
    }

    func scaled(_ factor: Float) -> PixelBox {
        PixelBox(left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor)
    }
}

extension Rotation {
    func turned(degrees: Float) -> Rotation {
        if degrees == 0 { return self }
        let other = Rotation(degrees: degrees)
        return Rotation(dx: cosine * other.cosine - sine * other.sine, dy: sine * other.cosine + cosine * other.sine)
    }
}
