import ArgumentParser
import Foundation
import TileArchives

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "瓦片档案 Look into, check, compare and convert archives of tiles, PMTiles 3 and MBTiles 1.3.",
        discussion: """
            Archives are told by their content; one that is written gets the kind its name ends in, .pmtiles or .mbtiles, and its \
            name only when it is whole. The content hash 内容摘要 is the same for every archive with the same tiles, whatever its \
            kind, order or packing.
            """,
        subcommands: [
            ArchiveInfoCommand.self, ArchiveVerifyCommand.self, ArchiveDiffCommand.self, ArchiveApplyCommand.self, ArchiveConvertCommand.self,
        ])
}

/// What commands about archives print alike.
enum ArchiveReport {
    /// A column of text, set to the right.
    static func column(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    static func fileBytes(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    /// What has been written, and what identifies it.
    static func tellWritten(_ path: String, _ hash: ArchiveContentHash) throws {
        print("\(path): \(try fileBytes(path)) 字节 bytes")
        print("内容摘要 content hash: \(hash)")
    }
}

struct ArchiveConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "转换档案 Write the same tiles into the other kind of archive.")

    @Argument(help: "档案 The archive to read.")
    var source: String

    @Argument(help: "新档案 The archive to write, FILE.pmtiles or FILE.mbtiles.")
    var target: String

    func run() throws {
        let hash = try TileArchive(path: source).convert(to: target)
        try ArchiveReport.tellWritten(target, hash)
    }
}
