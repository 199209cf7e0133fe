import Foundation
import SimpleFeatures

@testable import FeatureStore

/// The corpora beside the repository, and files made for one test.
enum ReaderCorpora {
    static let root: String = {
        if let path = ProcessInfo.processInfo.environment["WORKMAP_CORPORA"] { return path }
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("shared/corpora").path
    }()

    static var arePresent: Bool { FileManager.default.fileExists(atPath: root + "/shapefile/README.md") }
    static let skipped = "skipped: ../shared/corpora not present"

    static let shapefilePairs: [String] = names(root + "/shapefile/mbostock", ending: ".json")
    static let bantianLayers = ["bantian_roads", "communities", "hospitals"]

    private static func names(_ folder: String, ending: String) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(ending) }
                .map { String($0.dropLast(ending.count)) }.sorted()
        } catch {
            return []
        }
    }
}

/// A folder that goes away with the test.
final class TestFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "readers-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
    }

    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }
}

extension FeatureReader {
    /// Every record to the end.
    func all() throws -> [ReadRecord] {
        var records: [ReadRecord] = []
        while let record = try next() { records.append(record) }
        return records
    }

    /// Every feature; rejections are left out.
    func features() throws -> [Feature] {
        try all().compactMap(\.feature)
    }

    /// The values of the field called `name`.
    func texts(_ name: String) throws -> [String] {
        guard let index = schema.index(of: name) else { return [] }
        return try features().map { if case .text(let text) = $0.values[index] { text } else { "?" } }
    }
}
