internal import FoundationEssentials
internal import Reprojection
internal import SQLite
internal import SimpleFeatures
internal import Wording

/// Writes a layer's next version into a table of its own until the commit puts it in place.
actor GeoPackageLayerWriter: LayerWriter {
    nonisolated let version: Int64
    private let connection: Connection
    /// Held until the writer has ended.
    private var lock: FileLock?
    private let definition: LayerDefinition
    private let written: TableLayout
    private let srsID: Int32
    private let kinds: [FieldKind]

    private var tree = PackedRTree()
    private var hash = ContentHash()
    private var envelope = Envelope.empty
    private var featureCount = 0
    private var kindsSeen: Set<GeometryKind> = []
    private var blob: [UInt8] = []
    private var isFinished = false

    private init(connection: consuming Connection, lock: FileLock, definition: LayerDefinition, begun: Begun) {
        self.connection = connection
        self.lock = lock
        self.definition = definition
        kinds = definition.schema.fields.map(\.kind)
        version = begun.version
        written = begun.layout
        srsID = begun.srsID
    }

    /// Clears away what former writers left, and begins.
    static func begin(path: String, lock: FileLock, definition: LayerDefinition) throws(RegistryError) -> GeoPackageLayerWriter {
        try check(definition)
        do {
            let connection = try GeoPackageFileCreation.writer(path: path)
            try LayerTables.removeOrphans(connection)
            let begun = try connection.transaction { try makeTable(definition, $0) }
            return GeoPackageLayerWriter(connection: connection, lock: lock, definition: definition, begun: begun)
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    private struct Begun {
        var version: Int64
        var layout: TableLayout
        var srsID: Int32
    }

    /// Makes the empty table and notes that it is being written.
    private static func makeTable(_ definition: LayerDefinition, _ connection: borrowing Connection) throws -> Begun {
        let srsID = try definition.crs.map { try SpatialReferenceSystem.identifier(of: $0, in: connection) } ?? 0
        let last = try connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'workmap_versions'") ?? 0
        let plain = TableLayout(table: definition.id, schema: definition.schema, hasGeometry: definition.crs != nil)
        let layout = TableLayout(plain, table: "\(definition.id)__v\(last + 1)")
        try connection.execute(layout.creation(schema: definition.schema, geometryType: "GEOMETRY"))
        try connection.run(
            "INSERT INTO workmap_versions (layer, table_name, state, started_at) VALUES (?, ?, 'writing', ?)",
            [.text(definition.id), .text(layout.table), .text(now())])
        return Begun(version: last + 1, layout: layout, srsID: srsID)
    }

    /// ISO 8601 in UTC, whole seconds.
    fileprivate static func now() -> String {
        Date().formatted(.iso8601)
    }

    private static func check(_ definition: LayerDefinition) throws(RegistryError) {
        let id = definition.id
        let isAllowed = { (c: Character) in c.isLetter || c.isNumber || c == "_" || c == "-" || c == "." }
        let reserved = ["gpkg_", "rtree_", "sqlite_", "workmap_"]
        guard !id.isEmpty, id.utf8.count <= 100, id.allSatisfy(isAllowed), id.first?.isLetter == true,
            !reserved.contains(where: { id.lowercased().hasPrefix($0) })
        else {
            throw RegistryError(
                code: .layerInvalid,
                message: .init(
                    zh: "“\(id)”不能作图层标识：请以字母开头，其后用字母、数字、“_”“-”或“.”，"
                        + "且不以 \(reserved.joined(separator: ", ")) 开头",
                    en: "\"\(id)\" cannot be a layer's id: begin with a letter, go on with letters, digits, '_', '-' or '.', "
                        + "and do not begin with \(reserved.joined(separator: ", "))"))
        }
        if definition.crs?.isObfuscated == true {
            throw RegistryError(
                code: .layerInvalid,
                message: .init(
                    zh: "图层 \(id)：GCJ-02、BD-09 从不入库；请先将坐标转换为 EPSG:4490",
                    en: "layer \(id): GCJ-02 and BD-09 are never stored; convert the positions to EPSG:4490 first"))
        }
    }

    func append(_ features: [Feature]) throws(RegistryError) {
        guard !isFinished else { throw finished() }
        try RegistryError.wording(connection.path) {
            try connection.transaction { connection in
                try connection.withStatement(written.insertion) { statement in
                    for feature in features { try insert(feature, statement) }
                }
            }
        }
    }

    private func insert(_ feature: Feature, _ statement: borrowing Statement) throws {
        precondition(feature.values.count == kinds.count, "a feature's values are those of its schema")
        guard feature.id > 0 else { throw invalidIdentifier(feature.id, .init(zh: "小于 1", en: "is below 1")) }
        statement.reset()
        try statement.bind(feature.id, at: 1)
        hash.combine(UInt64(bitPattern: feature.id))
        var parameter = 2
        if written.geometry != nil {
            try bind(feature.geometry, of: feature.id, statement)
            parameter = 3
        }
        for (index, value) in feature.values.enumerated() {
            try bind(value, kind: kinds[index], at: parameter + index, statement)
        }
        do {
            _ = try statement.step()
        } catch {
            if error.code == .constraint { throw invalidIdentifier(feature.id, .init(zh: "重复", en: "is there twice")) }
            throw error
        }
        featureCount += 1
    }

    private func bind(_ geometry: Geometry?, of id: Int64, _ statement: borrowing Statement) throws {
        guard let geometry else {
            hash.combine(0)
            return try statement.bindNull(at: 2)
        }
        blob.removeAll(keepingCapacity: true)
        GeoPackageBinary.append(geometry, srsID: srsID, to: &blob)
        unsafe hash.combine(blob.span.bytes)
        try unsafe blob.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 2) }
        kindsSeen.insert(geometry.kind)
        let box = geometry.envelope
        guard !box.isEmpty else { return }
        envelope.formUnion(box)
        tree.append(id: id, envelope: box)
    }

    private func bind(_ value: PropertyValue, kind: FieldKind, at index: Int, _ statement: borrowing Statement) throws {
        switch value {
        case .null:
            hash.combine(0)
            try statement.bindNull(at: index)
        case .boolean(let flag):
            hash.combine(flag ? 1 : 2)
            try statement.bind(flag ? 1 : Int64(0), at: index)
        case .integer(let n):
            hash.combine(UInt64(bitPattern: n))
            try statement.bind(n, at: index)
        case .real(let r):
            hash.combine(r.bitPattern)
            try statement.bind(r, at: index)
        case .text(let text):
            let stored = kind == .dateTime ? GeoPackageDateTime.stored(text) : text
            unsafe hash.combine(stored.utf8Span.span.bytes)
            try statement.bind(stored, at: index)
        }
    }

    func commit(reportJSON: String?) throws(RegistryError) -> LayerRecord {
        guard !isFinished else { throw finished() }
        let record = LayerRecord(
            definition: definition, geometry: geometryFound,
            content: LayerContent(featureCount: featureCount, envelope: envelope, hash: hash.text), version: version,
            importedAt: Self.now(), reportJSON: reportJSON)
        try RegistryError.wording(connection.path) {
            if let name = written.tree {
                try connection.transaction { connection in try tree.write(to: connection, table: name) }
            }
            connection.forgetStatements()
            try connection.transaction { connection in try switchVersion(to: record, connection) }
            isFinished = true
            // The log is copied into the file as far as readers let it; what remains is copied by the next writer.
            _ = try connection.integer("PRAGMA wal_checkpoint(PASSIVE)")
        }
        lock = nil
        return record
    }

    private func switchVersion(to record: LayerRecord, _ connection: borrowing Connection) throws {
        if let former = try StoredLayer.readAll(connection).values.first(where: {
            $0.record.id.lowercased() == record.id.lowercased()
        }) {
            try LayerTables.drop(former.layout, from: connection)
            try connection.run(
                "UPDATE workmap_versions SET state = 'replaced' WHERE version = ?", [.integer(former.record.version)])
        }
        let layout = TableLayout(written, table: record.id)
        try LayerTables.install(written, as: layout, record: record, srsID: srsID, in: connection)
        try StoredLayer.write(record, to: connection)
        try connection.run(
            "UPDATE workmap_versions SET state = 'current', ended_at = ? WHERE version = ?",
            [.text(record.importedAt), .integer(version)])
        try connection.run(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = 'workmap_layers'")
        try connection.execute("UPDATE workmap_state SET changes = changes + 1")
    }

    private var geometryFound: LayerGeometry {
        guard written.geometry != nil else { return .none }
        if kindsSeen.count == 1, let kind = kindsSeen.first { return .only(kind) }
        return .mixed
    }

    func abort() throws(RegistryError) {
        guard !isFinished else { return }
        isFinished = true
        try RegistryError.wording(connection.path) {
            connection.forgetStatements()
            try LayerTables.removeOrphans(connection)
        }
        lock = nil
    }

    private func finished() -> RegistryError {
        RegistryError(
            code: .writerFinished,
            message: .init(
                zh: "图层 \(definition.id) 的写入已结束；请重新开始替换",
                en: "the writer of layer \(definition.id) has ended; begin a new replacement"))
    }

    private func invalidIdentifier(_ id: Int64, _ what: LocalisedText) -> RegistryError {
        RegistryError(
            code: .identifierInvalid,
            message: .init(
                zh: "图层 \(definition.id)：要素标识 \(id) \(what.zh)", en: "layer \(definition.id): the feature id \(id) \(what.en)"))
    }
}
