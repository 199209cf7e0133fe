/// A filter, or a part of one, of the Common Query Language (OGC 21-065r2), as a value.
///
/// Both encodings read into it and are written from it: equal values are one filter, whichever of the two it came in. Values made by
/// the parsers have operands where the standard lets them stand; a value put together by hand need not, and is judged where it is
/// bound to a layer.
public indirect enum CQL2Expression: Hashable, Sendable {
    /// Two or more.
    case and([CQL2Expression])
    /// Two or more.
    case or([CQL2Expression])
    case not(CQL2Expression)
    case comparison(ComparisonOperator, CQL2Expression, CQL2Expression)
    /// `%` stands for any characters, `_` for one, and a backslash takes their meaning from them.
    case like(CQL2Expression, pattern: CQL2Expression)
    /// Both ends included.
    case between(CQL2Expression, low: CQL2Expression, high: CQL2Expression)
    case isIn(CQL2Expression, [CQL2Expression])
    case isNull(CQL2Expression)
    case spatial(SpatialFunction, CQL2Expression, CQL2Expression)
    case temporal(TemporalFunction, CQL2Expression, CQL2Expression)
    case array(ArrayFunction, CQL2Expression, CQL2Expression)
    /// A function of the server's own.
    case function(String, [CQL2Expression])
    case arithmetic(ArithmeticOperator, CQL2Expression, CQL2Expression)
    /// `CASEI`: letter case does not count.
    case caseInsensitive(CQL2Expression)
    /// `ACCENTI`: diacritical marks do not count.
    case accentInsensitive(CQL2Expression)
    case property(String)
    case boolean(Bool)
    case number(CQL2Number)
    case text(String)
    case geometry(GeometryLiteral)
    /// `BBOX`: west, south, east, north, or with the lowest and highest elevation in third and sixth place. West may be greater than
    /// east, where a box crosses the antimeridian.
    case box([Double])
    /// A day, `2012-08-10`.
    case date(String)
    /// A time in UTC, `2012-08-10T05:30:00Z`, a fraction of its second without zeros at its end.
    case timestamp(String)
    /// From one instant, property or function to another; `nil` for an open end.
    case interval(CQL2Expression?, CQL2Expression?)
    case list([CQL2Expression])
}

/// `op` of a comparison of two scalars.
public enum ComparisonOperator: String, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case greater = ">"
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
}

/// `op` of an arithmetic expression.
public enum ArithmeticOperator: String, Sendable, CaseIterable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divided = "/"
    /// What is left of a division.
    case modulo = "%"
    /// The whole part of a quotient.
    case wholeDivided = "div"
    case power = "^"
}

/// The spatial relations (clause 7.5), raw values as JSON spells them.
public enum SpatialFunction: String, Sendable, CaseIterable {
    case intersects = "s_intersects"
    case equals = "s_equals"
    case disjoint = "s_disjoint"
    case touches = "s_touches"
    case within = "s_within"
    case overlaps = "s_overlaps"
    case crosses = "s_crosses"
    case contains = "s_contains"
}

/// The temporal relations (clause 7.6), raw values as JSON spells them.
public enum TemporalFunction: String, Sendable, CaseIterable {
    case after = "t_after"
    case before = "t_before"
    case contains = "t_contains"
    case disjoint = "t_disjoint"
    case during = "t_during"
    case equals = "t_equals"
    case finishedBy = "t_finishedBy"
    case finishes = "t_finishes"
    case intersects = "t_intersects"
    case meets = "t_meets"
    case metBy = "t_metBy"
    case overlappedBy = "t_overlappedBy"
    case overlaps = "t_overlaps"
    case startedBy = "t_startedBy"
    case starts = "t_starts"
}

/// The relations of sets (clause 7.7), raw values as JSON spells them.
public enum ArrayFunction: String, Sendable, CaseIterable {
    case equals = "a_equals"
    case contains = "a_contains"
    case containedBy = "a_containedBy"
    case overlaps = "a_overlaps"
}
