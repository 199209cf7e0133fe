import FoundationEssentials
public import Logging
import NIOPosix
import Synchronization
import TileArchives
public import TileCache
import Tiling
import Wording

/// The archives that are served by themselves, kept in step with their files.
///
/// A file that is replaced, added or gone is noticed by `refresh`; requests under way end with the state they began with.
public final class ArchiveShelf: Sendable {
    private struct State {
        var archives: [String: ServedArchive] = [:]
        /// Files that cannot be served, so that each state of them is told once.
        var refused: [String: Refusal] = [:]
    }

    private struct Refusal: Equatable {
        /// `nil` where the file is not there.
        var stamp: FileStamp?
        var reason: String
    }

    /// Reads that may wait at once before further ones are refused.
    private static let readLimit = 8192
    private static let endings = [".pmtiles", ".mbtiles"]

    private let files: [String]
    private let folder: String?
    private let memory: MemoryTier
    private let logger: Logger
    private let state = Mutex(State())
    private let reading = Atomic<Int>(0)
    private let listeners = ArchiveChangeListeners()

    /// Nothing is looked at before `refresh`.
    ///
    /// - Parameters:
    ///   - files: archives by path, each served under its name without the ending.
    ///   - folder: where every `.pmtiles` and `.mbtiles` is served; need not be there. After `files`, where names are the same.
    public init(files: [String] = [], folder: String? = nil, memory: MemoryTier, logger: Logger) {
        self.files = files
        self.folder = folder
        self.memory = memory
        self.logger = logger
    }

    /// By name.
    var archives: [ServedArchive] { state.withLock { $0.archives.values.sorted { $0.name < $1.name } } }

    func archive(named name: String) -> ServedArchive? { state.withLock { $0.archives[name] } }

    /// Why an archive cannot be served, by file; empty where all can.
    public var refusedFiles: [String] { state.withLock { $0.refused.keys.sorted() } }

    /// The tile if it is in memory, or in pages of the archive that are; never waits, so that an event loop may ask.
    func cached(_ path: TilePath) -> EncodedTile? {
        guard let archive = archive(named: path.map), archive.format == path.format else { return nil }
        let address = TileAddress(level: path.level, row: path.row, column: path.column)
        return memory.tile(for: archive.key(at: address)) ?? archive.tileAtHand(at: address)
    }

    /// The tile, read where it has to be; one without content where the archive has none.
    ///
    /// - Throws: `TileArchiveError`; `ProblemError` 503 where too many wait.
    func tile(of archive: ServedArchive, at address: TileAddress) async throws -> EncodedTile {
        let key = archive.key(at: address)
        if let tile = memory.tile(for: key) { return tile }
        let tile = try await read {
            try archive.tile(at: address)
                ?? EncodedTile(format: archive.format, body: [], isGzip: false, leftOut: [:], dataVersion: archive.version)
        }
        memory.store(tile, for: key)
        return tile
    }

    /// The archives that are replaced, new or gone, from now on.
    var changes: AsyncStream<ArchiveChange> { listeners.changes }

    /// Runs what may wait for a disk on threads that may.
    func read<Output: Sendable>(_ body: @escaping @Sendable () throws -> Output) async throws -> Output {
        let waiting = reading.wrappingAdd(1, ordering: .relaxed).newValue
        defer { reading.wrappingSubtract(1, ordering: .relaxed) }
        guard waiting <= Self.readLimit else {
            throw ProblemError(
                503, .init(zh: "等待读取的请求过多", en: "Too many reads are waiting"),
                .init(zh: "同时读取档案的请求超过 \(Self.readLimit) 个；请稍后再试", en: "more than \(Self.readLimit) requests read archives at once; try again"))
        }
        return try await NIOThreadPool.singleton.runIfActive(body)
    }

    /// Looks at every file and opens those that are new; reads files, so not for event loops.
    public func refresh() {
        var found: [String: String] = [:]
        for path in files + folderFiles() {
            let name = Self.name(of: path)
            if let other = found[name], other != path {
                refuse(path, nil, .init(zh: "\(path) 与 \(other) 同名，后者优先", en: "\(path) has the name of \(other), which goes before"))
            } else {
                found[name] = path
            }
        }
        for (name, path) in found.sorted(by: { $0.key < $1.key }) { refresh(name, path) }
        let gone = state.withLock { state in
            let gone = state.archives.values.filter { found[$0.name] == nil }
            for archive in gone { state.archives[archive.name] = nil }
            return gone.sorted { $0.name < $1.name }
        }
        for archive in gone {
            logger.info("an archive is gone", metadata: ["archive": "\(archive.name)"])
            listeners.tell(ArchiveChange(name: archive.name, version: archive.version))
        }
    }

    private func refresh(_ name: String, _ path: String) {
        let (served, refused) = state.withLock { ($0.archives[name], $0.refused[path]) }
        var stamp: FileStamp?
        do {
            let current = try FileStamp(path: path)
            stamp = current
            guard current != served?.stamp, current != refused?.stamp else { return }
            let archive = try ServedArchive(path: path, name: name, fileName: URL(filePath: path).lastPathComponent)
            state.withLock {
                $0.archives[name] = archive
                $0.refused[path] = nil
            }
            tell(archive, isNew: served == nil)
            listeners.tell(ArchiveChange(name: name, version: archive.version))
        } catch {
            // What was opened before goes on, unless its own file is the one that was spoilt.
            if served?.isUnchanged == false { state.withLock { $0.archives[name] = nil } }
            refuse(path, stamp, error.message)
        }
    }

    private func tell(_ archive: ServedArchive, isNew: Bool) {
        let levels = archive.description.levels
        logger.info(
            isNew ? "an archive is served" : "an archive is replaced",
            metadata: [
                "archive": "\(archive.name)", "file": "\(archive.file.path)", "tiles": "\(archive.description.kind.rawValue)",
                "levels": "\(levels.lowerBound)-\(levels.upperBound)",
            ])
    }

    /// Tells once of every state of a file that it cannot be served.
    private func refuse(_ path: String, _ stamp: FileStamp?, _ reason: LocalisedText) {
        let refusal = Refusal(stamp: stamp, reason: reason.both)
        let isNew = state.withLock { $0.refused.updateValue(refusal, forKey: path) != refusal }
        if isNew { logger.error("an archive cannot be served", metadata: ["file": "\(path)", "reason": "\(reason.both)"]) }
    }

    private func folderFiles() -> [String] {
        guard let folder, FileManager.default.fileExists(atPath: folder) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().reversed()
                .filter { name in Self.endings.contains { name.hasSuffix($0) } }.map { folder + "/" + $0 }
        } catch {
            refuse(folder, nil, .init(zh: "目录 \(folder) 无法读取", en: "the directory \(folder) cannot be read"))
            return []
        }
    }

    /// A file's name without its ending.
    static func name(of path: String) -> String {
        let name = URL(filePath: path).lastPathComponent
        return endings.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } ?? name
    }
}
