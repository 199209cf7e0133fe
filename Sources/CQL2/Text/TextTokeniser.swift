internal import Wording

/// Cuts CQL2 text into tokens and pairs its parentheses, without recursion.
struct TextTokeniser {
    private let text: String
    private let scalars: String.UnicodeScalarView
    private var position: String.Index
    private let limits: CQL2Limits
    private var tokens: [PlacedToken] = []
    /// Indices of the parentheses that are open.
    private var open: [Int] = []

    init(_ text: String, _ limits: CQL2Limits) {
        self.text = text
        self.limits = limits
        scalars = text.unicodeScalars
        position = scalars.startIndex
    }

    static func tokens(of text: String, _ limits: CQL2Limits) throws(CQL2Error) -> [PlacedToken] {
        var tokeniser = TextTokeniser(text, limits)
        return try tokeniser.run()
    }

    private mutating func run() throws(CQL2Error) -> [PlacedToken] {
        while let scalar = peek {
            if TextScalars.isBlank(scalar) {
                advance()
                continue
            }
            try pair(try token(scalar))
        }
        if let unclosed = open.last {
            throw error(tokens[unclosed].start, found: .init(zh: "未闭合的“(”", en: "a “(” that nothing closes"), zh: "成对的括号", en: "a “)” for it")
        }
        tokens.append(PlacedToken(token: .end, start: text.utf8.count))
        return tokens
    }

    private var peek: Unicode.Scalar? { position < scalars.endIndex ? scalars[position] : nil }
    private mutating func advance() { position = scalars.index(after: position) }

    private func byte(_ index: String.Index) -> Int { text.utf8.distance(from: text.utf8.startIndex, to: index) }

    private mutating func pair(_ placed: PlacedToken) throws(CQL2Error) {
        tokens.append(placed)
        switch placed.token {
        case .sign("("):
            open.append(tokens.count - 1)
            guard open.count <= limits.nesting else {
                throw CQL2Error(
                    .tooDeep, at: place(placed.start), found: .init(zh: "第 \(open.count) 层括号", en: "parenthesis number \(open.count) inside others"),
                    expected: .atMost(limits.nesting, zh: "层嵌套", en: "inside one another"))
            }
        case .sign(")"):
            guard let opening = open.popLast() else {
                throw error(placed.start, found: .verbatim(")"), zh: "与之成对的“(”在前", en: "a “(” before it")
            }
            tokens[opening].mate = tokens.count - 1
        case .sign(","):
            if let opening = open.last { tokens[opening].isList = true }
        default: break
        }
    }

    private mutating func token(_ scalar: Unicode.Scalar) throws(CQL2Error) -> PlacedToken {
        let start = position
        switch scalar {
        case "'": return PlacedToken(token: .text(try literal()), start: byte(start))
        case "\"": return PlacedToken(token: .quotedName(try quotedName()), start: byte(start))
        case "(", ")", ",", "=", "+", "-", "*", "/", "%", "^":
            advance()
            return PlacedToken(token: .sign(String(scalar)), start: byte(start))
        case "<", ">":
            advance()
            if let next = peek, next == "=" || (scalar == "<" && next == ">") { advance() }
            return PlacedToken(token: .sign(String(scalars[start..<position])), start: byte(start))
        case "0"..."9", ".": return PlacedToken(token: .number(try number()), start: byte(start))
        default:
            guard TextScalars.beginsName(scalar) else {
                throw error(byte(start), found: .verbatim(String(scalar)), zh: "属性名、文本、数值或运算符", en: "a name, a text, a number or an operator")
            }
            while let next = peek, TextScalars.continuesName(next) { advance() }
            return PlacedToken(token: .name(String(scalars[start..<position])), start: byte(start))
        }
    }

    /// A quote inside is doubled or has a backslash before it.
    private mutating func literal() throws(CQL2Error) -> String {
        let start = position
        advance()
        var value = String.UnicodeScalarView()
        while let scalar = peek {
            advance()
            if scalar == "'" {
                guard peek == "'" else { return String(value) }
                advance()
            } else if scalar == "\\", peek == "'" {
                advance()
                value.append("'")
                continue
            }
            value.append(scalar)
        }
        throw error(byte(start), found: .init(zh: "未闭合的文本", en: "a text without an end"), zh: "文本后的单引号", en: "a single quote at its end")
    }

    private mutating func quotedName() throws(CQL2Error) -> String {
        let start = position
        advance()
        var value = String.UnicodeScalarView()
        while let scalar = peek {
            advance()
            if scalar == "\"" {
                guard peek == "\"" else {
                    if value.isEmpty { break }
                    return String(value)
                }
                advance()
            }
            value.append(scalar)
        }
        throw error(byte(start), found: .init(zh: "空的或未闭合的属性名", en: "a name that is empty or has no end"), zh: "双引号中的属性名", en: "a name between double quotes")
    }

    private mutating func number() throws(CQL2Error) -> String {
        let start = position
        skipDigits()
        if peek == "." {
            advance()
            skipDigits()
        }
        if peek == "E" || peek == "e" {
            advance()
            if peek == "+" || peek == "-" { advance() }
            skipDigits()
        }
        let spelt = String(scalars[start..<position])
        if let next = peek, TextScalars.beginsName(next) || next == "." {
            throw error(byte(start), found: .verbatim(spelt + String(next)), zh: "数值", en: "a number")
        }
        // A point needs no digits on one of its sides; Swift's own reading asks for them.
        let padded = (spelt.hasPrefix(".") ? "0" : "") + spelt
        let whole = padded.replacingPointWithoutDigits
        guard CQL2Number(text: whole) != nil, spelt != "." else {
            throw error(byte(start), found: .verbatim(spelt), zh: "双精度范围内的数值", en: "a number within the doubles")
        }
        return whole
    }

    private mutating func skipDigits() {
        while let next = peek, ("0"..."9").contains(next) { advance() }
    }

    private func place(_ byteOffset: Int) -> CQL2Error.Place { .character(scalarOffset(byteOffset, in: text)) }

    private func error(_ byteOffset: Int, found: LocalisedText, zh: String, en: String) -> CQL2Error {
        CQL2Error(.syntax, at: place(byteOffset), found: found, expected: .init(zh: zh, en: en))
    }
}

/// Unicode scalars before a byte of the text.
func scalarOffset(_ byteOffset: Int, in text: String) -> Int {
    // Bytes that begin a scalar are those that do not look like 10xxxxxx.
    text.utf8.prefix(byteOffset).count { $0 & 0xC0 != 0x80 }
}

extension String {
    /// `5.` and `5.e3` with a zero after their point.
    fileprivate var replacingPointWithoutDigits: String {
        guard let point = firstIndex(of: ".") else { return self }
        let after = index(after: point)
        if after < endIndex, ("0"..."9").contains(self[after]) { return self }
        return self[..<after] + "0" + self[after...]
    }
}
