/// Why coordinates cannot be carried from one CRS to another.
///
/// `message` says what was met, where, and what to do about it. It never holds an operator's pipeline.
public struct ReprojectionError: Error, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// The text names no CRS that the PROJ database or the parser knows.
        case unknownCRS
        /// The text names something that is not a horizontal CRS, such as a local engineering grid or a height system.
        case unsupportedCRS
        /// The two datums are connected by no operation that the datum policy accepts.
        case datumRefused
        /// GCJ-02 and BD-09 are undone on import; nothing is ever turned into them.
        case obfuscatedTarget
        /// The operator's pipeline for a CRS does not build.
        case invalidPipeline
        /// PROJ itself could not work: no memory, or no database.
        case engineUnavailable
    }

    public let code: Code
    public let message: String
    /// What lay beneath, when another error did.
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension ReprojectionError: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(message)" }
}
