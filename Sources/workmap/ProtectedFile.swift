import ArgumentParser
import Foundation

/// A file with a secret in it, which nobody but its owner may read.
enum ProtectedFile {
    /// The secret: one line of printable characters.
    ///
    /// - Throws: where others may read the file, or it holds no secret; never with a word of its content.
    static func secret(in path: String) throws -> String {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
            throw ValidationError("\(path) may be read by others than its owner (mode \(String(mode, radix: 8))): chmod 600 it")
        }
        let secret = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard secret.utf8.count >= 16, secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("\(path) holds no secret: 16 or more printable characters without blanks")
        }
        return secret
    }
}
