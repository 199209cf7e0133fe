import Foundation
import TestSupport

@testable import Portrayal

extension Corpora {
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
