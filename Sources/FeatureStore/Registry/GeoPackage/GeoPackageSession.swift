internal import Reprojection
internal import SQLite
internal import SimpleFeatures
internal import Wording

/// One reading connection and its lock.
actor GeoPackageSession {
    private let connection: Connection
    /// The catalogue as of `catalogueState`.
    private var catalogue: [String: StoredLayer] = [:]
    private var catalogueState: Int64?
    /// The registry's count of changes in the snapshot that is being read.
    private var changes: Int64 = 0

    init(path: String) throws(RegistryError) {
        do {
            // Readable and writable, because a reader of a write-ahead log keeps its place in the shared index.
            let connection = try Connection(path: path, access: .readWrite)
            try connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 1073741824")
            // Opens the write-ahead log, too, while the file's name is sure to be this file's.
            _ = try connection.integer("SELECT changes FROM workmap_state")
            self.connection = connection
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    func layers() throws(RegistryError) -> [LayerRecord] {
        try inSnapshot {
            try refreshCatalogue()
            return catalogue.values.map(\.record).sorted { $0.id < $1.id }
        }
    }

    func changeCount() throws(RegistryError) -> Int64 {
        try RegistryError.wording(connection.path) {
            try connection.integer("SELECT changes FROM workmap_state") ?? 0
        }
    }

    func moment() throws(RegistryError) -> RegistryMoment { try inSnapshot { try RegistryLife.moment(connection) } }

    func hasLived(through moment: RegistryMoment) throws(RegistryError) -> Bool {
        try inSnapshot { try RegistryLife.hasLived(through: moment, connection) }
    }

    /// Moves all of the write-ahead log into the file.
    ///
    /// - Throws: `busy` where another process is writing.
    func emptyLog() throws(RegistryError) {
        let isBusy = try RegistryError.wording(connection.path) { try connection.integer("PRAGMA wal_checkpoint(FULL)") ?? 0 }
        guard isBusy == 0 else {
            throw RegistryError(
                code: .busy,
                message: .init(
                    zh: "\(connection.path) 已被替换，而原登记库仍有写入；将再次尝试",
                    en: "\(connection.path) was replaced while the former registry is still being written to; this is tried again"))
        }
    }

    func count(_ query: FeatureQuery) throws(RegistryError) -> Int {
        try inSnapshot {
            let plan = try plan(query)
            return try plan.count(connection)
        }
    }

    func identifiers(_ query: FeatureQuery) throws(RegistryError) -> [Int64] {
        try inSnapshot {
            let plan = try plan(query)
            return try plan.identifiers(connection)
        }
    }

    func scan<Consumer: FeatureRowConsumer>(
        _ query: FeatureQuery, into consumer: Consumer
    ) throws(RegistryError) -> Consumer {
        try inSnapshot {
            let plan = try plan(query)
            var consumer = consumer
            consumer.begin(layer: plan.layer.record, fields: plan.fields)
            try plan.run(connection) { row in consumer.take(row) }
            return consumer
        }
    }

    func page<Consumer: FeatureRowConsumer>(
        _ query: FeatureQuery, skip: Int, into consumer: Consumer
    ) throws(RegistryError) -> (consumer: Consumer, matched: MatchedFeatures) {
        try inSnapshot {
            let plan = try plan(query)
            var consumer = consumer
            consumer.begin(layer: plan.layer.record, fields: plan.fields)
            let matched = try plan.page(connection, skip: skip) { row in consumer.take(row) }
            return (consumer, matched)
        }
    }

    func identifiersEdited(in layer: String, since version: Int64) throws(RegistryError) -> Set<Int64>? {
        try inSnapshot {
            try refreshCatalogue()
            guard let current = catalogue[layer]?.record.version else { return nil }
            return try EditHistory.identifiers(of: layer, since: version, until: current, connection)
        }
    }

    func deliveries(of layer: String) throws(RegistryError) -> [LayerDelivery] {
        try inSnapshot {
            try refreshCatalogue()
            let deliveries = try DeliveryTable.deliveries(of: layer, served: catalogue[layer], connection)
            if deliveries.isEmpty { throw unknown(layer) }
            return deliveries
        }
    }

    func version(of layer: String, at time: String) throws(RegistryError) -> Int64 {
        try inSnapshot { try LayerHistory(layer, connection).version(at: time, connection) }
    }

    func record(of layer: String, in state: LayerState) throws(RegistryError) -> LayerRecord {
        try inSnapshot {
            try refreshCatalogue()
            return try LayerHistory(layer, connection).state(state, served: catalogue[layer], connection).layer.record
        }
    }

    private func inSnapshot<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        try RegistryError.wording(connection.path) {
            // A statement that stands on its row holds the snapshot for all others of the connection. A transaction would take two
            // more, which of a small query is much.
            try connection.withStatement("SELECT changes FROM workmap_state") { state in
                changes = try state.step() ? state.integer(at: 0) : 0
                return try body()
            }
        }
    }

    private func refreshCatalogue() throws {
        if changes == catalogueState { return }
        catalogue = try StoredLayer.readAll(connection)
        catalogueState = changes
    }

    private func plan(_ query: FeatureQuery) throws -> QueryPlan {
        try refreshCatalogue()
        if let state = query.state {
            let former = try LayerHistory(query.layer, connection).state(state, served: catalogue[query.layer], connection)
            return try QueryPlan(query, layer: former.layer, former: former.rows)
        }
        guard let layer = catalogue[query.layer] else { throw unknown(query.layer) }
        return try QueryPlan(query, layer: layer)
    }

    private func unknown(_ layer: String) -> RegistryError {
        let known = catalogue.keys.sorted().joined(separator: ", ")
        return RegistryError(
            code: .layerUnknown,
            message: .init(zh: "没有图层 \(layer)；有：\(known)", en: "there is no layer \(layer); there are: \(known)"))
    }
}
