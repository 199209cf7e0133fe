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
    /// The box to search; `nil` where every feature with a geometry lies in it, or none was asked for.
    let searchBox: Envelope?
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
        filterText = conditions
        filterValues = values
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

    private static func sensitive(_ name: String, _ record: LayerRecord) -> RegistryError {
        RegistryError(
            code: .fieldSensitive,
            message: .init(
                zh: "图层 \(record.id) 的字段 \(name) 属敏感信息，不对外提供",
                en: "field \(name) of layer \(record.id) is sensitive and is not given out"))
    }
}

extension QueryPlan {
    /// How many rows match; `after` and `limit` play no part.
    func count(_ connection: borrowing Connection) throws -> Int {
        if !former.isEmpty, !filterText.isEmpty || query.ids != nil { return try formerIdentifiers(connection).count }
        guard query.ids == nil, searchBox == nil else { return try identifiers(connection).count }
        if filterText.isEmpty { return layer.record.featureCount }
        let sql = "SELECT count(*) FROM \(quotedIdentifier(layer.layout.table)) WHERE 1\(filterText)"
        return Int(try connection.integer(sql, filterValues) ?? 0)
    }

    /// The keys of all matching rows, ascending; `after` and `limit` play no part.
    func identifiers(_ connection: borrowing Connection) throws -> [Int64] {
        if !former.isEmpty { return try formerIdentifiers(connection) }
        let key = quotedIdentifier(layer.layout.key)
        guard query.ids != nil || searchBox != nil else {
            let table = quotedIdentifier(layer.layout.table)
            return try keys(connection, "SELECT \(key) FROM \(table) WHERE 1\(filterText) ORDER BY \(key)", filterValues)
        }
        let inBox = try self.inBox(connection)
        guard query.ids != nil || !query.filters.isEmpty || !query.exclusions.isEmpty else { return inBox }
        return try keys(
            connection, "SELECT \(key) FROM \(wantedRows) WHERE 1\(filterText)", [Self.list(inBox)] + filterValues)
    }

    /// Shows every matching row by ascending id until `body` gives `false`.
    func run(_ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool) throws {
        if !former.isEmpty {
            try scanFormer(connection, body)
        } else if query.ids == nil, searchBox == nil {
            try scanTable(connection, body)
        } else {
            try lookUp(try inBox(connection).filter { $0 > query.after }, connection, body)
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
        let key = quotedIdentifier(layer.layout.key)
        let sql = "SELECT \(columnText) FROM \(quotedIdentifier(layer.layout.table)) WHERE \(key) > ?\(filterText) ORDER BY \(key) LIMIT ?"
        try connection.withStatement(sql) { statement in
            try statement.bind([.integer(query.after)] + filterValues + [.integer(Int64(query.limit ?? -1))])
            var reader = RowReader(layer: layer, fields: fields)
            while try statement.step(), reader.show(statement, body) {}
        }
    }

    /// Key, geometry (or NULL), and the fields that are read.
    var columnText: String {
        let columns = fields.map { index in
            let column = quotedIdentifier(layer.layout.columns[index])
            return layer.record.schema.fields[index].kind == .dateTime ? "replace(\(column), '.000Z', 'Z')" : column
        }
        let geometry = layer.layout.geometry.map(quotedIdentifier) ?? "NULL"
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
            try row.bind([Self.list(ids)])
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

    private func lookUp(
        _ ids: [Int64], _ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool
    ) throws {
        let sql = "SELECT \(columnText) FROM \(wantedRows) WHERE 1\(filterText) LIMIT ?"
        try connection.withStatement(sql) { statement in
            try statement.bind([Self.list(ids)] + filterValues + [.integer(Int64(query.limit ?? -1))])
            var reader = RowReader(layer: layer, fields: fields)
            while try statement.step(), reader.show(statement, body) {}
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

    static func list(_ ids: [Int64]) -> SQLiteValue {
        .text("[" + ids.map(String.init).joined(separator: ",") + "]")
    }
}

extension SQLiteValue {
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
