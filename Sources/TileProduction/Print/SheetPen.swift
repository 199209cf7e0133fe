import Foundation
import Portrayal
import Raster
import Typography

/// Draws on a sheet in millimetres; what it draws is recorded.
struct SheetPen: ~Copyable {
    private var canvas = Canvas(width: 1, height: 1)
    private let scale: Double
    private let fonts: SheetFonts

    static let ink = Colour(red: 0x1C, green: 0x21, blue: 0x26)
    static let faint = Colour(red: 0x5A, green: 0x62, blue: 0x6A)
    static let warning = Colour(red: 0xC0, green: 0x1F, blue: 0x1F)

    /// - Parameter pixels: of the whole sheet.
    init(pixels: (width: Int, height: Int), pixelsPerMillimetre: Double, fonts: SheetFonts) {
        scale = pixelsPerMillimetre
        self.fonts = fonts
        canvas.beginRecording(width: pixels.width, height: pixels.height)
    }

    consuming func finish() -> DisplayList { canvas.endRecording() }

    private func units(_ millimetres: Double) -> Int32 { Int32((millimetres * scale * 256).rounded()) }

    // MARK: Lines and areas

    mutating func fill(_ box: PaperBox, _ colour: Colour) {
        fill([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)], colour)
    }

    mutating func fill(_ corners: [(Double, Double)], _ colour: Colour) {
        canvas.fill(PathSlice(path([corners])), paint: .colour(colour))
    }

    mutating func frame(_ box: PaperBox, width: Double, _ colour: Colour = SheetPen.ink) {
        line([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)], width: width, colour, closed: true)
    }

    mutating func line(_ corners: [(Double, Double)], width: Double, _ colour: Colour = SheetPen.ink, closed: Bool = false) {
        lines([corners], width: width, colour, closed: closed)
    }

    mutating func lines(_ parts: [[(Double, Double)]], width: Double, _ colour: Colour = SheetPen.ink, closed: Bool = false) {
        let stroke = Stroke(width: Float(width * scale), cap: .butt, join: .miter, miterLimit: 4)
        canvas.stroke(PathSlice(path(parts)), closed: closed, stroke: stroke, paint: .colour(colour))
    }

    private func path(_ parts: [[(Double, Double)]]) -> Path {
        var path = Path()
        for part in parts {
            for (x, y) in part { path.append(x: units(x), y: units(y)) }
            path.endPart()
        }
        return path
    }

    // MARK: Lists

    /// Another list, its left top corner on whole pixels of the sheet.
    mutating func add(_ list: DisplayList, left: Int, top: Int) { canvas.add(list, left: left, top: top) }

    /// The same, at the nearest whole pixel of a place in millimetres.
    mutating func add(_ list: DisplayList, x: Double, y: Double) {
        canvas.add(list, left: Int((x * scale).rounded()), top: Int((y * scale).rounded()))
    }

    /// Millimetres of a list.
    func size(of list: DisplayList) -> (width: Double, height: Double) { (Double(list.width) / scale, Double(list.height) / scale) }

    // MARK: Texts

    /// How a text stands.
    struct Style {
        /// Millimetres of the em.
        var size: Double
        var isBold = false
        var colour = SheetPen.ink
        /// Of its width, what lies before its place: 0 for one that begins there.
        var anchor = 0.0
        /// Whether it runs upwards.
        var runsUp = false
        /// Millimetres; a longer text is set smaller, and cut where that is not enough.
        var room: Double?
    }

    /// Millimetres that a text is wide.
    func width(of text: String, size: Double, isBold: Bool = false) throws -> Double {
        Double(try fonts.layout(text, sizeInPixels: Float(size * scale), isBold: isBold).width) / scale
    }

    /// Sets one line; `y` is its middle.
    mutating func write(_ text: String, x: Double, y: Double, _ style: Style) throws {
        guard !text.isEmpty else { return }
        let (text, size) = try fitted(text, style)
        let layout = try fonts.layout(text, sizeInPixels: Float(size * scale), isBold: style.isBold)
        let start = -Double(layout.width) * style.anchor
        let below = Double(TextLayout.baselineBelowMiddleInEm) * size * scale
        var path = Path()
        for line in layout.lines {
            for glyph in line.run.glyphs {
                let outline = try fonts.outline(glyph, sizeInPixels: Float(size * scale), isBold: style.isBold)
                append(outline, start + Double(line.x + glyph.x), below + Double(glyph.y), x, y, style.runsUp, to: &path)
            }
        }
        canvas.fill(PathSlice(path), rule: .nonZero, paint: .colour(style.colour))
    }

    /// - Parameters:
    ///   - across, down: pixels from the text's place along and across its direction.
    private func append(
        _ outline: GlyphOutline, _ across: Double, _ down: Double, _ x: Double, _ y: Double, _ runsUp: Bool, to path: inout Path
    ) {
        let origin = runsUp ? (x * scale + down, y * scale - across) : (x * scale + across, y * scale + down)
        let (left, top) = (Int32((origin.0 * 256).rounded()), Int32((origin.1 * 256).rounded()))
        var start = 0
        for end in outline.partEnds {
            for i in start..<end {
                let (u, v) = (outline.coordinates[2 * i], outline.coordinates[2 * i + 1])
                if runsUp { path.append(x: left + v, y: top - u) } else { path.append(x: left + u, y: top + v) }
            }
            path.endPart()
            start = end
        }
    }

    private static let leastShrinking = 0.7

    private func fitted(_ text: String, _ style: Style) throws -> (String, Double) {
        guard let room = style.room else { return (text, style.size) }
        let width = try width(of: text, size: style.size, isBold: style.isBold)
        guard width > room else { return (text, style.size) }
        let size = max(style.size * room / width, style.size * Self.leastShrinking)
        var text = text
        while text.count > 2, try self.width(of: text, size: size, isBold: style.isBold) > room {
            text = text.dropLast(text.hasSuffix("…") ? 2 : 1) + "…"
        }
        return (text, size)
    }
}

/// The fonts of texts around the map.
final class SheetFonts {
    private let regular: FontStack
    private let bold: FontStack

    /// - Throws: `TypographyError` for a font that is not there.
    init(_ catalogue: FontCatalogue) throws {
        regular = try FontStack(names: [StandardFonts.regular, StandardFonts.fallback], catalogue: catalogue)
        do {
            bold = try FontStack(names: [StandardFonts.bold, StandardFonts.fallback], catalogue: catalogue)
        } catch {
            bold = regular  // a catalogue of an operator's own may have no bold one
        }
    }

    func layout(_ text: String, sizeInPixels: Float, isBold: Bool) throws -> TextLayout {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return TextLayout(line, stack: isBold ? bold : regular, sizeInPixels: sizeInPixels, options: TextLayout.Options(justification: .left))
    }

    func outline(_ glyph: PositionedGlyph, sizeInPixels: Float, isBold: Bool) throws -> GlyphOutline {
        try (isBold ? bold : regular).outline(GlyphPlacement(glyph: glyph.glyph, face: glyph.face, sizeInPixels: sizeInPixels))
    }
}
