import Foundation

/// Conformance data that lies beside the repository.
enum Corpus {
    static let root: String = {
        if let stated = ProcessInfo.processInfo.environment["WORKMAP_CORPORA"] { return stated }
        return repository + "/../shared/corpora"
    }()

    /// The repository's own directory.
    static let repository: String = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

    static let absent = "skipped: ../shared/corpora not present"

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root + "/README.md") }

    /// Names of the entries of a folder in order; none when the corpora are absent.
    static func names(in folder: String, suffix: String = "") -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder) else { return [] }
        return names.filter { $0.hasSuffix(suffix) }.sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: root + "/" + path)))
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(try bytes(path)))
    }
}
