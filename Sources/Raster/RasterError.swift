/// Why bytes are no picture.
public struct RasterError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The bytes are not a PNG, or a damaged one.
        case malformed
        /// More pixels than the reader is willing to unpack.
        case tooLarge
    }

    public let code: Code
    /// What went wrong, where, and what to do.
    public let message: String
    public let cause: (any Error)?

    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
