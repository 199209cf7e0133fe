import Foundation

@testable import Portrayal

/// Where the conformance cases lie: beside the repository, or where `WORKMAP_CORPORA` says.
enum Corpora {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let directory: URL = {
        if let path = ProcessInfo.processInfo.environment["WORKMAP_CORPORA"] { return URL(filePath: path) }
        return repository.deletingLastPathComponent().appending(path: "shared/corpora")
    }()

    static let isPresent = FileManager.default.fileExists(atPath: directory.path(percentEncoded: false))
    static let absence = "skipped: ../shared/corpora not present"

    static func json(_ url: URL) throws -> JSONValue {
        try JSONReader.value(of: [UInt8](Data(contentsOf: url)))
    }

    /// Paths of the folders under `root` that hold a file named `name`, relative to `root`, sorted.
    static func cases(under root: URL, holding name: String) -> [String] {
        guard let walker = FileManager.default.enumerator(atPath: root.path(percentEncoded: false)) else { return [] }
        var out: [String] = []
        for case let path as String in walker where path.hasSuffix("/" + name) {
            out.append(String(path.dropLast(name.count + 1)))
        }
        return out.sorted()
    }
}
