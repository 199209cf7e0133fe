internal import CQL2
internal import SimpleFeatures
internal import Topology

extension FilterCompiler {
    func spatial(
        _ function: SpatialFunction, _ a: CQL2Expression, _ b: CQL2Expression, in whole: CQL2Expression
    ) throws(FilterError) -> FilterCondition {
        let relation = SpatialRelation(function)
        switch (try isOwnGeometry(a), try isOwnGeometry(b)) {
        case (true, true): return .toItself([.intersects, .equals, .within, .contains].contains(relation))
        case (true, false): return try condition(relation, b)
        case (false, true):
            let turned: SpatialRelation = relation == .within ? .contains : relation == .contains ? .within : relation
            return try condition(turned, a)
        case (false, false):
            let (first, second) = (try literal(a), try literal(b))
            do throws(TopologyError) {
                let probe = try SpatialTest(relation, second)
                return .constant(try probe.exactly(WKB.encode(first.geometry)))
            } catch {
                throw unusable(whole)
            }
        }
    }

    private func condition(_ relation: SpatialRelation, _ expression: CQL2Expression) throws(FilterError) -> FilterCondition {
        var literal = try literal(expression)
        if case .geometryCollection(let parts) = literal.geometry, relation != .intersects, relation != .disjoint {
            do throws(TopologyError) {
                literal.geometry = try TopologyContext().union(of: parts)
            } catch {
                throw unusable(expression)
            }
            if case .geometryCollection = literal.geometry {
                throw FilterError(
                    .unsupported, expression.text, zh: "各部分同为点、线或面的几何集合；混合的集合仅可用于 S_INTERSECTS 与 S_DISJOINT",
                    en: "a collection of points, of lines or of areas only; a mixed one can be used with S_INTERSECTS and S_DISJOINT")
            }
        }
        do throws(TopologyError) {
            // Whatever GEOS does not take is refused here, not at the first row.
            _ = try SpatialTest(relation, literal)
        } catch {
            throw unusable(expression)
        }
        return .spatial(relation, literal)
    }

    private func isOwnGeometry(_ expression: CQL2Expression) throws(FilterError) -> Bool {
        switch expression {
        case .geometry, .box: return false
        case .property(let name):
            if let field = field(name) {
                throw FilterError(
                    .kindMismatch, name, zh: "几何属性，而此为 \(schema.fields[field].kind.rawValue) 类型", en: "the geometry property; this one is of type \(schema.fields[field].kind.rawValue)")
            }
            guard isGeometry(name) else { throw unknown(name) }
            return true
        case .function(let name, let arguments):
            let scalar = try function(name, arguments, expression)
            throw FilterError(.kindMismatch, expression.text, zh: "几何，而此处为\(scalar.type.words.zh)", en: "a geometry, and this is \(scalar.type.words.en)")
        default: throw FilterError(.kindMismatch, expression.text, zh: "几何", en: "a geometry")
        }
    }

    private func unusable(_ expression: CQL2Expression) -> FilterError {
        FilterError(
            .literalUnusable, expression.text, zh: "在图层坐标系适用区域内、环闭合的有效几何",
            en: "a valid geometry with closed rings, inside the area of the layer's CRS")
    }

    /// A geometry or a box that the filter spells out, valid, in the layer's CRS.
    private func literal(_ expression: CQL2Expression) throws(FilterError) -> SpatialLiteral {
        switch expression {
        case .geometry(let spelt):
            guard let carried = carriage.carried(spelt.geometry) else { throw unusable(expression) }
            guard carried.dimension == .area else { return SpatialLiteral(geometry: carried, isBox: false) }
            do throws(TopologyError) {
                return SpatialLiteral(geometry: try Self.repaired(carried), isBox: false)
            } catch {
                throw unusable(expression)
            }
        case .box(let numbers): return try box(numbers, expression)
        default: throw unusable(expression)
        }
    }

    private static func repaired(_ geometry: Geometry) throws(TopologyError) -> Geometry {
        let context = try TopologyContext()
        guard case .geometryCollection(let parts) = geometry else { return try context.repaired(geometry).geometry }
        var valid: [Geometry] = []
        for part in parts { valid.append(part.dimension == .area ? try context.repaired(part).geometry : part) }
        return .geometryCollection(valid)
    }

    private func box(_ numbers: [Double], _ expression: CQL2Expression) throws(FilterError) -> SpatialLiteral {
        guard numbers.count == 4 || numbers.count == 6 else { throw unusable(expression) }
        let low = carriage.ordered(Coordinate(x: numbers[0], y: numbers[1]))
        let high = carriage.ordered(
            numbers.count == 4 ? Coordinate(x: numbers[2], y: numbers[3]) : Coordinate(x: numbers[3], y: numbers[4]))
        guard low.y <= high.y, low.x <= high.x || carriage.isGeographic else {
            throw FilterError(.literalUnusable, expression.text, zh: "南界不高于北界、西界不在东界以东的 BBOX", en: "a BBOX whose south is not above its north, nor its west right of its east")
        }
        if low.x <= high.x { return try box(low, high, expression) }
        let west = try box(low, Coordinate(x: 180, y: high.y), expression)
        let east = try box(Coordinate(x: -180, y: low.y), high, expression)
        let parts = [west, east].compactMap { part -> Polygon? in if case .polygon(let polygon) = part.geometry { polygon } else { nil } }
        guard parts.count == 2 else { throw unusable(expression) }
        return SpatialLiteral(geometry: .multiPolygon(parts), isBox: false)
    }

    /// A box without width or height is a line or a point.
    private func box(_ low: Coordinate, _ high: Coordinate, _ expression: CQL2Expression) throws(FilterError) -> SpatialLiteral {
        if low.x < high.x, low.y < high.y {
            guard let carried = carriage.carried(Envelope(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y)) else { throw unusable(expression) }
            return carried
        }
        let flat: Geometry = low == high ? .point(carriage.ordered(low)) : .lineString([carriage.ordered(low), carriage.ordered(high)])
        guard let carried = carriage.carried(flat) else { throw unusable(expression) }
        return SpatialLiteral(geometry: carried, isBox: false)
    }
}

extension SpatialRelation {
    init(_ function: SpatialFunction) {
        self =
            switch function {
            case .intersects: .intersects
            case .equals: .equals
            case .disjoint: .disjoint
            case .touches: .touches
            case .within: .within
            case .overlaps: .overlaps
            case .crosses: .crosses
            case .contains: .contains
            }
    }
}
