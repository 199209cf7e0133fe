internal import SimpleFeatures

extension CQL2Expression {
    /// CQL2 text that reads back as the expression.
    ///
    /// A text literal that ends in a backslash is the exception: the grammar has no spelling for one, for the backslash would take
    /// the closing quote with it.
    public var text: String {
        var writer = TextWriter()
        writer.write(self)
        return writer.text
    }
}

/// Writes with no more parentheses than are needed.
private struct TextWriter {
    var text = ""

    /// How tightly an expression holds together.
    private enum Rank: Int, Comparable {
        case or, and, not, predicate, sum, product, power, operand

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    private static func rank(_ expression: CQL2Expression) -> Rank {
        switch expression {
        case .or: .or
        case .and: .and
        case .not: .not
        case .comparison, .like, .between, .isIn, .isNull: .predicate
        case .arithmetic(let sign, _, _):
            switch sign {
            case .plus, .minus: .sum
            case .times, .divided, .modulo, .wholeDivided: .product
            case .power: .power
            }
        default: .operand
        }
    }

    private mutating func write(_ expression: CQL2Expression, least rank: Rank) {
        if Self.rank(expression) >= rank { return write(expression) }
        text += "("
        write(expression)
        text += ")"
    }

    mutating func write(_ expression: CQL2Expression) {
        switch expression {
        case .and(let terms): join(terms, " AND ") { $0.write($1, least: .not) }
        case .or(let terms): join(terms, " OR ") { $0.write($1, least: .and) }
        case .not(let term):
            text += "NOT "
            write(term, least: .predicate)
        case .comparison(let sign, let a, let b): infix(a, " \(sign.rawValue) ", b, .sum, .sum)
        case .like(let value, let pattern): infix(value, " LIKE ", pattern, .sum, .sum)
        case .between(let value, let low, let high):
            infix(value, " BETWEEN ", low, .sum, .sum)
            text += " AND "
            write(high, least: .sum)
        case .isIn(let value, let list):
            write(value, least: .sum)
            text += " IN "
            arguments(list)
        case .isNull(let operand):
            write(operand, least: .sum)
            text += " IS NULL"
        case .spatial(let function, let a, let b): call(function.rawValue.uppercased(), [a, b])
        case .temporal(let function, let a, let b): call(function.rawValue.uppercased(), [a, b])
        case .array(let function, let a, let b): call(function.rawValue.uppercased(), [a, b])
        case .function(let name, let list): call(name, list)
        case .arithmetic(let sign, let a, let b):
            let own = Self.rank(expression)
            let word = sign == .wholeDivided ? " DIV " : " \(sign.rawValue) "
            // Of a power neither side may be one, of a row the right side must hold together more tightly.
            infix(a, word, b, own == .power ? .operand : own, own == .sum ? .product : own == .product ? .power : .operand)
        case .caseInsensitive(let inner): call("CASEI", [inner])
        case .accentInsensitive(let inner): call("ACCENTI", [inner])
        case .property(let name): write(property: name)
        case .boolean(let flag): text += flag ? "TRUE" : "FALSE"
        case .number(let number): text += number.text
        case .text(let value): quote(value)
        case .geometry(let literal): write(literal)
        case .box(let numbers): text += "BBOX(" + numbers.map(Self.spelt).joined(separator: ", ") + ")"
        case .date(let day): text += "DATE('\(day)')"
        case .timestamp(let time): text += "TIMESTAMP('\(time)')"
        case .interval(let from, let to):
            text += "INTERVAL("
            intervalEnd(from)
            text += ", "
            intervalEnd(to)
            text += ")"
        case .list(let elements): arguments(elements)
        }
    }

    private mutating func infix(_ a: CQL2Expression, _ word: String, _ b: CQL2Expression, _ left: Rank, _ right: Rank) {
        write(a, least: left)
        text += word
        write(b, least: right)
    }

    private mutating func join(_ items: [CQL2Expression], _ word: String, _ body: (inout TextWriter, CQL2Expression) -> Void) {
        for (index, item) in items.enumerated() {
            if index > 0 { text += word }
            body(&self, item)
        }
    }

    private mutating func call(_ name: String, _ list: [CQL2Expression]) {
        text += name
        arguments(list)
    }

    private mutating func arguments(_ list: [CQL2Expression]) {
        text += "("
        join(list, ", ") { $0.write($1) }
        text += ")"
    }

    private mutating func intervalEnd(_ end: CQL2Expression?) {
        switch end {
        case nil: text += "'..'"
        case .date(let text)?, .timestamp(let text)?: self.text += "'\(text)'"
        case let expression?: write(expression)
        }
    }

    private static let reserved: Set<String> = ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV", "Z"]

    private mutating func write(property name: String) {
        let scalars = name.unicodeScalars
        let isPlain = scalars.first.map(TextScalars.beginsName) == true && scalars.allSatisfy(TextScalars.continuesName)
        if isPlain, !Self.reserved.contains(name.uppercased()) {
            text += name
        } else {
            text += "\""
            for scalar in scalars {
                text.unicodeScalars.append(scalar)
                if scalar == "\"" { text += "\"" }
            }
            text += "\""
        }
    }

    private mutating func quote(_ value: String) {
        text += "'"
        // A backslash before it would take one quote of two with it.
        var isAfterBackslash = false
        for scalar in value.unicodeScalars {
            if scalar == "'" { text += isAfterBackslash ? "\\" : "'" }
            text.unicodeScalars.append(scalar)
            isAfterBackslash = scalar == "\\"
        }
        text += "'"
    }

    // MARK: Geometries

    private static func spelt(_ number: Double) -> String {
        (CQL2Number(number) ?? .integer(0)).text
    }

    private mutating func write(_ literal: GeometryLiteral) {
        var writer = PositionWriter(heights: literal.heights)
        text += writer.tagged(literal.geometry)
    }

    private struct PositionWriter {
        let heights: [Double?]
        var index = 0

        mutating func tagged(_ geometry: Geometry) -> String {
            let name = geometry.kind.name.uppercased()
            switch geometry {
            case .point(let c): return name + path([c])
            case .lineString(let c): return name + path(c)
            case .polygon(let polygon): return name + paths(polygon.rings)
            case .multiPoint(let points): return name + group(points) { $0.path([$1]) }
            case .multiLineString(let lines): return name + paths(lines)
            case .multiPolygon(let polygons): return name + group(polygons) { $0.paths($1.rings) }
            case .geometryCollection(let parts): return name + group(parts) { $0.tagged($1) }
            }
        }

        private mutating func paths(_ paths: [[Coordinate]]) -> String { group(paths) { $0.path($1) } }
        private mutating func path(_ path: [Coordinate]) -> String { group(path) { $0.position($1) } }

        private mutating func group<Item>(_ items: [Item], _ body: (inout PositionWriter, Item) -> String) -> String {
            var parts: [String] = []
            for item in items { parts.append(body(&self, item)) }
            return "(" + parts.joined(separator: ", ") + ")"
        }

        private mutating func position(_ c: Coordinate) -> String {
            let height = index < heights.count ? heights[index] : nil
            index += 1
            return ([c.x, c.y] + (height.map { [$0] } ?? [])).map(TextWriter.spelt).joined(separator: " ")
        }
    }
}
