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
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// `palette` holds premultiplied words, the ones that are not opaque first; `workspace.rows` the rows with their
    /// filter bytes.
    static func write(
        _ header: PNGHeader, palette: [UInt32], level: Int, workspace: inout PNGWorkspace
    ) -> [UInt8] {
        let packedCount = workspace.packRows(header, level: level)
        var file: [UInt8] = []
        file.reserveCapacity(packedCount + palette.count * 4 + 128)
        file += signature
        var ihdr: [UInt8] = []
        append(UInt32(header.width), to: &ihdr)
        append(UInt32(header.height), to: &ihdr)
        ihdr += [UInt8(header.depth), header.colourType.rawValue, 0, 0, 0]
        appendChunk("IHDR", ihdr[...], to: &file)
        if header.colourType == .palette { appendPalette(palette, to: &file) }
        appendChunk("IDAT", workspace.packed[..<packedCount], to: &file)
        appendChunk("IEND", [], to: &file)
        return file
    }

    private static func appendPalette(_ palette: [UInt32], to file: inout [UInt8]) {
        var colours: [UInt8] = []
        var alphas: [UInt8] = []
        colours.reserveCapacity(palette.count * 3)
        for word in palette {
            let colour = Colour(premultiplied: word)
            colours.append(colour.red)
            colours.append(colour.green)
            colours.append(colour.blue)
            if colour.alpha != 255 { alphas.append(colour.alpha) }
        }
        appendChunk("PLTE", colours[...], to: &file)
        if !alphas.isEmpty { appendChunk("tRNS", alphas[...], to: &file) }
    }

    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    static func appendChunk(_ type: StaticString, _ data: ArraySlice<UInt8>, to file: inout [UInt8]) {
        append(UInt32(data.count), to: &file)
        let start = file.count
        unsafe file.append(contentsOf: UnsafeBufferPointer(start: type.utf8Start, count: 4))
        file += data
        append(checksum(file, from: start), to: &file)
    }

    private static func checksum(_ file: [UInt8], from start: Int) -> UInt32 {
        unsafe file.withUnsafeBytes { bytes in unsafe crc32(UnsafeRawBufferPointer(rebasing: bytes[start...])) }
    }
}
