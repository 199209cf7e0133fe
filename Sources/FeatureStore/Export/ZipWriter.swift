internal import Compression
import Glibc

/// Puts files into a zip archive (APPNOTE 6.3.3), names in UTF-8.
///
/// A file of up to `packedBytes` is packed in memory; a larger one is stored as it is, so that memory stays bounded.
final class ZipWriter {
    private struct Entry {
        var name: [UInt8]
        var method: UInt16
        var checksum: UInt32
        var packed: Int
        var size: Int
        var offset: Int
    }

    private static let packedBytes = 32 << 20
    private static let runBytes = 1 << 20
    /// Beyond this an archive needs the zip64 extension, which not every program reads.
    static let archiveBytes = 0xFFFF_FFFF - (1 << 20)

    private let sink: FileSink
    private let compressor = Compressor(level: 6)
    private var entries: [Entry] = []

    init(path: String) throws(WriterError) {
        sink = try FileSink(path: path)
    }

    /// Adds the file at `path` under a name.
    func add(_ name: String, file path: String) throws {
        let source = try SourceBytes(path: path)
        guard source.count > Self.packedBytes else {
            return try source.withBytes { bytes throws(WriterError) in try add(name, bytes: bytes.array(from: 0, count: bytes.count)) }
        }
        var checksum: UInt32 = 0
        try source.withBytes { bytes throws(WriterError) in
            for start in stride(from: 0, to: bytes.count, by: Self.runBytes) {
                checksum = crc32(bytes.array(from: start, count: min(Self.runBytes, bytes.count - start)), continuing: checksum)
            }
            try begin(name, method: 0, checksum, packed: bytes.count, size: bytes.count)
            for start in stride(from: 0, to: bytes.count, by: Self.runBytes) {
                try sink.append(bytes.array(from: start, count: min(Self.runBytes, bytes.count - start)))
            }
        }
    }

    func add(_ name: String, bytes: [UInt8]) throws(WriterError) {
        let packed = compressor.compress(bytes, format: .deflate)
        let isSmaller = packed.count < bytes.count
        try begin(
            name, method: isSmaller ? 8 : 0, crc32(bytes), packed: isSmaller ? packed.count : bytes.count, size: bytes.count)
        try sink.append(isSmaller ? packed : bytes)
    }

    private func begin(_ name: String, method: UInt16, _ checksum: UInt32, packed: Int, size: Int) throws(WriterError) {
        let entry = Entry(
            name: Array(name.utf8), method: method, checksum: checksum, packed: packed, size: size, offset: sink.count)
        entries.append(entry)
        var head: [UInt8] = []
        head.append(little: UInt32(0x0403_4B50))
        head += Self.description(entry)
        head.append(little: UInt16(0))
        try sink.append(head + entry.name)
    }

    /// What the head of a file and its line of the directory have in common: from the version up to the name's length.
    private static func description(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        // Version 2.0, names in UTF-8, and the first moment that the format can say: equal data give equal archives.
        for number in [20, 0x0800, entry.method, 0, 0x21] { bytes.append(little: UInt16(number)) }
        bytes.append(little: entry.checksum)
        bytes.append(little: UInt32(entry.packed))
        bytes.append(little: UInt32(entry.size))
        bytes.append(little: UInt16(entry.name.count))
        return bytes
    }

    func finish() throws(WriterError) {
        let start = sink.count
        for entry in entries {
            var line: [UInt8] = []
            line.append(little: UInt32(0x0201_4B50))
            line.append(little: UInt16(20))
            line += Self.description(entry)
            for _ in 0..<4 { line.append(little: UInt16(0)) }
            line.append(little: UInt32(0))
            line.append(little: UInt32(entry.offset))
            try sink.append(line + entry.name)
        }
        var end: [UInt8] = []
        end.append(little: UInt32(0x0605_4B50))
        end.append(little: UInt32(0))
        end.append(little: UInt16(entries.count))
        end.append(little: UInt16(entries.count))
        end.append(little: UInt32(sink.count - start))
        end.append(little: UInt32(start))
        end.append(little: UInt16(0))
        try sink.append(end)
        try sink.finish()
    }
}

extension [UInt8] {
    mutating func append(little number: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
    }
}

extension Span<UInt8> {
    /// A copy of a part.
    func array(from start: Int, count: Int) -> [UInt8] {
        unsafe withUnsafeBufferPointer { unsafe Array($0[start..<(start + count)]) }
    }
}
