/// The value of one property of a feature.
///
/// Dates and times are text in ISO 8601 form; the field's `FieldKind` says which they are.
public enum PropertyValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
}
