/// Well-known binary (OGC 06-103r4 clause 8; EWKB's flag bits are read too).
public enum WKB {
    /// What a well-known binary value holds.
    public struct Decoded: Hashable, Sendable {
        /// `nil` for an empty point, which has no position to keep.
        public var geometry: Geometry?
        /// Whether heights or measures were there and left out.
        public var hasDroppedOrdinates: Bool
        /// EWKB's spatial reference identifier; `nil` where none is written.
        public var srid: Int32?

        public init(geometry: Geometry?, hasDroppedOrdinates: Bool = false, srid: Int32? = nil) {
            self.geometry = geometry
            self.hasDroppedOrdinates = hasDroppedOrdinates
            self.srid = srid
        }
    }

    /// Collections inside one another that are followed before the bytes are refused.
    public static let nestingLimit = 32

    /// The geometry at the start of `bytes`; bytes after it are ignored.
    ///
    /// Both byte orders, ISO (+1000, +2000, +3000) and EWKB dimension flags. Ordinates may be NaN or infinite.
    /// Memory asked for is bounded by the number of bytes given, whatever the counts in them say.
    public static func decode(_ bytes: RawSpan) throws(WKBError) -> Decoded {
        try decode(bytes, from: 0)
    }

    public static func decode(_ bytes: [UInt8]) throws(WKBError) -> Decoded {
        unsafe try decode(bytes.span.bytes, from: 0)
    }

    static func decode(_ bytes: RawSpan, from offset: Int) throws(WKBError) -> Decoded {
        var cursor = WKBCursor(position: offset)
        let geometry = try cursor.geometry(bytes, depth: 0)
        return Decoded(geometry: geometry, hasDroppedOrdinates: cursor.hasDroppedOrdinates, srid: cursor.srid)
    }

    /// `geometry` as little-endian two-dimensional well-known binary.
    public static func encode(_ geometry: Geometry) -> [UInt8] {
        var bytes: [UInt8] = []
        append(geometry, to: &bytes)
        return bytes
    }
}
