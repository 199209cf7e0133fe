internal import SQLite
internal import SimpleFeatures
internal import Wording

/// What one layer was when: its publications and edits in the order of their version numbers.
struct LayerHistory {
    private let layer: String
    /// Ascending.
    private let publications: [(version: Int64, delivery: Int64, time: String)]
    /// Ascending.
    private let edits: [(version: Int64, time: String)]

    init(_ layer: String, _ connection: borrowing Connection) throws {
        self.layer = layer
        publications = try connection.withStatement(
            "SELECT version, delivery, published_at FROM workmap_publications WHERE layer = ? ORDER BY version"
        ) { row in
            try row.bind([.text(layer)])
            var found: [(Int64, Int64, String)] = []
            while try row.step() { found.append((row.integer(at: 0), row.integer(at: 1), row.text(at: 2))) }
            return found
        }
        edits = try connection.withStatement("SELECT version, edited_at FROM workmap_edits WHERE layer = ? ORDER BY version") { row in
            try row.bind([.text(layer)])
            var found: [(Int64, String)] = []
            while try row.step() { found.append((row.integer(at: 0), row.text(at: 1))) }
            return found
        }
    }

    /// A former or coming state: the layer with the table that holds most of it, and what of it lies in the history.
    struct State {
        var layer: StoredLayer
        var rows: FormerRows
    }

    /// The last version at or before a time, which was served then.
    func version(at time: String, _ connection: borrowing Connection) throws -> Int64 {
        let published = publications.last { $0.time <= time }?.version
        let edited = edits.last { $0.time <= time }?.version
        guard let version = [published, edited].compactMap({ $0 }).max(), let first = publications.first, version >= first.version
        else {
            guard let first = publications.first else { throw never() }
            throw RegistryError(
                code: try isBeginning(first.delivery, connection) ? .layerNotYet : .historyAbsent,
                message: .init(
                    zh: "图层 \(layer) 的历史始于 \(first.time)，此前（\(time)）无记录；请给出其后的时刻，或去掉 datetime",
                    en: "the history of layer \(layer) begins at \(first.time), and \(time) lies before; give a later time, or leave out datetime"))
        }
        return version
    }

    /// Whether the layer was never imported before that version: then there was none.
    private func isBeginning(_ delivery: Int64, _ connection: borrowing Connection) throws -> Bool {
        let first = try connection.integer(
            "SELECT min(version) FROM workmap_versions WHERE layer = ? COLLATE NOCASE AND state NOT IN ('writing', 'abandoned')",
            [.text(layer)])
        return first == delivery
    }

    /// - Parameter served: the layer as it is served; `nil` while it is not.
    func state(_ state: LayerState, served: StoredLayer?, _ connection: borrowing Connection) throws -> State {
        let deliveries = try DeliveryTable.deliveries(of: layer, served: served, countsEdits: false, connection)
        switch state {
        case .delivery(let number):
            let delivery = try find(number, deliveries)
            return State(layer: try stored(delivery, served), rows: .none)
        case .version(let version, let since):
            guard let publication = publications.last(where: { $0.version <= version }) else { throw unknown() }
            let delivery = try find(publication.delivery, deliveries)
            var layer = try stored(delivery, served)
            if layer.record.version == version, since == nil { return State(layer: layer, rows: .none) }
            let undone = editsOf(delivery.number).filter { $0 > version }
            let left = try since.map { try removals(since: $0, until: version, publication) } ?? []
            let rows = try FormerRows(undoing: undone, removals: left, layer.layout, connection)
            try describe(&layer.record, version, rows, layer.layout, connection)
            return State(layer: layer, rows: rows)
        }
    }

    private func find(_ number: Int64, _ deliveries: [LayerDelivery]) throws(RegistryError) -> LayerDelivery {
        guard let delivery = deliveries.first(where: { $0.number == number }) else { throw unknown() }
        guard delivery.state != .dropped else {
            throw RegistryError(
                code: .historyDropped,
                message: .init(
                    zh: "图层 \(layer) 当时提供的是版本“\(delivery.name)”，该版本已不再保留；请给出其他时刻，或重新导入该版本的文件",
                    en: "layer \(layer) was served then in version \"\(delivery.name)\", which is no longer kept; give another time, or import the files of that version again"))
        }
        return delivery
    }

    private func stored(_ delivery: LayerDelivery, _ served: StoredLayer?) throws(RegistryError) -> StoredLayer {
        if delivery.state == .served {
            guard let served else { throw unknown() }
            return served
        }
        return StoredLayer(record: delivery.record, layout: TableLayout(keptFor: delivery))
    }

    /// Edits made while a version was served.
    private func editsOf(_ delivery: Int64) -> [Int64] {
        edits.map(\.version).filter { version in publications.last { $0.version < version }?.delivery == delivery }
    }

    /// Edits in which features may have gone; a whole version that left the map takes too many with it to be told one by one.
    private func removals(
        since: Int64, until: Int64, _ publication: (version: Int64, delivery: Int64, time: String)
    ) throws(RegistryError) -> [Int64] {
        guard since >= publication.version else {
            throw RegistryError(
                code: .historyAbsent,
                message: .init(
                    zh: "图层 \(layer) 于 \(publication.time) 更换了版本，时段不能跨越更换时刻；请分为两段，或给出一个时刻",
                    en: "layer \(layer) was given another version at \(publication.time), and an interval cannot reach across; ask for two intervals, or for an instant"))
        }
        return edits.map(\.version).filter { $0 > since && $0 <= until }
    }

    private func describe(
        _ record: inout LayerRecord, _ version: Int64, _ rows: FormerRows, _ layout: TableLayout, _ connection: borrowing Connection
    ) throws {
        record.featureCount = try rows.count(layout, connection)
        record.version = version
        var hash = ContentHash()
        unsafe hash.combine(record.contentHash.utf8Span.span.bytes)
        hash.combine(UInt64(bitPattern: version))
        record.contentHash = hash.text
        let time = edits.last { $0.version == version }?.time ?? publications.last { $0.version <= version }?.time
        record.importedAt = time ?? record.importedAt
    }

    private func never() -> RegistryError {
        RegistryError(
            code: .layerNotYet,
            message: .init(zh: "图层 \(layer) 从未导入", en: "layer \(layer) was never imported"))
    }

    private func unknown() -> RegistryError {
        RegistryError(
            code: .historyAbsent,
            message: .init(
                zh: "图层 \(layer) 没有版本历史；请去掉 datetime", en: "layer \(layer) has no history of versions; leave out datetime"))
    }
}
