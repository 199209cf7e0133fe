/// Why bytes are not well-known binary that can be read.
public struct WKBError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, CaseIterable {
        /// The bytes end before the geometry does, or a count promises more than is there.
        case truncated
        /// The byte order mark is neither 0 nor 1.
        case byteOrderUnknown
        /// A curve, surface or unknown type, or a part of a type that its collection does not hold.
        case typeUnsupported
        /// Collections inside one another beyond the limit.
        case nestedTooDeeply
        /// A GeoPackage blob without `GP`, of another version, with an envelope code above 4 or of an extended type.
        case headerUnknown
    }

    public var code: Code
    /// What was met, where, and what to do.
    public var message: String
    /// From the start of the bytes given.
    public var byteOffset: Int

    public init(code: Code, message: String, byteOffset: Int) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
    }
}
