/// One word, literal or sign of CQL2 text.
enum TextToken: Equatable {
    case name(String)
    /// A name in double quotes, which is a property whatever it says.
    case quotedName(String)
    /// An unsigned number as it is written.
    case number(String)
    case text(String)
    case sign(String)
    case end
}

/// A token with its place.
struct PlacedToken {
    var token: TextToken
    /// Bytes from the beginning of the text.
    var start: Int
    /// Of an opening parenthesis: the index of the token that closes it.
    var mate = -1
    /// Of an opening parenthesis: whether a comma stands directly inside it.
    var isList = false
}

/// What identifiers and blanks are made of (the standard's productions of those names).
enum TextScalars {
    static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3A, 0x5F, 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFE,
            0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            !isBlank(scalar)
        default: false
        }
    }

    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E, 0x30...0x39, 0x300...0x36F, 0x203F...0x2040: true
        default: beginsName(scalar)
        }
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
