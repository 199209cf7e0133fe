import Compression

/// The files in a zip archive (APPNOTE 6.3, stored and deflated entries, no encryption, below 4 GiB).
struct ZipArchive {
    struct Entry {
        /// With folders, `/` between them.
        var name: String
        var isDeflated: Bool
        var checksum: UInt32
        var packedBytes: Int
        var unpackedBytes: Int
        var headerOffset: Int
    }

    let source: SourceBytes
    private(set) var entries: [Entry] = []
    private let limits: ReaderLimits

    /// Entries that are small unpacked may be as dense as they like.
    private static let ratioFreeBytes = 16 << 20

    /// Reads the directory; nothing is unpacked.
    init(source: SourceBytes, limits: ReaderLimits) throws(ReaderError) {
        self.source = source
        self.limits = limits
        entries = try source.withBytes { (bytes) throws(ReaderError) in try ZipArchive.directory(bytes, source.name) }
        var total = 0
        for entry in entries {
            total += entry.unpackedBytes
            let isDense = entry.unpackedBytes > ZipArchive.ratioFreeBytes && entry.unpackedBytes / limits.archiveRatio > entry.packedBytes
            guard !isDense, total <= limits.archiveBytes else {
                throw ReaderError(
                    code: .limitExceeded,
                    message: "\(source.name): \"\(entry.name)\" unpacks from \(entry.packedBytes) to \(entry.unpackedBytes) bytes, which looks like a zip bomb; unpack it yourself if you trust it")
            }
        }
    }

    /// The content of `entry`, checked against its checksum.
    func unpack(_ entry: Entry) throws(ReaderError) -> SourceBytes {
        let name = "\(source.name):\(entry.name)"
        let isWhole = source.withBytes { bytes in
            entry.headerOffset <= bytes.count - 30 && bytes.uint32(at: entry.headerOffset) == 0x0403_4B50
        }
        guard isWhole else { throw damage(entry, "its header is not where the directory says") }
        let start = source.withBytes { bytes in
            entry.headerOffset + 30 + Int(bytes.uint16(at: entry.headerOffset + 26)) + Int(bytes.uint16(at: entry.headerOffset + 28))
        }
        guard start <= source.count - entry.packedBytes else { throw damage(entry, "it ends beyond the file") }
        let unpacked = unsafe try SourceBytes(name: name, count: entry.unpackedBytes) { (target) throws(ReaderError) in
            let isGood = source.withBytes { bytes in
                unsafe bytes.extracting(start..<(start + entry.packedBytes)).withUnsafeBytes { packed in
                    unsafe ZipArchive.inflate(packed, into: target, entry)
                }
            }
            guard isGood else { throw damage(entry, "its data do not unpack to what the directory promises") }
        }
        return unpacked
    }

    private static func inflate(
        _ packed: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ entry: Entry
    ) -> Bool {
        if entry.isDeflated {
            guard unsafe Decompressor().decompress(packed, format: .deflate, filling: target) else { return false }
        } else {
            guard packed.count == target.count else { return false }
            unsafe target.copyMemory(from: packed)
        }
        return unsafe crc32(UnsafeRawBufferPointer(target)) == entry.checksum
    }

    private func damage(_ entry: Entry, _ reason: String) -> ReaderError {
        ReaderError(code: .contentDamaged, message: "\(source.name): \"\(entry.name)\" cannot be unpacked, \(reason); pack it again")
    }

    private static func directory(_ bytes: Span<UInt8>, _ name: String) throws(ReaderError) -> [Entry] {
        guard let end = endRecord(bytes) else {
            throw ReaderError(code: .contentDamaged, message: "\(name): the zip archive has no directory; it is cut short, transfer it again")
        }
        let count = Int(bytes.uint16(at: end + 10))
        var p = Int(bytes.uint32(at: end + 16))
        var entries: [Entry] = []
        for _ in 0..<count {
            guard p <= bytes.count - 46, bytes.uint32(at: p) == 0x0201_4B50 else {
                throw ReaderError(code: .contentDamaged, message: "\(name): the zip directory is damaged at byte \(p) or in zip64 form; pack it again below 4 GiB")
            }
            let nameLength = Int(bytes.uint16(at: p + 28))
            let next = p + 46 + nameLength + Int(bytes.uint16(at: p + 30)) + Int(bytes.uint16(at: p + 32))
            guard next <= bytes.count else {
                throw ReaderError(code: .contentDamaged, message: "\(name): the zip directory ends inside an entry; transfer it again")
            }
            let raw = bytes.extracting((p + 46)..<(p + 46 + nameLength))
            let entry = Entry(
                name: try ZipArchive.name(raw), isDeflated: bytes.uint16(at: p + 10) == 8, checksum: bytes.uint32(at: p + 16),
                packedBytes: Int(bytes.uint32(at: p + 20)), unpackedBytes: Int(bytes.uint32(at: p + 24)),
                headerOffset: Int(bytes.uint32(at: p + 42)))
            let isReadable = bytes.uint16(at: p + 8) & 1 == 0 && [0, 8].contains(bytes.uint16(at: p + 10))
            guard isReadable || entry.unpackedBytes == 0 else {
                throw ReaderError(
                    code: .contentDamaged, message: "\(name): \"\(entry.name)\" is encrypted or packed in a way that is not read; pack it with deflate and no password")
            }
            entries.append(entry)
            p = next
        }
        return entries
    }

    /// Archives made on Chinese Windows spell names in GBK without saying so.
    private static func name(_ raw: Span<UInt8>) throws(ReaderError) -> String {
        let decoder = try TextDecoder(name: TextDecoder.judge(raw).isUTF8 ? "UTF-8" : "GB18030")
        return decoder.decode(raw).text
    }

    /// Where the end of central directory record stands, looked for from the end.
    private static func endRecord(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.count >= 22 else { return nil }
        var p = bytes.count - 22
        let lowest = max(0, p - 65_535)
        while p >= lowest {
            if bytes.uint32(at: p) == 0x0605_4B50 { return p }
            p -= 1
        }
        return nil
    }
}
