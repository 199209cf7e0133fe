import Crypto
import Tiling
public import Wording

/// What a reading of a whole archive finds: whether it is what it says, and every tile readable.
public struct ArchiveInspection: Sendable {
    /// Findings that are kept with their words.
    public static let keptFindings = 100

    /// The first findings, in the order of the archive.
    public private(set) var findings: [LocalisedText] = []
    /// All findings, those not kept included.
    public private(set) var findingCount = 0
    public internal(set) var census = ArchiveCensus()
    /// `nil` where not every tile could be read.
    public internal(set) var contentHash: ArchiveContentHash?

    public var isSound: Bool { findingCount == 0 }

    mutating func report(zh: String, en: String) { report(LocalisedText(zh: zh, en: en)) }

    mutating func report(_ text: LocalisedText) {
        findingCount += 1
        if findings.count < Self.keptFindings { findings.append(text) }
    }

    /// Reports where the archive says a number other than what was counted; 0 says nothing.
    mutating func compare(_ zh: String, _ en: String, said: UInt64, counted: UInt64) {
        guard said != 0, said != counted else { return }
        report(zh: "\(zh)：头部写 \(said)，实有 \(counted)", en: "\(en): its header says \(said), there are \(counted)")
    }
}

extension TileArchive {
    /// Reads the archive from end to end.
    public func inspect() -> ArchiveInspection {
        var inspection = ArchiveInspection()
        switch self {
        case .pmtiles(let archive): PMTilesInspector(archive).inspect(self, &inspection)
        case .mbtiles(let archive): MBTilesInspector(archive: archive).inspect(self, &inspection)
        }
        let said = description.levels
        if let first = inspection.census.levels.first?.level, let last = inspection.census.levels.last?.level, first...last != said {
            inspection.report(
                zh: "级别：自述 \(said.lowerBound)-\(said.upperBound)，实有 \(first)-\(last)",
                en: "levels: it says \(said.lowerBound) to \(said.upperBound), there are \(first) to \(last)")
        }
        let bounds = description.bounds
        if !(bounds[0] <= bounds[2] && bounds[1] <= bounds[3] && bounds[0] >= -180 && bounds[2] <= 180 && bounds[1] >= -90 && bounds[3] <= 90) {
            inspection.report(zh: "范围 \(bounds) 不是经纬度", en: "its bounds \(bounds) are no longitudes and latitudes")
        }
        return inspection
    }
}

/// Checks contents one after the other and hashes them.
struct ContentInspector: ~Copyable {
    private let contents: TileContents
    private var hasher = ContentHasher()
    private let kind: ArchivedTileKind
    private var isWhole = true

    init(_ archive: TileArchive) {
        contents = TileContents(of: archive)
        kind = archive.description.kind
    }

    /// Looks at a content and reports what is wrong with it.
    ///
    /// - Parameter content: what reading it gave; `nil` where nothing is there after all.
    mutating func inspect(
        _ numbers: Range<UInt64>, _ content: Result<[UInt8]?, TileArchiveError>, _ inspection: inout ArchiveInspection
    ) {
        do {
            guard let bytes = try content.get() else {
                isWhole = false
                return
            }
            let plain = try contents.unpacked(bytes)
            hasher.append(first: numbers.lowerBound, count: UInt64(numbers.count), digest: SHA256.hash(data: plain))
            if !kind.matches(plain) {
                inspection.report(
                    zh: "瓦片 \(Self.name(numbers)) 不是 \(kind.rawValue)", en: "tile \(Self.name(numbers)) is no \(kind.rawValue)")
            }
        } catch {
            isWhole = false
            inspection.report(
                zh: "瓦片 \(Self.name(numbers))：\(error.message.zh)", en: "tile \(Self.name(numbers)): \(error.message.en)")
        }
    }

    /// Marks the archive as one of which a part was not read.
    mutating func giveUp() { isWhole = false }

    mutating func finish(_ inspection: inout ArchiveInspection) {
        if isWhole { inspection.contentHash = hasher.finish() }
    }

    /// The first tile of a run, `z/x/y`.
    private static func name(_ numbers: Range<UInt64>) -> String {
        HilbertOrder.address(of: numbers.lowerBound).map { "\($0.level)/\($0.column)/\($0.row)" } ?? "\(numbers.lowerBound)"
    }
}

extension ArchivedTileKind {
    /// Whether unpacked bytes begin as tiles of this kind do.
    func matches(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
        case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case .webp: bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
        case .avif: bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
        case .mvt: Self.isSequenceOfLayers(bytes)
        case .unknown: true
        }
    }

    /// Whether bytes are protobuf fields of number 3 that have a length each and end with the last.
    private static func isSequenceOfLayers(_ bytes: [UInt8]) -> Bool {
        var at = 0
        while at < bytes.count {
            guard bytes[at] == 0x1A else { return false }
            at += 1
            var (length, shift) = (0, 0)
            while true {
                guard at < bytes.count, shift < 35 else { return false }
                length |= Int(bytes[at] & 0x7F) << shift
                shift += 7
                at += 1
                if bytes[at - 1] < 0x80 { break }
            }
            guard length <= bytes.count - at else { return false }
            at += length
        }
        return true
    }
}
