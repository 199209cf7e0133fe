extension ExpressionParser {
    mutating func format(_ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count >= 2 else { return fail(key, "Expected at least one argument.") }
        if case .object = items[1] { return fail(key, "First argument must be an image or text section.") }
        var parts: [Expression.FormatPart] = []
        var mayTakeOptions = false
        for i in items.indices.dropFirst() {
            if mayTakeOptions, case .object(let options) = items[i] {
                mayTakeOptions = false
                guard let part = parse(options: options, of: parts[parts.count - 1], "\(key)[\(i)]", key) else { return nil }
                parts[parts.count - 1] = part
                continue
            }
            guard let content = parse(items[i], "\(key)[\(i)]", expecting: .value) else { return nil }
            switch content.type {
            case .string, .value, .null, .image: break
            default:
                return fail(
                    key,
                    "Formatted text type must be 'string', 'value', 'image' or 'null'.")
            }
            parts.append(Expression.FormatPart(content: content.expression))
            mayTakeOptions = true
        }
        return (.format(parts), .formatted)
    }

    private mutating func parse(
        options: [String: JSONValue], of part: Expression.FormatPart, _ key: String, _ whole: String
    ) -> Expression.FormatPart? {
        var part = part
        if let scale = options["font-scale"] {
            guard let typed = parse(scale, key, expecting: .number) else { return nil }
            part.scale = typed.expression
        }
        if let font = options["text-font"] {
            guard let typed = parse(font, key, expecting: .array(.string, count: nil)) else { return nil }
            part.font = typed.expression
        }
        if let colour = options["text-color"] {
            guard let typed = parse(colour, key, expecting: .colour) else { return nil }
            part.colour = typed.expression
        }
        if let align = options["vertical-align"] {
            guard let name = align.text, ["bottom", "center", "top"].contains(name) else {
                _ = fail(
                    whole,
                    "'vertical-align' must be one of: 'bottom', 'center', 'top' but found '\(align.text ?? align.description)' instead.")
                return nil
            }
            part.verticalAlign = name
        }
        return part
    }

    mutating func image(_ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 2 else { return fail(key, "Expected two arguments.") }
        guard let name = parse(items[1], key + "[1]", expecting: .string) else { return nil }
        return (.call(.image, [name.expression]), .image)
    }

    mutating func collator(_ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 2 else { return fail(key, "Expected one argument.") }
        guard case .object(let options) = items[1] else {
            return fail(key, "Collator options argument must be an object.")
        }
        guard let isCase = parse(options["case-sensitive"] ?? .boolean(false), key + "[1]", expecting: .boolean),
            let isMark = parse(options["diacritic-sensitive"] ?? .boolean(false), key + "[1]", expecting: .boolean)
        else { return nil }
        var locale: Expression?
        if let given = options["locale"] {
            guard let typed = parse(given, key + "[1]", expecting: .string) else { return nil }
            locale = typed.expression
        }
        return (
            .collator(isCaseSensitive: isCase.expression, isDiacriticSensitive: isMark.expression, locale: locale),
            .collator
        )
    }

    mutating func numberFormat(_ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 3 else { return fail(key, "Expected two arguments.") }
        guard let number = parse(items[1], key + "[1]", expecting: .number) else { return nil }
        guard case .object(let options) = items[2] else {
            return fail(key, "NumberFormat options argument must be an object.")
        }
        if options["currency"] != nil, options["unit"] != nil {
            return fail(key, "NumberFormat options `currency` and `unit` are mutually exclusive")
        }
        var format = Expression.NumberFormat(number: number.expression)
        let texts: [(String, WritableKeyPath<Expression.NumberFormat, Expression?>, ExpressionType)] = [
            ("locale", \.locale, .string), ("currency", \.currency, .string), ("unit", \.unit, .string),
            ("min-fraction-digits", \.minimumFractionDigits, .number),
            ("max-fraction-digits", \.maximumFractionDigits, .number),
        ]
        for (name, path, type) in texts {
            guard let given = options[name] else { continue }
            guard let typed = parse(given, key + "[2]", expecting: type) else { return nil }
            format[keyPath: path] = typed.expression
        }
        return (.numberFormat(format), .string)
    }
}
