/// Why bytes are not GeoJSON that can be read, and where.
public struct GeoJSONError: Error, Sendable, Hashable {
    /// Raw values are the stable keys under which such faults are counted.
    public enum Code: String, Sendable, CaseIterable {
        case syntax = "json-syntax"
        case textNotUTF8 = "text-not-utf8"
        case nestedTooDeeply = "nested-too-deeply"
        case typeUnknown = "geometry-type-unknown"
        case memberMissing = "geometry-member-missing"
        case numberExpected = "number-expected"
        case coordinateNotFinite = "coordinate-not-finite"
        case positionTooShort = "position-too-short"
        case tooManyPositions = "too-many-positions"
    }

    public var code: Code
    /// From the start of the bytes given.
    public var byteOffset: Int
    /// What was met there, a phrase that can follow "at byte n: ".
    public var reason: String

    public init(_ code: Code, at byteOffset: Int, _ reason: String) {
        self.code = code
        self.byteOffset = byteOffset
        self.reason = reason
    }
}
