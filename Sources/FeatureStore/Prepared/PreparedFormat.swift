import SimpleFeatures

/// The sections of a prepared layer's file; the raw value is what the file says.
enum PreparedSection: UInt32, Sendable {
    /// Field names, CRSs: see `PreparedSchema`.
    case schema = 1
    /// Int64 a feature.
    case ids = 2
    /// UInt8 a feature: `GeometryDimension`.
    case dimensions = 3
    /// UInt32 a feature: where its parts end.
    case featurePartEnds = 4
    /// Float a feature: square metres, metres or 0 in EPSG:3857.
    case sizes = 5
    /// UInt32 a part: where its vertices end.
    case partEnds = 6
    /// Float a part: square metres of a ring, negative for a hole; metres of a line.
    case partSizes = 7
    /// UInt8 a vertex: `Significance`.
    case significance = 8
    /// For every CRS: two Int32 a vertex.
    case coordinates = 9
    /// For every CRS: a `StoredBox` a feature, then the levels above.
    case boxes = 10
    /// For every field: UInt32 a feature, an index of a value; 0 is null.
    case column = 11
    /// UInt8 a value: see `ValueTable`.
    case valueTags = 12
    /// UInt64 a value.
    case valuePayloads = 13
    /// UTF-8 of the text values.
    case text = 14
}

/// The file's first bytes: fixed fields, then one entry a section. All little-endian.
struct PreparedHeader: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var section: UInt32
        /// Which CRS or field.
        var index: UInt32
        var offset: UInt64
        /// Bytes, padding not counted.
        var length: UInt64
    }

    static let magic: UInt64 = 0x3130_5045_5250_4d57  // "WMPREP01"
    static let version: UInt64 = 2
    static let alignment = 64
    /// Words before the entries.
    private static let fixedWords = 9
    private static let wordsPerEntry = 3

    var featureCount: UInt64 = 0
    var partCount: UInt64 = 0
    var vertexCount: UInt64 = 0
    var fileLength: UInt64 = 0
    /// Of everything after the header.
    var fileHash: UInt64 = 0
    /// Of the features, however the file arranges them: `PreparedLayer.contentHash`.
    var contentHash: UInt64 = 0
    var entries: [Entry] = []

    static func byteCount(entryCount: Int) -> Int {
        let bytes = (fixedWords + wordsPerEntry * entryCount + 1) * 8
        return (bytes + alignment - 1) / alignment * alignment
    }

    /// The header's words, the last one the hash of those before it.
    var words: [UInt64] {
        var words = [
            Self.magic, Self.version, UInt64(entries.count), featureCount, partCount, vertexCount, fileLength,
            fileHash, contentHash,
        ]
        for e in entries { words += [UInt64(e.section) << 32 | UInt64(e.index), e.offset, e.length] }
        var hash = PreparedFileHash()
        for word in words { hash.add(word) }
        return words + [hash.value]
    }

    /// - Throws: `.formatNotKnown` or `.fileCorrupt`, naming `path`.
    init(file: MappedFile, path: String) throws(PreparedLayerError) {
        let words = unsafe file.values(UInt64.self, at: 0, count: file.length / 8)
        guard words.count > Self.fixedWords, unsafe words[0] == Self.magic else {
            throw PreparedLayerError(.formatNotKnown, "\(path) is not a prepared layer; prepare the layer again")
        }
        guard unsafe words[1] == Self.version else {
            throw PreparedLayerError(
                .formatNotKnown,
                "\(path) has format version \(unsafe words[1]), this program reads \(Self.version); prepare the layer again")
        }
        let entryCount = unsafe words[2]
        guard entryCount < 4000, Self.byteCount(entryCount: Int(entryCount)) <= file.length else {
            throw Self.corrupt(path, "its header ends early")
        }
        unsafe (featureCount, partCount, vertexCount) = (words[3], words[4], words[5])
        unsafe (fileLength, fileHash, contentHash) = (words[6], words[7], words[8])
        for i in 0..<Int(entryCount) {
            let w = Self.fixedWords + Self.wordsPerEntry * i
            unsafe entries.append(
                Entry(
                    section: UInt32(words[w] >> 32), index: UInt32(truncatingIfNeeded: words[w]), offset: words[w + 1],
                    length: words[w + 2]))
        }
        guard unsafe self.words.last == words[self.words.count - 1] else {
            throw Self.corrupt(path, "its header does not match its checksum")
        }
        guard fileLength == UInt64(file.length) else {
            throw Self.corrupt(path, "it holds \(file.length) bytes instead of \(fileLength)")
        }
        for e in entries {
            let isInside = e.offset <= fileLength && e.length <= fileLength - e.offset
            guard isInside, e.offset % UInt64(Self.alignment) == 0 else {
                throw Self.corrupt(path, "section \(e.section).\(e.index) lies outside the file")
            }
        }
    }

    init() {}

    static func corrupt(_ path: String, _ what: String) -> PreparedLayerError {
        PreparedLayerError(.fileCorrupt, "the prepared layer \(path) is damaged: \(what); prepare the layer again")
    }
}

/// A quick hash over 64-bit words: tells a damaged file from a whole one, not a forged one.
struct PreparedFileHash: Sendable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value ^= value &>> 29
    }
}

/// What a prepared layer says of itself beside its arrays.
struct PreparedSchema: Equatable, Sendable {
    struct Grid: Equatable, Sendable {
        var crs: PreparedCRS
        /// The place of stored 0, 0.
        var origin: Coordinate
        /// CRS units in one stored unit, a power of two.
        var unit: Double
    }

    var fields: [String]
    var grids: [Grid]

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func put(_ word: UInt64) { for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(i)))) } }
        func put(_ text: String) {
            put(UInt64(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        put(UInt64(fields.count))
        for field in fields { put(field) }
        put(UInt64(grids.count))
        for grid in grids {
            put(grid.crs.id)
            for d in [grid.crs.metresPerUnit, grid.origin.x, grid.origin.y, grid.unit] { put(d.bitPattern) }
        }
        return bytes
    }

    init(fields: [String], grids: [Grid]) {
        self.fields = fields
        self.grids = grids
    }

    /// `nil` when the bytes are not a schema.
    init?(bytes: [UInt8]) {
        var at = 0
        func word() -> UInt64? {
            guard at + 8 <= bytes.count else { return nil }
            defer { at += 8 }
            return (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
        }
        func text() -> String? {
            guard let n = word(), n <= UInt64(bytes.count - at) else { return nil }
            defer { at += Int(n) }
            return String(decoding: bytes[at..<(at + Int(n))], as: UTF8.self)
        }
        guard let fieldCount = word(), fieldCount < 4000 else { return nil }
        fields = []
        for _ in 0..<fieldCount {
            guard let name = text() else { return nil }
            fields.append(name)
        }
        guard let gridCount = word(), gridCount < 100 else { return nil }
        grids = []
        for _ in 0..<gridCount {
            guard let id = text(), let metres = word(), let x = word(), let y = word(), let unit = word() else { return nil }
            grids.append(
                Grid(
                    crs: PreparedCRS(id: id, metresPerUnit: Double(bitPattern: metres)),
                    origin: Coordinate(x: Double(bitPattern: x), y: Double(bitPattern: y)), unit: Double(bitPattern: unit)))
        }
    }
}
