import ArgumentParser
import Foundation
import TileArchives
import TileCache
import TileProduction
import Tiling
import Wording

/// The archive that a run of seeding fills, of either kind.
struct SeedArchive: ~Copyable {
    private let path: String
    private var pmtiles: PMTilesWriter?
    private var mbtiles: MBTilesWriter?
    private var count = 0
    /// Of all tiles with their addresses, whatever their order; holds in this process only.
    private var digest = 0
    private let kind: ArchivedTileKind

    init(path: String, format: TileFormat) throws {
        self.path = path
        kind =
            switch format {
            case .mvt: .mvt
            case .png: .png
            case .jpeg, .mixed: .jpeg
            case .webp: .webp
            }
        if path.hasSuffix(".mbtiles") {
            mbtiles = try MBTilesWriter(path: path)
        } else {
            pmtiles = try PMTilesWriter(path: path, kind: kind, packing: kind == .mvt ? .gzip : .none)
        }
    }

    mutating func keep(_ tile: SeededTile) throws {
        if mbtiles != nil { try mbtiles?.append(tile.tile.body, at: tile.address) }
        if pmtiles != nil { try pmtiles?.append(tile.tile.body, at: tile.address) }
        count += 1
        digest &+= Self.digest(tile.address, tile.tile.entityTag)
    }

    private static func digest(_ address: TileAddress, _ entityTag: String) -> Int {
        var hasher = Hasher()
        hasher.combine(address)
        hasher.combine(entityTag)
        return hasher.finalize()
    }

    mutating func finish(_ description: TileArchiveDescription) throws {
        var description = description
        (description.kind, description.packing) = (kind, kind == .mvt ? .gzip : .none)
        if mbtiles != nil { try mbtiles?.finish(description) }
        if pmtiles != nil { try pmtiles?.finish(description) }
    }

    /// Reads the archive back and compares every tile of it with what was made.
    ///
    /// - Returns: the bytes of the file.
    /// - Throws: `TileArchiveError` where they differ.
    func verify() throws -> Int {
        let archive = try TileArchive(path: path)
        var (found, sum) = (0, 0)
        try archive.forEachTile { tile in
            found += 1
            sum &+= Self.digest(tile.address, EncodedTile.entityTag(of: tile.bytes))
        }
        guard found == count, sum == digest else {
            throw TileArchiveError(
                code: .corrupt,
                message: .init(
                    zh: "\(path) 读回 \(found) 张瓦片，与所生成的 \(count) 张不符；请检查磁盘并重新生成",
                    en: "\(path) gives back \(found) tiles that are not the \(count) that were made; check the disk and make it again"))
        }
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
}

/// `FIRST-LAST` or one level.
struct LevelRange {
    let levels: ClosedRange<Int>

    init(_ text: String) throws {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0, first <= last, last <= 30
        else { throw ValidationError("--levels is FIRST-LAST or one level, such as 8-18, not \"\(text)\"") }
        levels = first...last
    }
}

/// How far seeding has come, on one line of a terminal.
struct SeedMeter {
    private let isTerminal = isatty(2) == 1
    private let start = Date()

    var seconds: Int { Int(Date().timeIntervalSince(start).rounded()) }

    func show(_ progress: SeedProgress) {
        guard isTerminal else { return }
        let elapsed = max(Date().timeIntervalSince(start), 0.001)
        let rate = Double(progress.done) / elapsed
        let remaining = rate > 0 ? Int(Double(progress.expected - progress.done) / rate) : 0
        let line = "\r\u{1B}[K\(progress.level) 级  \(progress.done)/\(progress.expected)  \(Int(rate)) 张/秒  \(progress.bytes >> 20) MB  剩余 ETA \(remaining) s"
        FileHandle.standardError.write(Data(line.utf8))
    }

    func clear() {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
