internal import Markup
internal import SimpleFeatures
internal import Tiling

/// Reads geometries of GML 3.2 (OGC 07-036), and what versions 2 and 3.1 call otherwise, with east first.
struct GMLGeometryReader {
    private var vertices: Int
    private let limit: Int
    private let defaultCRS: CRSIdentifier
    /// Of all geometries so far; `nil` before the first.
    private(set) var crs: CRSIdentifier?
    private var isNorthFirst = false

    init(vertices: Int, defaultCRS: CRSIdentifier) {
        self.vertices = vertices
        limit = vertices
        self.defaultCRS = defaultCRS
    }

    static let names: Set<String> = [
        "Point", "LineString", "Curve", "Polygon", "Surface", "Envelope", "Box", "MultiPoint", "MultiCurve", "MultiLineString", "MultiSurface",
        "MultiPolygon", "MultiGeometry",
    ]

    /// A geometry with the CRS that it or one of its parts names; an envelope becomes a polygon.
    mutating func geometry(_ element: MarkupElement) throws(FESError) -> Geometry {
        try enter(element)
        return try part(element, dimension: Self.dimension(element, 2))
    }

    /// The corners of an envelope.
    mutating func envelope(_ element: MarkupElement) throws(FESError) -> Envelope {
        try enter(element)
        return try corners(element, dimension: Self.dimension(element, 2))
    }

    // MARK: CRS

    private mutating func enter(_ element: MarkupElement) throws(FESError) {
        var names: Set<String> = []
        Self.collect(element, &names)
        var references: Set<CRSReference> = []
        for name in names {
            guard let reference = CRSReference(name), reference.identifier.isNorthFirst != nil else {
                throw .value(name, in: "srsName", zh: "已知的坐标系，如 urn:ogc:def:crs:EPSG::4490", en: "a known CRS, such as urn:ogc:def:crs:EPSG::4490")
            }
            references.insert(reference)
        }
        guard references.count <= 1 else { throw Self.mixed(names) }
        let reference = references.first ?? CRSReference(crs ?? defaultCRS)
        if let crs, crs != reference.identifier { throw Self.mixed([crs.urn, reference.identifier.urn]) }
        crs = reference.identifier
        isNorthFirst = reference.isNorthFirst
    }

    private static func mixed(_ names: Set<String>) -> FESError {
        .value(names.sorted().joined(separator: ", "), in: "srsName", zh: "过滤式中全部几何使用同一坐标系", en: "one CRS for all geometries of a filter")
    }

    private static func collect(_ element: MarkupElement, _ names: inout Set<String>) {
        if let name = element.attributes["srsName"] { names.insert(name) }
        for child in element.children { collect(child, &names) }
    }

    private static func dimension(_ element: MarkupElement, _ outer: Int) -> Int {
        element.attributes["srsDimension"].flatMap { Int($0) }.flatMap { (2...3).contains($0) ? $0 : nil } ?? outer
    }

    // MARK: Shapes

    private mutating func part(_ element: MarkupElement, dimension outer: Int) throws(FESError) -> Geometry {
        let dimension = Self.dimension(element, outer)
        switch element.name {
        case "Point":
            guard let position = try path(element, dimension).first else { throw Self.empty(element) }
            return .point(position)
        case "LineString", "LineStringSegment": return .lineString(try path(element, dimension))
        case "Curve":
            guard let segments = element["segments"]?.children, segments.count == 1, segments[0].name == "LineStringSegment" else {
                throw .unsupported("gml:Curve")
            }
            return try part(segments[0], dimension: dimension)
        case "Polygon", "PolygonPatch": return .polygon(try polygon(element, dimension))
        case "Surface":
            guard let patches = element["patches"]?.children, patches.count == 1, patches[0].name == "PolygonPatch" else {
                throw .unsupported("gml:Surface")
            }
            return try part(patches[0], dimension: dimension)
        case "Envelope", "Box":
            let e = try corners(element, dimension: dimension)
            let ring = [(e.minX, e.minY), (e.maxX, e.minY), (e.maxX, e.maxY), (e.minX, e.maxY), (e.minX, e.minY)]
            return .polygon(Polygon(rings: [ring.map { Coordinate(x: $0.0, y: $0.1) }]))
        default: return try aggregate(element, dimension)
        }
    }

    private mutating func aggregate(_ element: MarkupElement, _ dimension: Int) throws(FESError) -> Geometry {
        guard Self.names.contains(element.name) else { throw .unsupported("gml:\(element.name)") }
        var parts: [Geometry] = []
        for member in element.children {
            guard member.name.hasSuffix("Member") || member.name.hasSuffix("Members") else { continue }
            for child in member.children { parts.append(try part(child, dimension: dimension)) }
        }
        guard !parts.isEmpty else { throw Self.empty(element) }
        switch element.name {
        case "MultiPoint":
            return .multiPoint(try parts.map { part throws(FESError) in
                guard case .point(let c) = part else { throw Self.misplaced(element) }
                return c
            })
        case "MultiCurve", "MultiLineString":
            return .multiLineString(try parts.map { part throws(FESError) in
                guard case .lineString(let path) = part else { throw Self.misplaced(element) }
                return path
            })
        case "MultiSurface", "MultiPolygon":
            return .multiPolygon(try parts.map { part throws(FESError) in
                guard case .polygon(let polygon) = part else { throw Self.misplaced(element) }
                return polygon
            })
        default: return .geometryCollection(parts)
        }
    }

    private mutating func polygon(_ element: MarkupElement, _ dimension: Int) throws(FESError) -> Polygon {
        var rings: [[Coordinate]] = []
        for boundary in element.children where ["exterior", "interior", "outerBoundaryIs", "innerBoundaryIs"].contains(boundary.name) {
            guard let ring = boundary["LinearRing"] else { throw .unsupported("gml:\(boundary.children.first?.name ?? boundary.name)") }
            let path = try path(ring, Self.dimension(ring, dimension))
            if boundary.name.hasPrefix("ext") || boundary.name.hasPrefix("out") { rings.insert(path, at: 0) } else { rings.append(path) }
        }
        guard !rings.isEmpty else { throw Self.empty(element) }
        return Polygon(rings: rings)
    }

    private mutating func corners(_ element: MarkupElement, dimension: Int) throws(FESError) -> Envelope {
        var corners: [Coordinate] = []
        if let low = element["lowerCorner"], let high = element["upperCorner"] {
            corners = try positions(low, dimension) + positions(high, dimension)
        } else {
            corners = try path(element, dimension)
        }
        guard corners.count == 2 else { throw Self.empty(element) }
        guard corners[0].y <= corners[1].y else {
            throw .value(
                "\(corners[0].y) > \(corners[1].y)", in: element.name, zh: "南界不高于北界；请检查坐标轴次序",
                en: "a south that is not above its north; look at the order of the axes")
        }
        return Envelope(minX: corners[0].x, minY: corners[0].y, maxX: corners[1].x, maxY: corners[1].y)
    }

    // MARK: Positions

    private mutating func path(_ element: MarkupElement, _ dimension: Int) throws(FESError) -> [Coordinate] {
        var path: [Coordinate] = []
        for child in element.children {
            switch child.name {
            case "pos", "posList": path += try positions(child, Self.dimension(child, dimension))
            case "coordinates": path += try tuples(child)
            case "pointProperty":
                guard let point = child["Point"] else { throw Self.empty(element) }
                path += try self.path(point, dimension)
            default: continue
            }
        }
        guard !path.isEmpty else { throw Self.empty(element) }
        return path
    }

    private mutating func positions(_ element: MarkupElement, _ dimension: Int) throws(FESError) -> [Coordinate] {
        let numbers = element.text.split { $0 == " " || $0 == "\n" || $0 == "\t" }.map { Double($0) ?? .nan }
        guard !numbers.isEmpty, numbers.count.isMultiple(of: dimension) else { throw Self.numbers(element) }
        return try stride(from: 0, to: numbers.count, by: dimension).map { place throws(FESError) in
            try position(numbers[place], numbers[place + 1], element)
        }
    }

    /// As GML 2 writes them: commas in a tuple, blanks between.
    private mutating func tuples(_ element: MarkupElement) throws(FESError) -> [Coordinate] {
        var path: [Coordinate] = []
        for tuple in element.text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }) {
            let numbers = tuple.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
            guard (2...3).contains(numbers.count) else { throw Self.numbers(element) }
            path.append(try position(numbers[0], numbers[1], element))
        }
        return path
    }

    private mutating func position(_ first: Double, _ second: Double, _ element: MarkupElement) throws(FESError) -> Coordinate {
        guard first.isFinite, second.isFinite else { throw Self.numbers(element) }
        vertices -= 1
        guard vertices >= 0 else {
            throw FESError(.tooLarge, zh: "过滤式中的几何至多 \(limit) 个坐标", en: "the geometries of a filter have at most \(limit) positions")
        }
        return isNorthFirst ? Coordinate(x: second, y: first) : Coordinate(x: first, y: second)
    }

    private static func numbers(_ element: MarkupElement) -> FESError {
        .value(element.trimmedText, in: "gml:\(element.name)", zh: "以空格分隔的成对坐标", en: "pairs of numbers with blanks between them")
    }

    private static func empty(_ element: MarkupElement) -> FESError {
        FESError(.syntax, zh: "gml:\(FESError.excerpt(element.name)) 中没有可读的坐标", en: "gml:\(FESError.excerpt(element.name)) holds no positions that can be read")
    }

    private static func misplaced(_ element: MarkupElement) -> FESError {
        FESError(.syntax, zh: "gml:\(element.name) 的成员类型不符", en: "a member of gml:\(element.name) is of another kind")
    }
}
