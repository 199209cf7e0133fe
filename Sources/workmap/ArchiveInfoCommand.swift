import ArgumentParser
import Foundation
import TileArchives

struct ArchiveInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "档案内容 Say what an archive holds: header, metadata, levels, tiles and bytes.")

    @Argument(help: "档案 The archive.")
    var path: String

    @OptionGroup var report: ReportOptions

    func run() throws {
        let archive = try TileArchive(path: path)
        let info = try ArchiveInfo(archive, delta: ArchiveDelta(archive))
        try report.tell(info) { info.printText() }
    }
}

/// What an archive holds.
private struct ArchiveInfo: Encodable {
    struct Level: Encodable {
        var level: Int
        var tiles: UInt64
        var bytes: UInt64
    }

    struct Delta: Encodable {
        var base: String
        var result: String
        var removed: UInt64
    }

    var file: String
    var fileBytes: Int
    var container: String
    var kind: String
    var packing: String
    var levels: [Level]
    var tiles: UInt64
    var contents: Int
    var contentBytes: UInt64
    /// West, south, east, north in degrees.
    var bounds: [Double]
    var centre: [Double]
    var centreLevel: Int
    /// Texts as they are, other members as JSON.
    var metadata: [String: String]
    var delta: Delta?

    init(_ archive: TileArchive, delta: ArchiveDelta?) throws {
        let census = try archive.census()
        let description = archive.description
        file = archive.path
        fileBytes = try ArchiveReport.fileBytes(archive.path)
        container =
            switch archive {
            case .pmtiles: "PMTiles 3"
            case .mbtiles: "MBTiles"
            }
        (kind, packing) = (description.kind.rawValue, description.packing.rawValue)
        levels = census.levels.map { Level(level: $0.level, tiles: $0.tiles, bytes: $0.bytes) }
        (tiles, contents, contentBytes) = (census.tiles, census.contents, census.contentBytes)
        (bounds, centre, centreLevel) = (description.bounds, description.centre, description.centreLevel)
        metadata = Dictionary(
            uniqueKeysWithValues: description.metadata.members.map { ($0.key, description.metadata[$0.key] ?? $0.value) })
        self.delta = delta.map { Delta(base: $0.base.description, result: $0.result.description, removed: $0.removedCount) }
    }

    func printText() {
        print("档案 archive: \(file), \(container), \(fileBytes) 字节 bytes")
        print("瓦片格式 tiles: \(kind), 压缩 packing: \(packing)")
        print("范围 bounds: \(bounds.map { "\($0)" }.joined(separator: ",")); 中心 centre: \(centre.map { "\($0)" }.joined(separator: ",")) (\(centreLevel))")
        print("瓦片数 tiles: \(tiles); 不同内容 different contents: \(contents), \(contentBytes) 字节 bytes")
        if let delta {
            print("差异 delta: 自 from \(delta.base)")
            print("            至   to \(delta.result); 删除 removed \(delta.removed)")
        }
        print("级别 level       瓦片 tiles       字节 bytes   平均 mean")
        for level in levels {
            print(
                ArchiveReport.column(level.level, 10) + ArchiveReport.column(level.tiles, 17) + ArchiveReport.column(level.bytes, 19)
                    + ArchiveReport.column(level.bytes / level.tiles, 12))
        }
        print("元数据 metadata:")
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            print("  \(name): \(value.count > 200 ? value.prefix(200) + "…" : value)")
        }
    }
}
