internal import SimpleFeatures
internal import Wording

/// Geometries as GeoJSON spells them (RFC 7946), heights kept.
extension JSONParser {
    mutating func geometry(_ tree: JSONTree) throws(CQL2Error) -> GeometryLiteral {
        var intake = PositionIntake()
        let geometry = try geometry(tree, &intake, isPart: false)
        return GeometryLiteral(geometry, heights: intake.heights)
    }

    private mutating func geometry(_ tree: JSONTree, _ intake: inout PositionIntake, isPart: Bool) throws(CQL2Error) -> Geometry {
        guard case .string(let name)? = tree["type"], let kind = GeometryKind.allCases.first(where: { $0.name == name }),
            !(isPart && kind == .geometryCollection)
        else { throw inside("type", fault(tree["type"] ?? .null, .geometryType)) }
        let member = kind == .geometryCollection ? "geometries" : "coordinates"
        guard case .array(let elements)? = tree[member] else {
            throw inside(member, fault(tree[member] ?? .null, .init(zh: "\(name) 的数组", en: "the array of a \(name)")))
        }
        return try within(member) { (p) throws(CQL2Error) in
            switch kind {
            case .point: .point(try p.position(.array(elements), &intake))
            case .lineString: .lineString(try p.path(elements, &intake, least: 2))
            case .polygon: .polygon(try p.polygon(elements, &intake))
            case .multiPoint: .multiPoint(try p.path(elements, &intake, least: 1))
            case .multiLineString: .multiLineString(try p.parts(elements) { (p, e) throws(CQL2Error) in try p.path(e, &intake, least: 2) })
            case .multiPolygon: .multiPolygon(try p.parts(elements) { (p, e) throws(CQL2Error) in try p.polygon(e, &intake) })
            case .geometryCollection: .geometryCollection(try p.collection(elements, &intake))
            }
        }
    }

    private mutating func collection(_ elements: [JSONTree], _ intake: inout PositionIntake) throws(CQL2Error) -> [Geometry] {
        guard !elements.isEmpty else { throw fault(.array(elements), .init(zh: "几何的数组", en: "an array of geometries")) }
        var parts: [Geometry] = []
        for (index, element) in elements.enumerated() {
            parts.append(try within(String(index)) { (p) throws(CQL2Error) in try p.geometry(element, &intake, isPart: true) })
        }
        return parts
    }

    private mutating func polygon(_ rings: [JSONTree], _ intake: inout PositionIntake) throws(CQL2Error) -> Polygon {
        Polygon(
            rings: try parts(rings) { (p, elements) throws(CQL2Error) in
                let ring = try p.path(elements, &intake, least: 4)
                guard ring.first == ring.last else {
                    throw CQL2Error(
                        .operand, at: p.place, found: .init(zh: "未闭合的环", en: "a ring that is not closed"),
                        expected: .init(zh: "末点与首点相同的环", en: "a ring whose last position is its first"))
                }
                return ring
            })
    }

    private mutating func parts<Part>(
        _ elements: [JSONTree], _ body: (inout JSONParser, [JSONTree]) throws(CQL2Error) -> Part
    ) throws(CQL2Error) -> [Part] {
        guard !elements.isEmpty else { throw fault(.array(elements), .init(zh: "非空的数组", en: "an array that is not empty")) }
        var parts: [Part] = []
        for (index, element) in elements.enumerated() {
            let part = try within(String(index)) { (p) throws(CQL2Error) -> Part in
                guard case .array(let inner) = element else { throw p.fault(element, .init(zh: "坐标的数组", en: "an array of positions")) }
                return try body(&p, inner)
            }
            parts.append(part)
        }
        return parts
    }

    private mutating func path(_ elements: [JSONTree], _ intake: inout PositionIntake, least: Int) throws(CQL2Error) -> [Coordinate] {
        guard elements.count >= least else {
            throw fault(.array(elements), .init(zh: "至少 \(least) 个坐标", en: "\(least) positions at least"))
        }
        var path: [Coordinate] = []
        path.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            path.append(try within(String(index)) { (p) throws(CQL2Error) in try p.position(element, &intake) })
        }
        return path
    }

    private mutating func position(_ tree: JSONTree, _ intake: inout PositionIntake) throws(CQL2Error) -> Coordinate {
        guard case .array(let elements) = tree, elements.count == 2 || elements.count == 3 else {
            throw fault(tree, .init(zh: "两个或三个数的坐标", en: "a position of two or three numbers"))
        }
        vertices += 1
        guard vertices <= limits.vertices else {
            throw CQL2Error(
                .tooManyVertices, at: place, found: .init(zh: "第 \(vertices) 个坐标", en: "position number \(vertices)"),
                expected: .atMost(limits.vertices, zh: "个坐标", en: "positions"))
        }
        return intake.take(try numbers(elements))
    }

    mutating func numbers(_ elements: [JSONTree]) throws(CQL2Error) -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard case .number(let number) = element else {
                throw inside(String(index), fault(element, .init(zh: "数值", en: "a number")))
            }
            numbers.append(number.double)
        }
        return numbers
    }
}

extension LocalisedText {
    fileprivate static let geometryType = LocalisedText(
        zh: "GeoJSON 几何类型（几何集合中不再套集合）", en: "a geometry type of GeoJSON, and no collection inside a collection")
}
