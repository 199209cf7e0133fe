internal import FoundationEssentials
internal import SQLite
internal import Wording

/// Puts a staged or former version of a layer in the place of the served one; the directory's lock is the caller's.
struct GeoPackagePublication: ~Copyable {
    /// The version to serve.
    let target: LayerDelivery
    /// The layer as it will be.
    let record: LayerRecord
    private let connection: Connection
    private let request: PublicationRequest

    private init(connection: consuming Connection, request: PublicationRequest, target: LayerDelivery, record: LayerRecord) {
        self.connection = connection
        self.request = request
        self.target = target
        self.record = record
    }

    /// Takes the version number; nothing is switched before `commit`.
    static func begin(path: String, request: PublicationRequest) throws(RegistryError) -> GeoPackagePublication {
        do {
            let connection = try GeoPackageFileCreation.writer(path: path)
            try connection.execute("PRAGMA synchronous = FULL")
            try LayerTables.removeOrphans(connection)
            let (target, record) = try connection.transaction { connection in
                let target = try Self.target(request, connection)
                // The number is used up at once: what is derived under it can never be another version's.
                try connection.run(
                    "INSERT INTO workmap_versions (layer, table_name, state, started_at) VALUES (?, ?, 'writing', ?)",
                    [.text(target.record.id), .text(""), .text(DeliverySwitch.now())])
                var record = target.record
                record.version = try connection.integer("SELECT last_insert_rowid()") ?? 0
                try RegistryLife.begin(record.version, connection)
                return (target, record)
            }
            return GeoPackagePublication(connection: connection, request: request, target: target, record: record)
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    /// Switches, in one transaction.
    func commit() throws(RegistryError) -> DeliveryOutcome {
        let (target, request) = (target, request)
        var record = record
        record.importedAt = DeliverySwitch.now()
        return try RegistryError.wording(connection.path) {
            connection.forgetStatements()
            return try connection.transaction { connection in
                let keep = try DeliveryTable.keep(of: record.id, stated: request.keep, connection)
                let former = try DeliverySwitch.served(record.id, connection)
                if let former { try DeliverySwitch.retire(former, keep: keep, connection) }
                try DeliveryTable.setState(.served, of: target.number, connection)
                try DeliverySwitch.install(TableLayout(keptFor: target), as: record, number: target.number, connection)
                try connection.run(
                    "UPDATE workmap_versions SET table_name = ? WHERE version = ?", [.text(record.id), .integer(record.version)])
                let dropped = try DeliverySwitch.thin(record.id, keep: keep, connection)
                let goes = keep > 1 ? [] : former?.delivery.map { [$0.name] } ?? []
                return DeliveryOutcome(
                    record: record, name: target.name, former: former?.delivery?.name,
                    formerEdits: former?.delivery?.edits ?? 0, dropped: goes + dropped)
            }
        }
    }

    func abandon() throws(RegistryError) {
        try RegistryError.wording(connection.path) { try LayerTables.removeOrphans(connection) }
    }

    static func drop(_ name: String, of layer: String, path: String) throws(RegistryError) {
        do {
            let connection = try GeoPackageFileCreation.writer(path: path)
            try connection.transaction { connection in
                let found = try find(name, of: layer, connection)
                guard found.state != .served else {
                    throw RegistryError(
                        code: .deliveryUnsuitable,
                        message: .init(
                            zh: "图层 \(layer) 正在提供版本“\(name)”，不能删除；请先发布另一版本",
                            en: "version \"\(name)\" of layer \(layer) is being served; publish another one first"))
                }
                try DeliverySwitch.drop(found, connection)
            }
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    // MARK: Which version

    private static func target(_ request: PublicationRequest, _ connection: borrowing Connection) throws -> LayerDelivery {
        let served = try DeliverySwitch.served(request.layer, connection)?.delivery
        let target: LayerDelivery
        if let name = request.name {
            target = try find(name, of: request.layer, connection)
        } else {
            target = try formerlyServed(request.layer, connection)
        }
        guard target.state != .served else {
            throw RegistryError(
                code: .deliveryUnsuitable,
                message: .init(
                    zh: "图层 \(request.layer) 现在提供的就是版本“\(target.name)”；未作改动",
                    en: "layer \(request.layer) is served in version \"\(target.name)\" already; nothing was changed"))
        }
        if let served, served.edits > 0, !request.leavesEdits { throw edited(served, target, request) }
        return target
    }

    private static func find(_ name: String, of layer: String, _ connection: borrowing Connection) throws -> LayerDelivery {
        let served = try DeliverySwitch.served(layer, connection)
        let all = try DeliveryTable.deliveries(of: layer, served: served?.stored, connection)
        if let found = all.first(where: { $0.name == name && $0.state != .dropped }) { return found }
        guard !all.isEmpty else {
            throw RegistryError(
                code: .layerUnknown,
                message: .init(zh: "没有图层 \(layer)；请先用 workmap import 导入", en: "there is no layer \(layer); import it first with workmap import"))
        }
        let names = all.filter { $0.state != .dropped }.map(\.name).joined(separator: ", ")
        let wasDropped = all.contains { $0.name == name }
        throw RegistryError(
            code: .deliveryUnknown,
            message: .init(
                zh: "图层 \(layer) 没有版本“\(name)”\(wasDropped ? "（已删除，须重新导入）" : "")；有：\(names)",
                en: "layer \(layer) has no version \"\(name)\"\(wasDropped ? " (it was deleted and has to be imported again)" : ""); it has: \(names)"))
    }

    /// The version that was served before the present one.
    private static func formerlyServed(_ layer: String, _ connection: borrowing Connection) throws -> LayerDelivery {
        guard let served = try DeliverySwitch.served(layer, connection) else { return try find("", of: layer, connection) }
        let kept = try DeliveryTable.deliveries(of: layer, served: served.stored, connection).filter { $0.state == .kept }
        if let last = kept.max(by: { $0.record.version < $1.record.version }) { return last }
        throw RegistryError(
            code: .deliveryUnknown,
            message: .init(
                zh: "图层 \(layer) 没有保留以前的版本，无法回退；导入时用 --keep 2 或更多可保留，或重新导入旧文件",
                en: "layer \(layer) keeps no former version to go back to; import with --keep 2 or more keeps one, or import the old files again"))
    }

    private static func edited(
        _ served: LayerDelivery, _ target: LayerDelivery, _ request: PublicationRequest
    ) -> RegistryError {
        RegistryError(
            code: .deliveryEdited,
            message: .init(
                zh: "图层 \(request.layer) 的现行版本“\(served.name)”有 \(served.edits) 次编辑（\(served.featuresEdited) 个要素），"
                    + "改用“\(target.name)”后地图上不再有这些编辑；它们随“\(served.name)”保留，再次发布该版本即恢复。确认请加 --leave-edits",
                en: "the present version \"\(served.name)\" of layer \(request.layer) has \(served.edits) edit(s) of \(served.featuresEdited) feature(s), "
                    + "which the map will no longer show under \"\(target.name)\"; they stay with \"\(served.name)\" and come back when it is published again. Add --leave-edits to go on"))
    }
}
