import Foundation
import SQLite
import Synchronization
import TestSupport

@testable import TileCache

/// A store in a directory of its own, with what it told the log.
final class StoreBox: Sendable {
    let directory: String
    private let told = Mutex<[StoreEvent]>([])

    init(directory: String? = nil) throws {
        self.directory = try directory ?? (ScratchDirectory.make() + "/tiles")
    }

    func open(
        quota: Int = 64 << 20, maker: String = "one", isInUse: @escaping @Sendable (TileKey) -> Bool = { _ in false }, change: (inout TileStore.Settings) -> Void = { _ in }
    ) async throws -> TileStore {
        var settings = TileStore.Settings(quota: quota, maker: maker)
        settings.pause = .milliseconds(1)
        // Tests wait for the answer; what happens when it does not come is a test of its own.
        settings.patience = .seconds(600)
        change(&settings)
        return try await TileStore(directory: directory, settings: settings, isInUse: isInUse) { [self] event in
            told.withLock { $0.append(event) }
        }
    }

    var events: [StoreEvent] { told.withLock { $0 } }

    /// The names of the files that there are.
    func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }

    /// Bytes of the database file of this number.
    func size(_ number: Int = 1) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/store-\(number).sqlite")
        return (attributes[.size] as? Int) ?? 0
    }

    /// Puts the log into the file and closes everything, so that the one file is all there is.
    func settle(_ number: Int = 1) throws {
        let connection = try Connection(path: directory + "/store-\(number).sqlite", access: .readWrite)
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    func examine() throws -> StoreExamination { try StoreExamination(directory: directory) }
}
