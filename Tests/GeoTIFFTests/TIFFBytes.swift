import Foundation
import TestSupport

/// A little-endian TIFF written field by field, so that it can say anything, lies included.
struct TIFFBytes {
    enum Value {
        case shorts([UInt16])
        case longs([UInt32])
        case doubles([Double])
        case text(String)
    }

    var fields: [UInt16: Value] = [:]
    var pixels: [UInt8]

    /// An uncompressed image of one strip.
    init(width: Int, height: Int, samples: Int, photometric: UInt16, pixels: [UInt8]) {
        self.pixels = pixels
        fields = [
            256: .longs([UInt32(width)]), 257: .longs([UInt32(height)]), 258: .shorts(Array(repeating: 8, count: samples)),
            259: .shorts([1]), 262: .shorts([photometric]), 277: .shorts([UInt16(samples)]), 278: .longs([UInt32(height)]),
            279: .longs([UInt32(pixels.count)]), 284: .shorts([1]),
        ]
    }

    /// Says where the image lies: EPSG:4547, the left top corner, metres a pixel.
    mutating func place(x: Double = 440_000, y: Double = 2_540_000, metres: Double = 0.5, epsg: UInt16 = 4547, rasterType: UInt16 = 1) {
        fields[33550] = .doubles([metres, metres, 0])
        fields[33922] = .doubles([0, 0, 0, x, y, 0])
        fields[34735] = .shorts([1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, rasterType, 3072, 0, 1, epsg])
    }

    /// - Parameter offset: of the strip; `nil` for where it really is.
    func bytes(offset stated: UInt32? = nil) -> [UInt8] {
        var fields = fields
        fields[273] = .longs([stated ?? 8])
        var file: [UInt8] = [0x49, 0x49, 42, 0]
        let directory = 8 + pixels.count + pixels.count % 2
        Self.append(UInt32(directory), to: &file)
        file += pixels
        if pixels.count % 2 == 1 { file.append(0) }
        var extra: [UInt8] = []
        let extraStart = directory + 2 + fields.count * 12 + 4
        Self.append(UInt16(fields.count), to: &file)
        for (tag, value) in fields.sorted(by: { $0.key < $1.key }) {
            let (type, count, data) = Self.encoded(value)
            Self.append(tag, to: &file)
            Self.append(type, to: &file)
            Self.append(UInt32(count), to: &file)
            if data.count <= 4 {
                file += data + [UInt8](repeating: 0, count: 4 - data.count)
            } else {
                Self.append(UInt32(extraStart + extra.count), to: &file)
                extra += data
            }
        }
        Self.append(UInt32(0), to: &file)
        return file + extra
    }

    /// Writes the file and gives its path.
    func written(as name: String = "image.tif", offset: UInt32? = nil) throws -> String {
        try Self.write(bytes(offset: offset), as: name)
    }

    static func write(_ bytes: [UInt8], as name: String = "image.tif") throws -> String {
        let path = try ScratchDirectory.make() + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    private static func encoded(_ value: Value) -> (type: UInt16, count: Int, data: [UInt8]) {
        var data: [UInt8] = []
        switch value {
        case .shorts(let values):
            for value in values { append(value, to: &data) }
            return (3, values.count, data)
        case .longs(let values):
            for value in values { append(value, to: &data) }
            return (4, values.count, data)
        case .doubles(let values):
            for value in values { append(value.bitPattern, to: &data) }
            return (12, values.count, data)
        case .text(let text):
            data = Array(text.utf8) + [0]
            return (2, data.count, data)
        }
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for i in 0..<(value.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
    }
}
