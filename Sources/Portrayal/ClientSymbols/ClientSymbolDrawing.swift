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
    ///
    /// - Parameter steep: the text as it runs on a line that rises more than it goes aside; `nil` where it always runs the same.
    func text(_ layout: DistanceLayout, steep: DistanceLayout?, _ symbol: ClientSymbol) -> Piece? {
        let format = symbol.format
        let scale = format.sizeInPixels / Float(GlyphRange.sizeInPixels)
        if let (line, at) = symbol.line, common.textFollowsLine { return text(layout, steep: steep, symbol, along: line, at, scale) }
        let turn = common.textTurn(frame.turn).turned(degrees: format.textTurnInDegrees)
        let (x, y) = (symbol.x + common.textTranslation.x, symbol.y + common.textTranslation.y)
        var piece = Piece()
        for glyph in layout.glyphs {
            let place = turn.applied(glyph.x * scale, glyph.y * scale)
            let own = glyph.isTurned ? turn.turned(degrees: 90) : turn
            add(glyph, x + place.x, y + place.y, own, scale, format, &piece)
        }
        let box = PixelBox(
            left: layout.left * scale, top: layout.top * scale, right: layout.right * scale, bottom: layout.bottom * scale
        ).grown(by: common.textPadding)
        // Boxes heed the symbol's own turn, not the map's.
        piece.boxes = [box.turned(Rotation(degrees: format.textTurnInDegrees)).moved(x, y)]
        return piece
    }

    private func text(
        _ row: DistanceLayout, steep: DistanceLayout?, _ symbol: ClientSymbol, along both: TwoWayLine, _ at: Float, _ scale: Float
    ) -> Piece? {
        guard let first = row.glyphs.first, let last = row.glyphs.last else { return nil }
        let given = both.forward
        func middle(_ glyph: DistanceLayout.Glyph) -> Float { (glyph.x + glyph.advance * glyph.scale / 2) * scale }
        let (start, end) = (at + middle(first), at + middle(last))
        let offset = common.variableAnchors.isEmpty && symbol.format.radialOffsetInEm == 0
            ? symbol.format.offset.y * symbol.format.sizeInPixels : 0
        guard offset != 0 || (start >= 0 && end <= given.length) else { return nil }
        let (from, to) = (given.point(at: start), given.point(at: end))
        let isSteep = steep != nil && abs(to.y - from.y) > abs(to.x - from.x)
        let layout = isSteep ? steep ?? row : row
        let flips = common.keepsTextUpright && (isSteep ? to.y < from.y : to.x < from.x)
        let line = flips ? both.backward : given
        let anchor = flips ? given.length - at : at
        let way = offset == 0 ? nil : ParallelWay(line, anchor: anchor, offset: offset)
        var piece = Piece()
        for glyph in layout.glyphs {
            let reach = anchor + middle(glyph)
            guard way != nil || (0...line.length).contains(reach) else { return nil }
            guard let p = way.map({ $0.point(at: middle(glyph)) }) ?? line.point(at: reach) else { return nil }
            let turn = common.glyphsStandUpright ? common.textTurn(frame.turn) : p.turn
            let (x, y) = (p.x + common.textTranslation.x, p.y + common.textTranslation.y)
            var (own, pen) = (turn, (x: -glyph.advance * glyph.scale / 2 * scale, y: glyph.y * scale - offset))
            if glyph.isUpright {
                own = turn.turned(degrees: -90)
                let upright = DistanceLayout.pen(ofUpright: glyph)
                pen = (upright.x * scale + offset, upright.y * scale)
            }
            let place = own.applied(pen.x, pen.y)
            add(glyph, x + place.x, y + place.y, own, scale, symbol.format, &piece)
            let radius = symbol.format.sizeInPixels / 2 + common.textPadding
            piece.boxes.append(PixelBox(left: x - radius, top: y - radius, right: x + radius, bottom: y + radius))
        }
        return piece
    }

    /// - Parameters:
    ///   - x, y: where the pen comes.
    ///   - scale: device pixels a glyph pixel.
    private func add(
        _ glyph: DistanceLayout.Glyph, _ x: Float, _ y: Float, _ turn: Rotation, _ scale: Float, _ format: SymbolFormat,
        _ piece: inout Piece
    ) {
        let section = format.sections.indices.contains(glyph.section) ? format.sections[glyph.section] : nil
        let shade = TextShade(
            fill: .fill(
                section?.colour.map { Colour($0) } ?? format.baseColour, opacity: format.textOpacity, scale: scale),
            halo: .halo(
                format.halo, width: format.haloWidth, blur: format.haloBlur, opacity: format.textOpacity, scale: scale))
        let step = glyph.scale * scale
        switch glyph.shape {
        case .glyph(let shape):
            guard !shape.bitmap.isEmpty else { return }
            let buffer = GlyphRange.bufferInPixels
            let corner = turn.applied(Float(shape.left - buffer) * step, Float(-shape.top - buffer) * step)
            let (width, height) = (shape.width + 2 * buffer, shape.height + 2 * buffer)
            let placement = Self.placement(x + corner.x, y + corner.y, turn, step, width, height)
            piece.glyphs.append(
                DrawnSymbol.Glyph(
                    picture: DistancePicture(width: width, height: height, values: shape.bitmap), placement: placement,
                    fill: shade.fill, halo: shade.halo))
        case .image:
            guard let name = section?.image, let sprite = frame.sprites.icon(name, ratio: frame.ratio) else { return }
            add(sprite, x, y, turn, step, shade, format.textOpacity, &piece)
        }
    }

    private struct TextShade {
        var fill: DistanceShade
        var halo: DistanceShade?
    }

    /// Where a picture in a text lies from the pen, in its own logical pixels: right and down.
    private static let pictureInset: (x: Float, y: Float) = (1, 3)

    private func add(
        _ sprite: SpriteIcon, _ x: Float, _ y: Float, _ turn: Rotation, _ step: Float, _ shade: TextShade, _ opacity: Float,
        _ piece: inout Piece
    ) {
        let corner = turn.applied(Self.pictureInset.x * step, Self.pictureInset.y * step)
        let placement = Self.placement(
            x + corner.x, y + corner.y, turn, step / sprite.ratio, sprite.image.width, sprite.image.height)
        if sprite.isDistances {
            piece.glyphs.append(
                DrawnSymbol.Glyph(
                    picture: DistancePicture(alphasOf: sprite.image), placement: placement, fill: shade.fill, halo: shade.halo))
        } else {
            piece.images.append(
                DrawnSymbol.Image(image: sprite.image, placement: placement, sampling: .linear, opacity: opacity))
        }
    }

    /// A whole picture, turned about its left top corner.
    private static func placement(
        _ x: Float, _ y: Float, _ turn: Rotation, _ step: Float, _ width: Int, _ height: Int
    ) -> ImagePlacement {
        ImagePlacement(
            x: x, y: y, across: turn.applied(step, 0), down: turn.applied(0, step), left: -1, top: -1, right: Float(width + 1),
            bottom: Float(height + 1))
    }

    // MARK: Icons

    /// - Parameter isTurned: whether the icon lies on its side, round a column.
    func icon(_ icon: ClientIcon, _ symbol: ClientSymbol, isTurned: Bool = false) -> Piece {
        var format = symbol.format
        if isTurned { format.iconRotationInDegrees += 90 }
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
