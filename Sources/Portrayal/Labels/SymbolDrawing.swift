import Raster
import Typography

/// Draws symbols that have found their places: the icon below, the text's halo, then the text.
struct SymbolDrawing {
    let catalogue: FontCatalogue
    let sprites: SpriteSet
    let ratio: Float
    let textBlending: Blending
    /// Whole pixels from the frame that the symbols were placed in to the canvas.
    let moveX: Int
    let moveY: Int

    /// Beyond this turn a glyph's prepared bitmap no longer passes for the turned glyph.
    private static let levelSine: Float = 0.012
    private static let unitBits = 8
    private static let unitMask: Int32 = 255

    /// A glyph that stands upright: quarters of a pixel across, whole pixels down.
    private struct LevelGlyph {
        var glyph: UInt32
        var face: Int
        var quarters: Int
        var y: Int
    }

    func draw(_ symbol: PlacedSymbol, _ scratch: inout RenderScratch) throws(PortrayalError) {
        if let icon = symbol.icon, let image = scratch.images.picture(of: icon, in: sprites, ratio: ratio) {
            if let shade = icon.shade {
                let picture = scratch.shadedIcons.picture(of: icon, shade, image, ratio: ratio)
                scratch.canvas.draw(
                    picture.pixmap, left: split(icon.x, moveX).whole + picture.left, top: split(icon.y, moveY).whole + picture.top)
            } else {
                draw(icon, image, &scratch.canvas)
            }
        }
        for picture in symbol.pictures {
            if let image = scratch.images.picture(of: picture, in: sprites, ratio: ratio) { draw(picture, image, &scratch.canvas) }
        }
        guard let text = symbol.text else { return }
        let ink = text.ink.ink
        let stack = try scratch.fonts.stack(ink.fonts, catalogue, layer: ink.layer)
        var upright: [LevelGlyph] = []
        var turned: [TurnedGlyph] = []
        switch text.shape {
        case .block(let x, let y): upright = block(try scratch.layout(text.content, ink, catalogue), x, y)
        case .glyphs(let glyphs):
            if glyphs.allSatisfy({ $0.turn.cosine > 0 && abs($0.turn.sine) < Self.levelSine }) {
                upright = glyphs.map(level)
            } else {
                turned = glyphs
            }
        }
        // A medium without pixels takes outlines of every glyph.
        if scratch.canvas.isRecording {
            turned += upright.map(unturned)
            upright = []
        }
        do {
            try drawLevel(upright, ink, stack, &scratch.canvas)
            try drawTurned(turned, ink, stack, &scratch)
        } catch {
            throw PortrayalError(.unreadableGlyph, error.message)
        }
    }

    /// A unit position on the canvas: whole pixels, and what is left over in 0..<1.
    private func split(_ units: Int32, _ move: Int) -> (whole: Int, rest: Float) {
        (Int(units >> Int32(Self.unitBits)) + move, Float(units & Self.unitMask) / Float(PixelGeometry.unitsPerPixel))
    }

    private func draw(_ icon: PlacedSymbol.Icon, _ image: Pixmap, _ canvas: inout Canvas) {
        if icon.scale == 1, icon.degrees == 0 {
            let (x, y) = (split(icon.x, moveX), split(icon.y, moveY))
            let left = x.whole + Int((x.rest - Float(image.width) / 2).rounded())
            let top = y.whole + Int((y.rest - Float(image.height) / 2).rounded())
            canvas.draw(image, left: left, top: top, opacity: icon.opacity)
        } else {
            canvas.draw(
                image, x: icon.x + Int32(moveX << Self.unitBits), y: icon.y + Int32(moveY << Self.unitBits),
                scale: icon.scale, rotationDegrees: icon.degrees, opacity: icon.opacity)
        }
    }

    // MARK: Upright

    private func block(_ layout: TextLayout, _ left: Int32, _ top: Int32) -> [LevelGlyph] {
        let (x, y) = (split(left, moveX), split(top, moveY))
        var glyphs: [LevelGlyph] = []
        for line in layout.lines {
            // Whole rows of pixels: every line of a label is as sharp as the others.
            let baseline = (y.rest + line.baseline).rounded()
            for glyph in line.run.glyphs {
                glyphs.append(
                    LevelGlyph(
                        glyph: glyph.glyph, face: glyph.face,
                        quarters: x.whole * 4 + Int(((x.rest + line.x + glyph.x) * 4).rounded()),
                        y: y.whole + Int((baseline + glyph.y).rounded())))
            }
        }
        return glyphs
    }

    private func level(_ glyph: TurnedGlyph) -> LevelGlyph {
        LevelGlyph(
            glyph: glyph.glyph, face: glyph.face, quarters: moveX * 4 + (Int(glyph.x) + 32) >> 6,
            y: moveY + (Int(glyph.y) + 128) >> 8)
    }

    private func unturned(_ glyph: LevelGlyph) -> TurnedGlyph {
        TurnedGlyph(
            glyph: glyph.glyph, face: glyph.face, x: Int32(clamping: (glyph.quarters - moveX * 4) << 6),
            y: Int32(clamping: (glyph.y - moveY) << 8), turn: Rotation(cosine: 1, sine: 0))
    }

    private func drawLevel(
        _ glyphs: [LevelGlyph], _ ink: TextInk, _ stack: FontStack, _ canvas: inout Canvas
    ) throws(TypographyError) {
        if ink.haloWidth > 0, ink.halo.alpha > 0 {
            let halo = ink.halo.faded(ink.opacity)
            for glyph in glyphs {
                let bitmap = try stack.haloBitmap(
                    Self.placement(glyph, ink), haloWidthInPixels: ink.haloWidth, blurInPixels: ink.haloBlur)
                blit(bitmap, glyph, halo, &canvas)
            }
        }
        let colour = ink.colour.faded(ink.opacity)
        for glyph in glyphs {
            blit(try stack.bitmap(Self.placement(glyph, ink)), glyph, colour, &canvas)
        }
    }

    private static func placement(_ glyph: LevelGlyph, _ ink: TextInk) -> GlyphPlacement {
        GlyphPlacement(
            glyph: glyph.glyph, face: glyph.face, sizeInPixels: ink.sizeInPixels, quarter: glyph.quarters & 3)
    }

    private func blit(_ bitmap: GlyphBitmap, _ glyph: LevelGlyph, _ colour: Colour, _ canvas: inout Canvas) {
        guard bitmap.width > 0, bitmap.height > 0 else { return }
        canvas.draw(
            mask: Mask(width: bitmap.width, height: bitmap.height, coverage: bitmap.coverage),
            x: glyph.quarters >> 2 + bitmap.left, y: glyph.y + bitmap.top, colour: colour, blending: textBlending)
    }

    // MARK: Along a line

    private func drawTurned(
        _ glyphs: [TurnedGlyph], _ ink: TextInk, _ stack: FontStack, _ scratch: inout RenderScratch
    ) throws(TypographyError) {
        guard !glyphs.isEmpty else { return }
        scratch.path.removeAll()
        for glyph in glyphs {
            let placement = GlyphPlacement(glyph: glyph.glyph, face: glyph.face, sizeInPixels: ink.sizeInPixels)
            append(try stack.outline(placement), glyph, to: &scratch.path)
        }
        let slice = PathSlice(scratch.path)
        if ink.haloWidth > 0, ink.halo.alpha > 0 {
            let stroke = Stroke(width: ink.haloWidth * 2, cap: .round, join: .round)
            scratch.canvas.addStroke(slice, closed: true, stroke: stroke)
            scratch.canvas.paint(paint(ink.halo), rule: .nonZero, opacity: ink.opacity)
        }
        scratch.canvas.fill(slice, rule: .nonZero, paint: paint(ink.colour), opacity: ink.opacity)
    }

    private func paint(_ colour: Colour) -> Paint { textBlending == .linear ? .linearColour(colour) : .colour(colour) }

    private func append(_ outline: GlyphOutline, _ glyph: TurnedGlyph, to path: inout Path) {
        let x = glyph.x + Int32(moveX << Self.unitBits)
        let y = glyph.y + Int32(moveY << Self.unitBits)
        var start = 0
        for end in outline.partEnds {
            for i in start..<end {
                let turned = glyph.turn.applied(Float(outline.coordinates[2 * i]), Float(outline.coordinates[2 * i + 1]))
                path.append(x: x + Int32(turned.x.rounded()), y: y + Int32(turned.y.rounded()))
            }
            path.endPart()
            start = end
        }
    }
}

extension Colour {
    /// The colour with its alpha multiplied by an opacity of 0...1.
    func faded(_ opacity: Float) -> Colour {
        opacity >= 1 ? self : Colour(red: red, green: green, blue: blue, alpha: UInt8((Float(alpha) * max(opacity, 0)).rounded()))
    }
}
