public import SimpleFeatures

/// A property value as a catalogue document writes it.
public struct CatalogueValue: Hashable, Sendable, Codable {
    public var value: PropertyValue

    public init(_ value: PropertyValue) {
        self.value = value
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.singleValueContainer()
        if c.decodeNil() {
            value = .null
        } else if let boolean = try? c.decode(Bool.self) {  // the four attempts are the type test itself
            value = .boolean(boolean)
        } else if let integer = try? c.decode(Int64.self) {
            value = .integer(integer)
        } else if let real = try? c.decode(Double.self) {
            value = .real(real)
        } else {
            value = .text(try c.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var c = encoder.singleValueContainer()
        switch value {
        case .null: try c.encodeNil()
        case .boolean(let v): try c.encode(v)
        case .integer(let v): try c.encode(v)
        case .real(let v): try c.encode(v)
        case .text(let v): try c.encode(v)
        }
    }
}
