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
    private let delivery: DeliveryRequest
    /// Of the version.
    private let name: String
    private var committed: DeliveryOutcome?
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

    private init(
        connection: consuming Connection, lock: FileLock, definition: LayerDefinition, delivery: DeliveryRequest, begun: Begun
    ) {
        self.connection = connection
        self.lock = lock
        self.definition = definition
        self.delivery = delivery
        name = begun.name
        kinds = definition.schema.fields.map(\.kind)
        version = begun.version
        written = begun.layout
        srsID = begun.srsID
    }

    /// Clears away what former writers left, and begins.
    static func begin(
        path: String, lock: FileLock, definition: LayerDefinition, delivery: DeliveryRequest
    ) throws(RegistryError) -> GeoPackageLayerWriter {
        try check(definition)
        do {
            let connection = try GeoPackageFileCreation.writer(path: path)
            try LayerTables.removeOrphans(connection)
            let begun = try connection.transaction { try makeTable(definition, delivery, $0) }
            return GeoPackageLayerWriter(
                connection: connection, lock: lock, definition: definition, delivery: delivery, begun: begun)
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    private struct Begun {
        var version: Int64
        var layout: TableLayout
        var srsID: Int32
        var name: String
    }

    /// Makes the empty table and notes that it is being written.
    private static func makeTable(
        _ definition: LayerDefinition, _ delivery: DeliveryRequest, _ connection: borrowing Connection
    ) throws -> Begun {
        if delivery.isStaged { try checkStaging(definition.id, connection) }
        let name = try DeliveryName.allot(delivery.name, layer: definition.id, connection)
        let srsID = try definition.crs.map { try SpatialReferenceSystem.identifier(of: $0, in: connection) } ?? 0
        let last = try connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'workmap_versions'") ?? 0
        let plain = TableLayout(table: definition.id, schema: definition.schema, hasGeometry: definition.crs != nil)
        let layout = TableLayout(plain, table: "\(definition.id)__v\(last + 1)")
        try connection.execute(layout.creation(schema: definition.schema, geometryType: "GEOMETRY"))
        try connection.run(
            "INSERT INTO workmap_versions (layer, table_name, state, started_at) VALUES (?, ?, 'writing', ?)",
            [.text(definition.id), .text(layout.table), .text(DeliverySwitch.now())])
        try RegistryLife.begin(last + 1, connection)
        return Begun(version: last + 1, layout: layout, srsID: srsID, name: name)
    }

    /// One version waits at a time, so that what a data directory takes on disk has a bound.
    private static func checkStaging(_ layer: String, _ connection: borrowing Connection) throws {
        let waiting = try connection.text(
            "SELECT name FROM workmap_deliveries WHERE layer = ? AND state = 'staged'", [.text(layer)])
        guard let waiting else { return }
        throw RegistryError(
            code: .deliveryUnsuitable,
            message: .init(
                zh: "图层 \(layer) 已有待发布的版本“\(waiting)”；请先用 workmap versions publish \(layer) \(waiting) 发布，或用 workmap versions drop \(layer) \(waiting) 删除",
                en: "layer \(layer) has a version \"\(waiting)\" that waits to be published; publish it first with workmap versions publish \(layer) \(waiting), or delete it with workmap versions drop \(layer) \(waiting)"))
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
            importedAt: DeliverySwitch.now(), reportJSON: reportJSON)
        try RegistryError.wording(connection.path) {
            if let name = written.tree {
                try connection.transaction { connection in try tree.write(to: connection, table: name) }
            }
            let columns = ValueIndexes.columns(of: written, definition, featureCount: featureCount)
            if !columns.isEmpty {
                try connection.transaction { connection in
                    try ValueIndexes.create(columns, of: written, version: version, in: connection)
                }
            }
            connection.forgetStatements()
            committed = try connection.transaction { connection in
                delivery.isStaged ? try stage(record, connection) : try switchVersion(to: record, connection)
            }
            isFinished = true
            // The log is copied into the file as far as readers let it; what remains is copied by the next writer.
            _ = try connection.integer("PRAGMA wal_checkpoint(PASSIVE)")
        }
        lock = nil
        return record
    }

    private func switchVersion(to record: LayerRecord, _ connection: borrowing Connection) throws -> DeliveryOutcome {
        let keep = try DeliveryTable.keep(of: record.id, stated: delivery.keep, connection)
        let former = try DeliverySwitch.served(record.id, connection)
        if let former { try DeliverySwitch.retire(former, keep: keep, connection) }
        try DeliveryTable.insert(record, number: version, name: name, state: .served, at: record.importedAt, connection)
        try DeliverySwitch.install(written, as: record, number: version, connection)
        let dropped = try DeliverySwitch.thin(record.id, keep: keep, connection)
        let goes = keep > 1 ? [] : former?.delivery.map { [$0.name] } ?? []
        return DeliveryOutcome(
            record: record, name: name, former: former?.delivery?.name, formerEdits: former?.delivery?.edits ?? 0,
            dropped: goes + dropped)
    }

    /// The features stay in a table of their own, known by the version's name only.
    private func stage(_ record: LayerRecord, _ connection: borrowing Connection) throws -> DeliveryOutcome {
        if delivery.keep != nil { _ = try DeliveryTable.keep(of: record.id, stated: delivery.keep, connection) }
        try DeliveryTable.insert(record, number: version, name: name, state: .staged, at: record.importedAt, connection)
        try LayerTables.set(aside: written, as: TableLayout(written, table: DeliveryTable.tableName(version)), in: connection)
        try connection.run(
            "UPDATE workmap_versions SET state = 'staged', ended_at = ? WHERE version = ?",
            [.text(record.importedAt), .integer(version)])
        return DeliveryOutcome(record: record, name: name, former: nil, formerEdits: 0, dropped: [])
    }

    func outcome() -> DeliveryOutcome? { committed }

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
