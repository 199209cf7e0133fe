internal import Wording

/// A `where` of ArcGIS REST as the text of CQL2, which says the same: standardised SQL-92 conditions are CQL2 but for the spelling of
/// dates, of inequality and of letter case.
///
/// Nothing of the text is ever given to a database: it is read as CQL2, bound to the fields that may be seen, and compiled.
public enum SQLCondition {
    public static let byteLimit = 16_384

    /// - Throws: for text that is too long or has a quote without an end.
    public static func cql2(_ condition: String) throws(EsriError) -> String {
        guard condition.utf8.count <= byteLimit else {
            throw .parameter("where", condition, expected: .init(zh: "至多 \(byteLimit) 字节的条件", en: "a condition of at most \(byteLimit) bytes"))
        }
        var out = ""
        var rest = Substring(condition)
        while let first = rest.first {
            if first == "'" || first == "\"" {
                guard let quoted = quoted(&rest, first) else {
                    throw .parameter("where", condition, expected: .init(zh: "成对的引号", en: "quotes that end"))
                }
                out += quoted
            } else if first.isLetter || first == "_" {
                out += word(&rest)
            } else if rest.hasPrefix("!=") {
                out += "<>"
                rest = rest.dropFirst(2)
            } else {
                out.append(first)
                rest = rest.dropFirst()
            }
        }
        return out
    }

    /// The text up to the closing quote, doubled ones inside included.
    private static func quoted(_ rest: inout Substring, _ quote: Character) -> String? {
        var text = String(rest.removeFirst())
        while let next = rest.popFirst() {
            text.append(next)
            guard next == quote else { continue }
            guard rest.first == quote else { return text }
            text.append(rest.removeFirst())
        }
        return nil
    }

    private static func word(_ rest: inout Substring) -> String {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        rest = rest.dropFirst(word.count)
        let after = rest.drop { $0 == " " }
        switch word.uppercased() {
        case "DATE" where after.first == "'", "TIMESTAMP" where after.first == "'":
            rest = after
            guard let literal = quoted(&rest, "'") else { return String(word) }
            return instant(literal, isTimestamp: word.uppercased() == "TIMESTAMP")
        case "UPPER" where after.first == "(", "LOWER" where after.first == "(": return "CASEI"
        case "N" where rest.first == "'": return ""
        default: return String(word)
        }
    }

    /// `'2020-01-31 08:00:00'` with its quotes.
    private static func instant(_ literal: String, isTimestamp: Bool) -> String {
        let text = String(literal.dropFirst().dropLast())
        if text.count == 10 && !isTimestamp { return "DATE('\(text)')" }
        var time = text.count == 10 ? text + "T00:00:00" : text.replacing(" ", with: "T")
        if !time.hasSuffix("Z") { time += "Z" }
        return "TIMESTAMP('\(time)')"
    }
}
