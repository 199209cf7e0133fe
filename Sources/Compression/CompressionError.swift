/// Why bytes could not be unpacked.
public struct CompressionError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        /// The stream is damaged or ends early.
        case corrupt
        /// Unpacking would exceed the limit the caller set.
        case tooLarge
    }

    public var code: Code
    /// What was wrong and what to do about it.
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
