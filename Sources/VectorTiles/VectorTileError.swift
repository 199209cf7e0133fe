/// Why bytes are not a vector tile.
public struct VectorTileError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// A length, number or field runs past the end of what holds it.
        case truncated
        /// A protocol buffer key, wire type or varint that cannot be.
        case malformed
        /// A layer of a version other than 1 and 2.
        case unsupportedVersion
        /// A layer without a name or version, or two layers of one name.
        case invalidLayer
        /// A value that holds no or more than one of the seven types.
        case invalidValue
        /// A tag that points past the keys or values.
        case invalidTag
        /// Text that is not UTF-8.
        case invalidText
        /// Commands that MVT 2.1 clause 4.3 does not allow.
        case invalidGeometry
        /// More than 2 GiB.
        case tooLarge
    }

    public let code: Code
    /// What is wrong, in which layer and feature.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

/// Something a strict encoder would not have written, read all the same.
public struct VectorTileWarning: Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        case unknownField
        case emptyLayer
        /// The feature is left out.
        case missingType
        /// The feature is left out.
        case missingGeometry
        /// The feature is left out.
        case repeatedGeometry
        /// The last tag is left out.
        case oddTags
        case repeatedFeatureID
        /// A ring whose area is zero, or a hole before any exterior ring.
        case ringOrder
        /// An unsigned value above the signed range is read as a real number.
        case largeUnsignedValue
    }

    public var code: Code
    public var layer: String
    /// The feature's place in its layer, from 0; `nil` when the layer itself is meant.
    public var feature: Int?

    public var description: String {
        "layer '\(layer)'" + (feature.map { ", feature \($0)" } ?? "") + ": \(code.rawValue)"
    }
}
