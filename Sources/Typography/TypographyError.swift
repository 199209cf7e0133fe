/// A font that is missing, broken, or lacks what the text needs.
public struct TypographyError: Error, Sendable {
    public enum Code: String, Sendable {
        /// No font of the catalogue goes by the name.
        case fontNotFound
        /// The font file is absent, not a font, or FreeType refuses it.
        case fontUnreadable
        /// The list of fonts does not parse.
        case configurationInvalid
        /// Characters of the text are in no face of the stack.
        case characterMissing
        /// The face names a glyph whose outline does not load.
        case glyphUnreadable
        /// A size or a halo is not a number, negative, or larger than anything a map is drawn with.
        case sizeInvalid
        /// The glyph range is not a block of 256 inside Unicode, or its bytes do not parse.
        case rangeInvalid
    }

    public var code: Code
    /// What failed, where, and what to do about it.
    public var message: String
    public var cause: (any Error)?

    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension TypographyError: CustomStringConvertible {
    public var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}
