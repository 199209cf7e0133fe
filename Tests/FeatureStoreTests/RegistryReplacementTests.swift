import Dispatch
import Foundation
import Glibc
import Reprojection
import SQLite
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

/// Another file under the name of a registry that is open.
@Suite struct RegistryReplacementTests {
    /// A registry in a directory of its own that is closed again: all of it is in its file.
    private static func made(_ counts: [Int]) async throws -> String {
        let directory = try ScratchDirectory.make()
        let registry = try GeoPackageRegistry(directory: directory)
        for count in counts { try await store(count, in: registry) }
        return directory
    }

    private static func store(_ count: Int, in registry: GeoPackageRegistry) async throws {
        let definition = LayerDefinition(id: "a", crs: .wgs84, schema: FeatureSchema(fields: []))
        let writer = try await registry.beginReplacement(of: definition, as: DeliveryRequest())
        try await writer.append((1...count).map { Feature(id: Int64($0), geometry: .point(Coordinate(x: 113, y: Double($0) / 100)), values: []) })
        _ = try await writer.commit(reportJSON: nil)
    }

    private static func count(_ registry: GeoPackageRegistry) async throws -> Int { try await registry.count(FeatureQuery(layer: "a")) }

    private static func move(_ from: String, _ to: String) throws {
        try rename(from + "/registry.gpkg", as: to + "/registry.gpkg")
    }

    private static func rename(_ from: String, as to: String) throws {
        let status = unsafe Glibc.rename(from, to)
        try #require(status == 0)
    }

    @Test func theNewFileIsReadAndTheFormerKeepsWhatWasCommitted() async throws {
        let (first, second) = (try await Self.made([3]), try await Self.made([5]))
        let registry = try GeoPackageRegistry(directory: first)
        try await Self.store(4, in: registry)
        let (changes, moment) = (try await registry.changeCount(), try await registry.moment())
        let kept = try ScratchDirectory.make()
        try Self.move(first, kept)
        #expect(try await registry.changeCount() == changes, "while there is no other, the former goes on")
        #expect(try await Self.count(registry) == 4)
        try Self.move(second, first)
        #expect(try await registry.changeCount() != changes)
        #expect(try await Self.count(registry) == 5)
        #expect(try await !registry.hasLived(through: moment))
        // An edit goes into the new file, and nothing of the former's log with it.
        _ = try await registry.edit("a", [.remove(5)], version: nil)
        #expect(try await Self.count(registry) == 4)
        let connection = try Connection(path: first + "/registry.gpkg", access: .readOnly)
        let findings = try connection.quickCheck()
        #expect(findings.isEmpty)
        #expect(try await Self.count(GeoPackageRegistry(directory: kept)) == 4, "the former was moved away without its log")
    }

    /// Waits with the first row until somebody lets it go on.
    private struct WaitingCounter: FeatureRowConsumer {
        let hasBegun: @Sendable () -> Void
        let mayGoOn: DispatchSemaphore
        var count = 0

        mutating func begin(layer: LayerRecord, fields: [Int]) {}

        mutating func take(_ row: borrowing FeatureRow) -> Bool {
            if count == 0 {
                hasBegun()
                mayGoOn.wait()
            }
            count += 1
            return true
        }
    }

    @Test func queriesUnderWayEndOnTheFormer() async throws {
        let (first, second) = (try await Self.made([2000]), try await Self.made([1]))
        let registry = try GeoPackageRegistry(directory: first)
        let (begun, signal) = AsyncStream<Void>.makeStream()
        let mayGoOn = DispatchSemaphore(value: 0)
        let counter = WaitingCounter(hasBegun: { signal.yield() }, mayGoOn: mayGoOn)
        let scan = Task { try await registry.scan(FeatureQuery(layer: "a"), into: counter).count }
        for await _ in begun { break }
        try Self.move(second, first)
        // The first session answers for changes, and empties the log; the scan has another one.
        _ = try await registry.changeCount()
        #expect(try await Self.count(registry) == 1)
        mayGoOn.signal()
        #expect(try await scan.value == 2000)
    }

    @Test func anOlderCopyHasNotLivedThroughWhatCameAfter() async throws {
        let directory = try await Self.made([1])
        let copy = try ScratchDirectory.make()
        try FileManager.default.copyItem(atPath: directory + "/registry.gpkg", toPath: copy + "/registry.gpkg")
        let (registry, older) = (try GeoPackageRegistry(directory: directory), try GeoPackageRegistry(directory: copy))
        let before = try await registry.moment()
        try await Self.store(2, in: registry)
        let after = try await registry.moment()
        #expect(after.version > before.version)
        #expect(try await registry.hasLived(through: before))
        #expect(try await older.hasLived(through: before))
        #expect(try await !older.hasLived(through: after))
        // It goes on, and gives the same number to something else.
        try await Self.store(3, in: older)
        #expect(try await older.moment().version == after.version)
        #expect(try await !older.hasLived(through: after))
    }

    @Test func editsAreMomentsToo() async throws {
        let directory = try await Self.made([5])
        let copy = try ScratchDirectory.make()
        try FileManager.default.copyItem(atPath: directory + "/registry.gpkg", toPath: copy + "/registry.gpkg")
        let (registry, older) = (try GeoPackageRegistry(directory: directory), try GeoPackageRegistry(directory: copy))
        let before = try await registry.moment()
        _ = try await registry.edit("a", [.remove(1)], version: nil)
        let after = try await registry.moment()
        #expect(after.version > before.version)
        #expect(try await registry.hasLived(through: before))
        _ = try await older.edit("a", [.remove(2)], version: nil)
        #expect(try await older.moment().version == after.version)
        #expect(try await !older.hasLived(through: after))
    }

    /// Somebody removes the file and copies another one to its name, which takes a while.
    @Test func aFileThatIsStillBeingCopiedIsLeftAlone() async throws {
        let (first, second) = (try await Self.made([3]), try await Self.made([5]))
        let registry = try GeoPackageRegistry(directory: first)
        let bytes = try Data(contentsOf: URL(filePath: second + "/registry.gpkg"))
        for length in [0, 50, bytes.count / 2, bytes.count - 1] {
            let part = bytes.prefix(length)
            try part.write(to: URL(filePath: first + "/part"))
            try Self.rename(first + "/part", as: first + "/registry.gpkg")
            let error = await #expect(throws: RegistryError.self, "\(length) of \(bytes.count) bytes") { try await registry.changeCount() }
            #expect(error?.code == .notARegistry, "\(length) bytes: \(String(describing: error))")
            #expect(try Data(contentsOf: URL(filePath: first + "/registry.gpkg")) == part)
            #expect(try await Self.count(registry) == 3)
        }
        try bytes.write(to: URL(filePath: first + "/registry.gpkg"))
        _ = try await registry.changeCount()
        #expect(try await Self.count(registry) == 5)
    }

    @Test func whoeverWritesEndsOnTheFormer() async throws {
        let (first, second) = (try await Self.made([3]), try await Self.made([5]))
        let registry = try GeoPackageRegistry(directory: first)
        let changes = try await registry.changeCount()
        let definition = LayerDefinition(id: "b", crs: .wgs84, schema: FeatureSchema(fields: []))
        let writer = try await registry.beginReplacement(of: definition, as: DeliveryRequest())
        try Self.move(second, first)
        #expect(try await registry.changeCount() == changes, "an import is under way")
        _ = try await writer.commit(reportJSON: nil)
        #expect(try await Self.count(registry) == 3)
    }

    @Test func whatIsNoRegistryDoesNotEndTheFormer() async throws {
        let directory = try await Self.made([3])
        let registry = try GeoPackageRegistry(directory: directory)
        let changes = try await registry.changeCount()
        let aside = directory + "/aside"
        try Self.rename(directory + "/registry.gpkg", as: aside)
        try Data("not a database, but long enough to be taken for one by nobody".utf8).write(to: URL(filePath: directory + "/new"))
        try Self.rename(directory + "/new", as: directory + "/registry.gpkg")
        let error = await #expect(throws: RegistryError.self) { try await registry.changeCount() }
        #expect(error?.code == .notARegistry)
        #expect(try await Self.count(registry) == 3)
        // It is undone: the former has its name and its log again.
        try Self.rename(aside, as: directory + "/registry.gpkg")
        #expect(try await registry.changeCount() == changes)
        try await Self.store(4, in: GeoPackageRegistry(directory: directory))
        #expect(try await Self.count(registry) == 4)
        try Self.move(try await Self.made([7]), directory)
        #expect(try await registry.changeCount() != changes)
        #expect(try await Self.count(registry) == 7)
    }
}
