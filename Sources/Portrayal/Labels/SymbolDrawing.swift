import Raster
import Typography

/// Draws symbols that have found their places: the icon below, the text's halo, then the text.
struct SymbolDrawing {
    let frame: RenderFrame

    /// Beyond this turn a glyph's prepared bitmap no longer passes for the turned glyph.
    private static let levelSine: Float = 0.012

    func draw(_ symbol: PlacedSymbol, _ scratch: inout RenderScratch) throws(PortrayalError) {
        if let icon = symbol.icon { draw(icon, &scratch.canvas) }
        guard let text = symbol.text else { return }
        do {
            switch text.shape {
            case .block(let layout, let left, let top):
                try drawBlock(layout, left, top, text.ink, &scratch.canvas)
            case .glyphs(let glyphs):
                if glyphs.allSatisfy({ $0.turn.cosine > 0 && abs($0.turn.sine) < Self.levelSine }) {
                    try drawLevel(glyphs, text.ink, &scratch.canvas)
                } else {
                    try drawTurned(glyphs, text.ink, &scratch)
                }
            }
        } catch {
            throw PortrayalError(.missingCharacter, error.message)
        }
    }

    private func draw(_ icon: PlacedSymbol.Icon, _ canvas: inout Canvas) {
        if icon.scale == 1, icon.degrees == 0 {
            let left = Int((icon.x - Float(icon.image.width) / 2).rounded())
            let top = Int((icon.y - Float(icon.image.height) / 2).rounded())
            canvas.draw(icon.image, left: left, top: top, opacity: icon.opacity)
        } else {
            let unit = Float(PixelGeometry.unitsPerPixel)
            canvas.draw(
                icon.image, x: Int32((icon.x * unit).rounded()), y: Int32((icon.y * unit).rounded()), scale: icon.scale,
                rotationDegrees: icon.degrees, opacity: icon.opacity)
        }
    }

    // MARK: Upright

    private func drawBlock(
        _ layout: TextLayout, _ left: Float, _ top: Float, _ ink: TextInk, _ canvas: inout Canvas
    ) throws(TypographyError) {
        var glyphs: [TurnedGlyph] = []
        let level = Rotation(dx: 1, dy: 0)
        for line in layout.lines {
            // Whole rows of pixels: every line of a label is as sharp as the others.
            let baseline = (top + line.baseline).rounded()
            for glyph in line.run.glyphs {
                glyphs.append(
                    TurnedGlyph(
                        glyph: glyph.glyph, face: glyph.face, x: left + line.x + glyph.x, y: baseline + glyph.y, turn: level))
            }
        }
        try drawLevel(glyphs, ink, &canvas)
    }

    private func drawLevel(_ glyphs: [TurnedGlyph], _ ink: TextInk, _ canvas: inout Canvas) throws(TypographyError) {
        if ink.haloWidth > 0, ink.halo.alpha > 0 {
            let halo = ink.halo.faded(ink.opacity)
            for glyph in glyphs {
                let (placement, x, y) = Self.placement(glyph, ink)
                let bitmap = try ink.stack.haloBitmap(
                    placement, haloWidthInPixels: ink.haloWidth, blurInPixels: ink.haloBlur)
                Self.blit(bitmap, x, y, halo, &canvas)
            }
        }
        let colour = ink.colour.faded(ink.opacity)
        for glyph in glyphs {
            let (placement, x, y) = Self.placement(glyph, ink)
            Self.blit(try ink.stack.bitmap(placement), x, y, colour, &canvas)
        }
    }

    /// The glyph at a quarter of a pixel, and the whole pixel it starts from.
    private static func placement(_ glyph: TurnedGlyph, _ ink: TextInk) -> (GlyphPlacement, x: Int, y: Int) {
        let quarters = Int((glyph.x * 4).rounded())
        let x = quarters >> 2
        let placement = GlyphPlacement(
            glyph: glyph.glyph, face: glyph.face, sizeInPixels: ink.sizeInPixels, quarter: quarters & 3)
        return (placement, x, Int(glyph.y.rounded()))
    }

    private static func blit(_ bitmap: GlyphBitmap, _ x: Int, _ y: Int, _ colour: Colour, _ canvas: inout Canvas) {
        guard bitmap.width > 0, bitmap.height > 0 else { return }
        canvas.draw(
            mask: Mask(width: bitmap.width, height: bitmap.height, coverage: bitmap.coverage), x: x + bitmap.left,
            y: y + bitmap.top, colour: colour)
    }

    // MARK: Along a line

    private func drawTurned(_ glyphs: [TurnedGlyph], _ ink: TextInk, _ scratch: inout RenderScratch) throws(TypographyError) {
        scratch.path.removeAll()
        for glyph in glyphs {
            let placement = GlyphPlacement(glyph: glyph.glyph, face: glyph.face, sizeInPixels: ink.sizeInPixels)
            append(try ink.stack.outline(placement), glyph, to: &scratch.path)
        }
        let slice = PathSlice(scratch.path)
        if ink.haloWidth > 0, ink.halo.alpha > 0 {
            let stroke = Stroke(width: ink.haloWidth * 2, cap: .round, join: .round)
            scratch.canvas.addStroke(slice, closed: true, stroke: stroke)
            scratch.canvas.paint(.colour(ink.halo), rule: .nonZero, opacity: ink.opacity)
        }
        scratch.canvas.fill(slice, rule: .nonZero, paint: .colour(ink.colour), opacity: ink.opacity)
    }

    private func append(_ outline: GlyphOutline, _ glyph: TurnedGlyph, to path: inout Path) {
        let unit = Float(PixelGeometry.unitsPerPixel)
        var start = 0
        for end in outline.partEnds {
            for i in start..<end {
                let turned = glyph.turn.applied(Float(outline.coordinates[2 * i]), Float(outline.coordinates[2 * i + 1]))
                path.append(
                    x: Int32((glyph.x * unit + turned.x).rounded()), y: Int32((glyph.y * unit + turned.y).rounded()))
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
