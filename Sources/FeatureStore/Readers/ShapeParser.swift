import SimpleFeatures
import Wording

/// Why the content of one shape record cannot be read.
struct ShapeFault: Error {
    var key = "shape-damaged"
    var reason: LocalisedText
}

/// Reads the content of shape records (ESRI Shapefile Technical Description, July 1998).
struct ShapeParser {
    /// Whether the last shape carried heights or measures, which are left out.
    private(set) var hasDroppedOrdinates = false
    /// Whether a hole of the last shape lay in no exterior and was made a polygon of its own.
    private(set) var hasLooseHole = false
    let positionLimit: Int

    init(positionLimit: Int) {
        self.positionLimit = positionLimit
    }

    /// The geometry of the record content in `range`; `nil` for a null shape.
    mutating func geometry(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ShapeFault) -> Geometry? {
        hasDroppedOrdinates = false
        hasLooseHole = false
        guard range.count >= 4 else {
            throw ShapeFault(reason: .init(zh: "记录只有 \(range.count) 字节，容不下图形类型。", en: "The record has \(range.count) bytes, too few for a shape type."))
        }
        let type = Int(bytes.int32(at: range.lowerBound))
        guard type != 0 else { return nil }
        hasDroppedOrdinates = type > 10
        switch type {
        case 1, 11, 21:
            guard range.count >= 20 else {
                throw ShapeFault(reason: .init(zh: "记录过短，容不下一个点。", en: "The record is too short for a point."))
            }
            return .point(try position(bytes, range.lowerBound + 4))
        case 8, 18, 28: return .multiPoint(try multiPoint(bytes, range))
        case 3, 13, 23:
            let lines = try parts(bytes, range)
            return lines.count == 1 ? .lineString(lines[0]) : .multiLineString(lines)
        case 5, 15, 25:
            let polygons = RingGrouping.polygons(try parts(bytes, range), hasLooseHole: &hasLooseHole)
            return polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(polygons)
        default:
            throw ShapeFault(key: "shape-type-unsupported", reason: .init(zh: "图形类型 \(type) 不是点、线、面或多点。", en: "Shape type \(type) is none of point, line, polygon and multipoint."))
        }
    }

    private func multiPoint(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ShapeFault) -> [Coordinate] {
        guard range.count >= 40 else {
            throw ShapeFault(reason: .init(zh: "记录过短，容不下多点。", en: "The record is too short for a multipoint."))
        }
        let count = Int(bytes.int32(at: range.lowerBound + 36))
        guard count >= 0, count <= (range.count - 40) / 16 else {
            throw ShapeFault(reason: .init(zh: "记录自称有 \(count) 个点，长度却不够。", en: "The record counts \(count) points and is too short for them."))
        }
        return try path(bytes, range.lowerBound + 40, count)
    }

    private func parts(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ShapeFault) -> [[Coordinate]] {
        guard range.count >= 44 else {
            throw ShapeFault(reason: .init(zh: "记录过短，容不下各部分。", en: "The record is too short for parts."))
        }
        let partCount = Int(bytes.int32(at: range.lowerBound + 36))
        let pointCount = Int(bytes.int32(at: range.lowerBound + 40))
        let room = range.count - 44
        guard partCount >= 0, pointCount >= 0, partCount <= room / 4, pointCount <= (room - partCount * 4) / 16 else {
            throw ShapeFault(reason: .init(zh: "记录自称有 \(partCount) 个部分、\(pointCount) 个点，长度却不够。", en: "The record counts \(partCount) parts and \(pointCount) points and is too short for them."))
        }
        guard pointCount <= positionLimit else {
            throw ShapeFault(key: "too-many-positions", reason: .init(zh: "图形有 \(pointCount) 个点，超过允许的 \(positionLimit) 个。", en: "The shape has \(pointCount) points, more than the \(positionLimit) allowed."))
        }
        let points = range.lowerBound + 44 + partCount * 4
        var result: [[Coordinate]] = []
        result.reserveCapacity(partCount)
        for part in 0..<partCount {
            let at = range.lowerBound + 44 + part * 4
            let first = Int(bytes.int32(at: at))
            let next = part + 1 < partCount ? Int(bytes.int32(at: at + 4)) : pointCount
            guard first >= 0, first <= next, next <= pointCount else {
                throw ShapeFault(reason: .init(zh: "第 \(part + 1) 部分从第 \(first) 点到第 \(next) 点，而总共只有 \(pointCount) 点。", en: "Part \(part + 1) runs from point \(first) to \(next) of \(pointCount)."))
            }
            if next > first { result.append(try path(bytes, points + first * 16, next - first)) }
        }
        return result
    }

    private func path(_ bytes: Span<UInt8>, _ offset: Int, _ count: Int) throws(ShapeFault) -> [Coordinate] {
        var path: [Coordinate] = []
        path.reserveCapacity(count)
        for i in 0..<count { path.append(try position(bytes, offset &+ i &* 16)) }
        return path
    }

    private func position(_ bytes: Span<UInt8>, _ offset: Int) throws(ShapeFault) -> Coordinate {
        let c = Coordinate(x: bytes.double(at: offset), y: bytes.double(at: offset &+ 8))
        guard c.isFinite else {
            throw ShapeFault(key: "coordinate-not-finite", reason: .init(zh: "字节 \(offset) 处的坐标为 \(c.x), \(c.y)。", en: "The position at byte \(offset) is \(c.x), \(c.y)."))
        }
        return c
    }
}

extension Span<UInt8> {
    /// A little-endian number; the bytes must be there.
    func int32(at offset: Int) -> Int32 {
        Int32(bitPattern: uint32(at: offset))
    }

    func uint32(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset <= count - 4, "four bytes must be there")
        return unsafe withUnsafeBytes { unsafe UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }

    func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    func double(at offset: Int) -> Double {
        precondition(offset >= 0 && offset <= count - 8, "eight bytes must be there")
        return unsafe withUnsafeBytes { unsafe Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))) }
    }
}
