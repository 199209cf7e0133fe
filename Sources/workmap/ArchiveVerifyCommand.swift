import ArgumentParser
import TileArchives
import Wording

struct ArchiveVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "检查档案 Read an archive from end to end: structure, counts, every tile, content hash.",
        discussion: "Ends with 0 for a sound archive of the expected content, with 1 for any other.")

    @Argument(help: "档案 The archive.")
    var path: String

    @Option(help: "应有的内容摘要 The content hash it must have, 64 hexadecimal digits.")
    var expect: String?

    @OptionGroup var report: ReportOptions

    private struct Report: Encodable {
        var file: String
        var sound: Bool
        var tiles: UInt64
        var contents: Int
        var contentHash: String?
        var expected: String?
        var findingCount: Int
        var findings: [String]
    }

    func validate() throws {
        guard let expect else { return }
        guard ArchiveContentHash(expect) != nil else { throw ValidationError("--expect is 64 hexadecimal digits, not \"\(expect)\"") }
    }

    func run() throws {
        let inspection = try TileArchive(path: path).inspect()
        let expected = expect.flatMap { ArchiveContentHash($0) }
        let isExpected = expected.map { $0 == inspection.contentHash } ?? true
        let sound = inspection.isSound && inspection.contentHash != nil
        let found = Report(
            file: path, sound: sound, tiles: inspection.census.tiles, contents: inspection.census.contents,
            contentHash: inspection.contentHash?.description, expected: expected?.description,
            findingCount: inspection.findingCount, findings: inspection.findings.map(\.both))
        try report.tell(found) { printText(inspection, sound: sound, isExpected: isExpected) }
        guard sound, isExpected else { throw ExitCode(1) }
    }

    private func printText(_ inspection: ArchiveInspection, sound: Bool, isExpected: Bool) {
        for finding in inspection.findings { print("  ✗ \(finding.both)") }
        let more = inspection.findingCount - inspection.findings.count
        if more > 0 { print("  … 另有 \(more) 处 and \(more) more") }
        print("\(path): 瓦片 tiles \(inspection.census.tiles), 不同内容 different contents \(inspection.census.contents)")
        print("内容摘要 content hash: \(inspection.contentHash?.description ?? "—")")
        if !isExpected { print("内容摘要不符 not the expected content: \(expect ?? "")") }
        print(sound ? "档案完好 the archive is sound" : "\(inspection.findingCount) 处问题 fault(s)")
    }
}
