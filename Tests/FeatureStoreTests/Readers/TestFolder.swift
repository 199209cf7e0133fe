import Foundation
import SimpleFeatures

@testable import FeatureStore

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
