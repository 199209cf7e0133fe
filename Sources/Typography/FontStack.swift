import CFreeType
import CHarfBuzz

/// Faces in order of preference, open for one worker: what text is shaped and drawn with.
///
/// Not to be shared between threads; every worker opens its own. Holds bounded caches of the glyphs it drew.
@safe
public final class FontStack {
    /// The fonts in order of preference; a `face` index of a glyph points here.
    public let fonts: [FontDescription]
    let faces: [FontFace]
    let shaper: Shaper
    var bitmaps = BoundedCache<GlyphKey, GlyphBitmap>(limit: 8 << 20)
    var halos = BoundedCache<HaloKey, GlyphBitmap>(limit: 16 << 20)
    var outlines = BoundedCache<GlyphPlacement, GlyphOutline>(limit: 8 << 20)
    private var faceOfScalar: [UInt32: Int] = [:]

    /// Opens the fonts of a MapLibre `text-font`.
    ///
    /// - Throws: `fontNotFound` when the catalogue has no such name, `fontUnreadable` when the file is absent or broken.
    public init(names: [String], catalogue: FontCatalogue) throws(TypographyError) {
        fonts = try catalogue.fonts(named: names)
        let library = try FontLibrary()
        var faces: [FontFace] = []
        for font in fonts { faces.append(try FontFace(font, library: library)) }
        self.faces = faces
        shaper = Shaper()
    }

    /// The first face that has a character; nil when none has.
    func face(for scalar: Unicode.Scalar) -> Int? {
        if let face = faceOfScalar[scalar.value] { return face < 0 ? nil : face }
        let face = faces.firstIndex { $0.glyph(of: scalar) != 0 }
        faceOfScalar[scalar.value] = face ?? -1
        return face
    }

    /// The characters no face of the stack has, each once, in the order of the text.
    ///
    /// Controls, variation selectors and other characters that draw nothing of themselves are not asked for.
    public func missingCharacters(in text: String) -> [Unicode.Scalar] {
        var missing: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars where !scalar.drawsNothing && face(for: scalar) == nil && !missing.contains(scalar) {
            missing.append(scalar)
        }
        return missing
    }

    /// - Throws: `characterMissing`, which names the fonts, the characters as `U+XXXX` and the text.
    public func requireCoverage(of text: String) throws(TypographyError) {
        let missing = missingCharacters(in: text)
        guard !missing.isEmpty else { return }
        let names = fonts.map { "'\($0.name)' (\($0.path))" }.joined(separator: ", ")
        let characters = missing.map { "\($0.codePointName) '\($0)'" }.joined(separator: ", ")
        throw TypographyError(
            code: .characterMissing,
            message: "font stack \(names) lacks \(characters) of the text \"\(text)\"; add a font that has the character (for rare hanzi, Noto Sans CJK or a GB 18030 level 3 font) to the stack"
        )
    }

    /// Vertical measures at a size in pixels.
    public func metrics(sizeInPixels: Float) -> FontMetrics {
        var metrics = FontMetrics(ascender: 0, descender: 0, lineHeight: 0)
        for face in faces {
            let scale = sizeInPixels / face.unitsPerEm
            metrics.ascender = unsafe max(metrics.ascender, Float(face.handle.pointee.ascender) * scale)
            metrics.descender = unsafe max(metrics.descender, -Float(face.handle.pointee.descender) * scale)
            metrics.lineHeight = unsafe max(metrics.lineHeight, Float(face.handle.pointee.height) * scale)
        }
        return metrics
    }
}
