/// One character's signed distance bitmap with its measures, at the size of `GlyphRange`.
public struct DistanceGlyph: Hashable, Sendable {
    public var scalar: UInt32
    /// Pixels of the glyph's box, the buffer not counted.
    public var width: Int
    public var height: Int
    /// Pixels from the pen to the box, x right.
    public var left: Int
    /// Pixels from the top of the line to the box, up: mostly negative.
    public var top: Int
    /// Pixels the pen moves.
    public var advance: Int
    /// `(width + 2 * buffer) * (height + 2 * buffer)` values row by row from the top; empty for a space.
    public var bitmap: [UInt8]

    public init(scalar: UInt32, width: Int, height: Int, left: Int, top: Int, advance: Int, bitmap: [UInt8]) {
        self.scalar = scalar
        self.width = width
        self.height = height
        self.left = left
        self.top = top
        self.advance = advance
        self.bitmap = bitmap
    }
}

extension DistanceGlyph {
    /// A curve's chords may lie this far off; a thirtieth of a pixel is one step of 256.
    private static let flatnessInPixels: Float = 0.03

    /// No sound font has a glyph of more than 40 em.
    private static let largestInPixels = 1000

    /// Draws a character from the first face that has it; nil when none has.
    ///
    /// - Throws: `glyphUnreadable`.
    public init?(_ scalar: Unicode.Scalar, stack: FontStack) throws(TypographyError) {
        guard let index = stack.face(for: scalar) else { return nil }
        let face = stack.faces[index]
        let pixelsPerEm = Float(GlyphRange.sizeInPixels)
        let glyph = face.glyph(of: scalar)
        let contours = try face.contours(of: glyph, pixelsPerEm: pixelsPerEm, toleranceInPixels: DistanceGlyph.flatnessInPixels)
        let advance = max(0, Int((face.advance(of: glyph) * pixelsPerEm / face.unitsPerEm).rounded()))
        guard let box = contours.pixelBox else {
            self.init(scalar: scalar.value, width: 0, height: 0, left: 0, top: -GlyphRange.baselineInPixels, advance: advance, bitmap: [])
            return
        }
        guard box.width <= DistanceGlyph.largestInPixels, box.height <= DistanceGlyph.largestInPixels else { throw face.unreadable(glyph, 0) }
        let buffer = GlyphRange.bufferInPixels
        let radius = Float(GlyphRange.radiusInPixels)
        let field = DistanceField(
            contours, left: box.left - buffer, top: box.top - buffer, width: box.width + 2 * buffer, height: box.height + 2 * buffer,
            reach: radius * (1 - GlyphRange.cutoff))
        let bitmap = (0..<(field.width * field.height)).map { index in
            let value = 255 - 255 * (field.signedDistance(index) / radius + GlyphRange.cutoff)
            return UInt8(max(0, min(255, value)) + 0.5)
        }
        self.init(
            scalar: scalar.value, width: box.width, height: box.height, left: box.left, top: -box.top - GlyphRange.baselineInPixels,
            advance: advance, bitmap: bitmap)
    }

    func encoded() -> [UInt8] {
        var writer = ProtobufWriter()
        writer.write(field: 1, unsigned: UInt64(scalar))
        if !bitmap.isEmpty { writer.write(field: 2, bytes: bitmap) }
        writer.write(field: 3, unsigned: UInt64(width))
        writer.write(field: 4, unsigned: UInt64(height))
        writer.write(field: 5, signed: Int64(left))
        writer.write(field: 6, signed: Int64(top))
        writer.write(field: 7, unsigned: UInt64(advance))
        return writer.bytes
    }
}
