internal import SimpleFeatures

/// A condition on the features of one layer, bound to its fields: names are found, kinds agree, literals are in the layer's CRS.
///
/// `FilterCompiler` makes one of a CQL2 expression. A feature belongs to the answer where the condition is true; where it is false, or
/// unknown because a value is missing, it does not.
public struct FeatureFilter: Hashable, Sendable {
    let condition: FilterCondition
    /// The fields it looks at, by their positions in the schema, as they were when it was bound.
    let fields: [Int: Field]

    init(_ condition: FilterCondition, schema: FeatureSchema) {
        self.condition = condition
        var positions: Set<Int> = []
        condition.collectFields(&positions)
        fields = Dictionary(uniqueKeysWithValues: positions.map { ($0, schema.fields[$0]) })
    }

    private init(_ condition: FilterCondition, fields: [Int: Field]) {
        self.condition = condition
        self.fields = fields
    }

    /// Where this and another filter of the same layer hold.
    public func and(_ other: FeatureFilter) -> FeatureFilter {
        FeatureFilter(.and([condition, other.condition]), fields: fields.merging(other.fields) { own, _ in own })
    }
}

/// A field by which answers are sorted; features without a value come last, whichever the direction.
public struct SortKey: Hashable, Sendable {
    /// Position in the layer's schema; of a field that is not sensitive.
    public var field: Int
    public var isDescending: Bool

    public init(field: Int, isDescending: Bool = false) {
        self.field = field
        self.isDescending = isDescending
    }
}
