internal import SQLite
internal import SimpleFeatures

extension QueryPlan {
    /// How many rows match; `after` and `limit` play no part.
    func count(_ connection: borrowing Connection) throws -> Int {
        if !former.isEmpty, !filterText.isEmpty || evaluator != nil || query.ids != nil {
            return try matching(connection).count
        }
        guard query.ids == nil, searchBox == nil, evaluator == nil else { return try matching(connection).count }
        if filterText.isEmpty { return layer.record.featureCount }
        let sql = "SELECT count(*) FROM \(quotedIdentifier(layer.layout.table)) WHERE 1\(filterText)"
        return Int(try connection.integer(sql, filterValues) ?? 0)
    }

    /// The keys of all matching rows in the query's order; `after` and `limit` play no part.
    func identifiers(_ connection: borrowing Connection) throws -> [Int64] {
        if !former.isEmpty { return try formerIdentifiers(connection) }
        if evaluator == nil, query.ids == nil, searchBox == nil {
            let table = quotedIdentifier(layer.layout.table)
            let sql = "SELECT \(quotedIdentifier(layer.layout.key)) FROM \(table) WHERE 1\(filterText)\(orderText)"
            return try keys(connection, sql, filterValues)
        }
        return try ordered(try matching(connection), connection)
    }

    /// The keys of all matching rows, ascending.
    private func matching(_ connection: borrowing Connection) throws -> [Int64] {
        if !former.isEmpty { return try formerIdentifiers(connection) }
        if let evaluator, let bounds = filterBounds, isNarrowed {
            return try settled(try candidates(connection, evaluator, bounds), connection)
        }
        let isWhole = query.ids == nil && searchBox == nil
        let inBox = isWhole ? [] : try self.inBox(connection)
        if !isWhole, evaluator == nil, !hasConditions, query.ids == nil { return inBox }
        let key = quotedIdentifier(layer.layout.key)
        let source = isWhole ? quotedIdentifier(layer.layout.table) : wantedRows
        let columns = evaluator.map { judgedColumns($0) } ?? key
        return try connection.withStatement("SELECT \(columns) FROM \(source) WHERE 1\(filterText)\(isWhole ? " ORDER BY \(key)" : "")") { row in
            try row.bind((isWhole ? [] : [.list(inBox)]) + filterValues)
            if let evaluator { return try judgedKeys(row, evaluator) }
            var keys: [Int64] = []
            while try row.step() { keys.append(row.integer(at: 0)) }
            return keys
        }
    }

    /// Shows every matching row in the query's order until `body` gives `false`.
    func run(_ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool) throws {
        if !former.isEmpty {
            try scanFormer(connection, body)
        } else if let evaluator, let bounds = filterBounds, isNarrowed {
            let found = try settled(try candidates(connection, evaluator, bounds), connection)
            try lookUp(query.order.isEmpty ? found.filter { $0 > query.after } : found, nil, connection, body)
        } else if query.ids == nil, searchBox == nil {
            try scanTable(connection, body)
        } else {
            let inBox = try inBox(connection)
            try lookUp(query.order.isEmpty ? inBox.filter { $0 > query.after } : inBox, evaluator, connection, body)
        }
    }

    func keys(_ connection: borrowing Connection, _ sql: String, _ values: [SQLiteValue]) throws -> [Int64] {
        try connection.withStatement(sql) { row in
            try row.bind(values)
            var keys: [Int64] = []
            while try row.step() { keys.append(row.integer(at: 0)) }
            return keys
        }
    }

    private func scanTable(_ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool) throws {
        let isByKey = query.order.isEmpty
        let start = isByKey ? "\(quotedIdentifier(layer.layout.key)) > ?" : "1"
        let sql = "SELECT \(columnText) FROM \(quotedIdentifier(layer.layout.table)) WHERE \(start)\(filterText)\(orderText) LIMIT ?"
        try connection.withStatement(sql) { statement in
            try statement.bind((isByKey ? [.integer(query.after)] : []) + filterValues + [limitValue(evaluator)])
            try show(statement, evaluator, body)
        }
    }

    /// Where rows are still judged, SQLite cannot count them.
    func limitValue(_ evaluator: ConditionEvaluator?) -> SQLiteValue {
        .integer(evaluator == nil ? Int64(query.limit ?? -1) : -1)
    }

    /// Shows the rows of a statement, those alone for which the filter holds where they are still to be judged.
    func show(
        _ statement: borrowing Statement, _ evaluator: ConditionEvaluator?, _ body: (borrowing FeatureRow) -> Bool
    ) throws {
        if let evaluator { return try showJudged(statement, evaluator, body) }
        var reader = RowReader(layer: layer, fields: fields)
        while try statement.step(), reader.show(statement, body) {}
    }

    /// Key, geometry (or NULL), the fields that are read, and those that the filter looks at.
    var columnText: String { columnText(judgedFields, hasGeometry: true) }

    func columnText(_ fields: [Int], hasGeometry: Bool) -> String {
        let columns = fields.map { index in
            let column = quotedIdentifier(layer.layout.columns[index])
            return layer.record.schema.fields[index].kind == .dateTime ? "replace(\(column), '.000Z', 'Z')" : column
        }
        let geometry = hasGeometry ? layer.layout.geometry.map(quotedIdentifier) ?? "NULL" : "NULL"
        return ([quotedIdentifier(layer.layout.key), geometry] + columns).joined(separator: ", ")
    }

    /// The wanted ids, ascending, that have a position in the box; other conditions still have to be asked for.
    func inBox(_ connection: borrowing Connection) throws -> [Int64] {
        if let ids = query.ids {
            let wanted = Set(ids).sorted()
            return try searchBox.map { try touching($0, of: wanted, connection) } ?? wanted
        }
        guard let box = searchBox, !box.isEmpty, let tree = layer.layout.tree else { return [] }
        var found: [Int64] = []
        // Those whose box crosses the border, so that the geometry has to be looked at.
        var doubtful: [Int64] = []
        let sql = """
            SELECT id, minx >= ?1 AND maxx <= ?2 AND miny >= ?3 AND maxy <= ?4 FROM \(quotedIdentifier(tree)) \
            WHERE maxx >= ?1 AND minx <= ?2 AND maxy >= ?3 AND miny <= ?4
            """
        try connection.withStatement(sql) { row in
            try row.bind([.real(box.minX), .real(box.maxX), .real(box.minY), .real(box.maxY)])
            while try row.step() {
                if row.integer(at: 1) != 0 { found.append(row.integer(at: 0)) } else { doubtful.append(row.integer(at: 0)) }
            }
        }
        found += try touching(box, of: doubtful, connection)
        found.sort()
        return found
    }

    /// Those of the ids whose geometry has a position in the box.
    func touching(_ box: Envelope, of ids: [Int64], _ connection: borrowing Connection) throws -> [Int64] {
        guard !ids.isEmpty, let geometry = layer.layout.geometry else { return [] }
        let sql = "SELECT \(quotedIdentifier(layer.layout.key)), \(quotedIdentifier(geometry)) FROM \(wantedRows)"
        return try connection.withStatement(sql) { row in
            try row.bind([.list(ids)])
            return try Self.touching(box, row)
        }
    }

    /// Of rows of a key and a geometry, the keys of those with a position in the box.
    static func touching(_ box: Envelope, _ row: borrowing Statement) throws -> [Int64] {
        var touching: [Int64] = []
        while try row.step() {
            let isTouching = try unsafe row.withBlob(at: 1) { blob in
                guard unsafe !blob.isEmpty else { return false }
                return try GeoPackageBinary.decode(unsafe blob.bytes).value.geometry?.intersects(box) ?? false
            }
            if isTouching { touching.append(row.integer(at: 0)) }
        }
        return touching
    }

    /// - Parameter evaluator: `nil` where the ids have been judged.
    private func lookUp(
        _ ids: [Int64], _ evaluator: ConditionEvaluator?, _ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool
    ) throws {
        // Without an order the list's own holds, and nothing is sorted.
        let order = query.order.isEmpty ? "" : orderText
        let sql = "SELECT \(columnText) FROM \(wantedRows) WHERE 1\(filterText)\(order) LIMIT ?"
        try connection.withStatement(sql) { statement in
            try statement.bind([.list(ids)] + filterValues + [limitValue(evaluator)])
            if evaluator == nil {
                var reader = RowReader(layer: layer, fields: judgedFields, shown: fields.count)
                while try statement.step(), reader.show(statement, body) {}
            } else {
                try show(statement, evaluator, body)
            }
        }
    }

    /// The layer's rows in the order of a list of keys, the statement's first parameter: one walk of one cursor, where
    /// a statement for each key would cost twice as much. The cross join keeps SQLite to that order.
    var wantedRows: String {
        let table = quotedIdentifier(layer.layout.table)
        // A name of its own, for json_each's columns are called like fields are: id, key, value.
        let wanted = "(SELECT value AS \"workmap wanted\" FROM json_each(?))"
        return "\(wanted) CROSS JOIN \(table) ON \(table).\(quotedIdentifier(layer.layout.key)) = \"workmap wanted\""
    }
}

extension SQLiteValue {
    /// For `json_each`.
    static func list(_ ids: [Int64]) -> SQLiteValue {
        var text = "["
        text.reserveCapacity(2 + ids.count * 8)
        for (place, id) in ids.enumerated() {
            if place > 0 { text += "," }
            text += String(id)
        }
        return .text(text + "]")
    }

    /// As a field of `kind` stores it.
    init(_ value: PropertyValue, kind: FieldKind) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .integer(flag ? 1 : 0)
        case .integer(let n): self = .integer(n)
        case .real(let r): self = .real(r)
        case .text(let s): self = .text(kind == .dateTime ? GeoPackageDateTime.stored(s) : s)
        }
    }
}
