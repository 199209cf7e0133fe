import SQLite
import Wording

/// Reads an MBTiles archive from end to end.
struct MBTilesInspector {
    let archive: MBTilesArchive

    func inspect(_ whole: TileArchive, _ inspection: inout ArchiveInspection) {
        var contents = ContentInspector(whole)
        do {
            for line in try archive.read({ database in try database.quickCheck() }) {
                inspection.report(zh: "数据库检查：\(line)", en: "database check: \(line)")
            }
            try compareRows(&inspection)
            for level in try archive.levelsWithTiles() {
                let (numbers, strays) = try archive.numbers(ofLevel: level)
                if strays > 0 {
                    inspection.report(zh: "第 \(level) 级有 \(strays) 行不是瓦片或重复", en: "level \(level) has \(strays) rows that are no tiles or say one twice")
                }
                for number in numbers { inspect(number, &contents, &inspection) }
            }
        } catch {
            contents.giveUp()
            inspection.report(error.message)
        }
        contents.finish(&inspection)
    }

    private func inspect(_ number: UInt64, _ contents: inout ContentInspector, _ inspection: inout ArchiveInspection) {
        guard let address = HilbertOrder.address(of: number) else { return }
        let content = Result { () throws(TileArchiveError) in try archive.tile(at: address) }
        contents.inspect(number..<number + 1, content, &inspection)
        guard case .success(let bytes?) = content else { return }
        inspection.census.count(number..<number + 1, content: ArchiveCensus.content(bytes), length: bytes.count)
    }

    /// The rows that say the levels, where there are any.
    private func compareRows(_ inspection: inout ArchiveInspection) throws(TileArchiveError) {
        let said: [String] = try archive.read { database in
            try ["minzoom", "maxzoom"].map { name in
                try database.text("SELECT value FROM metadata WHERE name = ?", [.text(name)]) ?? ""
            }
        }
        let levels = archive.description.levels
        for (name, (text, level)) in zip(["minzoom", "maxzoom"], zip(said, [levels.lowerBound, levels.upperBound])) where !text.isEmpty {
            guard Int(text) != level else { continue }
            inspection.report(zh: "元数据 \(name) 写“\(text)”，实为 \(level)", en: "its metadata say \(name) \"\(text)\", it is \(level)")
        }
    }
}
