extension GlyphRange {
    /// A block read back: the stack's name, the range as written, and its glyphs.
    public struct Block: Hashable, Sendable {
        public var stackName: String
        public var range: String
        public var glyphs: [DistanceGlyph]
    }

    /// Reads a block that this or another server encoded.
    ///
    /// - Throws: `rangeInvalid` when the bytes are cut short or a bitmap is not of its glyph's size.
    public static func decode(_ pbf: [UInt8]) throws(TypographyError) -> Block {
        var block = Block(stackName: "", range: "", glyphs: [])
        var message = ProtobufReader(pbf[...])
        while let field = try message.next() {
            guard field.number == 1, case .bytes(let stack) = field.value else { continue }
            var reader = ProtobufReader(stack)
            while let field = try reader.next() {
                guard case .bytes(let bytes) = field.value else { continue }
                switch field.number {
                case 1: block.stackName = String(decoding: bytes, as: UTF8.self)
                case 2: block.range = String(decoding: bytes, as: UTF8.self)
                case 3: block.glyphs.append(try glyph(bytes))
                default: continue
                }
            }
        }
        return block
    }

    private static func glyph(_ bytes: ArraySlice<UInt8>) throws(TypographyError) -> DistanceGlyph {
        var glyph = DistanceGlyph(scalar: 0, width: 0, height: 0, left: 0, top: 0, advance: 0, bitmap: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .number(let value)): glyph.scalar = UInt32(truncatingIfNeeded: value)
            case (2, .bytes(let value)): glyph.bitmap = Array(value)
            case (3, .number(let value)): glyph.width = Int(UInt32(truncatingIfNeeded: value))
            case (4, .number(let value)): glyph.height = Int(UInt32(truncatingIfNeeded: value))
            case (5, .number(let value)): glyph.left = ProtobufReader.zigzag(value)
            case (6, .number(let value)): glyph.top = ProtobufReader.zigzag(value)
            case (7, .number(let value)): glyph.advance = Int(UInt32(truncatingIfNeeded: value))
            default: continue
            }
        }
        let pixels = (glyph.width + 2 * bufferInPixels).multipliedReportingOverflow(by: glyph.height + 2 * bufferInPixels)
        guard glyph.bitmap.isEmpty || (!pixels.overflow && glyph.bitmap.count == pixels.partialValue) else {
            throw TypographyError(
                code: .rangeInvalid,
                message: "glyph \(glyph.scalar) of a glyph range has \(glyph.bitmap.count) pixels where its size asks for \(pixels.partialValue); fetch the range again"
            )
        }
        return glyph
    }
}
