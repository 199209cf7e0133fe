internal import SQLite
internal import SimpleFeatures

/// A query worked out against its layer: the statements it takes.
struct QueryPlan {
    let layer: StoredLayer
    /// Positions in the schema, in the order of the columns read.
    let fields: [Int]
    private let query: FeatureQuery
    private let filterText: String
    private let filterValues: [SQLiteValue]
    /// The box to search; `nil` where every feature with a geometry lies in it, or none was asked for.
    private let searchBox: Envelope?

    init(_ query: FeatureQuery, layer: StoredLayer) throws(RegistryError) {
        self.query = query
        self.layer = layer
        if let version = query.version, version != layer.record.version {
            throw RegistryError(
                code: .versionChanged,
                message: "layer \(query.layer) is now version \(layer.record.version), no longer \(version); begin again at the first page")
        }
        fields = try QueryPlan.fields(query, layer.record)
        var conditions = ""
        var values: [SQLiteValue] = []
        for filter in query.filters {
            let index = try QueryPlan.index(of: filter.field, layer.record, query)
            conditions += " AND \(quotedIdentifier(layer.layout.columns[index])) IS ?"
            values.append(SQLiteValue(filter.value, kind: layer.record.schema.fields[index].kind))
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
            throw RegistryError(code: .fieldUnknown, message: "layer \(record.id) has no field \(name); it has: \(names)")
        }
        if record.schema.fields[index].isSensitive, query.fields != .all { throw sensitive(name, record) }
        return index
    }

    private static func sensitive(_ name: String, _ record: LayerRecord) -> RegistryError {
        RegistryError(
            code: .fieldSensitive, message: "field \(name) of layer \(record.id) is sensitive and is not given out")
    }
}

extension QueryPlan {
    /// How many rows match; `after` and `limit` play no part.
    func count(_ connection: borrowing Connection) throws -> Int {
        if query.ids == nil, searchBox == nil {
            if filterText.isEmpty { return layer.record.featureCount }
            let sql = "SELECT count(*) FROM \(quotedIdentifier(layer.layout.table)) WHERE 1\(filterText)"
            return Int(try connection.integer(sql, filterValues) ?? 0)
        }
        let candidates = try candidates(connection)
        if query.filters.isEmpty, query.ids == nil {
            var count = 0
            for candidate in candidates where !candidate.isCertain {
                if try isInBox(candidate.id, connection) { count += 1 }
            }
            return count + candidates.count { $0.isCertain }
        }
        var count = 0
        try lookUp(candidates, connection, limit: nil) { _ in
            count += 1
            return true
        }
        return count
    }

    /// Shows every matching row by ascending id until `body` gives `false`.
    func run(_ connection: borrowing Connection, _ body: (borrowing FeatureRow) -> Bool) throws {
        if query.ids == nil, searchBox == nil {
            try scanTable(connection, body)
        } else {
            let candidates = try candidates(connection).filter { $0.id > query.after }
            try lookUp(candidates, connection, limit: query.limit, body)
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
    private var columnText: String {
        let columns = fields.map { index in
            let column = quotedIdentifier(layer.layout.columns[index])
            return layer.record.schema.fields[index].kind == .dateTime ? "replace(\(column), '.000Z', 'Z')" : column
        }
        let geometry = layer.layout.geometry.map(quotedIdentifier) ?? "NULL"
        return ([quotedIdentifier(layer.layout.key), geometry] + columns).joined(separator: ", ")
    }

    struct Candidate {
        var id: Int64
        /// Whether it lies in the box as a whole, so that its geometry need not be looked at.
        var isCertain: Bool
    }

    /// By ascending id; every match is among them.
    private func candidates(_ connection: borrowing Connection) throws -> [Candidate] {
        if let ids = query.ids {
            return Set(ids).sorted().map { Candidate(id: $0, isCertain: searchBox == nil) }
        }
        guard let box = searchBox, !box.isEmpty, let tree = layer.layout.tree else { return [] }
        var found: [Candidate] = []
        let sql = """
            SELECT id, minx, maxx, miny, maxy FROM \(quotedIdentifier(tree)) \
            WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?
            """
        try connection.withStatement(sql) { row in
            try row.bind([.real(box.minX), .real(box.maxX), .real(box.minY), .real(box.maxY)])
            while try row.step() {
                let inner = Envelope(minX: row.real(at: 1), minY: row.real(at: 3), maxX: row.real(at: 2), maxY: row.real(at: 4))
                found.append(Candidate(id: row.integer(at: 0), isCertain: box.contains(inner)))
            }
        }
        return found.sorted { $0.id < $1.id }
    }

    private func isInBox(_ id: Int64, _ connection: borrowing Connection) throws -> Bool {
        guard let box = searchBox, let geometry = layer.layout.geometry else { return true }
        let table = quotedIdentifier(layer.layout.table)
        let sql = "SELECT \(quotedIdentifier(geometry)) FROM \(table) WHERE \(quotedIdentifier(layer.layout.key)) = ?"
        return try connection.withStatement(sql) { row in
            try row.bind(id, at: 1)
            guard try row.step() else { return false }
            return try unsafe row.withBlob(at: 0) { blob in
                guard unsafe !blob.isEmpty else { return false }
                return try GeoPackageBinary.decode(unsafe blob.bytes).value.geometry?.intersects(box) ?? false
            }
        }
    }

    private func lookUp(
        _ candidates: [Candidate], _ connection: borrowing Connection, limit: Int?, _ body: (borrowing FeatureRow) -> Bool
    ) throws {
        let key = quotedIdentifier(layer.layout.key)
        let sql = "SELECT \(columnText) FROM \(quotedIdentifier(layer.layout.table)) WHERE \(key) = ?\(filterText)"
        try connection.withStatement(sql) { statement in
            try statement.bind([.integer(0)] + filterValues)
            var reader = RowReader(layer: layer, fields: fields)
            var remaining = limit ?? .max
            for candidate in candidates where remaining > 0 {
                if try !candidate.isCertain && !isInBox(candidate.id, connection) { continue }
                statement.reset()
                try statement.bind(candidate.id, at: 1)
                guard try statement.step() else { continue }
                remaining -= 1
                if !reader.show(statement, body) { return }
            }
        }
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
