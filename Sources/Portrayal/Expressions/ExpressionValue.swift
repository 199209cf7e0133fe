import Foundation

/// A value that an expression gives or works on.
public enum ExpressionValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case colour(StyleColour)
    case array([ExpressionValue])
    case object([String: ExpressionValue])
    case formatted([FormattedSection])
    /// `isAvailable` is what the sprite said when the expression ran.
    case image(name: String, isAvailable: Bool)
    case collator(TextCollator)
    /// Four numbers: top, right, bottom, left.
    case padding([Double])
    case numberArray([Double])
    case colourArray([StyleColour])
    /// Anchor names with their offsets in ems.
    case anchorOffsets([AnchorOffset])
    case projection(from: String, to: String, transition: Double)

    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .boolean(let b): self = .boolean(b)
        case .number(let n): self = .number(n)
        case .string(let s): self = .string(s)
        case .array(let a): self = .array(a.map(ExpressionValue.init))
        case .object(let o): self = .object(o.mapValues(ExpressionValue.init))
        }
    }

    var type: ExpressionType {
        switch self {
        case .null: return .null
        case .boolean: return .boolean
        case .number: return .number
        case .string: return .string
        case .colour: return .colour
        case .array(let items):
            var item: ExpressionType?
            for value in items {
                if let known = item, known != value.type {
                    item = .value
                    break
                }
                item = value.type
            }
            return .array(item ?? .value, count: items.count)
        case .object: return .object
        case .formatted: return .formatted
        case .image: return .image
        case .collator: return .collator
        case .padding: return .padding
        case .numberArray: return .numberArray
        case .colourArray: return .colourArray
        case .anchorOffsets: return .anchorOffsets
        case .projection: return .projection
        }
    }

    /// What `to-string` gives.
    var text: String {
        switch self {
        case .null: ""
        case .boolean(let b): b ? "true" : "false"
        case .number(let n): Self.text(of: n)
        case .string(let s): s
        case .colour(let c): c.text
        case .formatted(let sections): sections.map(\.text).joined()
        case .image(let name, _): name
        case .padding(let v), .numberArray(let v): "[" + v.map(Self.text(of:)).joined(separator: ",") + "]"
        case .projection(let from, let to, let t): "[\"\(from)\",\"\(to)\",\(Self.text(of: t))]"
        case .array, .object, .collator, .colourArray, .anchorOffsets: json
        }
    }

    private var json: String {
        switch self {
        case .string(let s): JSONValue.quoted(s)
        case .null: "null"
        case .array(let a): "[" + a.map(\.json).joined(separator: ",") + "]"
        case .object(let o):
            "{" + o.sorted { $0.key < $1.key }.map { JSONValue.quoted($0.key) + ":" + $0.value.json }
                .joined(separator: ",") + "}"
        case .colourArray(let a): "[" + a.map { JSONValue.quoted($0.text) }.joined(separator: ",") + "]"
        case .collator, .anchorOffsets: "{}"
        default: text
        }
    }

    /// The shortest decimal that reads back as `number`, as ECMAScript writes it.
    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        if number == number.rounded(), abs(number) < 1e21 {
            if abs(number) < 9e15 { return String(Int64(number)) }
            return String(format: "%.0f", number)
        }
        let text = "\(number)"
        guard abs(number) >= 1e-7, abs(number) < 1e-4, let e = text.firstIndex(of: "e"),
            let power = Int(text[text.index(after: e)...])
        else { return text }
        let digits = text[..<e].filter(\.isNumber)
        let trimmed = digits.hasSuffix("0") && digits.count > 1 ? String(digits.dropLast()) : String(digits)
        return (number < 0 ? "-" : "") + "0." + String(repeating: "0", count: -power - 1) + trimmed
    }

    var isTrue: Bool {
        switch self {
        case .null: false
        case .boolean(let b): b
        case .number(let n): n != 0 && !n.isNaN
        case .string(let s): !s.isEmpty
        case .image(_, let isAvailable): isAvailable
        default: true
        }
    }

    public var number: Double? { if case .number(let n) = self { n } else { nil } }

    /// Two numbers, from an array or a point-like value.
    var numbers: [Double]? {
        switch self {
        case .array(let a):
            var out: [Double] = []
            for case .number(let n) in a { out.append(n) }
            return out.count == a.count ? out : nil
        case .padding(let v), .numberArray(let v): return v
        case .number(let n): return [n]
        default: return nil
        }
    }
}

/// One run of a formatted text.
public struct FormattedSection: Hashable, Sendable {
    public var text: String
    /// The image drawn in place of text.
    public var image: String?
    /// Factor on the text size.
    public var scale: Double?
    public var fonts: String?
    public var colour: StyleColour?
    public var verticalAlign: String?

    public init(text: String) { self.text = text }
}

/// One candidate of `text-variable-anchor-offset`.
public struct AnchorOffset: Hashable, Sendable {
    public var anchor: SymbolAnchor
    /// Ems, x right and y down.
    public var offset: [Double]
}

/// Which corner, side or centre of a label or an icon stands on the feature's position.
public enum SymbolAnchor: String, Hashable, Sendable, CaseIterable {
    case center, left, right, top, bottom
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
}

/// How two texts are compared.
public struct TextCollator: Hashable, Sendable {
    public var isCaseSensitive: Bool
    public var isDiacriticSensitive: Bool
    public var locale: String?

    func order(_ first: String, _ second: String) -> ComparisonResult {
        let (a, b) = (tailored(first), tailored(second))
        func base(_ text: String) -> String {
            var options: String.CompareOptions = [.caseInsensitive]
            if isCaseSensitive { options.remove(.caseInsensitive) }
            if !isDiacriticSensitive { options.insert(.diacriticInsensitive) }
            return text.folding(options: options, locale: nil)
        }
        let (x, y) = (base(a), base(b))
        if x == y { return .orderedSame }
        let plainOptions: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive]
        let (p, q) = (a.folding(options: plainOptions, locale: nil), b.folding(options: plainOptions, locale: nil))
        if p != q { return p < q ? .orderedAscending : .orderedDescending }
        if isDiacriticSensitive {
            let (d, e) = (a.lowercased(), b.lowercased())
            if d != e { return d.decomposedStringWithCanonicalMapping < e.decomposedStringWithCanonicalMapping
                ? .orderedAscending : .orderedDescending }
        }
        // Lower case sorts before upper case of the same letter, as CLDR's root collation has it.
        for (c, d) in zip(a, b) where c != d { return c.isLowercase ? .orderedAscending : .orderedDescending }
        return .orderedSame
    }

    /// Letters that a language counts as their own, brought to where it sorts them (CLDR, collation for searching):
    /// German reads ä as ae; the Nordic languages put theirs after z. Every other language follows the root order.
    private func tailored(_ text: String) -> String {
        let language = (locale ?? "").split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() }
        let letters: KeyValuePairs<String, String>
        switch language {
        case "de": letters = ["ä": "ae", "ö": "oe", "ü": "ue", "Ä": "AE", "Ö": "OE", "Ü": "UE"]
        case "sv", "fi":
            letters = ["å": "z\u{E001}", "ä": "z\u{E002}", "ö": "z\u{E003}", "Å": "Z\u{E001}", "Ä": "Z\u{E002}", "Ö": "Z\u{E003}"]
        case "da", "no", "nb", "nn":
            letters = ["æ": "z\u{E001}", "ø": "z\u{E002}", "å": "z\u{E003}", "Æ": "Z\u{E001}", "Ø": "Z\u{E002}", "Å": "Z\u{E003}"]
        default: return text
        }
        return letters.reduce(text.precomposedStringWithCanonicalMapping) {
            $0.replacingOccurrences(of: $1.key, with: $1.value)
        }
    }
}
