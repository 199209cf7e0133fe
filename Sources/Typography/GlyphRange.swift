/// Signed distance glyphs in blocks of 256 characters, as a MapLibre client asks for them at `/fonts/{stack}/{range}.pbf`.
///
/// Glyphs are drawn at 24 pixels with a buffer of 3 pixels around; a value of 255 is deep inside, 192 the outline, and 0 six pixels outside.
public enum GlyphRange {
    /// Pixels to the em the glyphs are drawn at.
    public static let sizeInPixels = 24
    /// Pixels around each glyph's box that its bitmap has on every side.
    public static let bufferInPixels = 3
    /// Pixels of distance the 256 values span.
    public static let radiusInPixels = 8
    /// The share of the values that lies inside the outline.
    public static let cutoff: Float = 0.25
    /// From the top of the line down to the baseline at 24 pixels.
    ///
    /// One number for all fonts: clients centre a line by fixed offsets that assume it, and the faces of a stack must share a baseline.
    public static let baselineInPixels = 26
    /// Characters a block.
    public static let blockLength = 256
    private static let unicodeLength = 0x110000

    /// One block, encoded.
    ///
    /// Characters no face of the stack has are left out; controls too, but spaces are in with their advance and without a bitmap.
    /// - Parameters:
    ///   - stackName: as the client wrote it, fonts joined by commas.
    ///   - range: starts at a multiple of 256, 256 long, up to U+10FFFF.
    /// - Throws: `rangeInvalid`, `glyphUnreadable`.
    public static func pbf(stackName: String, range: Range<Int>, stack: FontStack) throws(TypographyError) -> [UInt8] {
        guard range.count == blockLength, range.lowerBound % blockLength == 0, range.lowerBound >= 0, range.upperBound <= unicodeLength else {
            throw TypographyError(
                code: .rangeInvalid,
                message: "glyph range \(range.lowerBound)-\(range.upperBound - 1) is not a block of 256 characters; ask for 0-255, 256-511 and so on up to 1113856-1114111"
            )
        }
        var encoded = ProtobufWriter()
        encoded.write(field: 1, string: stackName)
        encoded.write(field: 2, string: "\(range.lowerBound)-\(range.upperBound - 1)")
        for code in range {
            guard let scalar = Unicode.Scalar(UInt32(code)), !scalar.drawsNothing,
                let glyph = try DistanceGlyph(scalar, stack: stack)
            else { continue }
            encoded.write(field: 3, bytes: glyph.encoded())
        }
        var message = ProtobufWriter()
        message.write(field: 1, bytes: encoded.bytes)
        return message.bytes
    }
}
