import Foundation
public import SeedJobs
import TileArchives
import TileCache
import Tiling
import Wording

/// Archives, one for each matrix set and format. Until the end blocks lie in a spool beside each; then they are put together in the
/// order of the archive, whatever the order in which they were made and by whom.
public actor ArchiveTarget: SeedTarget {
    public nonisolated let isShared = false

    private let plan: SeedPlan
    private var outputs: [ArchiveOutput] = []
    /// Of each pass, its output's place.
    private var outputOfPass: [Int] = []

    /// - Parameters:
    ///   - path: of the archive; with several matrix sets or formats each one's goes into the name.
    ///   - job: that the spools are of.
    public init(path: String, plan: SeedPlan, job: Int64) throws {
        self.plan = plan
        var places: [String: Int] = [:]
        for pass in plan.passes {
            let name = "\(pass.set.id)-\(pass.format.name)"
            if places[name] == nil {
                places[name] = outputs.count
                let own = Self.path(path, of: plan.specification, matrixSet: pass.set.id, format: pass.format.name)
                let spool = Spool(directory: try Self.spoolDirectory(own, plan.specification, job))
                outputs.append(ArchiveOutput(path: own, format: pass.format, spool: spool))
            }
            outputOfPass.append(places[name] ?? 0)
        }
    }

    /// Deletes the spools of a job, whatever has become of its map.
    public static func discard(_ specification: SeedSpecification, job: Int64) throws {
        guard let archive = specification.archive else { return }
        for set in specification.matrixSets {
            for format in specification.formats {
                let own = path(archive, of: specification, matrixSet: set, format: format)
                try Spool(directory: spoolDirectory(own, specification, job)).remove()
            }
        }
    }

    private static func spoolDirectory(_ path: String, _ specification: SeedSpecification, _ job: Int64) throws -> String {
        "\(path).job-\(job)-\(try specification.fingerprint().prefix(8))"
    }

    /// `city.pmtiles` and `w-png` make `city-w-png.pmtiles`.
    private static func path(_ path: String, of specification: SeedSpecification, matrixSet: String, format: String) -> String {
        guard specification.matrixSets.count * specification.formats.count > 1 else { return path }
        let (url, name) = (URL(filePath: path), "\(matrixSet)-\(format)")
        return url.deletingPathExtension().path(percentEncoded: false) + "-\(name).\(url.pathExtension)"
    }

    public func kept(_ block: SeedBlock, pass: Int, version: UInt64, map: LiveMap) throws -> SeedTally? {
        let output = outputOfPass[pass]
        try outputs[output].index.refresh()
        guard let place = outputs[output].index.place(of: block.first, version: version),
            let found = try outputs[output].spool.block(at: place), found.tiles.count == block.tileCount
        else { return nil }
        var tally = SeedTally()
        for tile in found.tiles { tally.add(tile, level: block.limits.level) }
        return tally.failed == 0 ? tally : nil
    }

    public func keep(_ tiles: [SeededTile], of block: SeedBlock, claim: ChunkClaim, map: LiveMap) throws {
        let spooled = SpooledBlock(
            address: block.first, version: claim.version, attempt: claim.attempt, tiles: tiles.map(SpooledTile.init))
        try outputs[outputOfPass[claim.pass]].append(spooled)
    }

    public func settle() throws { for output in outputs { try output.sync() } }

    public func discard() throws { for output in outputs { try output.spool.remove() } }

    public func finish(_ job: JobRecord, map: LiveMap, versions: [UInt64], journal: JobJournal) throws -> SeedEnding {
        var archives: [SeededArchive] = []
        var damaged: [(pass: Int, place: Int)] = []
        for number in outputs.indices {
            let passes = plan.passes.indices.filter { outputOfPass[$0] == number }
            var assembly = ArchiveAssembly(output: outputs[number], plan: plan, passes: passes, versions: versions)
            damaged += try assembly.write(map: map)
            guard damaged.isEmpty else { continue }
            archives.append(try assembly.verify(against: journal.tally(of: job.number, passes: Set(passes))))
        }
        guard damaged.isEmpty else { return .damaged(damaged) }
        // Nothing takes its name before everything is found right.
        for output in outputs { try output.publish() }
        return .finished(archives)
    }
}

/// One archive of a job, and the spool of what goes into it.
struct ArchiveOutput {
    let path: String
    let format: TileFormat
    let spool: Spool
    var index: SpoolIndex
    private var writer: Appender?

    /// A noncopyable value in a copyable one.
    private final class Appender {
        var writer: SpoolWriter

        init(directory: String) throws(JobError) { writer = try SpoolWriter(directory: directory) }
    }

    init(path: String, format: TileFormat, spool: Spool) {
        self.path = path
        self.format = format
        self.spool = spool
        index = SpoolIndex(spool)
    }

    var isMBTiles: Bool { path.hasSuffix(".mbtiles") }

    /// Where the archive is put together, on the same disk as its name.
    var assemblyPath: String { "\(spool.directory)/whole.\(isMBTiles ? "mbtiles" : "pmtiles")" }

    var kind: ArchivedTileKind {
        switch format {
        case .mvt: .mvt
        case .png: .png
        case .jpeg, .mixed: .jpeg
        case .webp: .webp
        }
    }

    mutating func append(_ block: SpooledBlock) throws(JobError) {
        let open: Appender
        if let writer { open = writer } else { open = try Appender(directory: spool.directory) }
        writer = open
        try open.writer.append(block)
    }

    func sync() throws(JobError) { try writer?.writer.sync() }

    /// Gives the archive its name.
    func publish() throws {
        guard unsafe rename(assemblyPath, path) == 0 else {
            let cause = unsafe String(cString: strerror(errno))
            throw TileArchiveError(
                code: .notAccessible,
                message: LocalisedText(
                    zh: "瓦片档案 \(path) 无法写入（\(cause)）；请检查目录和权限",
                    en: "the tile archive \(path) cannot be written (\(cause)); check the directory and its permissions"))
        }
    }
}

extension SpooledTile {
    fileprivate init(_ tile: SeededTile) {
        let content: Content =
            switch tile.content {
            case .made(let encoded): .made(encoded.body)
            case .empty: .empty
            case .failed(let reason): .failed(reason)
            }
        self.init(row: tile.address.row, column: tile.address.column, content: content)
    }
}
