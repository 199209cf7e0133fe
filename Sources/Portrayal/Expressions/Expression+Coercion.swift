extension Expression {
    static func coerce(
        _ type: ExpressionType, _ arguments: [Expression], _ context: EvaluationContext
    ) throws(ExpressionFailure) -> ExpressionValue {
        switch type {
        case .boolean: return .boolean(try arguments[0].value(context).isTrue)
        case .string: return .string(try arguments[0].value(context).text)
        case .formatted:
            let value = try arguments[0].value(context)
            if case .formatted = value { return value }
            if case .image(let name, _) = value {
                var section = FormattedSection(text: "")
                section.image = name
                return .formatted([section])
            }
            return .formatted([FormattedSection(text: value.text)])
        case .image:
            let name = try arguments[0].value(context).text
            return .image(name: name, isAvailable: context.images?.contains(name) ?? true)
        default: break
        }
        var last = ExpressionValue.null
        for argument in arguments {
            last = try argument.value(context)
            if let value = coerced(last, to: type) { return value }
        }
        throw failure(type, last)
    }

    private static func failure(_ type: ExpressionType, _ value: ExpressionValue) -> ExpressionFailure {
        let shown = value.type == .string ? JSONValue.quoted(value.text) : value.text
        switch type {
        case .number: return ExpressionFailure(message: "Could not convert \(shown) to number.")
        case .colour: return ExpressionFailure(message: "Could not parse color from value '\(value.text)'")
        case .padding: return ExpressionFailure(message: "Could not parse padding from value '\(value.text)'")
        default: return ExpressionFailure(message: "Could not parse \(type) from value '\(value.text)'")
        }
    }

    /// `value` as a value of `type`, or `nil` where the language knows no such conversion.
    static func coerced(_ value: ExpressionValue, to type: ExpressionType) -> ExpressionValue? {
        switch type {
        case .number: return number(value).map { .number($0) }
        case .colour: return colour(value).map { .colour($0) }
        case .padding:
            if case .padding = value { return value }
            guard let v = value.numbers, (1...4).contains(v.count) else { return nil }
            let sides = [v[0], v.count > 1 ? v[1] : v[0], v.count > 2 ? v[2] : v[0], v.count > 3 ? v[3] : v.count > 1 ? v[1] : v[0]]
            return .padding(sides)
        case .numberArray: return value.numbers.map { .numberArray($0) }
        case .colourArray:
            if case .colourArray = value { return value }
            if let c = colour(value) { return .colourArray([c]) }
            guard case .array(let items) = value else { return nil }
            let colours = items.compactMap(colour)
            return colours.count == items.count ? .colourArray(colours) : nil
        case .anchorOffsets: return anchorOffsets(value)
        case .projection:
            if case .projection = value { return value }
            if case .string(let s) = value { return .projection(from: s, to: s, transition: 1) }
            if case .array(let a) = value, a.count == 3, case .string(let f) = a[0], case .string(let t) = a[1],
                case .number(let n) = a[2]
            {
                return .projection(from: f, to: t, transition: n)
            }
            return nil
        default: return type.accepts(value.type) ? value : nil
        }
    }

    static func number(_ value: ExpressionValue) -> Double? {
        switch value {
        case .null: return 0
        case .boolean(let b): return b ? 1 : 0
        case .number(let n): return n.isNaN ? nil : n
        case .string(let s):
            let text = s.filter { !$0.isWhitespace }
            if text.isEmpty { return 0 }
            guard let n = Double(text), !n.isNaN, text.lowercased().first(where: { "xp".contains($0) }) == nil
            else { return nil }
            return n
        default: return nil
        }
    }

    private static func colour(_ value: ExpressionValue) -> StyleColour? {
        switch value {
        case .colour(let c): return c
        case .string(let s): return StyleColour(css: s)
        case .array:
            guard let v = value.numbers, v.count == 3 || v.count == 4, v[0..<3].allSatisfy({ 0...255 ~= $0 }),
                v.count == 3 || 0...1 ~= v[3]
            else { return nil }
            return StyleColour(straight: v[0..<3].map { $0 / 255 }, alpha: v.count == 4 ? v[3] : 1)
        default: return nil
        }
    }

    private static func anchorOffsets(_ value: ExpressionValue) -> ExpressionValue? {
        if case .anchorOffsets = value { return value }
        guard case .array(let items) = value, !items.isEmpty, items.count % 2 == 0 else { return nil }
        var out: [AnchorOffset] = []
        for i in stride(from: 0, to: items.count, by: 2) {
            guard case .string(let name) = items[i], let anchor = SymbolAnchor(rawValue: name),
                case .array = items[i + 1], let offset = items[i + 1].numbers, offset.count == 2
            else { return nil }
            out.append(AnchorOffset(anchor: anchor, offset: offset))
        }
        return .anchorOffsets(out)
    }
}
