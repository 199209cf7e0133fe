public import TileCache
import TileProduction
import Tiling

/// A tile address as the XYZ door spells it: `/tiles/{map}/{z}/{x}/{y}.png`, `.jpg`, `.webp`, the
/// same after `@2x`, `.mvt` or `.pbf`.
public struct TilePath: Hashable, Sendable {
    public var map: String
    public var level: Int
    public var column: Int
    public var row: Int
    public var format: TileFormat

    /// Reads a request target; `nil` when it is anything else, a query string included.
    ///
    /// Works on bytes: it runs for every request that arrives.
    public init?(target: String) {
        var target = target
        let parsed = target.withUTF8 { bytes in unsafe TilePath(bytes: Span(_unsafeElements: bytes)) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads the bytes of a request target.
    init?(bytes: Span<UInt8>) {
        let prefix: StaticString = "/tiles/"
        guard bytes.count < 512, bytes.count > prefix.utf8CodeUnitCount else { return nil }
        for i in 0..<prefix.utf8CodeUnitCount where unsafe bytes[i] != prefix.utf8Start[i] { return nil }
        var place = prefix.utf8CodeUnitCount
        var name: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "/") {
            guard Self.isPlain(bytes[place]) else { return nil }
            name.append(bytes[place])
            place += 1
        }
        guard let level = Self.number(in: bytes, from: &place, closedBy: UInt8(ascii: "/")),
            let column = Self.number(in: bytes, from: &place, closedBy: UInt8(ascii: "/")),
            let row = Self.number(in: bytes, from: &place, closedBy: nil),
            let format = Self.format(of: bytes, from: place)
        else { return nil }
        self.init(map: String(decoding: name, as: UTF8.self), level: level, column: column, row: row, format: format)
    }

    public init(map: String, level: Int, column: Int, row: Int, format: TileFormat) {
        self.map = map
        self.level = level
        self.column = column
        self.row = row
        self.format = format
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Steps over the slash at `place`, then reads up to nine digits.
    private static func number(in bytes: Span<UInt8>, from place: inout Int, closedBy end: UInt8?) -> Int? {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "/") else { return nil }
        place += 1
        let start = place
        var value = 0
        while place < bytes.count, bytes[place] >= UInt8(ascii: "0"), bytes[place] <= UInt8(ascii: "9") {
            value = value * 10 + Int(bytes[place] - UInt8(ascii: "0"))
            place += 1
            guard place - start <= 9 else { return nil }
        }
        guard place > start, place < bytes.count else { return nil }
        if let end { guard bytes[place] == end else { return nil } }
        return value
    }

    private static func format(of bytes: Span<UInt8>, from place: Int) -> TileFormat? {
        let endings: [(StaticString, TileFormat)] = [
            (".png", .png(ratio: 1)), (".mvt", .mvt), ("@2x.png", .png(ratio: 2)), (".pbf", .mvt),
            (".jpg", .jpeg(ratio: 1)), ("@2x.jpg", .jpeg(ratio: 2)), (".webp", .webp(ratio: 1)), ("@2x.webp", .webp(ratio: 2)),
        ]
        for (ending, format) in endings where bytes.count - place == ending.utf8CodeUnitCount {
            var same = true
            for i in 0..<ending.utf8CodeUnitCount {
                let expected = unsafe ending.utf8Start[i]
                if bytes[place + i] != expected { same = false }
            }
            if same { return format }
        }
        return nil
    }
}

extension TileService.Request {
    /// The XYZ door speaks Web Mercator only.
    init(_ path: TilePath) {
        self.init(
            map: path.map, matrixSet: TileRoutes.webMercator,
            address: TileAddress(level: path.level, row: path.row, column: path.column), format: path.format)
    }
}
