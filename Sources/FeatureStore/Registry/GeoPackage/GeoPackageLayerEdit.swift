internal import FoundationEssentials
internal import SQLite
internal import SimpleFeatures
internal import Wording

/// Changes features of a layer's table in one transaction; the directory's lock is the caller's.
struct GeoPackageLayerEdit {
    let path: String
    let layer: String
    /// The version that the changes were made from; `nil` for whatever is there.
    let version: Int64?

    func commit(_ changes: [FeatureChange]) throws(RegistryError) -> LayerEdit {
        do {
            let connection = try GeoPackageFileCreation.writer(path: path)
            // The R-tree is kept in step here, and a power failure takes nothing back.
            try connection.disableTriggers()
            try connection.execute("PRAGMA synchronous = FULL")
            return try connection.transaction { connection in try apply(changes, connection) }
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    private func apply(_ changes: [FeatureChange], _ connection: borrowing Connection) throws -> LayerEdit {
        guard let stored = try StoredLayer.readAll(connection)[layer] else {
            throw RegistryError(code: .layerUnknown, message: .init(zh: "没有图层 \(layer) 可编辑", en: "there is no layer \(layer) to edit"))
        }
        if let version, stored.record.version != version { throw outdated(version, stored.record.version) }
        guard !changes.isEmpty else { return LayerEdit(record: stored.record, identifiers: []) }
        let time = Date().formatted(.iso8601)
        let next = try nextVersion(stored, at: time, connection)
        try EditHistory.begin(next, of: stored.record, at: time, connection)
        var table = try EditedTable(stored, version: next, connection)
        for change in changes { try table.apply(change, connection) }
        var record = stored.record
        record.version = next
        record.importedAt = time
        record.featureCount += table.added
        record.envelope.formUnion(table.envelope)
        record.contentHash = table.hash.text
        try widen(&record, stored.layout, to: table.kinds, connection)
        try StoredLayer.write(record, to: connection)
        try connection.run(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name IN ('workmap_layers', ?)",
            [.text(stored.layout.table)])
        try connection.execute("UPDATE workmap_state SET changes = changes + 1")
        return LayerEdit(record: record, identifiers: table.identifiers)
    }

    private func nextVersion(_ stored: StoredLayer, at time: String, _ connection: borrowing Connection) throws -> Int64 {
        try connection.run(
            "UPDATE workmap_versions SET state = 'edited', ended_at = coalesce(ended_at, ?) WHERE version = ?",
            [.text(time), .integer(stored.record.version)])
        try connection.run(
            "INSERT INTO workmap_versions (layer, table_name, state, started_at, ended_at) VALUES (?, ?, 'current', ?, ?)",
            [.text(layer), .text(stored.layout.table), .text(time), .text(time)])
        let version = try connection.integer("SELECT last_insert_rowid()") ?? 0
        try RegistryLife.begin(version, connection)
        return version
    }

    /// A layer of points that gets a line is one of mixed kinds from now on.
    private func widen(
        _ record: inout LayerRecord, _ layout: TableLayout, to kinds: Set<GeometryKind>, _ connection: borrowing Connection
    ) throws {
        guard case .only(let kind) = record.geometry, !kinds.subtracting([kind]).isEmpty, let geometry = layout.geometry else { return }
        record.geometry = .mixed
        let type = record.geometry.geoPackageName
        try LayerTables.declare(
            layout.creation(schema: record.schema, geometryType: type), table: layout.table, in: connection)
        try connection.run(
            "UPDATE gpkg_geometry_columns SET geometry_type_name = ? WHERE table_name = ? AND column_name = ?",
            [.text(type), .text(layout.table), .text(geometry)])
    }

    private func outdated(_ version: Int64, _ current: Int64) -> RegistryError {
        RegistryError(
            code: .versionChanged,
            message: .init(
                zh: "图层 \(layer) 现为版本 \(current)，编辑所据的是版本 \(version)；请读取当前要素后重新编辑",
                en: "layer \(layer) is now version \(current), and the edit was made from \(version); read the features again and repeat it"))
    }
}

/// A layer's table while it is being edited.
private struct EditedTable {
    private let layout: TableLayout
    private let record: LayerRecord
    private let kindsOfFields: [FieldKind]
    private let version: Int64
    private let srsID: Int32
    private let put: String
    /// Features more than before.
    private(set) var added = 0
    /// Of the geometries that were put.
    private(set) var envelope = Envelope.empty
    private(set) var kinds: Set<GeometryKind> = []
    private(set) var identifiers: [Int64] = []
    /// Follows from the former version's and the changes.
    private(set) var hash = ContentHash()
    private var blob: [UInt8] = []

    init(_ stored: StoredLayer, version: Int64, _ connection: borrowing Connection) throws {
        layout = stored.layout
        record = stored.record
        kindsOfFields = record.schema.fields.map(\.kind)
        self.version = version
        srsID = try record.crs.map { try SpatialReferenceSystem.identifier(of: $0, in: connection) } ?? 0
        let key = quotedIdentifier(layout.key)
        let updated = ((layout.geometry.map { [$0] } ?? []) + layout.columns).map(quotedIdentifier).map { "\($0) = excluded.\($0)" }
        let action = updated.isEmpty ? "NOTHING" : "UPDATE SET \(updated.joined(separator: ", "))"
        put = "\(layout.insertion) ON CONFLICT(\(key)) DO \(action)"
        unsafe hash.combine(record.contentHash.utf8Span.span.bytes)
    }

    mutating func apply(_ change: FeatureChange, _ connection: borrowing Connection) throws {
        switch change {
        case .put(let feature): try put(feature, connection)
        case .remove(let id): try remove(id, connection)
        }
    }

    private mutating func put(_ feature: Feature, _ connection: borrowing Connection) throws {
        precondition(feature.values.count == kindsOfFields.count, "a feature's values are those of its schema")
        guard feature.geometry == nil || layout.geometry != nil else {
            throw RegistryError(
                code: .layerInvalid,
                message: .init(zh: "图层 \(record.id) 是无几何的表", en: "layer \(record.id) is a table without geometry"))
        }
        let id = feature.id > 0 ? feature.id : try nextIdentifier(connection)
        if try !EditHistory.keep(id, version, layout, connection) { added += 1 }
        identifiers.append(id)
        hash.combine(UInt64(bitPattern: id))
        try connection.withStatement(put) { statement in
            try statement.bind(id, at: 1)
            if layout.geometry != nil { try bind(feature.geometry, statement) }
            for (index, value) in feature.values.enumerated() {
                let stored = SQLiteValue(value, kind: kindsOfFields[index])
                hash.combine(stored)
                try statement.bind(stored, at: (layout.geometry == nil ? 2 : 3) + index)
            }
            _ = try statement.step()
        }
        try index(id, feature.geometry?.envelope ?? .empty, connection)
    }

    private func nextIdentifier(_ connection: borrowing Connection) throws -> Int64 {
        let present = try connection.integer("SELECT max(\(quotedIdentifier(layout.key))) FROM \(quotedIdentifier(layout.table))") ?? 0
        return max(present, try RetiredIdentifiers.highest(of: record.id, connection)) + 1
    }

    private mutating func bind(_ geometry: Geometry?, _ statement: borrowing Statement) throws {
        guard let geometry else { return try statement.bindNull(at: 2) }
        blob.removeAll(keepingCapacity: true)
        GeoPackageBinary.append(geometry, srsID: srsID, to: &blob)
        var hash = hash
        unsafe hash.combine(blob.span.bytes)
        self.hash = hash
        try unsafe blob.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 2) }
        kinds.insert(geometry.kind)
        envelope.formUnion(geometry.envelope)
    }

    private mutating func remove(_ id: Int64, _ connection: borrowing Connection) throws {
        guard try EditHistory.keep(id, version, layout, connection) else {
            throw RegistryError(
                code: .featureUnknown,
                message: .init(
                    zh: "图层 \(record.id) 没有要素 \(id) 可删除；此次编辑未作任何改动",
                    en: "layer \(record.id) has no feature \(id) to remove; nothing of this edit was done"))
        }
        let (table, key) = (quotedIdentifier(layout.table), quotedIdentifier(layout.key))
        try connection.run("DELETE FROM \(table) WHERE \(key) = ?", [.integer(id)])
        try index(id, .empty, connection)
        try RetiredIdentifiers.add(id, of: record.id, connection)
        added -= 1
        identifiers.append(id)
        hash.combine(~UInt64(bitPattern: id))
    }

    /// An empty box takes the feature out of the R-tree.
    private func index(_ id: Int64, _ box: Envelope, _ connection: borrowing Connection) throws {
        guard let tree = layout.tree.map(quotedIdentifier) else { return }
        if box.isEmpty {
            try connection.run("DELETE FROM \(tree) WHERE id = ?", [.integer(id)])
        } else {
            try connection.run(
                "INSERT OR REPLACE INTO \(tree) VALUES (?, ?, ?, ?, ?)",
                [.integer(id), .real(box.minX), .real(box.maxX), .real(box.minY), .real(box.maxY)])
        }
    }
}

extension ContentHash {
    fileprivate mutating func combine(_ value: SQLiteValue) {
        switch value {
        case .null: combine(UInt64(0))
        case .integer(let n): combine(UInt64(bitPattern: n))
        case .real(let r): combine(r.bitPattern)
        case .text(let text): unsafe combine(text.utf8Span.span.bytes)
        }
    }
}
