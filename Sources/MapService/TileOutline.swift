import HTTPTypes
import Hummingbird
import OGCAPI
import Raster
import TileCache
import TileProduction
import Tiling
import Wording

/// A tile with its outline and address drawn on it, for whoever looks for a tile that is misplaced: `?debug`.
///
/// It is made anew each time and kept by nobody.
enum TileOutline {
    /// Whether the request asks for it: `debug` without a value, or with `true` or `1`.
    static func isWanted(_ parameters: QueryParameters) throws(ParameterError) -> Bool {
        switch try parameters.value("debug")?.lowercased() {
        case nil, "false", "0": return false
        case "", "true", "1": return true
        case let text?:
            throw ParameterError(.invalid, name: "debug", value: text, expected: .init(zh: "true 或不带值", en: "true, or no value"))
        }
    }

    /// - Throws: `ParameterError` for a tile without pixels.
    static func ratio(of format: TileFormat) throws(ParameterError) -> Int {
        guard let ratio = format.ratio else {
            throw ParameterError(
                .invalid, name: "debug", value: "", expected: .init(zh: "图片瓦片（.png、.jpg、.webp）", en: "a tile that is a picture: .png, .jpg or .webp"))
        }
        return ratio
    }

    /// - Parameters:
    ///   - png: the tile itself.
    ///   - ratio: device pixels a logical pixel.
    static func response(png: [UInt8], address: String, ratio: Int) throws -> Response {
        var picture = try PNGDecoder.decode(png)
        draw(address, ratio, &picture)
        let bytes = PNGEncoder.encode(picture, options: PNGOptions(level: 1, palette: .truecolour))
        return Response(
            status: .ok, headers: [.contentType: "image/png", .cacheControl: "no-store"], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Premultiplied, red in the lowest byte.
    private static let ink: UInt32 = 0xFFCC_00E6
    private static let ground: UInt32 = 0xE6E6_E6E6
    private static let glyphWidth = 5
    private static let glyphHeight = 7

    private static func draw(_ address: String, _ ratio: Int, _ picture: inout Pixmap) {
        for side in 0..<ratio {
            for x in 0..<picture.width {
                picture[x, side] = ink
                picture[x, picture.height - 1 - side] = ink
            }
            for y in 0..<picture.height {
                picture[side, y] = ink
                picture[picture.width - 1 - side, y] = ink
            }
        }
        let dot = 2 * ratio
        let characters = address.compactMap { glyphs[$0] }
        let (left, top) = (4 * ratio, 4 * ratio)
        let (width, height) = ((characters.count * (glyphWidth + 1) + 1) * dot, (glyphHeight + 2) * dot)
        fill(left..<(left + width), top..<(top + height), ground, &picture)
        for (place, rows) in characters.enumerated() {
            for (row, bits) in rows.enumerated() {
                for column in 0..<glyphWidth where bits >> (glyphWidth - 1 - column) & 1 == 1 {
                    let (x, y) = (left + (1 + place * (glyphWidth + 1) + column) * dot, top + (1 + row) * dot)
                    fill(x..<(x + dot), y..<(y + dot), ink, &picture)
                }
            }
        }
    }

    private static func fill(_ columns: Range<Int>, _ rows: Range<Int>, _ pixel: UInt32, _ picture: inout Pixmap) {
        for y in rows where y < picture.height { for x in columns where x < picture.width { picture[x, y] = pixel } }
    }

    /// Five columns by seven rows, the leftmost column in the highest bit.
    private static let glyphs: [Character: [UInt8]] = [
        "0": [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110], "1": [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        "2": [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111], "3": [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        "4": [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010], "5": [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        "6": [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110], "7": [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        "8": [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110], "9": [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
        "/": [0b00001, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b10000],
    ]
}
