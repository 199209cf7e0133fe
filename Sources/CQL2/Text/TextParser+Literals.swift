internal import SimpleFeatures
internal import Wording

/// Temporal and geometric literals.
extension TextParser {
    mutating func instant(isDate: Bool) throws(CQL2Error) -> CQL2Expression {
        try expect("(")
        guard case .text(let text) = token, let instant = CQL2Expression(instant: text), case .date = instant, isDate else {
            guard !isDate, case .text(let text) = token, let instant = CQL2Expression(instant: text), case .timestamp = instant else {
                throw unexpected(isDate ? .date : .timestamp)
            }
            position += 1
            try expect(")")
            return instant
        }
        position += 1
        try expect(")")
        return instant
    }

    mutating func interval() throws(CQL2Error) -> CQL2Expression {
        try expect("(")
        let from = try intervalEnd()
        try expect(",")
        let to = try intervalEnd()
        try expect(")")
        return .interval(from, to)
    }

    private mutating func intervalEnd() throws(CQL2Error) -> CQL2Expression? {
        let start = position
        if case .text(let text) = token {
            if text == ".." {
                position += 1
                return nil
            }
            guard let instant = CQL2Expression(instant: text) else { throw unexpected(OperandSlot.intervalEnd.expected) }
            position += 1
            return try counted(instant)
        }
        let expression = try primary()
        try require(.intervalEnd, expression, at: start)
        return expression
    }

    mutating func box() throws(CQL2Error) -> CQL2Expression {
        try expect("(")
        var numbers = [try ordinate()]
        while take(",") {
            guard numbers.count < 6 else { throw unexpected(.box) }
            numbers.append(try ordinate())
        }
        guard numbers.count == 4 || numbers.count == 6, token == .sign(")") else { throw unexpected(.box) }
        position += 1
        return .box(numbers)
    }

    // MARK: Geometries

    static func isGeometry(_ word: String) -> Bool { kind(word) != nil }

    private static func kind(_ word: String) -> GeometryKind? {
        GeometryKind.allCases.first { $0.name.utf8.count == word.utf8.count && $0.name.uppercased() == word }
    }

    mutating func geometryLiteral(_ word: String) throws(CQL2Error) -> CQL2Expression {
        var intake = PositionIntake()
        let geometry = try taggedGeometry(&intake, isPart: false)
        return .geometry(GeometryLiteral(geometry, heights: intake.heights))
    }

    private mutating func taggedGeometry(_ intake: inout PositionIntake, isPart: Bool) throws(CQL2Error) -> Geometry {
        guard case .name(let name) = token, let kind = Self.kind(name.uppercased()), !(isPart && kind == .geometryCollection) else {
            throw unexpected(.geometry)
        }
        position += 1
        let dimension = takeWord("Z") ? 3 : nil
        switch kind {
        case .point:
            try expect("(")
            let point = try coordinate(&intake, dimension)
            try expect(")")
            return .point(point)
        case .lineString: return .lineString(try path(&intake, dimension, least: 2))
        case .polygon: return .polygon(try polygon(&intake, dimension))
        case .multiPoint:
            return .multiPoint(
                try several { (p) throws(CQL2Error) in
                    guard p.take("(") else { return try p.coordinate(&intake, dimension) }
                    let point = try p.coordinate(&intake, dimension)
                    try p.expect(")")
                    return point
                })
        case .multiLineString:
            return .multiLineString(try several { (p) throws(CQL2Error) in try p.path(&intake, dimension, least: 2) })
        case .multiPolygon:
            return .multiPolygon(try several { (p) throws(CQL2Error) in try p.polygon(&intake, dimension) })
        case .geometryCollection:
            return .geometryCollection(try several { (p) throws(CQL2Error) in try p.taggedGeometry(&intake, isPart: true) })
        }
    }

    private mutating func polygon(_ intake: inout PositionIntake, _ dimension: Int?) throws(CQL2Error) -> Polygon {
        Polygon(
            rings: try several { (p) throws(CQL2Error) in
                let start = p.position
                let ring = try p.path(&intake, dimension, least: 4)
                guard ring.first == ring.last else {
                    throw CQL2Error(
                        .operand, at: p.place(start), found: .init(zh: "未闭合的环", en: "a ring that is not closed"),
                        expected: .init(zh: "末点与首点相同的环", en: "a ring whose last position is its first"))
                }
                return ring
            })
    }

    private mutating func path(_ intake: inout PositionIntake, _ dimension: Int?, least: Int) throws(CQL2Error) -> [Coordinate] {
        let path = try several { (p) throws(CQL2Error) in try p.coordinate(&intake, dimension) }
        guard path.count >= least else {
            position -= 1
            throw unexpected(.init(zh: "“,”与更多坐标，至少 \(least) 个", en: "a comma and more positions, \(least) at least"))
        }
        return path
    }

    private mutating func several<Item>(
        _ item: (inout TextParser) throws(CQL2Error) -> Item
    ) throws(CQL2Error) -> [Item] {
        try expect("(")
        var items = [try item(&self)]
        while take(",") { items.append(try item(&self)) }
        try expect(")")
        return items
    }

    private mutating func coordinate(_ intake: inout PositionIntake, _ dimension: Int?) throws(CQL2Error) -> Coordinate {
        vertices += 1
        guard vertices <= limits.vertices else {
            throw CQL2Error(
                .tooManyVertices, at: place(position), found: .init(zh: "第 \(vertices) 个坐标", en: "position number \(vertices)"),
                expected: .atMost(limits.vertices, zh: "个坐标", en: "positions"))
        }
        var numbers = [try ordinate(), try ordinate()]
        if dimension == 3 || (token != .sign(",") && token != .sign(")")) { numbers.append(try ordinate()) }
        return intake.take(numbers)
    }

    private mutating func ordinate() throws(CQL2Error) -> Double {
        let isNegative = token == .sign("-")
        if isNegative || token == .sign("+") { position += 1 }
        guard case .number(let spelt) = token, let number = CQL2Number(text: spelt) else {
            throw unexpected(.init(zh: "坐标值", en: "an ordinate"))
        }
        position += 1
        return isNegative ? -number.double : number.double
    }
}

extension LocalisedText {
    static let date = LocalisedText(zh: "'2012-08-10' 这样的日期", en: "a day such as '2012-08-10'")
    static let timestamp = LocalisedText(zh: "'2012-08-10T05:30:00Z' 这样的 UTC 时刻", en: "a time in UTC such as '2012-08-10T05:30:00Z'")
    static let box = LocalisedText(zh: "四个或六个数：西、南、[低、]东、北[、高]", en: "four or six numbers: west, south, [low,] east, north[, high]")
    static let geometry = LocalisedText(zh: "POINT、LINESTRING、POLYGON 或其 MULTI 形式", en: "POINT, LINESTRING, POLYGON or a MULTI form of them")
}

extension CQL2Expression {
    /// A day or a time by what the text says; `nil` for neither.
    init?(instant text: String) {
        if InstantText.day(text.utf8) != nil {
            self = .date(text)
        } else if InstantText.time(text.utf8) != nil {
            self = .timestamp(InstantText.normalised(text))
        } else {
            return nil
        }
    }
}
