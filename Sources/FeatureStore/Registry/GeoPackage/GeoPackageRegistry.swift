internal import Glibc
internal import SQLite
internal import Synchronization
internal import SimpleFeatures
internal import Wording

/// The registry as one GeoPackage, `registry.gpkg`, that any GIS can open as it is.
///
/// A layer is a table of the layer's id. Its next version is written into a table that `gpkg_contents` does not
/// name and takes the former's place in one transaction; write-ahead logging lets readers finish on their snapshot.
public final class GeoPackageRegistry: FeatureRegistry {
    public static let fileName = "registry.gpkg"

    /// The GeoPackage's path.
    public let path: String
    private let lockPath: String
    private let readers: Int
    private let opened: Mutex<Opened>

    private struct Opened {
        var file: OpenRegistryFile
        /// Sessions of `file` that nobody uses.
        var idle: [Int]
        /// How often another file has taken the registry's name.
        var replacements: Int64 = 0

        init(_ file: OpenRegistryFile) {
            self.file = file
            idle = Array(file.sessions.indices)
        }
    }

    /// Opens the registry of a data directory, made when it is not there.
    ///
    /// - Parameter readers: how many queries run side by side; further ones wait.
    /// - Throws: `notARegistry` when another file is in its place, `storageFailed` when the directory cannot be written.
    public init(directory: String, readers: Int = 4) throws(RegistryError) {
        precondition(readers > 0, "a registry needs a reader")
        let path = directory + "/" + Self.fileName
        self.path = path
        lockPath = directory + "/registry.lock"
        self.readers = readers
        opened = Mutex(Opened(try OpenRegistryFile(path: path, readers: readers, mayCreate: true)))
    }

    private var first: GeoPackageSession { opened.withLock { $0.file.sessions[0] } }

    public func layers() async throws(RegistryError) -> [LayerRecord] { try await first.layers() }

    public func changeCount() async throws(RegistryError) -> Int64 {
        try await followName()
        let (session, count) = opened.withLock { ($0.file.sessions[0], $0.replacements) }
        return try await session.changeCount() &+ count << 40
    }

    /// Goes over to the file that has the registry's name, where that is another one than before.
    ///
    /// Where somebody is writing, the former goes on until he has ended.
    private func followName() async throws(RegistryError) {
        guard opened.withLock({ $0.file }).isReplaced, let lock = try lock() else { return }
        defer { withExtendedLifetime(lock) {} }
        try await goOver()
    }

    /// The same under the writers' lock, which keeps everybody else from doing so. Queries under way end on the file that they began
    /// with.
    private func goOver() async throws(RegistryError) {
        let (former, replacements) = opened.withLock { ($0.file, $0.replacements) }
        guard former.isReplaced else { return }
        try GeoPackageFileCreation.check(path: path)
        try await former.leaveName()
        let file = try OpenRegistryFile(path: path, readers: readers, mayCreate: false)
        opened.withLock { opened in
            opened = Opened(file)
            opened.replacements = replacements + 1
        }
    }

    public func moment() async throws(RegistryError) -> RegistryMoment { try await first.moment() }

    public func hasLived(through moment: RegistryMoment) async throws(RegistryError) -> Bool {
        try await first.hasLived(through: moment)
    }

    public func count(_ query: FeatureQuery) async throws(RegistryError) -> Int {
        let loan = borrow()
        defer { giveBack(loan) }
        return try await loan.session.count(query)
    }

    public func identifiers(_ query: FeatureQuery) async throws(RegistryError) -> [Int64] {
        let loan = borrow()
        defer { giveBack(loan) }
        return try await loan.session.identifiers(query)
    }

    public func scan<Consumer: FeatureRowConsumer>(
        _ query: FeatureQuery, into consumer: Consumer
    ) async throws(RegistryError) -> Consumer {
        let loan = borrow()
        defer { giveBack(loan) }
        return try await loan.session.scan(query, into: consumer)
    }

    public func page<Consumer: FeatureRowConsumer>(
        _ query: FeatureQuery, skip: Int, into consumer: Consumer
    ) async throws(RegistryError) -> (consumer: Consumer, matched: MatchedFeatures) {
        precondition(skip >= 0, "a page begins at the first feature or behind it")
        let loan = borrow()
        defer { giveBack(loan) }
        return try await loan.session.page(query, skip: skip, into: consumer)
    }

    public func beginReplacement(
        of definition: LayerDefinition, as delivery: DeliveryRequest
    ) async throws(RegistryError) -> any LayerWriter {
        precondition(delivery.keep ?? 1 > 0, "the version that is served stays")
        guard let lock = try lock() else { throw busy() }
        try await goOver()
        return try GeoPackageLayerWriter.begin(path: path, lock: lock, definition: definition, delivery: delivery)
    }

    public func edit(_ layer: String, _ changes: [FeatureChange], version: Int64?) async throws(RegistryError) -> LayerEdit {
        let lock = try await takeLock()
        defer { withExtendedLifetime(lock) {} }
        return try GeoPackageLayerEdit(path: path, layer: layer, version: version).commit(changes)
    }

    public func identifiersEdited(in layer: String, since version: Int64) async throws(RegistryError) -> Set<Int64>? {
        try await first.identifiersEdited(in: layer, since: version)
    }

    public func deliveries(of layer: String) async throws(RegistryError) -> [LayerDelivery] {
        try await first.deliveries(of: layer)
    }

    public func publish(
        _ request: PublicationRequest, prepare: (LayerDelivery, LayerRecord) async throws -> Void
    ) async throws -> DeliveryOutcome {
        precondition(request.keep ?? 1 > 0, "the version that is served stays")
        let lock = try await takeLock()
        defer { withExtendedLifetime(lock) {} }
        let publication = try GeoPackagePublication.begin(path: path, request: request)
        do {
            try await prepare(publication.target, publication.record)
            return try publication.commit()
        } catch {
            try publication.abandon()
            throw error
        }
    }

    public func drop(_ name: String, of layer: String) async throws(RegistryError) {
        let lock = try await takeLock()
        defer { withExtendedLifetime(lock) {} }
        try GeoPackagePublication.drop(name, of: layer, path: path)
    }

    public func version(of layer: String, at time: String) async throws(RegistryError) -> Int64 {
        try await first.version(of: layer, at: time)
    }

    public func record(of layer: String, in state: LayerState) async throws(RegistryError) -> LayerRecord {
        try await first.record(of: layer, in: state)
    }

    /// Waits for another writer a moment: an edit is over in milliseconds, an import is not.
    private func takeLock() async throws(RegistryError) -> FileLock {
        for attempt in 0..<Self.lockAttempts {
            if let lock = try lock() {
                try await goOver()
                return lock
            }
            do { try await Task.sleep(for: .milliseconds(min(100, 5 * (attempt + 1)))) } catch { break }
        }
        throw busy()
    }

    private static let lockAttempts = 60

    public func removeLayer(_ id: String) async throws(RegistryError) {
        guard let lock = try lock() else { throw busy() }
        defer { withExtendedLifetime(lock) {} }
        try await goOver()
        do {
            let connection = try GeoPackageFileCreation.writer(path: path)
            guard let layer = try StoredLayer.readAll(connection)[id] else {
                throw RegistryError(code: .layerUnknown, message: .init(zh: "没有图层 \(id) 可删除", en: "there is no layer \(id) to remove"))
            }
            try connection.transaction { connection in
                try LayerTables.drop(layer.layout, from: connection)
                for delivery in try DeliveryTable.deliveries(of: id, served: layer, connection) where delivery.state != .dropped {
                    if delivery.state == .served {
                        try DeliveryTable.setState(.dropped, of: delivery.number, connection)
                    } else {
                        try DeliverySwitch.drop(delivery, connection)
                    }
                }
                try connection.run("DELETE FROM workmap_layers WHERE layer = ?", [.text(id)])
                try connection.run("UPDATE workmap_versions SET state = 'removed' WHERE version = ?", [.integer(layer.record.version)])
                try connection.execute("UPDATE workmap_state SET changes = changes + 1")
            }
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    /// `nil` while another process writes to the data directory.
    private func lock() throws(RegistryError) -> FileLock? {
        switch FileLock.take(path: lockPath) {
        case .taken(let lock): return lock
        case .held: return nil
        case .notMade:
            throw RegistryError(
                code: .storageFailed,
                message: .init(
                    zh: "\(lockPath) 无法创建；请检查本用户可否写入数据目录",
                    en: "\(lockPath) cannot be made; check that this user may write to the data directory"))
        }
    }

    private func busy() -> RegistryError {
        RegistryError(
            code: .busy,
            message: .init(
                zh: "另一导入正在写入 \(path)；请等其结束或将其终止后再试",
                en: "another import is writing to \(path); wait until it has ended, or end it, and try again"))
    }

    /// A session, and its number where it is to be given back.
    private struct Loan {
        var session: GeoPackageSession
        var index: Int?
    }

    private func borrow() -> Loan {
        opened.withLock { opened in
            let index = opened.idle.popLast()
            return Loan(session: opened.file.sessions[index ?? 0], index: index)
        }
    }

    private func giveBack(_ loan: Loan) {
        guard let index = loan.index else { return }
        opened.withLock { if $0.file.sessions[index] === loan.session { $0.idle.append(index) } }
    }
}
