internal import FoundationEssentials
internal import SQLite
internal import Wording

/// The named versions of layers, and when each of them was served.
///
/// The served version's features are in the table of the layer's name, those of the others in a table of their own that
/// `gpkg_contents` does not name.
enum DeliveryTable {
    /// `workmap_deliveries` has the columns of `workmap_layers`; of a served version they hold what it was when it was imported.
    static let tables = """
        CREATE TABLE IF NOT EXISTS workmap_deliveries (
          delivery INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, delivered_at TEXT NOT NULL,
          layer TEXT NOT NULL COLLATE NOCASE, title TEXT, geometry TEXT NOT NULL, crs TEXT, fields TEXT NOT NULL,
          feature_count INTEGER NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, version INTEGER NOT NULL,
          content_hash TEXT NOT NULL, imported_at TEXT NOT NULL, sources TEXT NOT NULL, report TEXT);
        CREATE UNIQUE INDEX IF NOT EXISTS workmap_deliveries_name ON workmap_deliveries (layer, name) WHERE state <> 'dropped';
        CREATE TABLE IF NOT EXISTS workmap_publications (
          version INTEGER PRIMARY KEY, layer TEXT NOT NULL COLLATE NOCASE, delivery INTEGER NOT NULL, published_at TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS workmap_publications_layer ON workmap_publications (layer, version);
        CREATE TABLE IF NOT EXISTS workmap_delivery_rules (layer TEXT PRIMARY KEY COLLATE NOCASE, keep INTEGER NOT NULL);
        INSERT OR IGNORE INTO gpkg_extensions VALUES
          ('workmap_deliveries', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only'),
          ('workmap_publications', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only'),
          ('workmap_delivery_rules', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only');
        """

    /// Makes what an earlier program imported the only version of its layer.
    static func takeOverServedLayers(_ connection: borrowing Connection) throws {
        for (id, stored) in try StoredLayer.readAll(connection) {
            let base = try connection.integer(
                """
                SELECT max(version) FROM workmap_versions WHERE layer = ?1 COLLATE NOCASE AND version <= ?2 \
                AND state NOT IN ('writing', 'abandoned') AND version NOT IN (SELECT version FROM workmap_edits)
                """, [.text(id), .integer(stored.record.version)])
            let number = base ?? stored.record.version
            let time = try connection.text(
                "SELECT coalesce(ended_at, started_at) FROM workmap_versions WHERE version = ?", [.integer(number)])
            let since = time ?? stored.record.importedAt
            try insert(stored.record, number: number, name: String(since.prefix(10)), state: .served, at: since, connection)
            try notePublication(of: number, layer: id, version: number, at: since, connection)
        }
    }

    static func insert(
        _ record: LayerRecord, number: Int64, name: String, state: LayerDelivery.State, at time: String,
        _ connection: borrowing Connection
    ) throws {
        let values = try StoredLayer.values(of: record)
        let marks = values.map { _ in ",?" }.joined()
        try connection.run(
            "INSERT INTO workmap_deliveries (delivery, name, state, delivered_at, \(StoredLayer.columns)) VALUES (?,?,?,?\(marks))",
            [.integer(number), .text(name), .text(state.rawValue), .text(time)] + values)
    }

    static func notePublication(
        of number: Int64, layer: String, version: Int64, at time: String, _ connection: borrowing Connection
    ) throws {
        try connection.run(
            "INSERT INTO workmap_publications VALUES (?, ?, ?, ?)", [.integer(version), .text(layer), .integer(number), .text(time)])
    }

    static func setState(_ state: LayerDelivery.State, of number: Int64, _ connection: borrowing Connection) throws {
        try connection.run(
            "UPDATE workmap_deliveries SET state = ? WHERE delivery = ?", [.text(state.rawValue), .integer(number)])
    }

    /// Keeps what the version is when it leaves the map.
    static func keep(_ record: LayerRecord, number: Int64, _ connection: borrowing Connection) throws {
        let columns = StoredLayer.columns.split(separator: ",").map { $0.trimmingPrefix(" ") + " = ?" }.joined(separator: ", ")
        try connection.run(
            "UPDATE workmap_deliveries SET state = ?, \(columns) WHERE delivery = ?",
            [.text(LayerDelivery.State.kept.rawValue)] + (try StoredLayer.values(of: record)) + [.integer(number)])
    }

    /// The table of a version that is not being served.
    static func tableName(_ number: Int64) -> String { "workmap_kept_\(number)" }

    // MARK: Reading

    /// A layer's versions, the latest import first.
    ///
    /// - Parameters:
    ///   - served: the layer as it is served; `nil` while it is not.
    ///   - countsEdits: whether edits are counted, which takes a look at each of them; else they are given as 0.
    static func deliveries(
        of layer: String, served: StoredLayer?, countsEdits: Bool = true, _ connection: borrowing Connection
    ) throws -> [LayerDelivery] {
        let edits = countsEdits ? try editCounts(of: layer, connection) : [:]
        var deliveries: [LayerDelivery] = []
        let sql = """
            SELECT \(StoredLayer.columns), delivery, name, state, delivered_at, (SELECT published_at FROM workmap_publications AS p \
            WHERE p.delivery = d.delivery ORDER BY p.version DESC LIMIT 1) FROM workmap_deliveries AS d WHERE layer = ? \
            ORDER BY delivery DESC
            """
        try connection.withStatement(sql) { row in
            try row.bind([.text(layer)])
            while try row.step() {
                let state = LayerDelivery.State(rawValue: row.text(at: 17)) ?? .dropped
                let number = row.integer(at: 15)
                let kept = try StoredLayer(row).record
                let edited = edits[number] ?? (0, 0)
                deliveries.append(
                    LayerDelivery(
                        number: number, name: row.text(at: 16), state: state,
                        record: state == .served ? served?.record ?? kept : kept, deliveredAt: row.text(at: 18),
                        publishedAt: row.isNull(at: 19) ? nil : row.text(at: 19), edits: edited.edits, featuresEdited: edited.features))
            }
        }
        return deliveries
    }

    /// Edits and the features they touched, by the version they were made in.
    private static func editCounts(
        of layer: String, _ connection: borrowing Connection
    ) throws -> [Int64: (edits: Int, features: Int)] {
        var counts: [Int64: (edits: Int, features: Int)] = [:]
        let sql = """
            SELECT (SELECT delivery FROM workmap_publications AS p WHERE p.layer = e.layer AND p.version < e.version \
            ORDER BY p.version DESC LIMIT 1) AS delivery, count(DISTINCT e.version), count(DISTINCT f.feature) \
            FROM workmap_edits AS e LEFT JOIN workmap_edited_features AS f USING (version) WHERE e.layer = ? GROUP BY 1
            """
        try connection.withStatement(sql) { row in
            try row.bind([.text(layer)])
            while try row.step() {
                if row.isNull(at: 0) { continue }
                counts[row.integer(at: 0)] = (Int(row.integer(at: 1)), Int(row.integer(at: 2)))
            }
        }
        return counts
    }

    /// How many versions of the layer stay.
    static func keep(of layer: String, stated: Int?, _ connection: borrowing Connection) throws -> Int {
        if let stated {
            try connection.run("INSERT OR REPLACE INTO workmap_delivery_rules VALUES (?, ?)", [.text(layer), .integer(Int64(stated))])
            return stated
        }
        let remembered = try connection.integer("SELECT keep FROM workmap_delivery_rules WHERE layer = ?", [.text(layer)])
        return remembered.map(Int.init) ?? DeliveryRequest.defaultKeep
    }
}
