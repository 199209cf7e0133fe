internal import SimpleFeatures
internal import Tiling

extension ProtocolBuffer {
    /// Numbers of `FeatureCollectionPBuffer.FieldType`, for the types that fields have here.
    private static let fieldTypes: [String: UInt64] = [
        "esriFieldTypeSmallInteger": 0, "esriFieldTypeDouble": 3, "esriFieldTypeString": 4, "esriFieldTypeDate": 5, "esriFieldTypeOID": 6,
    ]
    /// `sqlTypeOther` of `FeatureCollectionPBuffer.SQLType`: what a column is in a database is nobody's business.
    private static let otherSQLType: UInt64 = 16

    mutating func field(_ name: String, alias: String, type: String) {
        guard let number = Self.fieldTypes[type] else { preconditionFailure("\(type) is a type of fields") }
        text(1, name)
        unsigned(2, number)
        text(3, alias)
        unsigned(4, Self.otherSQLType)
    }

    /// A value of a field; nothing at all for none.
    mutating func value(_ value: PropertyValue, _ kind: FieldKind) {
        switch value {
        case .null: break
        // ArcGIS has no booleans.
        case .boolean(let flag): signed(EsriProtocolBuffer.Value.int32, flag ? 1 : 0)
        case .integer(let number): integer(number)
        case .real(let number): if number.isFinite { real(EsriProtocolBuffer.Value.real, number) }
        case .text(let content):
            guard kind == .date || kind == .dateTime else { return text(EsriProtocolBuffer.Value.text, content) }
            if let milliseconds = EsriTime.milliseconds(content) { signed(EsriProtocolBuffer.Value.sint64, milliseconds) }
        }
    }

    mutating func value(id: Int64) {
        if let small = UInt32(exactly: id) { unsigned(EsriProtocolBuffer.Value.uint32, UInt64(small)) } else { signed(EsriProtocolBuffer.Value.sint64, id) }
    }

    mutating func value(_ value: JSONDocument) {
        switch value {
        case .boolean(let flag): signed(EsriProtocolBuffer.Value.int32, flag ? 1 : 0)
        case .integer(let number): integer(Int64(number))
        case .number(let number): if number.isFinite { real(EsriProtocolBuffer.Value.real, number) }
        case .string(let content): text(EsriProtocolBuffer.Value.text, content)
        case .null, .array, .object: break
        }
    }

    /// Whole numbers are doubles, as their fields say they are, but for those that a double has no room for.
    private mutating func integer(_ number: Int64) {
        if let exact = Double(exactly: number) { real(EsriProtocolBuffer.Value.real, exact) } else { signed(EsriProtocolBuffer.Value.sint64, number) }
    }
}
