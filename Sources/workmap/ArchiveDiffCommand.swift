import ArgumentParser
import TileArchives

struct ArchiveDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "比较档案 Say which tiles two archives differ in, and write the difference as an archive.")

    @Argument(help: "旧档案 The archive before.")
    var base: String

    @Argument(help: "新档案 The archive after.")
    var result: String

    @Option(name: .short, help: "差异档案 Where to write the difference, FILE.pmtiles or FILE.mbtiles, for archive apply.")
    var output: String?

    @OptionGroup var report: ReportOptions

    private struct Level: Encodable {
        var level: Int
        var added: UInt64
        var removed: UInt64
        var changed: UInt64
        var same: UInt64
    }

    private struct Report: Encodable {
        var base: String
        var result: String
        var levels: [Level]

        init(_ difference: ArchiveDifference) {
            (base, result) = (difference.base.description, difference.result.description)
            levels = difference.levels.map {
                Level(level: $0.level, added: $0.added, removed: $0.removed, changed: $0.changed, same: $0.same)
            }
        }
    }

    func run() throws {
        let difference = try ArchiveDifference.between(
            base: TileArchive(path: base), result: TileArchive(path: result), delta: output)
        try report.tell(Report(difference)) {
            printText(difference)
            if let output { print("\(output): \(try ArchiveReport.fileBytes(output)) 字节 bytes") }
        }
    }

    private func printText(_ difference: ArchiveDifference) {
        print("级别 level   新增 added  删除 removed  变更 changed     相同 same")
        for level in difference.levels {
            print(line("\(level.level)", level.added, level.removed, level.changed, level.same))
        }
        print(
            line("合计", difference.total(\.added), difference.total(\.removed), difference.total(\.changed), difference.total(\.same)))
        print("旧 before: \(difference.base)")
        print("新 after:  \(difference.result)")
        if difference.isEmpty { print("两个档案内容相同 the archives have the same content") }
    }

    private func line(_ name: String, _ counts: UInt64...) -> String {
        ArchiveReport.column(name, 10) + counts.map { ArchiveReport.column($0, 14) }.joined()
    }
}

struct ArchiveApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "应用差异 Make the new archive of an old one and a difference.",
        discussion: "A difference that was made of another archive is refused; nothing is written then.")

    @Argument(help: "旧档案 The archive the difference was made of.")
    var base: String

    @Argument(help: "差异档案 What archive diff -o has written.")
    var delta: String

    @Option(name: .short, help: "新档案 The archive to write, FILE.pmtiles or FILE.mbtiles.")
    var output: String

    func run() throws {
        let hash = try ArchiveDelta.apply(TileArchive(path: delta), to: TileArchive(path: base), writing: output)
        try ArchiveReport.tellWritten(output, hash)
    }
}
