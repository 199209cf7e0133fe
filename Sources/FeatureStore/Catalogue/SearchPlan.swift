public import SimpleFeatures

/// How the search finds a layer's features. A layer without one is searched by its name field, after all others.
public struct SearchPlan: Hashable, Sendable, Codable {
    /// Of two equally good finds the one of the layer with the smaller rank comes first.
    public var rank: Int
    /// Fields with names and addresses; sensitive fields are refused when the catalogue is loaded.
    public var fields: [String]

    public init(rank: Int, fields: [String]) {
        self.rank = rank
        self.fields = fields
    }
}

extension CatalogueLayer {
    /// Comes first among equally good finds when it is smaller.
    public var searchRank: Int { search?.rank ?? .max }

    /// Positions in the schema of the fields that the search may look into; none for a layer that is not searched.
    public func searchedFields(of schema: FeatureSchema) -> [Int] {
        guard isServedByFeature else { return [] }
        let sensitive = Set(fields.filter(\.sensitive).map(\.name))
        let wanted = search?.fields ?? nameField.map { [$0] } ?? []
        return wanted.compactMap { name in
            guard let column = schema.index(of: name), !schema.fields[column].isSensitive, !sensitive.contains(name) else { return nil }
            return column
        }
    }
}
