import SimpleFeatures
import Wording

/// What makes an archive of tiles a delta: its own tiles are those that are new or changed, and its metadata say which are
/// removed, of which archive it begins and what it leads to.
public struct ArchiveDelta: Sendable, Equatable {
    private static let member = "workmap_delta"

    public var base: ArchiveContentHash
    public var result: ArchiveContentHash
    /// Tiles that are no more, ascending, none touching the one before.
    var removed: [Range<UInt64>]

    /// Neighbouring ranges become one.
    init(base: ArchiveContentHash, result: ArchiveContentHash, removed: [Range<UInt64>]) {
        self.base = base
        self.result = result
        self.removed = removed.reduce(into: []) { ranges, next in
            if let last = ranges.last, last.upperBound == next.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<next.upperBound
            } else {
                ranges.append(next)
            }
        }
    }

    /// `nil` for an archive that is no delta.
    ///
    /// - Throws: `corrupt` where it says it is one and does not say all of it.
    public init?(_ archive: TileArchive) throws(TileArchiveError) {
        guard let text = archive.description.metadata.members[Self.member] else { return nil }
        let damaged = TileArchiveError.corrupt(
            archive.path, zh: "元数据“\(Self.member)”不完整", en: "its metadata \"\(Self.member)\" are not complete")
        let inner: ArchiveMetadata
        do { inner = try ArchiveMetadata(json: Array(text.utf8)) } catch { throw damaged }
        guard let base = inner["base"].flatMap({ ArchiveContentHash($0) }),
            let result = inner["result"].flatMap({ ArchiveContentHash($0) }),
            let removed = inner.members["removed"].flatMap(Self.ranges)
        else { throw damaged }
        self.init(base: base, result: result, removed: removed)
    }

    /// A JSON array of first tile and count, in turn.
    private static func ranges(_ json: String) -> [Range<UInt64>]? {
        guard json.hasPrefix("["), json.hasSuffix("]") else { return nil }
        var (ranges, first, reached): ([Range<UInt64>], UInt64?, UInt64) = ([], nil, 0)
        for part in json.dropFirst().dropLast().split(separator: ",") {
            guard let number = UInt64(part.filter { $0 != " " }) else { return nil }
            guard let start = first else {
                guard number >= reached, number < HilbertOrder.end else { return nil }
                first = number
                continue
            }
            guard number > 0, number <= HilbertOrder.end - start else { return nil }
            ranges.append(start..<start + number)
            (first, reached) = (nil, start + number)
        }
        return first == nil ? ranges : nil
    }

    func put(into metadata: inout ArchiveMetadata) {
        var inner = ArchiveMetadata()
        inner["base"] = base.description
        inner["result"] = result.description
        inner.set("removed", json: "[" + removed.map { "\($0.lowerBound),\($0.count)" }.joined(separator: ",") + "]")
        metadata.set(Self.member, json: inner.json)
    }

    static func strip(_ metadata: inout ArchiveMetadata) { metadata.remove(member) }

    /// Tiles that are no more.
    public var removedCount: UInt64 { removed.reduce(0) { $0 + UInt64($1.count) } }
}

extension ArchiveDelta {
    /// Writes the archive that a delta makes of its base.
    ///
    /// The base is hashed while it is read, and the new file takes its name only when both hashes are those of the delta.
    ///
    /// - Returns: the content hash of the new archive.
    /// - Throws: `unknownKind` where `delta` is none, `mismatched` for another base; `corrupt`, `notAccessible`, `storageFull`.
    public static func apply(_ delta: TileArchive, to base: TileArchive, writing path: String) throws(TileArchiveError) -> ArchiveContentHash {
        guard let plan = try ArchiveDelta(delta) else {
            throw TileArchiveError(
                code: .unknownKind,
                message: .init(
                    zh: "\(delta.path) 不是差异档案；差异由 archive diff -o 生成", en: "\(delta.path) is no delta; archive diff -o makes one"))
        }
        var description = delta.description
        strip(&description.metadata)
        description.packing = TileContents.packing(of: description.kind)
        var writer = try TileArchiveWriter(path: path, kind: description.kind, packing: description.packing)
        var old = HashedRuns(base, try base.runs())
        try old.start()
        var new = HashedRuns(delta, try delta.runs())
        try new.start()
        let hash = try merge(plan, &new, over: &old, into: &writer, description.packing)
        guard old.hash() == plan.base else {
            throw mismatch(base.path, "差异是对另一个档案做的", "the delta was made of another archive", is: old.hash(), wanted: plan.base)
        }
        guard hash == plan.result else {
            throw mismatch(delta.path, "差异的内容不完整", "the delta's content is not what it was", is: hash, wanted: plan.result)
        }
        try writer.finish(description)
        return hash
    }

    private static func merge(
        _ plan: ArchiveDelta, _ delta: inout HashedRuns, over base: inout HashedRuns, into writer: inout TileArchiveWriter,
        _ packing: ArchivedTilePacking
    ) throws(TileArchiveError) -> ArchiveContentHash {
        var removed = plan.removed[...]
        var hasher = ContentHasher()
        while true {
            if let new = delta.head, base.head.map({ new.first <= $0.first }) ?? true {
                hasher.append(first: new.first, count: new.count, digest: try delta.digest())
                try writer.append(TileRun(first: new.first, count: new.count, bytes: try delta.stored(new.bytes, as: packing)))
                _ = try delta.take(new.count)
                try base.skip(before: new.end)
                continue
            }
            guard let old = base.head else { break }
            while let gap = removed.first, gap.upperBound <= old.first { removed.removeFirst() }
            if let gap = removed.first, gap.contains(old.first) {
                try base.skip(before: min(gap.upperBound, old.end))
                continue
            }
            let stop = min(old.end, delta.head?.first ?? old.end, removed.first?.lowerBound ?? old.end)
            hasher.append(first: old.first, count: stop - old.first, digest: try base.digest())
            var kept = try base.take(stop - old.first)
            kept.bytes = try base.stored(kept.bytes, as: packing)
            try writer.append(kept)
        }
        return hasher.finish()
    }

    private static func mismatch(
        _ path: String, _ zh: String, _ en: String, is found: ArchiveContentHash, wanted: ArchiveContentHash
    ) -> TileArchiveError {
        TileArchiveError(
            code: .mismatched,
            message: .init(
                zh: "\(path)：\(zh)（内容摘要是 \(found)，应为 \(wanted)）；请换用对应的档案",
                en: "\(path): \(en) (content hash \(found), wanted \(wanted)); take the archive that belongs to it"))
    }
}

extension HashedRuns {
    /// Steps over all tiles before a number.
    mutating func skip(before end: UInt64) throws(TileArchiveError) {
        while let run = head, run.first < end { _ = try take(min(run.count, end - run.first)) }
    }
}
