public import Foundation

/// Conformance cases and real data that lie beside the repository, or where `WORKMAP_CORPORA` says.
public enum Corpora {
    public static let root: URL = {
        if let stated = ProcessInfo.processInfo.environment["WORKMAP_CORPORA"] { return URL(filePath: stated) }
        return Repository.directory.deletingLastPathComponent().appending(path: "shared/corpora")
    }()

    public static let isPresent = FileManager.default.fileExists(atPath: path("README.md"))

    /// What a test that needs them says where they are absent.
    public static let absence = "skipped: ../shared/corpora not present"

    public static func url(_ path: String) -> URL { root.appending(path: path) }

    public static func path(_ path: String) -> String { url(path).path(percentEncoded: false) }

    /// Names of the entries of a folder that end so, in order; none where the corpora are absent.
    ///
    /// A folder that is missing from corpora that are there stops the run: no case may vanish silently.
    public static func names(in folder: String, suffix: String = "") -> [String] {
        guard isPresent else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path(folder)).filter { $0.hasSuffix(suffix) }.sorted()
        } catch {
            preconditionFailure("\(folder): \(error)")
        }
    }

    public static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url(path)))
    }

    public static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    public static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: url(path)))
    }

    /// The cases of a document, to be the arguments of a test; none where the corpora are absent.
    ///
    /// A document that cannot be read in corpora that are there stops the run.
    public static func cases<Document: Decodable, Case>(
        of type: Document.Type, _ path: String, _ cases: (Document) -> [Case]
    ) -> [Case] {
        guard isPresent else { return [] }
        do {
            return cases(try decode(type, path))
        } catch {
            preconditionFailure("\(path): \(error)")
        }
    }
}
