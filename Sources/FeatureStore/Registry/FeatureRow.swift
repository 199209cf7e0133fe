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

    init(id: Int64, wellKnownBinary: UnsafeRawBufferPointer, values: UnsafeBufferPointer<Value>) {
        self.id = id
        unsafe self.wellKnownBinary = wellKnownBinary
        unsafe self.lentValues = values
    }

    /// Whether the feature has a place.
    public var hasGeometry: Bool { unsafe !wellKnownBinary.isEmpty }

    public var valueCount: Int { unsafe lentValues.count }

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
