public import SimpleFeatures
import Wording

/// Takes rows as they are read, to build what it needs of them.
public protocol FeatureRowConsumer: Sendable {
    /// Called once before the rows; `fields` are the positions in the layer's schema that the rows' values have.
    mutating func begin(layer: LayerRecord, fields: [Int])
    /// Called for every row in order; `false` ends the reading.
    mutating func take(_ row: borrowing FeatureRow) -> Bool
}

/// One stored feature, in memory that belongs to the store and lasts for one call.
@safe
public struct FeatureRow: ~Copyable {
    /// A value, lent.
    @unsafe
    public enum Value {
        case null
        case boolean(Bool)
        case integer(Int64)
        case real(Double)
        /// UTF-8 without a terminator.
        case text(UnsafeRawBufferPointer)
    }

    public let id: Int64
    let wellKnownBinary: UnsafeRawBufferPointer
    let lentValues: UnsafeBufferPointer<Value>
    /// Four little-endian doubles before the geometry: minx, maxx, miny, maxy; empty where the store keeps none.
    private let storedEnvelope: UnsafeRawBufferPointer

    init(
        id: Int64, wellKnownBinary: UnsafeRawBufferPointer, values: UnsafeBufferPointer<Value>,
        storedEnvelope: UnsafeRawBufferPointer, valueCount: Int
    ) {
        self.id = id
        self.valueCount = valueCount
        unsafe self.storedEnvelope = storedEnvelope
        unsafe self.wellKnownBinary = wellKnownBinary
        unsafe self.lentValues = values
    }

    /// Whether the feature has a place.
    public var hasGeometry: Bool { unsafe !wellKnownBinary.isEmpty }

    /// The envelope that is stored with the geometry; `nil` where none is, as with points.
    var envelope: Envelope? {
        guard unsafe storedEnvelope.count == 32 else { return nil }
        return unsafe Envelope(
            minX: ordinate(storedEnvelope, 0), minY: ordinate(storedEnvelope, 16), maxX: ordinate(storedEnvelope, 8),
            maxY: ordinate(storedEnvelope, 24))
    }

    /// The position of a point that this program stored; `nil` for other geometries.
    var point: Coordinate? {
        guard unsafe wellKnownBinary.count == 21, unsafe wellKnownBinary[0] == 1, unsafe wellKnownBinary[1] == 1 else { return nil }
        return unsafe Coordinate(x: ordinate(wellKnownBinary, 5), y: ordinate(wellKnownBinary, 13))
    }

    private func ordinate(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Double {
        Double(bitPattern: UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }

    /// How many fields were asked for.
    public let valueCount: Int

    /// The two-dimensional well-known binary, little-endian when this program stored it; empty without a geometry.
    public func withWellKnownBinary<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
        try body(unsafe wellKnownBinary.bytes)
    }

    /// The value of the field at `index` of the fields that are read; text dies with the row.
    @unsafe
    public func lentValue(at index: Int) -> Value { unsafe lentValues[index] }

    /// The value of the field at `index` of the fields that are read.
    public func value(at index: Int) -> PropertyValue {
        switch unsafe lentValues[index] {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .integer(let n): .integer(n)
        case .real(let r): .real(r)
        case .text(let utf8): .text(unsafe String(decoding: utf8, as: UTF8.self))
        }
    }
}

/// Builds features of rows.
struct FeatureCollector: FeatureRowConsumer {
    var features: [Feature] = []
    var failure: RegistryError?
    private var fields: [Int] = []
    private var blank: [PropertyValue] = []
    private var layer = ""

    mutating func begin(layer: LayerRecord, fields: [Int]) {
        self.fields = fields
        self.layer = layer.id
        blank = Array(repeating: .null, count: layer.schema.fields.count)
    }

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        var values = blank
        for (index, field) in fields.enumerated() { values[field] = row.value(at: index) }
        do throws(WKBError) {
            let geometry = row.hasGeometry ? try row.geometry() : nil
            features.append(Feature(id: row.id, geometry: geometry, values: values))
            return true
        } catch {
            failure = RegistryError(
                code: .storageDamaged,
                message: .init(
                    zh: "图层 \(layer) 要素 \(row.id)：存储的几何无法读取；请重新导入该图层",
                    en: "layer \(layer), feature \(row.id): the stored geometry cannot be read (\(error.message)); import the layer again"),
                cause: error)
            return false
        }
    }
}

extension FeatureRow {
    /// The geometry; `nil` for an empty point.
    public func geometry() throws(WKBError) -> Geometry? {
        try WKB.decode(unsafe wellKnownBinary.bytes).geometry
    }
}
