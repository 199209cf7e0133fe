/// Writes GeoJSON (RFC 7946) as UTF-8 bytes, one feature after another, into one buffer.
///
/// The same values always give the same bytes. No NaN and no infinity is written: a geometry with one is
/// written as `null`, and so is such a property.
public struct GeoJSONWriter: Sendable {
    public enum Precision: Hashable, Sendable {
        /// Places after the point, 0 to 9, rounded to nearest; trailing zeros are left out. 7 suit degrees, 3 metres.
        case decimals(Int)
        /// The fewest digits that read back as the same number.
        case shortest
    }

    public enum Winding: Hashable, Sendable {
        case asGiven
        /// Exteriors counterclockwise and holes clockwise, RFC 7946 clause 3.1.6.
        case rightHand
        /// The same on the ground, where positions have north first: another CRS turns no ring round.
        case rightHandNorthFirst
    }

    /// What has been written and not yet taken.
    public var bytes: [UInt8] = []
    public let precision: Precision
    public let winding: Winding
    /// `"name":` of each field, escaped, commas before all but the first.
    private let names: [[UInt8]]

    /// - Parameter schema: of the features that will be appended; empty when only geometries are.
    public init(schema: FeatureSchema = FeatureSchema(fields: []), precision: Precision = .decimals(7), winding: Winding = .rightHand) {
        if case .decimals(let places) = precision {
            precondition((0...9).contains(places), "GeoJSON decimals must be 0 to 9")
        }
        self.precision = precision
        self.winding = winding
        names = schema.fields.enumerated().map { index, field in
            var name: [UInt8] = index == 0 ? [] : [0x2C]
            JSONText.append(field.name, to: &name)
            name.append(0x3A)
            return name
        }
    }

    /// Appends a Feature object; an id below 1 is left out.
    ///
    /// - Precondition: `feature` has one value a field of the schema.
    public mutating func append(_ feature: Feature) {
        beginFeature(id: feature.id >= 1 ? feature.id : nil)
        if let geometry = feature.geometry { append(geometry) } else { append("null") }
        appendProperties(feature)
    }

    /// Appends a Feature object whose positions are `positions` from `next` on, in place of its geometry's own.
    ///
    /// - Parameter next: moved on by as many positions as the geometry has.
    /// - Precondition: `feature` has one value a field of the schema, and there are that many positions.
    public mutating func append(_ feature: Feature, positions: [Coordinate], from next: inout Int) {
        beginFeature(id: feature.id >= 1 ? feature.id : nil)
        if let geometry = feature.geometry {
            append(geometry, positions: positions, from: &next)
        } else {
            append("null")
        }
        appendProperties(feature)
    }

    private mutating func appendProperties(_ feature: Feature) {
        beginProperties()
        precondition(feature.values.count == names.count, "a feature needs one value a field of the schema")
        for index in 0..<names.count { appendProperty(index, feature.values[index]) }
        endFeature()
    }

    /// Begins a Feature up to its geometry, which the caller appends next.
    public mutating func beginFeature(id: Int64?) {
        if let id {
            append("{\"type\":\"Feature\",\"id\":")
            append(id)
            append(",\"geometry\":")
        } else {
            append("{\"type\":\"Feature\",\"geometry\":")
        }
    }

    /// Follows the geometry of a feature; the properties come next, in schema order from the first.
    public mutating func beginProperties() {
        append(",\"properties\":{")
    }

    /// Appends the value of the field at `index` of the schema.
    public mutating func appendProperty(_ index: Int, _ value: PropertyValue) {
        bytes.append(contentsOf: names[index])
        append(value)
    }

    public mutating func endFeature() {
        append("}}")
    }

    /// Appends a value as JSON.
    public mutating func append(_ value: PropertyValue) {
        switch value {
        case .null: append("null")
        case .boolean(let flag): append(flag ? "true" : "false")
        case .integer(let n): append(n)
        case .real(let n): JSONText.append(n, to: &bytes)
        case .text(let text): JSONText.append(text, to: &bytes)
        }
    }

    public mutating func append(_ n: Int64) {
        JSONText.append(n, to: &bytes)
    }

    /// Appends JSON that the caller answers for, such as `{"type":"FeatureCollection","features":[`.
    public mutating func append(_ json: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    }
}
