internal import SQLite
internal import SimpleFeatures

/// Lends the current row of a statement as the registry's own row.
@safe
struct RowReader: ~Copyable {
    private let kinds: [FieldKind]
    private let values: UnsafeMutableBufferPointer<FeatureRow.Value>

    /// Values that are the consumer's; those behind them are a filter's.
    private let shown: Int

    init(layer: StoredLayer, fields: [Int], shown: Int? = nil) {
        self.shown = shown ?? fields.count
        kinds = fields.map { layer.record.schema.fields[$0].kind }
        unsafe values = .allocate(capacity: fields.count)
        unsafe values.initialize(repeating: .null)
    }

    deinit {
        unsafe values.deinitialize()
        unsafe values.deallocate()
    }

    /// Columns: key, geometry, then the fields.
    mutating func show(_ statement: borrowing Statement, _ body: (borrowing FeatureRow) -> Bool) -> Bool {
        for (index, kind) in kinds.enumerated() {
            unsafe values[index] = RowReader.value(statement, column: index + 2, kind: kind)
        }
        let blob = unsafe statement.bytes(at: 1)
        let row = unsafe FeatureRow(
            id: statement.integer(at: 0), wellKnownBinary: RowReader.withoutHeader(blob),
            values: UnsafeBufferPointer(values), storedEnvelope: RowReader.envelope(blob), valueCount: shown)
        return body(row)
    }

    private static func value(_ statement: borrowing Statement, column: Int, kind: FieldKind) -> FeatureRow.Value {
        switch statement.storageClass(at: column) {
        case .null, .blob: return unsafe .null
        case .text: return unsafe .text(statement.withText(at: column) { unsafe $0 })
        case .real: return unsafe .real(statement.real(at: column))
        case .integer:
            let number = statement.integer(at: column)
            return switch kind {
            case .boolean: unsafe .boolean(number != 0)
            case .real: unsafe .real(Double(number))
            default: unsafe .integer(number)
            }
        }
    }

    /// The envelope of a little-endian header of two dimensions, which is what this program writes.
    private static func envelope(_ blob: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard blob.count > 40, unsafe blob[3] & 0x0F == 3 else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(rebasing: blob[8..<40])
    }

    /// The well-known binary after a GeoPackage header; nothing where the blob is no geometry.
    private static func withoutHeader(_ blob: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard blob.count > 8, unsafe blob[0] == 0x47, unsafe blob[1] == 0x50 else {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let envelopeBytes: Int =
            switch unsafe (blob[3] >> 1) & 7 {
            case 0: 0
            case 1: 32
            case 2, 3: 48
            default: 64
            }
        return unsafe UnsafeRawBufferPointer(rebasing: blob.dropFirst(8 + envelopeBytes))
    }
}
