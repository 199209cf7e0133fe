internal import SimpleFeatures
public import Tiling

extension CQL2Expression {
    /// CQL2 JSON that reads back as the expression.
    public var json: JSONDocument {
        switch self {
        case .and(let terms): Self.operation("and", terms)
        case .or(let terms): Self.operation("or", terms)
        case .not(let term): Self.operation("not", [term])
        case .comparison(let sign, let a, let b): Self.operation(sign.rawValue, [a, b])
        case .like(let value, let pattern): Self.operation("like", [value, pattern])
        case .between(let value, let low, let high): Self.operation("between", [value, low, high])
        case .isIn(let value, let list): Self.operation("in", [value, .list(list)])
        case .isNull(let operand): Self.operation("isNull", [operand])
        case .spatial(let function, let a, let b): Self.operation(function.rawValue, [a, b])
        case .temporal(let function, let a, let b): Self.operation(function.rawValue, [a, b])
        case .array(let function, let a, let b): Self.operation(function.rawValue, [a, b])
        case .function(let name, let arguments): Self.operation(name, arguments)
        case .arithmetic(let sign, let a, let b): Self.operation(sign.rawValue, [a, b])
        case .caseInsensitive(let inner): Self.operation("casei", [inner])
        case .accentInsensitive(let inner): Self.operation("accenti", [inner])
        case .property(let name): ["property": .string(name)]
        case .boolean(let flag): .boolean(flag)
        case .number(let number): number.json
        case .text(let text): .string(text)
        case .geometry(let literal): literal.json
        case .box(let numbers): ["bbox": .array(numbers.map(Self.json))]
        case .date(let day): ["date": .string(day)]
        case .timestamp(let time): ["timestamp": .string(time)]
        case .interval(let from, let to): ["interval": .array([from, to].map(Self.intervalEnd))]
        case .list(let elements): .array(elements.map(\.json))
        }
    }

    private static func operation(_ name: String, _ arguments: [CQL2Expression]) -> JSONDocument {
        ["op": .string(name), "args": .array(arguments.map(\.json))]
    }

    private static func intervalEnd(_ end: CQL2Expression?) -> JSONDocument {
        switch end {
        case nil: ".."
        case .date(let text)?, .timestamp(let text)?: .string(text)
        case let expression?: expression.json
        }
    }

    fileprivate static func json(_ number: Double) -> JSONDocument { CQL2Number(number)?.json ?? .null }
}

extension CQL2Number {
    fileprivate var json: JSONDocument {
        switch self {
        case .integer(let n): .integer(Int(n))
        case .real(let r): .number(r)
        }
    }
}

extension GeometryLiteral {
    fileprivate var json: JSONDocument {
        var index = 0
        return Self.json(geometry, heights, &index)
    }

    private static func json(_ geometry: Geometry, _ heights: [Double?], _ index: inout Int) -> JSONDocument {
        let coordinates: JSONDocument
        switch geometry {
        case .point(let c): coordinates = position(c, heights, &index)
        case .lineString(let c), .multiPoint(let c): coordinates = path(c, heights, &index)
        case .polygon(let polygon): coordinates = paths(polygon.rings, heights, &index)
        case .multiLineString(let lines): coordinates = paths(lines, heights, &index)
        case .multiPolygon(let polygons):
            var parts: [JSONDocument] = []
            for polygon in polygons { parts.append(paths(polygon.rings, heights, &index)) }
            coordinates = .array(parts)
        case .geometryCollection(let parts):
            var written: [JSONDocument] = []
            for part in parts { written.append(json(part, heights, &index)) }
            return ["type": .string(geometry.kind.name), "geometries": .array(written)]
        }
        return ["type": .string(geometry.kind.name), "coordinates": coordinates]
    }

    private static func paths(_ paths: [[Coordinate]], _ heights: [Double?], _ index: inout Int) -> JSONDocument {
        var written: [JSONDocument] = []
        for one in paths { written.append(path(one, heights, &index)) }
        return .array(written)
    }

    private static func path(_ path: [Coordinate], _ heights: [Double?], _ index: inout Int) -> JSONDocument {
        var written: [JSONDocument] = []
        for c in path { written.append(position(c, heights, &index)) }
        return .array(written)
    }

    private static func position(_ c: Coordinate, _ heights: [Double?], _ index: inout Int) -> JSONDocument {
        let height = index < heights.count ? heights[index] : nil
        index += 1
        return .array(([c.x, c.y] + (height.map { [$0] } ?? [])).map(CQL2Expression.json))
    }
}
