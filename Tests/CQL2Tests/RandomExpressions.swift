import SimpleFeatures
import TestSupport

@testable import CQL2

/// Expressions by chance, as deep as they are let.
struct RandomExpressions {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    private mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    private mutating func any<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    mutating func filter(_ depth: Int = 4) -> CQL2Expression {
        switch depth <= 0 ? below(8) + 4 : below(12) {
        case 0: .and((0..<(2 + below(3))).map { _ in filter(depth - 1) })
        case 1: .or((0..<(2 + below(3))).map { _ in filter(depth - 1) })
        case 2, 3: .not(filter(depth - 1))
        case 4: .comparison(any(ComparisonOperator.allCases), scalar(depth - 1), scalar(depth - 1))
        case 5: .like(character(depth - 1), pattern: pattern())
        case 6: .between(numeric(depth - 1), low: numeric(depth - 1), high: numeric(depth - 1))
        case 7: .isIn(scalar(depth - 1), (0..<(1 + below(4))).map { _ in scalar(depth - 1) })
        case 8: .isNull(depth > 0 && below(3) == 0 ? filter(depth - 1) : scalar(depth - 1))
        case 9: .spatial(any(SpatialFunction.allCases), spatial(), spatial())
        case 10: .temporal(any(TemporalFunction.allCases), temporal(), temporal())
        default: below(2) == 0 ? .array(any(ArrayFunction.allCases), list(depth - 1), list(depth - 1)) : .boolean(below(2) == 0)
        }
    }

    private mutating func scalar(_ depth: Int) -> CQL2Expression {
        switch below(6) {
        case 0: character(depth)
        case 1: numeric(depth)
        case 2: instant()
        case 3: .boolean(below(2) == 0)
        default: property()
        }
    }

    private mutating func property() -> CQL2Expression {
        .property(any(["name", "楼层", "eo:cloud_cover", "a.b", "and", "DIV", "date", "面积 (m2)", "say \"hi\"", "z", "'", "3d", "POINT"]))
    }

    private mutating func text() -> String {
        any(["", "道滘", "it's", "a\\'b", "100%", "\\_", "“”", "é\u{301}", "\n\t", "😀", "a''b", "\\\\'x"])
    }

    private mutating func character(_ depth: Int) -> CQL2Expression {
        switch depth <= 0 ? below(2) + 2 : below(4) {
        case 0: .caseInsensitive(character(depth - 1))
        case 1: .accentInsensitive(character(depth - 1))
        case 2: .text(text())
        default: property()
        }
    }

    private mutating func pattern() -> CQL2Expression {
        any([.text(text()), .caseInsensitive(.text(text())), .accentInsensitive(.caseInsensitive(.text(text())))])
    }

    private mutating func number() -> Double {
        any([0, 1, -1, 0.5, -3.25, 1e-7, 1e17, -1.5e300, 113.75, 22.9999999, .leastNonzeroMagnitude]) * (below(2) == 0 ? 1 : random.unit())
    }

    private mutating func numeric(_ depth: Int) -> CQL2Expression {
        switch depth <= 0 ? below(2) + 2 : below(4) {
        case 0, 1: .arithmetic(any(ArithmeticOperator.allCases), numeric(depth - 1), numeric(depth - 1))
        case 2: property()
        default: below(3) == 0 ? .number(.integer(any([0, -7, .max, .min, 9_007_199_254_740_993]))) : .number(CQL2Number(number())!)
        }
    }

    private mutating func instant() -> CQL2Expression {
        any([.date("2012-08-10"), .date("0000-02-29"), .timestamp("2012-08-10T05:30:00Z"), .timestamp("1969-07-16T13:32:00.125Z")])
    }

    private mutating func temporal() -> CQL2Expression {
        let end = { (s: inout Self) -> CQL2Expression? in s.below(4) == 0 ? nil : s.below(2) == 0 ? s.instant() : s.property() }
        return below(2) == 0 ? instant() : .interval(end(&self), end(&self))
    }

    private mutating func list(_ depth: Int) -> CQL2Expression {
        below(4) == 0 ? property() : .list((0..<below(4)).map { _ in anything(depth - 1) })
    }

    private mutating func anything(_ depth: Int) -> CQL2Expression {
        switch depth <= 0 ? below(5) : below(8) {
        case 0: instant()
        case 1: temporal()
        case 2: spatial()
        case 3: .text(text())
        case 4: property()
        case 5: numeric(depth)
        case 6: list(depth - 1)
        default: .function(any(["Foo", "buffer", "_f"]), (0..<below(3)).map { _ in anything(depth - 1) })
        }
    }

    // MARK: Geometries

    private mutating func spatial() -> CQL2Expression {
        switch below(4) {
        case 0: return property()
        case 1: return .box((0..<any([4, 6])).map { _ in number() })
        default:
            var heights: [Double?] = []
            let geometry = geometry(isPart: false, &heights)
            return .geometry(GeometryLiteral(geometry, heights: heights))
        }
    }

    private mutating func geometry(isPart: Bool, _ heights: inout [Double?]) -> Geometry {
        let hasHeights = below(3) == 0
        let count = 1 + below(2)
        switch any(GeometryKind.allCases.filter { !isPart || $0 != .geometryCollection }) {
        case .point: return .point(path(1, hasHeights, &heights)[0])
        case .lineString: return .lineString(path(2 + below(3), hasHeights, &heights))
        case .polygon: return .polygon(polygon(hasHeights, &heights))
        case .multiPoint: return .multiPoint(path(1 + below(3), hasHeights, &heights))
        case .multiLineString:
            var lines: [[Coordinate]] = []
            for _ in 0..<count { lines.append(path(2, hasHeights, &heights)) }
            return .multiLineString(lines)
        case .multiPolygon:
            var polygons: [Polygon] = []
            for _ in 0..<count { polygons.append(polygon(hasHeights, &heights)) }
            return .multiPolygon(polygons)
        case .geometryCollection:
            var parts: [Geometry] = []
            for _ in 0..<count { parts.append(geometry(isPart: true, &heights)) }
            return .geometryCollection(parts)
        }
    }

    private mutating func path(_ count: Int, _ hasHeights: Bool, _ heights: inout [Double?]) -> [Coordinate] {
        var path: [Coordinate] = []
        for _ in 0..<count {
            path.append(Coordinate(x: number(), y: number()))
            heights.append(hasHeights ? number() : nil)
        }
        return path
    }

    private mutating func polygon(_ hasHeights: Bool, _ heights: inout [Double?]) -> Polygon {
        var ring = path(3 + below(3), hasHeights, &heights)
        ring.append(ring[0])
        heights.append(hasHeights ? 7 : nil)
        return Polygon(rings: [ring])
    }
}
