internal import SQLite
internal import SimpleFeatures
internal import Topology
internal import Wording

/// Filters and orders: what they are worked out to.
extension QueryPlan {
    /// A filter holds for the schema that it was bound to, and looks at no sensitive field: its answer would tell the value.
    static func check(_ filter: FeatureFilter, _ record: LayerRecord, _ query: FeatureQuery) throws(RegistryError) {
        for (index, field) in filter.fields {
            guard record.schema.fields.indices.contains(index), record.schema.fields[index].name == field.name,
                record.schema.fields[index].kind == field.kind
            else {
                throw RegistryError(
                    code: .versionChanged,
                    message: .init(
                        zh: "图层 \(record.id) 的字段 \(field.name) 已变；请重新发送过滤式",
                        en: "field \(field.name) of layer \(record.id) has changed; send the filter again"))
            }
            if record.schema.fields[index].isSensitive, query.fields != .all { throw sensitive(field.name, record) }
        }
    }

    static func evaluator(of conditions: [FilterCondition], _ record: LayerRecord) throws(RegistryError) -> ConditionEvaluator? {
        if conditions.isEmpty { return nil }
        do throws(TopologyError) {
            return try ConditionEvaluator(conditions, of: record)
        } catch {
            throw RegistryError(
                code: .layerInvalid,
                message: .init(zh: "过滤式中的几何无法使用", en: "a geometry of the filter cannot be used: \(error.message)"), cause: error)
        }
    }

    /// Keys, values that are missing last, then ids.
    static func order(_ query: FeatureQuery, _ layer: StoredLayer) throws(RegistryError) -> String {
        var terms: [String] = []
        for key in query.order {
            let field = layer.record.schema.fields[key.field]
            if field.isSensitive, query.fields != .all { throw sensitive(field.name, layer.record) }
            let column = quotedIdentifier(layer.layout.columns[key.field])
            terms.append("\(column) IS NULL, \(column)\(key.isDescending ? " DESC" : "")")
        }
        return " ORDER BY " + (terms + [quotedIdentifier(layer.layout.key)]).joined(separator: ", ")
    }

    /// The fields that are read, and behind them those that only the filter looks at.
    var judgedFields: [Int] {
        guard let evaluator else { return fields }
        return fields + evaluator.fields.filter { !fields.contains($0) }
    }

    /// Whether features have to be searched for by their place on the filter's account.
    var isNarrowed: Bool { filterBounds != nil && layer.layout.tree != nil && query.ids == nil && former.isEmpty }

    /// Shows rows of `judgedFields` for which the filter holds, until the limit is reached.
    func showJudged(
        _ statement: borrowing Statement, _ evaluator: ConditionEvaluator, _ body: (borrowing FeatureRow) -> Bool
    ) throws {
        let columns = judgedFields
        evaluator.expect(columns)
        var reader = RowReader(layer: layer, fields: columns, shown: fields.count)
        var left = query.limit ?? .max
        var goesOn = true
        while goesOn, left > 0, try statement.step() {
            try evaluator.checkTime()
            goesOn = reader.show(statement) { row in
                guard evaluator.holds(row) else { return true }
                left -= 1
                return body(row)
            }
        }
    }

    /// The keys of rows of a statement for which the filter holds. Columns: key, geometry or NULL, the evaluator's fields.
    func judgedKeys(
        _ statement: borrowing Statement, _ evaluator: ConditionEvaluator, alsoIn box: Envelope? = nil
    ) throws -> [Int64] {
        evaluator.expect(evaluator.fields)
        var reader = RowReader(layer: layer, fields: evaluator.fields)
        var keys: [Int64] = []
        var failure: (any Error)?
        while try statement.step() {
            try evaluator.checkTime()
            let isSound = reader.show(statement) { row in
                guard evaluator.holds(row) else { return true }
                do {
                    if let box, try row.geometry()?.intersects(box) != true { return true }
                } catch {
                    failure = error
                    return false
                }
                keys.append(row.id)
                return true
            }
            if !isSound { break }
        }
        if let failure { throw failure }
        return keys
    }

    /// Key, geometry where the filter looks at it or `wantsGeometry`, and the fields that it looks at.
    func judgedColumns(_ evaluator: ConditionEvaluator, wantsGeometry: Bool = false) -> String {
        columnText(evaluator.fields, hasGeometry: wantsGeometry || evaluator.needsGeometry)
    }

    /// What the index of places says of the features that a filter may hold for.
    struct Candidates {
        /// The filter holds for them; conditions of SQL still have to be asked for.
        var sure: [Int64] = []
        /// These have to be looked at.
        var doubtful: [Int64] = []

        var count: Int { sure.count + doubtful.count }
    }

    /// Asks the index for the features in the filter's bounds: it tells of most of them whether they belong to the answer.
    func candidates(_ connection: borrowing Connection, _ evaluator: ConditionEvaluator, _ bounds: Envelope) throws -> Candidates {
        var found = Candidates()
        guard let tree = layer.layout.tree else { return found }
        let box = searchBox
        // Each feature meets both boxes; that need not be where the two of them meet.
        let low = (max(bounds.minX, box?.minX ?? bounds.minX), max(bounds.minY, box?.minY ?? bounds.minY))
        let high = (min(bounds.maxX, box?.maxX ?? bounds.maxX), min(bounds.maxY, box?.maxY ?? bounds.maxY))
        let sql = """
            SELECT id, minx, maxx, miny, maxy FROM \(quotedIdentifier(tree)) \
            WHERE maxx >= ?1 AND minx <= ?2 AND maxy >= ?3 AND miny <= ?4
            """
        try connection.withStatement(sql) { row in
            try row.bind([.real(low.0), .real(high.0), .real(low.1), .real(high.1)])
            while try row.step() {
                let place = Envelope(minX: row.real(at: 1), minY: row.real(at: 3), maxX: row.real(at: 2), maxY: row.real(at: 4))
                switch evaluator.verdict(place) {
                case false?: break
                case true? where box?.contains(place) ?? true: found.sure.append(row.integer(at: 0))
                default: found.doubtful.append(row.integer(at: 0))
                }
            }
        }
        return found
    }

    /// The keys, ascending, of the candidates that match.
    func settled(_ candidates: Candidates, _ connection: borrowing Connection) throws -> [Int64] {
        var found = candidates.sure
        if !found.isEmpty, hasConditions {
            let sql = "SELECT \(quotedIdentifier(layer.layout.key)) FROM \(wantedRows) WHERE 1\(filterText)"
            found = try keys(connection, sql, [.list(found.sorted())] + filterValues)
        }
        if !candidates.doubtful.isEmpty, let evaluator {
            let columns = judgedColumns(evaluator, wantsGeometry: searchBox != nil)
            found += try connection.withStatement("SELECT \(columns) FROM \(wantedRows) WHERE 1\(filterText)") { row in
                try row.bind([.list(candidates.doubtful.sorted())] + filterValues)
                return try judgedKeys(row, evaluator, alsoIn: searchBox)
            }
        }
        found.sort()
        return found
    }

    /// The keys in the query's order.
    func ordered(_ found: [Int64], _ connection: borrowing Connection) throws -> [Int64] {
        if query.order.isEmpty { return found }
        let sql = "SELECT \(quotedIdentifier(layer.layout.key)) FROM \(wantedRows) WHERE 1\(orderText)"
        return try keys(connection, sql, [.list(found)])
    }
}
