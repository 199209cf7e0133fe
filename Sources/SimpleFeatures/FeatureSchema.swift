/// The type of a field, as the registry stores it.
public enum FieldKind: String, Sendable, CaseIterable {
    case boolean
    case integer
    case real
    case text
    /// ISO 8601 calendar date, `2018-05-09`.
    case date
    /// ISO 8601 date and time in UTC, `2018-05-09T08:00:00Z`.
    case dateTime
}

/// One named property of the features of a layer.
public struct Field: Hashable, Sendable {
    /// As the source spells it, unique within the schema.
    public var name: String
    public var kind: FieldKind
    /// What people read, Chinese first; `nil` where the source gives none.
    public var title: String?
    /// Whether the value must never leave the registry while no access rule allows it.
    public var isSensitive: Bool

    public init(name: String, kind: FieldKind, title: String? = nil, isSensitive: Bool = false) {
        self.name = name
        self.kind = kind
        self.title = title
        self.isSensitive = isSensitive
    }
}

/// The fields of a layer, in source order.
public struct FeatureSchema: Hashable, Sendable {
    public var fields: [Field]

    public init(fields: [Field]) {
        self.fields = fields
    }

    /// The position of the field called `name`, compared exactly; `nil` when there is none.
    public func index(of name: String) -> Int? {
        fields.firstIndex { $0.name == name }
    }
}
