internal import FoundationEssentials
internal import SQLite
internal import Wording

/// Puts one version of a layer in the place of another, within the caller's transaction.
struct DeliverySwitch {
    /// What leaves the map.
    struct Departure {
        var delivery: LayerDelivery?
        var stored: StoredLayer
    }

    /// The layer that is served under this id, with its version.
    static func served(_ layer: String, _ connection: borrowing Connection) throws -> Departure? {
        let stored = try StoredLayer.readAll(connection).values.first { $0.record.id.lowercased() == layer.lowercased() }
        guard let stored else { return nil }
        let delivery = try DeliveryTable.deliveries(of: stored.record.id, served: stored, connection).first { $0.state == .served }
        return Departure(delivery: delivery, stored: stored)
    }

    /// Moves what is served into a table of its own, or drops it where nothing is to be kept.
    static func retire(_ former: Departure, keep: Int, _ connection: borrowing Connection) throws {
        try connection.run(
            "UPDATE workmap_versions SET state = 'replaced' WHERE version = ?", [.integer(former.stored.record.version)])
        guard keep > 1, let delivery = former.delivery else {
            try LayerTables.drop(former.stored.layout, from: connection)
            if let delivery = former.delivery { try DeliveryTable.setState(.dropped, of: delivery.number, connection) }
            return
        }
        let kept = TableLayout(former.stored.layout, table: DeliveryTable.tableName(delivery.number))
        try LayerTables.uninstall(former.stored.layout, as: kept, in: connection)
        try DeliveryTable.keep(former.stored.record, number: delivery.number, connection)
    }

    /// Makes the written tables the layer's.
    ///
    /// - Parameter number: of the version that they are.
    static func install(
        _ written: TableLayout, as record: LayerRecord, number: Int64, _ connection: borrowing Connection
    ) throws {
        let srsID = try record.crs.map { try SpatialReferenceSystem.identifier(of: $0, in: connection) } ?? 0
        try LayerTables.install(
            written, as: TableLayout(written, table: record.id), record: record, srsID: srsID, in: connection)
        try ValueIndexes.measure(record.id, in: connection)
        try StoredLayer.write(record, to: connection)
        try DeliveryTable.notePublication(
            of: number, layer: record.id, version: record.version, at: record.importedAt, connection)
        try connection.run(
            "UPDATE workmap_versions SET state = 'current', ended_at = ? WHERE version = ?",
            [.text(record.importedAt), .integer(record.version)])
        try connection.run(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = 'workmap_layers'")
        try connection.execute("UPDATE workmap_state SET changes = changes + 1")
    }

    /// Drops what is kept beyond the wanted number, those first that left the map first.
    ///
    /// - Returns: the names of what went.
    static func thin(_ layer: String, keep: Int, _ connection: borrowing Connection) throws -> [String] {
        guard let served = try served(layer, connection) else { return [] }
        let kept = try DeliveryTable.deliveries(of: layer, served: served.stored, connection).filter { $0.state == .kept }
            .sorted { $0.record.version > $1.record.version }
        return try kept.dropFirst(max(0, keep - 1)).map { delivery in
            try drop(delivery, connection)
            return delivery.name
        }
    }

    /// Deletes the features of a version that is not served; its name and its times stay.
    static func drop(_ delivery: LayerDelivery, _ connection: borrowing Connection) throws {
        try LayerTables.dropTables(TableLayout(keptFor: delivery), from: connection)
        try DeliveryTable.setState(.dropped, of: delivery.number, connection)
    }

    /// ISO 8601 in UTC, whole seconds.
    static func now() -> String { Date().formatted(.iso8601) }
}
