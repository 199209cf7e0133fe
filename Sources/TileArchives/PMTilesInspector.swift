import Wording

/// Reads a PMTiles archive from end to end.
struct PMTilesInspector {
    private let archive: PMTilesArchive
    /// Where the contents seen so far end, in a clustered archive.
    private var end: UInt64 = 0
    private var isInOrder = true
    private var entryCount: UInt64 = 0

    init(_ archive: PMTilesArchive) { self.archive = archive }

    consuming func inspect(_ whole: TileArchive, _ inspection: inout ArchiveInspection) {
        var contents = ContentInspector(whole)
        var entries = PMTilesEntries(archive)
        do {
            while let entry = try entries.next() {
                note(entry)
                inspection.census.count(entry.numbers, content: entry.content, length: Int(entry.length))
                contents.inspect(entry.numbers, Result { () throws(TileArchiveError) in try archive.content(of: entry) }, &inspection)
            }
        } catch {
            contents.giveUp()
            inspection.report(error.message)
        }
        contents.finish(&inspection)
        compareHeader(&inspection)
    }

    private mutating func note(_ entry: PMTilesDirectory.Entry) {
        entryCount += 1
        if entry.offset > end { isInOrder = false }
        end = max(end, entry.offset &+ UInt64(entry.length))
    }

    private func compareHeader(_ inspection: inout ArchiveInspection) {
        let header = archive.header
        inspection.compare("瓦片数", "tiles", said: header.addressedTiles, counted: inspection.census.tiles)
        inspection.compare("目录项数", "entries", said: header.tileEntries, counted: entryCount)
        inspection.compare("内容数", "contents", said: header.tileContents, counted: UInt64(inspection.census.contents))
        if header.isClustered, !isInOrder {
            inspection.report(zh: "自称按序存放，内容却不按序", en: "it claims to be clustered and its contents are not in order")
        }
        let (end, overflows) = header.root.offset.addingReportingOverflow(header.root.length)
        if overflows || end > UInt64(PMTilesHeader.rootLimit) {
            inspection.report(
                zh: "根目录不在前 \(PMTilesHeader.rootLimit) 字节内", en: "its root directory does not lie within the first \(PMTilesHeader.rootLimit) bytes")
        }
    }
}
