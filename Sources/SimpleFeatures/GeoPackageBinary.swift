/// The geometry blob of a GeoPackage: a header before well-known binary (OGC 12-128r18 clause 2.1.3).
public enum GeoPackageBinary {
    /// What a blob's header says, without a look at the geometry.
    public struct Header: Hashable, Sendable {
        /// The `srs_id` of the geometry column.
        public var srsID: Int32
        /// `nil` where none is written, as for points.
        public var envelope: Envelope?
        public var isEmpty: Bool
        /// Bytes before the well-known binary.
        public var byteCount: Int
    }

    /// - Throws: `WKBError` with code `headerUnknown` or `truncated`.
    public static func header(_ bytes: RawSpan) throws(WKBError) -> Header {
        guard bytes.byteCount >= 8 else {
            throw WKBError(
                code: .truncated, message: "a geometry blob of \(bytes.byteCount) bytes is shorter than its header of 8; the value is damaged",
                byteOffset: 0)
        }
        let magic = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)
        let version = unsafe bytes.unsafeLoad(fromByteOffset: 2, as: UInt8.self)
        let flags = unsafe bytes.unsafeLoad(fromByteOffset: 3, as: UInt8.self)
        let envelopeCode = (flags >> 1) & 7
        guard UInt16(bigEndian: magic) == 0x4750, version == 0, envelopeCode <= 4, flags & 0x20 == 0 else {
            throw WKBError(
                code: .headerUnknown,
                message: "the blob does not begin with a standard GeoPackage geometry header (GP, version 0); extended geometry types are not read",
                byteOffset: 0)
        }
        let isLittleEndian = flags & 1 == 1
        let byteCount = 8 + [0, 32, 48, 48, 64][Int(envelopeCode)]
        guard bytes.byteCount >= byteCount else {
            throw WKBError(code: .truncated, message: "the blob ends inside its envelope; the value is damaged", byteOffset: 8)
        }
        let srs = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4, as: UInt32.self)
        return Header(
            srsID: Int32(bitPattern: isLittleEndian ? UInt32(littleEndian: srs) : UInt32(bigEndian: srs)),
            envelope: envelopeCode == 0 ? nil : envelope(bytes, isLittleEndian),
            isEmpty: flags & 0x10 != 0, byteCount: byteCount)
    }

    /// The header and the geometry; `isEmpty` blobs give the empty geometry that they hold.
    public static func decode(_ bytes: RawSpan) throws(WKBError) -> (header: Header, value: WKB.Decoded) {
        let header = try header(bytes)
        return (header, try WKB.decode(bytes, from: header.byteCount))
    }

    public static func decode(_ bytes: [UInt8]) throws(WKBError) -> (header: Header, value: WKB.Decoded) {
        unsafe try decode(bytes.span.bytes)
    }

    /// A little-endian blob, with an envelope unless `geometry` is a point or empty.
    public static func encode(_ geometry: Geometry, srsID: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        append(geometry, srsID: srsID, to: &bytes)
        return bytes
    }

    /// Appends what `encode` gives.
    public static func append(_ geometry: Geometry, srsID: Int32, to bytes: inout [UInt8]) {
        let isEmpty = geometry.isEmpty
        let hasEnvelope = !isEmpty && geometry.kind != .point
        bytes.append(contentsOf: [0x47, 0x50, 0, 1 | (hasEnvelope ? 2 : 0) | (isEmpty ? 0x10 : 0)])
        unsafe withUnsafeBytes(of: srsID.littleEndian) { unsafe bytes.append(contentsOf: $0) }
        if hasEnvelope {
            let box = geometry.envelope
            for ordinate in [box.minX, box.maxX, box.minY, box.maxY] {
                unsafe withUnsafeBytes(of: ordinate.bitPattern.littleEndian) { unsafe bytes.append(contentsOf: $0) }
            }
        }
        WKB.append(geometry, to: &bytes)
    }

    /// The blob holds minx, maxx, miny, maxy.
    private static func envelope(_ bytes: RawSpan, _ isLittleEndian: Bool) -> Envelope {
        func ordinate(_ index: Int) -> Double {
            let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 8 + index * 8, as: UInt64.self)
            return Double(bitPattern: isLittleEndian ? UInt64(littleEndian: raw) : UInt64(bigEndian: raw))
        }
        return Envelope(minX: ordinate(0), minY: ordinate(2), maxX: ordinate(1), maxY: ordinate(3))
    }
}
