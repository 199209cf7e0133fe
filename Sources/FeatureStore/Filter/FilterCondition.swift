internal import CQL2
internal import SimpleFeatures
internal import Topology

/// A condition bound to a layer: what is left of an expression when names and kinds are settled.
indirect enum FilterCondition: Hashable, Sendable {
    case and([FilterCondition])
    case or([FilterCondition])
    case not(FilterCondition)
    /// `nil` is unknown.
    case constant(Bool?)
    case comparison(ComparisonOperator, FilterScalar, FilterScalar)
    case like(FilterScalar, LikePattern)
    case isIn(FilterScalar, [FilterScalar])
    case isNull(FilterScalar)
    case isUnknown(FilterCondition)
    case geometryIsNull
    /// The feature's geometry stands in the relation to the literal.
    case spatial(SpatialRelation, SpatialLiteral)
    /// The feature's geometry and itself: the answer for every geometry, unknown without one.
    case toItself(Bool)
    case temporal(TemporalFunction, FilterPeriod, FilterPeriod)
    case array(ArrayFunction, [FilterScalar], [FilterScalar])
}

/// A value bound to a layer.
indirect enum FilterScalar: Hashable, Sendable {
    /// A field of the schema.
    case field(Int, FieldKind)
    /// The feature's id.
    case identifier
    case number(CQL2Number)
    case text(String)
    case boolean(Bool)
    case instant(FilterInstant)
    case arithmetic(ArithmeticOperator, FilterScalar, FilterScalar)
    /// Without letter case, without diacritical marks, or without both.
    case folded(FilterScalar, TextFolding)
    case function(FilterFunction, [FilterScalar])
    /// A value that is missing whatever the feature.
    case null

    /// What its values are.
    var type: FilterType {
        switch self {
        case .field(_, let kind): FilterType(kind)
        case .number, .arithmetic, .identifier: .number
        case .text, .folded: .text
        case .boolean: .boolean
        case .instant: .instant
        case .function(let function, _): function.result
        case .null: .any
        }
    }
}

/// Kinds of values that can be compared among themselves.
public enum FilterType: String, Hashable, Sendable {
    case text, number, boolean, instant, any

    init(_ kind: FieldKind) {
        self =
            switch kind {
            case .text: .text
            case .integer, .real: .number
            case .boolean: .boolean
            case .date, .dateTime: .instant
            }
    }
}

/// A day or a time in UTC.
struct FilterInstant: Hashable, Sendable {
    /// Since 1970; of a day its beginning.
    var microseconds: Int64
    var isDay: Bool
}

/// What a temporal relation compares.
enum FilterPeriod: Hashable, Sendable {
    case instant(FilterScalar)
    /// `nil` for an open end.
    case interval(FilterScalar?, FilterScalar?)
}

/// A geometry of a filter in the layer's CRS.
struct SpatialLiteral: Hashable, Sendable {
    var geometry: Geometry
    /// Whether it is an axis-parallel box in that CRS, so that numbers alone decide about it.
    var isBox: Bool
}

extension FilterCondition {
    /// The fields that it looks at.
    func collectFields(_ found: inout Set<Int>) {
        switch self {
        case .and(let terms), .or(let terms): for term in terms { term.collectFields(&found) }
        case .not(let term), .isUnknown(let term): term.collectFields(&found)
        case .constant, .geometryIsNull, .spatial, .toItself: break
        case .comparison(_, let a, let b):
            a.collectFields(&found)
            b.collectFields(&found)
        case .like(let value, _), .isNull(let value): value.collectFields(&found)
        case .isIn(let value, let list): for scalar in [value] + list { scalar.collectFields(&found) }
        case .temporal(_, let a, let b):
            for period in [a, b] {
                switch period {
                case .instant(let scalar): scalar.collectFields(&found)
                case .interval(let from, let to): for end in [from, to] { if let end { end.collectFields(&found) } }
                }
            }
        case .array(_, let a, let b): for scalar in a + b { scalar.collectFields(&found) }
        }
    }

    /// Whether it looks at the geometry.
    var needsGeometry: Bool {
        switch self {
        case .and(let terms), .or(let terms): terms.contains(where: \.needsGeometry)
        case .not(let term), .isUnknown(let term): term.needsGeometry
        case .geometryIsNull, .spatial, .toItself: true
        default: false
        }
    }

    /// The conditions that must all hold.
    var conjuncts: [FilterCondition] {
        if case .and(let terms) = self { return terms.flatMap(\.conjuncts) }
        return [self]
    }

    /// A box that every feature meets for which the condition holds; `nil` where there is none.
    var bounds: Envelope? {
        switch self {
        case .spatial(let relation, let literal): return relation == .disjoint ? nil : literal.geometry.envelope
        case .or(let terms):
            var box = Envelope.empty
            for term in terms {
                guard let bounds = term.bounds else { return nil }
                box.formUnion(bounds)
            }
            return box
        case .and(let terms):
            // Of several boxes the smallest: a feature may meet each of two without meeting what they share.
            return terms.compactMap { $0.bounds }.min { $0.width * $0.height < $1.width * $1.height }
        default: return nil
        }
    }
}

extension FilterScalar {
    func collectFields(_ found: inout Set<Int>) {
        switch self {
        case .field(let index, _): found.insert(index)
        case .identifier, .number, .text, .boolean, .instant, .null: break
        case .arithmetic(_, let a, let b):
            a.collectFields(&found)
            b.collectFields(&found)
        case .folded(let inner, _): inner.collectFields(&found)
        case .function(_, let arguments): for argument in arguments { argument.collectFields(&found) }
        }
    }
}
