import Compression

/// What the IHDR chunk says.
struct PNGHeader {
    enum ColourType: UInt8 {
        case rgb = 2
        case palette = 3
        case rgba = 6
    }

    var width: Int
    var height: Int
    /// Bits a palette index or a channel.
    var depth: Int
    var colourType: ColourType
}

/// The container: signature, chunks, checksums, compression.
enum PNGFile {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// `palette` holds premultiplied words, the ones that are not opaque first; `rows` the rows with their filter bytes.
    static func write(_ header: PNGHeader, palette: [UInt32], rows: [UInt8], level: Int) -> [UInt8] {
        var file = signature
        var ihdr: [UInt8] = []
        append(UInt32(header.width), to: &ihdr)
        append(UInt32(header.height), to: &ihdr)
        ihdr += [UInt8(header.depth), header.colourType.rawValue, 0, 0, 0]
        appendChunk("IHDR", ihdr, to: &file)
        if header.colourType == .palette {
            let colours = palette.map(Colour.init(premultiplied:))
            appendChunk("PLTE", colours.flatMap { [$0.red, $0.green, $0.blue] }, to: &file)
            let alphas = colours.map(\.alpha)
            if let last = alphas.lastIndex(where: { $0 != 255 }) {
                appendChunk("tRNS", Array(alphas[...last]), to: &file)
            }
        }
        appendCompressed(rows, level: level, to: &file)
        appendChunk("IEND", [], to: &file)
        return file
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    private static func appendChunk(_ type: StaticString, _ data: [UInt8], to file: inout [UInt8]) {
        append(UInt32(data.count), to: &file)
        let start = file.count
        unsafe file.append(contentsOf: UnsafeBufferPointer(start: type.utf8Start, count: 4))
        file += data
        append(checksum(file, from: start), to: &file)
    }

    private static func checksum(_ file: [UInt8], from start: Int) -> UInt32 {
        unsafe file.withUnsafeBytes { bytes in unsafe crc32(UnsafeRawBufferPointer(rebasing: bytes[start...])) }
    }

    private static func appendCompressed(_ rows: [UInt8], level: Int, to file: inout [UInt8]) {
        let packed = Compressor(level: max(1, min(level, 12))).compress(rows, format: .zlib)
        file.reserveCapacity(file.count + packed.count + 64)
        appendChunk("IDAT", packed, to: &file)
    }
}
