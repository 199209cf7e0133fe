internal import Markup
internal import SimpleFeatures
internal import Tiling

/// Reads the elements of a filter from its outside to its inside; how deep they are was bounded where the XML was read.
struct FESReader {
    let vocabulary: FESVocabulary
    let area: (Geometry, Double, CRSIdentifier) throws(FESError) -> Geometry?
    var geometries: GMLGeometryReader
    private var nodes: Int
    /// Positions that distances may still be asked from: each becomes an arc of what lies within.
    private var distantPositions = Self.positionsWithDistance
    private static let positionsWithDistance = 200
    private let limits: CQL2Limits

    init(
        _ vocabulary: FESVocabulary, limits: CQL2Limits, area: @escaping (Geometry, Double, CRSIdentifier) throws(FESError) -> Geometry?
    ) {
        self.vocabulary = vocabulary
        self.limits = limits
        self.area = area
        nodes = limits.nodes
        geometries = GMLGeometryReader(vertices: limits.vertices, defaultCRS: vocabulary.defaultCRS)
    }

    mutating func filter(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        guard let first = element.children.first else {
            throw FESError(.syntax, zh: "Filter 中应有一个条件", en: "a Filter holds a condition")
        }
        if Self.identifiers.contains(first.name) { return try resources(element.children) }
        guard element.children.count == 1 else {
            throw FESError(.syntax, zh: "Filter 中应只有一个条件；多个条件请放入 And 或 Or", en: "a Filter holds one condition; several belong into And or Or")
        }
        return try condition(first, depth: 1)
    }

    mutating func spend(_ count: Int = 1) throws(FESError) {
        nodes -= count
        guard nodes >= 0 else {
            throw FESError(.tooLarge, zh: "过滤式至多 \(limits.nodes) 个运算与操作数", en: "a filter has at most \(limits.nodes) operators and operands")
        }
    }

    mutating func spendOnDistance(_ positions: Int) throws(FESError) {
        distantPositions -= positions
        guard distantPositions >= 0 else {
            throw FESError(
                .tooLarge, zh: "过滤式中 DWithin 与 Beyond 的几何共至多 \(Self.positionsWithDistance) 个坐标",
                en: "the geometries of DWithin and Beyond have at most \(Self.positionsWithDistance) positions in a filter")
        }
    }

    private mutating func condition(_ element: MarkupElement, depth: Int) throws(FESError) -> CQL2Expression {
        try spend()
        guard depth <= limits.nesting else {
            throw FESError(.tooLarge, zh: "过滤式至多嵌套 \(limits.nesting) 层", en: "conditions stand at most \(limits.nesting) deep in one another")
        }
        switch element.name {
        case "And", "Or":
            var terms: [CQL2Expression] = []
            // Ids in a row are one condition, as they are in a filter of nothing else.
            let ids = element.children.filter { Self.identifiers.contains($0.name) }
            if !ids.isEmpty { terms.append(try resources(ids)) }
            for child in element.children where !Self.identifiers.contains(child.name) { terms.append(try condition(child, depth: depth + 1)) }
            guard let first = terms.first else {
                throw FESError(.syntax, zh: "\(element.name) 中应有条件", en: "\(element.name) holds conditions")
            }
            return terms.count == 1 ? first : element.name == "And" ? .and(terms) : .or(terms)
        case "Not":
            guard let only = element.children.first, element.children.count == 1 else {
                throw FESError(.syntax, zh: "Not 中应只有一个条件", en: "Not holds one condition")
            }
            return .not(Self.identifiers.contains(only.name) ? try resources([only]) : try condition(only, depth: depth + 1))
        default:
            if let sign = Self.comparisons[element.name] { return try comparison(sign, element) }
            if let relation = Self.relations[element.name] { return try spatial(relation, element) }
            if let relation = Self.times[element.name] { return try temporal(relation, element) }
            switch element.name {
            case "PropertyIsLike": return try like(element)
            case "PropertyIsBetween": return try between(element)
            case "PropertyIsNull", "PropertyIsNil": return .isNull(try property(try only(element)))
            case "BBOX": return try boundingBox(element)
            case "DWithin", "Beyond": return try distance(element)
            default: throw .unsupported(element.name)
            }
        }
    }

    // MARK: Names of the standard

    static let identifiers: Set<String> = ["ResourceId", "FeatureId", "GmlObjectId"]

    static let comparisons: [String: ComparisonOperator] = [
        "PropertyIsEqualTo": .equal, "PropertyIsNotEqualTo": .notEqual, "PropertyIsLessThan": .less, "PropertyIsGreaterThan": .greater,
        "PropertyIsLessThanOrEqualTo": .lessOrEqual, "PropertyIsGreaterThanOrEqualTo": .greaterOrEqual,
    ]

    static let relations: [String: SpatialFunction] = [
        "Intersects": .intersects, "Equals": .equals, "Disjoint": .disjoint, "Touches": .touches, "Within": .within, "Overlaps": .overlaps,
        "Crosses": .crosses, "Contains": .contains,
    ]

    static let times: [String: TemporalFunction] = [
        "After": .after, "Before": .before, "Begins": .starts, "BegunBy": .startedBy, "TContains": .contains, "During": .during,
        "EndedBy": .finishedBy, "Ends": .finishes, "TEquals": .equals, "Meets": .meets, "MetBy": .metBy, "TOverlaps": .overlaps,
        "OverlappedBy": .overlappedBy, "AnyInteracts": .intersects,
    ]

    // MARK: Ids

    /// Features with one of some ids; an id that no feature can have fits none.
    private mutating func resources(_ elements: [MarkupElement]) throws(FESError) -> CQL2Expression {
        var numbers: [CQL2Expression] = []
        for element in elements {
            guard Self.identifiers.contains(element.name), let id = element.attributes["rid"] ?? element.attributes["fid"] ?? element.attributes["id"] else {
                throw FESError(.syntax, zh: "应为带 rid 的 ResourceId", en: "ResourceId with its rid is expected")
            }
            try spend()
            if let number = vocabulary.number(ofResource: id) { numbers.append(.number(.integer(number))) }
        }
        return numbers.isEmpty ? .boolean(false) : .isIn(.property(vocabulary.identifierName), numbers)
    }
}
