import FoundationEssentials

/// Where an installation keeps what is its own: the registry, prepared layers, its maps and styles.
public struct DataDirectory: Hashable, Sendable {
    public let path: String

    /// - Throws: `storage` when the directory neither exists nor can be made.
    public init(_ path: String) throws(ProductionError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path + "/prepared", withIntermediateDirectories: true)
        } catch {
            throw ProductionError(
                code: .storage, message: "the data directory \(path) cannot be used (\(error)); name a directory you may write to",
                cause: error)
        }
    }

    public var preparedDirectory: String { path + "/prepared" }

    /// Prepared files, by name.
    func preparedFiles() throws(ProductionError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: preparedDirectory).filter {
                $0.hasSuffix(".prepared")
            }
        } catch {
            throw ProductionError(code: .storage, message: "\(preparedDirectory) cannot be listed (\(error))", cause: error)
        }
    }
}
