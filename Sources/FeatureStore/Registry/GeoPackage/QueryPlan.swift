internal import SQLite
internal import SimpleFeatures
internal import Wording

/// A query worked out against its layer: the statements it takes.
struct QueryPlan {
    let layer: StoredLayer
    /// Positions in the schema, in the order of the columns read.
    let fields: [Int]
    let query: FeatureQuery
    let filterText: String
    let filterValues: [SQLiteValue]
    /// Whether rows found by their place or id have to be asked for `filterText`: it says more than that there is a geometry.
    let hasConditions: Bool
    /// The box to search; `nil` where every feature with a geometry lies in it, or none was asked for.
    let searchBox: Envelope?
    /// What of the query's filter is judged row by row; `nil` where SQLite can say all of it.
    let evaluator: ConditionEvaluator?
    /// A box that every feature meets for which the filter holds; `nil` where there is none.
    let filterBounds: Envelope?
    /// ` ORDER BY …`
    let orderText: String
    /// What a former state has in place of rows of the table.
    let former: FormerRows

    init(_ query: FeatureQuery, layer: StoredLayer, former: FormerRows = .none) throws(RegistryError) {
        self.query = query
        self.former = former
        self.layer = layer
        if let version = query.version, version != layer.record.version {
            throw RegistryError(
                code: .versionChanged,
                message: .init(
                    zh: "图层 \(query.layer) 现为版本 \(layer.record.version)，不再是 \(version)；请从第一页重新开始",
                    en: "layer \(query.layer) is now version \(layer.record.version), no longer \(version); begin again at the first page"))
        }
        fields = try QueryPlan.fields(query, layer.record)
        var conditions = ""
        var values: [SQLiteValue] = []
        for filter in query.filters {
            let index = try QueryPlan.index(of: filter.field, layer.record, query)
            conditions += " AND \(quotedIdentifier(layer.layout.columns[index])) IS ?"
            values.append(SQLiteValue(filter.value, kind: layer.record.schema.fields[index].kind))
        }
        for exclusion in query.exclusions {
            // A rule of the catalogue, not a question of a reader: it may look at a sensitive field.
            guard let index = layer.record.schema.index(of: exclusion.field) else { continue }
            let kind = layer.record.schema.fields[index].kind
            let marks = exclusion.values.map { _ in "?" }.joined(separator: ", ")
            conditions += " AND coalesce(\(quotedIdentifier(layer.layout.columns[index])) NOT IN (\(marks)), 1)"
            values += exclusion.values.map { SQLiteValue($0, kind: kind) }
        }
        let box = query.envelope.flatMap { $0.contains(layer.record.envelope) && !layer.record.envelope.isEmpty ? nil : $0 }
        searchBox = box
        if query.envelope != nil, let geometry = layer.layout.geometry {
            conditions += " AND \(quotedIdentifier(geometry)) NOT NULL"
        } else if query.envelope != nil {
            conditions += " AND 0"
        }
        var parts = FilterSQL.Parts()
        if let filter = query.filter {
            try QueryPlan.check(filter, layer.record, query)
            parts = FilterSQL.parts(filter, layer.layout)
        }
        filterText = conditions + parts.text
        hasConditions = !values.isEmpty || !parts.text.isEmpty
        filterValues = values + parts.values
        evaluator = try QueryPlan.evaluator(of: parts.rest, layer.record)
        filterBounds = parts.rest.isEmpty ? nil : FilterCondition.and(parts.rest).bounds
        orderText = try QueryPlan.order(query, layer)
    }

    private static func fields(_ query: FeatureQuery, _ record: LayerRecord) throws(RegistryError) -> [Int] {
        let all = record.schema.fields
        switch query.fields {
        case .all: return Array(all.indices)
        case .withoutSensitive: return all.indices.filter { !all[$0].isSensitive }
        case .some(let chosen):
            for index in chosen {
                precondition(all.indices.contains(index), "a field position outside the schema of \(record.id)")
                if all[index].isSensitive { throw sensitive(all[index].name, record) }
            }
            return chosen
        }
    }

    /// A filter on a sensitive field would tell its value by the answer.
    private static func index(of name: String, _ record: LayerRecord, _ query: FeatureQuery) throws(RegistryError) -> Int {
        guard let index = record.schema.index(of: name) else {
            let names = record.schema.fields.filter { !$0.isSensitive }.map(\.name).joined(separator: ", ")
            throw RegistryError(
                code: .fieldUnknown,
                message: .init(
                    zh: "图层 \(record.id) 没有字段 \(name)；有：\(names)", en: "layer \(record.id) has no field \(name); it has: \(names)"))
        }
        if record.schema.fields[index].isSensitive, query.fields != .all { throw sensitive(name, record) }
        return index
    }

    static func sensitive(_ name: String, _ record: LayerRecord) -> RegistryError {
        RegistryError(
            code: .fieldSensitive,
            message: .init(
                zh: "图层 \(record.id) 的字段 \(name) 属敏感信息，不对外提供",
                en: "field \(name) of layer \(record.id) is sensitive and is not given out"))
    }
}
