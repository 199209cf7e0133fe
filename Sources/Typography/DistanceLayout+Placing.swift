extension DistanceLayout {
    /// One line's glyphs, placed but not yet aligned with the others.
    private struct Line {
        /// Of its first glyph.
        var first: Int
        var width: Float
        /// What pictures and large letters add to the line's height.
        var extra: Float
    }

    mutating func place(_ lines: [[DistanceText.Character]], _ options: Options, spacing: Float) {
        let lineHeight = options.lineHeightInEm * Self.em
        var (y, widest, tallest) = (Float(0), Float(0), Float(0))
        var placed: [Line] = []
        for line in lines {
            let first = glyphs.count
            let greatest = line.map(\.lineScale).max() ?? 1
            let pictures = line.map(\.picture)
            let height = max(greatest * Self.em, pictures.map(\.height).max() ?? 0)
            let breadth = max(greatest * Self.em, pictures.map(\.width).max() ?? 0)
            var (x, extra) = (Float(0), Float(0))
            for (character, picture) in zip(line, pictures) {
                guard let shape = character.shape else { continue }
                var step = character.advance
                var size = character.scale * Self.em
                if case .image = shape {
                    size = picture.height
                    extra = max(extra, (character.isUpright ? picture.width : picture.height) - Self.em * greatest)
                } else if character.isUpright {
                    step = Self.em
                }
                glyphs.append(
                    Glyph(
                        shape: shape, section: character.section, scale: character.scale, x: x,
                        y: y + (character.isUpright ? breadth - size : (height - size) * character.height),
                        advance: character.advance, isUpright: character.isUpright))
                x += step * character.scale + spacing
            }
            let width = glyphs.count > first ? x - spacing : 0
            placed.append(Line(first: first, width: width, extra: max(extra, (greatest - 1) * Self.em)))
            widest = max(widest, width)
            tallest = max(tallest, lineHeight * greatest + extra)
            y += lineHeight * greatest + extra
        }
        align(placed, lineHeight: lineHeight, tallest: tallest, height: y, widest: widest, options)
    }

    private mutating func align(
        _ lines: [Line], lineHeight: Float, tallest: Float, height: Float, widest: Float, _ options: Options
    ) {
        // Lines of one height are centred by their middles, others by their common box.
        let shiftY = tallest == lineHeight
            ? (0.5 - options.down * Float(lines.count)) * lineHeight - Self.middle : -height * options.down
        let isStanding = isColumn && glyphs.contains(where: \.isUpright)
        for (i, line) in lines.enumerated() {
            let end = i + 1 < lines.count ? lines[i + 1].first : glyphs.count
            let shiftX = (options.justification - options.across) * widest - line.width * options.justification
            for g in line.first..<end {
                glyphs[g].x += shiftX + options.offset.x
                glyphs[g].y += shiftY + options.offset.y
                if isStanding { glyphs[g].y -= aside(glyphs[g], line) }
            }
        }
        left -= options.across * widest
        right = left + widest
        top -= options.down * height
        bottom = top + height
    }

    /// What brings small glyphs and pictures to the middle of a column that is broader than they are.
    private func aside(_ glyph: Glyph, _ line: Line) -> Float {
        switch glyph.shape {
        case .glyph: return line.extra / 2 - (glyph.scale - 1) * Self.em
        case .image(let width, _): return line.extra / 2 + (Self.em - width * glyph.scale) / 2
        }
    }

    /// Turns the lines, laid out as rows, into columns: clockwise about the anchored position, upright characters back again.
    mutating func turn() {
        for g in glyphs.indices {
            let glyph = glyphs[g]
            if glyph.isUpright {
                let half = glyph.advance * glyph.scale / 2
                var x = -(glyph.y + Self.middle) - half
                if case .image = glyph.shape { x += Self.em / 2 - half }
                (glyphs[g].x, glyphs[g].y) = (x, glyph.x - Self.columnRise)
            } else {
                (glyphs[g].x, glyphs[g].y) = (-glyph.y, glyph.x)
                glyphs[g].isTurned = true
            }
        }
        (left, top, right, bottom) = (-bottom, left, -top, right)
    }

    /// From the top of a character's square in a column up to where its glyph is measured from.
    private static let columnRise: Float = 7

    /// Where the pen of a glyph comes that stands upright on a line which leads down, in glyph pixels from the line's point at
    /// the glyph's middle: to the right and down as the glyph stands.
    public static func pen(ofUpright glyph: Glyph) -> (x: Float, y: Float) {
        let half = glyph.advance * glyph.scale / 2
        return (-half - middle - glyph.y, -half - columnRise)
    }
}
