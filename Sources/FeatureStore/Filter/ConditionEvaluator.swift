internal import CQL2
internal import SimpleFeatures
internal import Topology
internal import Wording

/// Judges rows by what SQLite cannot say. One belongs to one query.
final class ConditionEvaluator {
    /// The fields that it wants to see, by their positions in the schema.
    let fields: [Int]
    let needsGeometry: Bool
    private let conditions: [Judgement]
    /// Where in a row the value of a field of the schema lies.
    private var places: [Int: Int] = [:]
    private let deadline: ContinuousClock.Instant
    private var judged = 0
    private let layer: String

    /// How long one query may judge rows: a filter that takes longer keeps others from their answers.
    static let patience = Duration.seconds(20)
    /// Rows between two looks at the clock.
    private static let rowsBetweenLooks = 512

    /// A conjunct, with what its spatial relations have prepared.
    private struct Judgement {
        var condition: FilterCondition
        var tests: [SpatialLiteral: [SpatialRelation: SpatialTest]]
        /// Where the conjunct is nothing but one relation.
        var sole: SpatialTest?
    }

    /// - Parameters:
    ///   - record: of the layer that is asked.
    ///   - patience: how long rows may be judged from now on.
    init(
        _ conditions: [FilterCondition], of record: LayerRecord, patience: Duration = patience
    ) throws(TopologyError) {
        deadline = .now + patience
        layer = record.id
        var found: Set<Int> = []
        var judgements: [Judgement] = []
        for condition in conditions {
            condition.collectFields(&found)
            var tests: [SpatialLiteral: [SpatialRelation: SpatialTest]] = [:]
            for (relation, literal) in condition.spatialTests where tests[literal]?[relation] == nil {
                tests[literal, default: [:]][relation] = try SpatialTest(relation, literal, features: Self.expected(relation, literal, record))
            }
            var sole: SpatialTest?
            if case .spatial(let relation, let literal) = condition { sole = tests[literal]?[relation] }
            judgements.append(Judgement(condition: condition, tests: tests, sole: sole))
        }
        fields = found.sorted()
        needsGeometry = conditions.contains(where: \.needsGeometry)
        self.conditions = judgements
    }

    /// How many features a literal is likely to be compared with, were they spread evenly; 1 at least.
    private static func expected(_ relation: SpatialRelation, _ literal: SpatialLiteral, _ record: LayerRecord) -> Int {
        let (whole, part) = (record.envelope, literal.geometry.envelope)
        let width = min(whole.maxX, part.maxX) - max(whole.minX, part.minX)
        let height = min(whole.maxY, part.maxY) - max(whole.minY, part.minY)
        let area = whole.width * whole.height
        guard area > 0, width > 0, height > 0 else { return 1 }
        return max(1, Int(Double(record.featureCount) * min(1, width * height / area)))
    }

    /// Says where in the rows to come the values lie.
    func expect(_ columns: [Int]) {
        places = [:]
        for (place, field) in columns.enumerated() { places[field] = place }
    }

    /// Of a feature in this box: whether all conditions hold, or one of them does not; `nil` where the box does not tell.
    func verdict(_ box: Envelope) -> Bool? {
        var isSure = true
        for judgement in conditions {
            guard let test = judgement.sole, let answer = test.verdict(box) else {
                isSure = false
                continue
            }
            if !answer { return false }
        }
        return isSure ? true : nil
    }

    /// To be called for every row before it is judged.
    ///
    /// - Throws: `filterTooCostly` when time is up.
    func checkTime() throws(RegistryError) {
        judged += 1
        guard judged % Self.rowsBetweenLooks == 0, ContinuousClock.now > deadline else { return }
        throw RegistryError(
            code: .filterTooCostly,
            message: .init(
                zh: "图层 \(layer) 上的过滤式 \(Self.patience.components.seconds) 秒内未能判完；请加 bbox 缩小范围，或减少条件",
                en: "the filter on layer \(layer) was not through within \(Self.patience.components.seconds) s; narrow it with a bbox, or ask for less"))
    }

    /// Whether all conditions hold for the row.
    func holds(_ row: borrowing FeatureRow) -> Bool {
        let place = RowPlace(row)
        for judgement in conditions {
            let answer = judgement.sole.map { place.answer($0, row) } ?? truth(judgement.condition, judgement, place, row)
            if answer != true { return false }
        }
        return true
    }

    private func truth(
        _ condition: FilterCondition, _ judgement: Judgement, _ place: RowPlace, _ row: borrowing FeatureRow
    ) -> Bool? {
        switch condition {
        case .and(let terms):
            var result: Bool? = true
            for term in terms {
                let answer = truth(term, judgement, place, row)
                if answer == false { return false }
                if answer == nil { result = nil }
            }
            return result
        case .or(let terms):
            var result: Bool? = false
            for term in terms {
                let answer = truth(term, judgement, place, row)
                if answer == true { return true }
                if answer == nil { result = nil }
            }
            return result
        case .not(let term): return truth(term, judgement, place, row).map { !$0 }
        case .constant(let flag): return flag
        case .isUnknown(let term): return truth(term, judgement, place, row) == nil
        case .geometryIsNull: return !row.hasGeometry
        case .toItself(let flag): return row.hasGeometry ? flag : nil
        case .spatial(let relation, let literal): return judgement.tests[literal]?[relation].flatMap { place.answer($0, row) }
        case .comparison(let sign, let a, let b):
            let left = value(a, row)
            return left.compare(value(b, row)).map { sign.holds($0) }
        case .like(let scalar, let pattern):
            guard case .text(let text) = value(scalar, row) else { return nil }
            return pattern.matches(text)
        case .isIn(let scalar, let list): return membership(value(scalar, row), list, row)
        case .isNull(let scalar): return value(scalar, row) == .null
        case .temporal(let relation, let a, let b):
            guard let first = span(a, row), let second = span(b, row) else { return nil }
            return FilterSpan.holds(relation, first, second)
        case .array(let relation, let a, let b):
            return relation.holds(a.map { value($0, row) }, b.map { value($0, row) })
        }
    }

    private func membership(_ value: FilterValue, _ list: [FilterScalar], _ row: borrowing FeatureRow) -> Bool? {
        var result: Bool? = false
        for item in list {
            switch value.compare(self.value(item, row)) {
            case .equal?: return true
            case nil: result = nil
            default: break
            }
        }
        return result
    }

    private func span(_ period: FilterPeriod, _ row: borrowing FeatureRow) -> FilterSpan? {
        switch period {
        case .instant(let scalar):
            guard case .instant(let instant) = value(scalar, row) else { return nil }
            return FilterSpan(begin: instant, end: instant)
        case .interval(let from, let to):
            var span = FilterSpan()
            if let from {
                guard case .instant(let begin) = value(from, row) else { return nil }
                span.begin = begin
            }
            if let to {
                guard case .instant(let end) = value(to, row) else { return nil }
                span.end = end
            }
            return span
        }
    }

    private func value(_ scalar: FilterScalar, _ row: borrowing FeatureRow) -> FilterValue {
        switch scalar {
        case .field(let field, let kind): return places[field].map { FilterValue(row, at: $0, kind) } ?? .null
        case .identifier: return .number(.integer(row.id))
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .boolean(let flag): return .boolean(flag)
        case .instant(let instant): return .instant(instant)
        case .null: return .null
        case .arithmetic(let sign, let a, let b):
            guard case .number(let x) = value(a, row), case .number(let y) = value(b, row) else { return .null }
            return sign.apply(x, y).map { .number($0) } ?? .null
        case .folded(let inner, let folding):
            guard case .text(let text) = value(inner, row) else { return .null }
            return .text(folding.fold(text))
        case .function(let function, let arguments): return function.apply(arguments.map { value($0, row) })
        }
    }
}

/// Where a row's feature lies, looked up once for all its tests.
private struct RowPlace {
    /// Of a point.
    private let point: Coordinate?
    /// As the store's header has it; `nil` where it has none.
    private let envelope: Envelope?

    init(_ row: borrowing FeatureRow) {
        point = row.point
        envelope = row.envelope
    }

    /// Unknown for a feature without a place.
    func answer(_ test: SpatialTest, _ row: borrowing FeatureRow) -> Bool? {
        guard row.hasGeometry else { return nil }
        if let point { return test.holds(point) }
        if let envelope, let known = test.verdict(envelope) { return known }
        return row.withWellKnownBinary { test.holds($0) }
    }
}

extension FilterCondition {
    /// Every relation to a literal in it.
    fileprivate var spatialTests: [(SpatialRelation, SpatialLiteral)] {
        switch self {
        case .spatial(let relation, let literal): [(relation, literal)]
        case .and(let terms), .or(let terms): terms.flatMap(\.spatialTests)
        case .not(let term), .isUnknown(let term): term.spatialTests
        default: []
        }
    }
}
