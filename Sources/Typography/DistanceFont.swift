/// A font stack as signed distance glyphs, one a character: what clients draw text with.
///
/// The glyphs come in blocks of 256, from a server's glyph ranges or from an open font. Not to be shared between threads.
public final class DistanceFont {
    private let block: (Int) throws(TypographyError) -> [DistanceGlyph]
    private var blocks: [Int: [UInt32: DistanceGlyph]] = [:]

    /// - Parameter block: the glyphs of block `n`, characters `256 n ..< 256 (n + 1)`; none where there is no such block.
    public init(block: @escaping (Int) throws(TypographyError) -> [DistanceGlyph]) { self.block = block }

    /// Glyphs made from the faces of an open stack.
    public convenience init(_ stack: FontStack) {
        self.init { (number) throws(TypographyError) in
            var glyphs: [DistanceGlyph] = []
            for code in number * GlyphRange.blockLength..<(number + 1) * GlyphRange.blockLength {
                guard let scalar = Unicode.Scalar(UInt32(code)), !scalar.drawsNothing,
                    let glyph = try DistanceGlyph(scalar, stack: stack)
                else { continue }
                glyphs.append(glyph)
            }
            return glyphs
        }
    }

    /// `nil` where the font lacks the character.
    public func glyph(_ scalar: Unicode.Scalar) throws(TypographyError) -> DistanceGlyph? {
        let number = Int(scalar.value) / GlyphRange.blockLength
        if let known = blocks[number] { return known[scalar.value] }
        let glyphs = Dictionary(try block(number).map { ($0.scalar, $0) }, uniquingKeysWith: { first, _ in first })
        blocks[number] = glyphs
        return glyphs[scalar.value]
    }
}
