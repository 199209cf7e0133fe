public import Wording

/// Why a filter cannot be read, where, and what could stand there.
public struct CQL2Error: Error, Hashable, Sendable, CustomStringConvertible {
    /// Raw values are stable keys.
    public enum Code: String, Sendable, CaseIterable {
        /// Something stands where the grammar has no place for it.
        case syntax = "cql2-syntax"
        /// An operand is of a kind that its operator does not take.
        case operand = "cql2-operand"
        case tooLong = "cql2-too-long"
        case tooDeep = "cql2-too-deep"
        case tooManyNodes = "cql2-too-many-nodes"
        case tooManyVertices = "cql2-too-many-vertices"
    }

    public enum Place: Hashable, Sendable {
        /// Unicode scalars before it.
        case character(Int)
        /// RFC 6901; empty for the whole document.
        case pointer(String)
    }

    public var code: Code
    public var place: Place
    /// What stands there, cut short.
    public var found: LocalisedText
    public var expected: LocalisedText

    /// Characters of the filter that an error repeats.
    static let excerptLimit = 60

    public init(_ code: Code, at place: Place, found: LocalisedText, expected: LocalisedText) {
        self.code = code
        self.place = place
        self.found = found
        self.expected = expected
    }

    /// One sentence for the person who wrote the filter.
    public var message: LocalisedText {
        let (zh, en) =
            switch place {
            case .character(let offset): ("第 \(offset + 1) 个字符处", "at character \(offset + 1)")
            case .pointer(""): ("JSON 的根处", "at the root of the JSON")
            case .pointer(let pointer): ("JSON 的 \(pointer) 处", "at \(pointer)")
            }
        return LocalisedText(zh: "\(zh)是\(found.zh)，此处应为\(expected.zh)", en: "\(en) there is \(found.en) where \(expected.en) is expected")
    }

    public var description: String { message.both }
}

extension LocalisedText {
    /// The same in both languages.
    static func verbatim(_ text: some StringProtocol) -> LocalisedText {
        var cut = String.UnicodeScalarView(text.unicodeScalars.prefix(CQL2Error.excerptLimit + 1))
        let isCut = cut.count > CQL2Error.excerptLimit
        if isCut { cut.removeLast() }
        let quoted = "“\(String(cut))\(isCut ? "…" : "")”"
        return LocalisedText(zh: quoted, en: quoted)
    }

    static func atMost(_ count: Int, zh: String, en: String) -> LocalisedText {
        LocalisedText(zh: "至多 \(count) \(zh)", en: "at most \(count) \(en)")
    }
}
