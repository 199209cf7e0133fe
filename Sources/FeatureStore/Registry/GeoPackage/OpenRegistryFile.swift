internal import Glibc
internal import Wording

/// The sessions on one file that has, or had, the registry's name.
struct OpenRegistryFile: Sendable {
    let sessions: [GeoPackageSession]
    private let path: String
    private let file: FileIdentity?
    /// The write-ahead log and its index, which go by the file's name and not by the file.
    private let companions: [String: FileIdentity]

    private static let endings = ["-wal", "-shm"]

    /// - Parameter mayCreate: whether a registry is made where there is none.
    /// - Throws: `notARegistry`, `storageFailed`; `busy` where the name leads to another file in the end than in the beginning.
    init(path: String, readers: Int, mayCreate: Bool) throws(RegistryError) {
        self.path = path
        let before = FileIdentity(path: path)
        try GeoPackageFileCreation.prepare(path: path, mayCreate: mayCreate)
        var sessions: [GeoPackageSession] = []
        for _ in 0..<readers { sessions.append(try GeoPackageSession(path: path)) }
        self.sessions = sessions
        file = FileIdentity(path: path)
        guard before == nil || before == file else {
            throw RegistryError(
                code: .busy,
                message: .init(
                    zh: "\(path) 正在被替换；请稍后再试", en: "\(path) is being replaced at this moment; try again in a moment"))
        }
        var companions: [String: FileIdentity] = [:]
        for ending in Self.endings { companions[path + ending] = FileIdentity(path: path + ending) }
        self.companions = companions
    }

    /// Whether the name leads to another file now. While it leads to none, the former goes on.
    var isReplaced: Bool {
        guard let now = FileIdentity(path: path) else { return false }
        return now != file
    }

    /// Takes the log's names from this file, so that SQLite does not take it for the log of the file that has the name now.
    ///
    /// What is in the log goes into this file before, wherever that is: nothing that was committed is lost. To be called under the
    /// writers' lock, so that nothing is committed in between.
    /// - Throws: `busy`, `storageFailed`; the log keeps its names then.
    func leaveName() async throws(RegistryError) {
        guard !ownCompanions.isEmpty else { return }
        try await sessions[0].emptyLog()
        for companion in ownCompanions where unsafe unlink(companion) != 0 && errno != ENOENT {
            throw RegistryError(
                code: .storageFailed,
                message: .init(
                    zh: "\(companion) 属于被替换的登记库，无法删除；请检查目录权限",
                    en: "\(companion) belongs to the registry that was replaced and cannot be removed; check the directory's permissions"))
        }
    }

    /// Log and index as long as the names lead to those of this file.
    private var ownCompanions: [String] { companions.filter { FileIdentity(path: $0.key) == $0.value }.keys.sorted() }
}
