import FoundationEssentials
import Glibc
import Wording

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
                code: .storage,
                message: .init(
                    zh: "数据目录 \(path) 无法创建；请指定可写的目录",
                    en: "the data directory \(path) cannot be made; name a directory you may write to"),
                cause: error)
        }
    }

    public var preparedDirectory: String { path + "/prepared" }

    /// The store of finished tiles, which are made again when they are not there.
    public var tileDirectory: String { path + "/tiles" }

    /// Which tiles of the store the latest changes have left alone.
    public var versionDirectory: String { path + "/versions" }

    /// Label plans, which are made again when they are not there.
    public var labelDirectory: String { path + "/labels" }

    /// The journal of jobs.
    public var jobDirectory: String { path + "/jobs" }

    /// Prepared layers of past states, which are made again when they are not there.
    public var historyDirectory: String { path + "/history" }

    /// Archives that the service has seeded.
    public var archiveDirectory: String { path + "/archives" }

    /// Files on their way to a client, gone with the request.
    public var exportDirectory: String { path + "/exports" }

    /// Files derived from layers, by name.
    func preparedFiles() throws(ProductionError) -> [String] {
        var names: [String] = []
        for kind in PreparedFileName.Kind.allCases { names += try files(ending: ".\(kind.rawValue)") }
        return names
    }

    /// Names of half-written prepared files whose writer was ended: they end in its process id and `.part`.
    func abandonedFiles() throws(ProductionError) -> [String] {
        try files(ending: ".part").filter { name in
            guard let process = name.split(separator: ".").dropLast().last.flatMap({ Int32($0) }), process > 0 else { return false }
            return kill(process, 0) != 0 && errno == ESRCH
        }
    }

    private func files(ending: String) throws(ProductionError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: preparedDirectory).filter { $0.hasSuffix(ending) }
        } catch {
            throw ProductionError(
                code: .storage,
                message: .init(
                    zh: "\(preparedDirectory) 无法列出；请检查目录及其权限",
                    en: "\(preparedDirectory) cannot be listed (\(error)); check the directory and its permissions"),
                cause: error)
        }
    }
}
