import Foundation

extension ExpressionFunction {
    /// Functions on texts, arrays and types; `nil` for all others.
    func textual(_ v: [ExpressionValue]) throws(ExpressionFailure) -> ExpressionValue? {
        switch self {
        case .not: return .boolean(!v[0].isTrue)
        case .typeof: return .string(v[0].type.description)
        case .toRGBA:
            guard case .colour(let c) = v[0] else { return .null }
            return .array((c.straight.map { $0 * 255 } + [c.alpha]).map { .number($0) })
        case .upcase: return .string(v[0].text.uppercased())
        case .downcase: return .string(v[0].text.lowercased())
        case .concat: return .string(v.map(\.text).joined())
        case .join:
            guard case .array(let items) = v[0] else { return .string("") }
            return .string(items.map(\.text).joined(separator: v[1].text))
        case .split:
            if v[1].text.isEmpty { return .array(v[0].text.map { .string(String($0)) }) }
            return .array(v[0].text.components(separatedBy: v[1].text).map { .string($0) })
        case .resolvedLocale:
            guard case .collator(let c) = v[0] else { return .string("en") }
            return .string(c.locale ?? "en")
        case .isSupportedScript: return .boolean(true)
        case .at: return try item(v)
        case .isIn: return try .boolean(contains(v))
        case .indexOf: return try .number(Double(index(v)))
        case .slice: return try slice(v)
        case .length:
            switch v[0] {
            case .string(let s): return .number(Double(s.unicodeScalars.count))
            case .array(let a): return .number(Double(a.count))
            default:
                throw ExpressionFailure(
                    message: "Expected value to be of type string or array, but found \(v[0].type) instead.")
            }
        default: return nil
        }
    }

    private func item(_ v: [ExpressionValue]) throws(ExpressionFailure) -> ExpressionValue {
        guard case .number(let n) = v[0], case .array(let items) = v[1] else { throw Expression.mismatch(.number, v[0]) }
        let shown = ExpressionValue.text(of: n)
        guard n >= 0 else { throw ExpressionFailure(message: "Array index out of bounds: \(shown) < 0.") }
        guard n < Double(items.count) else {
            throw ExpressionFailure(message: "Array index out of bounds: \(shown) > \(items.count - 1).")
        }
        guard n == n.rounded() else {
            throw ExpressionFailure(message: "Array index must be an integer, but found \(shown) instead.")
        }
        return items[Int(n)]
    }

    /// What is looked for in a text; null is looked for as the word.
    private func needle(_ v: ExpressionValue) throws(ExpressionFailure) -> String {
        switch v {
        case .null: return "null"
        case .boolean, .string, .number: return v.text
        default:
            throw ExpressionFailure(
                message: "Expected first argument to be of type boolean, string, number or null, but found \(v.type) instead.")
        }
    }

    private func contains(_ v: [ExpressionValue]) throws(ExpressionFailure) -> Bool {
        if !v[1].isTrue { return false }
        let wanted = try needle(v[0])
        switch v[1] {
        case .string(let s): return wanted.isEmpty || s.contains(wanted)
        case .array(let a): return a.contains(v[0])
        default:
            throw ExpressionFailure(
                message: "Expected second argument to be of type array or string, but found \(v[1].type) instead.")
        }
    }

    private func index(_ v: [ExpressionValue]) throws(ExpressionFailure) -> Int {
        let wanted = try needle(v[0])
        var start = 0
        if v.count > 2 {
            guard case .number(let n) = v[2] else { throw Expression.mismatch(.number, v[2]) }
            start = Int(Swift.max(-1e6, Swift.min(n, 1e9)))
        }
        switch v[1] {
        case .string(let s):
            let hay = Array(s.unicodeScalars)
            let needle = Array(wanted.unicodeScalars)
            var i = Swift.max(0, start)
            while i + needle.count <= hay.count {
                if hay[i..<i + needle.count].elementsEqual(needle) { return i }
                i += 1
            }
            return -1
        case .array(let a):
            if start < 0 { start = Swift.max(0, a.count + start) }
            return a.indices.dropFirst(start).first { a[$0] == v[0] } ?? -1
        default:
            throw ExpressionFailure(
                message: "Expected second argument to be of type array or string, but found \(v[1].type) instead.")
        }
    }

    private func slice(_ v: [ExpressionValue]) throws(ExpressionFailure) -> ExpressionValue {
        func bounds(_ count: Int) throws(ExpressionFailure) -> Range<Int> {
            func place(_ value: ExpressionValue) throws(ExpressionFailure) -> Int {
                guard case .number(let n) = value else { throw Expression.mismatch(.number, value) }
                let i = Int(Swift.max(-1e9, Swift.min(n, 1e9)))
                return Swift.min(Swift.max(i < 0 ? i + count : i, 0), count)
            }
            let from = try place(v[1])
            return from..<Swift.max(from, v.count > 2 ? try place(v[2]) : count)
        }
        switch v[0] {
        case .string(let s):
            let scalars = Array(s.unicodeScalars)
            var out = String.UnicodeScalarView()
            out.append(contentsOf: scalars[try bounds(scalars.count)])
            return .string(String(out))
        case .array(let a): return .array(Array(a[try bounds(a.count)]))
        default:
            throw ExpressionFailure(
                message: "Expected first argument to be of type array or string, but found \(v[0].type) instead.")
        }
    }
}

extension Expression.NumberFormat {
    /// A number that is not negative with `digits` digits after the point; past its shortest decimal only zeros, as the
    /// binary tail of a number says nothing.
    private static func decimal(_ number: Double, _ digits: Int) -> String {
        let shortest = "\(number)"
        guard let point = shortest.firstIndex(of: "."), !shortest.contains("e") else {
            return String(format: "%.\(digits)f", number)
        }
        let known = shortest.distance(from: point, to: shortest.endIndex) - 1
        if known > digits { return String(format: "%.\(digits)f", number) }
        return shortest + String(repeating: "0", count: digits - known)
    }

    /// The number in the way of `en-US`; currencies and units stand before or after it by their code.
    func text(_ context: EvaluationContext) throws(ExpressionFailure) -> String {
        let value = try number.number(context)
        let least = try minimumFractionDigits?.number(context).rounded() ?? (currency == nil ? 0 : 2)
        let most = try maximumFractionDigits?.number(context).rounded() ?? Swift.max(least, currency == nil ? 3 : 2)
        let digits = Int(Swift.min(Swift.max(most, 0), 20))
        var text = Self.decimal(abs(value), digits)
        if let point = text.firstIndex(of: ".") {
            while text.hasSuffix("0"), text.distance(from: point, to: text.endIndex) - 1 > Int(Swift.max(least, 0)) {
                text.removeLast()
            }
            if text.hasSuffix(".") { text.removeLast() }
        }
        let parts = text.split(separator: ".")
        var grouped = ""
        for (i, c) in parts[0].enumerated() {
            if i > 0, (parts[0].count - i) % 3 == 0 { grouped += "," }
            grouped.append(c)
        }
        let sign = value < 0 ? "-" : ""
        let fraction = parts.count > 1 ? "." + parts[1] : ""
        if let code = try currency?.value(context).text {
            let symbol = ["USD": "$", "EUR": "€", "JPY": "¥", "CNY": "CN¥", "GBP": "£"][code] ?? code + "\u{A0}"
            return sign + symbol + grouped + fraction
        }
        if let name = try unit?.value(context).text {
            let short = ["meter": "m", "kilometer": "km", "mile": "mi", "percent": "%", "liter": "L"][name] ?? name
            return sign + grouped + fraction + (short == "%" ? "" : " ") + short
        }
        return sign + grouped + fraction
    }
}
