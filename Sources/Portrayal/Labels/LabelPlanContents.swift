import Foundation
import Raster
import Tiling
import Typography

/// The table of contents of a label plan: JSON after the file's first sixteen bytes, which are a mark and its length.
///
/// Sections are little endian and follow the table, from whose end their byte offsets count there. The last eight bytes are a checksum of all before.
struct LabelPlanContents: Codable, Sendable {
    struct Canvas: Codable, Hashable, Sendable {
        var level: Int
        var row: Int
        var column: Int
        var columns: Int
        var rows: Int
        var extent: Int32
        var margin: Int32

        init(_ window: TileWindow) {
            (level, row, column) = (window.origin.level, window.origin.row, window.origin.column)
            (columns, rows, extent, margin) = (window.columns, window.rows, window.extent, window.margin)
        }
    }

    struct Layer: Codable, Sendable {
        var id: String
        var count: Int
        /// Side of the cells by which symbols are found, in pixels.
        var cell: Float
        var columns: Int
        var rows: Int
        /// By cell where its members begin, and one more: UInt32 in `members`.
        var cells: Int
        /// Symbols of the cells: UInt32.
        var members: Int
        /// By symbol where its record begins, in `records`: UInt32.
        var places: Int
        var records: Int
    }

    struct Ink: Codable, Hashable, Sendable {
        var layer: String
        var fonts: [String]
        var size: Float
        var maximumWidth: Float?
        var lineHeight: Float
        var letterSpacing: Float
        var justification: String
        var colour: UInt32
        var halo: UInt32
        var haloWidth: Float
        var haloBlur: Float
        var opacity: Float
    }

    struct Icon: Codable, Hashable, Sendable {
        var name: String
        /// Device pixels and scale of a picture that was stretched.
        var stretch: PlacedSymbol.Stretch?
        /// Of an icon of distances.
        var shade: Shade?
    }

    struct Shade: Codable, Hashable, Sendable {
        var colour: UInt32
        var halo: UInt32
        var haloWidth: Float
        var haloBlur: Float
        var scale: Float
    }

    var canvas: Canvas
    var layers: [Layer]
    var inks: [Ink]
    var icons: [Icon]

    static let mark = Array("WMLABEL1".utf8)
    static let headLength = 16
    static let checksumLength = 8

    init(canvas: Canvas, layers: [Layer], inks: [Ink], icons: [Icon]) {
        (self.canvas, self.layers, self.inks, self.icons) = (canvas, layers, inks, icons)
    }

    /// The same with all offsets moved.
    func moved(by bytes: Int) -> LabelPlanContents {
        var moved = self
        for i in layers.indices {
            moved.layers[i].cells += bytes
            moved.layers[i].members += bytes
            moved.layers[i].places += bytes
            moved.layers[i].records += bytes
        }
        return moved
    }

    /// - Throws: `unreadablePlan`.
    init(reading bytes: Data) throws(PortrayalError) {
        let refusal = PortrayalError(
            .unreadablePlan, "the label plan is damaged or of another version; delete the file, and it is made again")
        guard bytes.count >= Self.headLength + Self.checksumLength, bytes.prefix(8).elementsEqual(Self.mark) else { throw refusal }
        let body = bytes.count - Self.checksumLength
        let (length, stated, found) = unsafe bytes.withUnsafeBytes { raw in
            let span = unsafe raw.bytes
            return (
                span.word64(at: 8), span.word64(at: body), LabelPlanChecksum.of(span.extracting(0..<body))
            )
        }
        guard stated == found, length <= UInt64(body - Self.headLength) else { throw refusal }
        do {
            let table = try JSONDecoder().decode(
                Self.self, from: bytes.subdata(in: Self.headLength..<(Self.headLength + Int(length))))
            self = table.moved(by: Self.headLength + Int(length))
        } catch {
            throw refusal
        }
    }
}

extension LabelPlanContents.Ink {
    init(_ ink: TextInk) {
        layer = ink.layer
        fonts = ink.fonts
        size = ink.sizeInPixels
        maximumWidth = ink.options.maxWidthInEm
        lineHeight = ink.options.lineHeightInEm
        letterSpacing = ink.options.letterSpacingInEm
        justification = ink.options.justification.rawValue
        colour = ink.colour.word
        halo = ink.halo.word
        haloWidth = ink.haloWidth
        haloBlur = ink.haloBlur
        opacity = ink.opacity
    }

    var ink: TextInk {
        TextInk(
            layer: layer, fonts: fonts, sizeInPixels: size,
            options: TextLayout.Options(
                maxWidthInEm: maximumWidth, lineHeightInEm: lineHeight, letterSpacingInEm: letterSpacing,
                justification: TextLayout.Justification(rawValue: justification) ?? .center),
            colour: Colour(word: colour), halo: Colour(word: halo), haloWidth: haloWidth, haloBlur: haloBlur, opacity: opacity)
    }
}

extension LabelPlanContents.Shade {
    init(_ shade: IconShade) {
        (colour, halo) = (shade.colour.word, shade.halo.word)
        (haloWidth, haloBlur, scale) = (shade.haloWidth, shade.haloBlur, shade.scale)
    }

    var shade: IconShade {
        IconShade(
            colour: Colour(word: colour), halo: Colour(word: halo), haloWidth: haloWidth, haloBlur: haloBlur, scale: scale)
    }
}

extension Colour {
    fileprivate var word: UInt32 { UInt32(red) << 24 | UInt32(green) << 16 | UInt32(blue) << 8 | UInt32(alpha) }

    fileprivate init(word: UInt32) {
        self.init(
            red: UInt8(word >> 24), green: UInt8(word >> 16 & 255), blue: UInt8(word >> 8 & 255), alpha: UInt8(word & 255))
    }
}

/// Sixty-four bits over all bytes, by words: tells a damaged file, not a forged one.
enum LabelPlanChecksum {
    static func of(_ bytes: RawSpan) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        var at = 0
        while at + 8 <= bytes.byteCount {
            sum = (sum ^ bytes.word64(at: at)) &* 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 29
            at += 8
        }
        while at < bytes.byteCount {
            sum = (sum ^ UInt64(bytes.byte(at: at))) &* 0x0000_0100_0000_01B3
            at += 1
        }
        return sum
    }
}
