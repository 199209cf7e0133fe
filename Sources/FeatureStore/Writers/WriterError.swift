/// Why a file cannot be written.
public struct WriterError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The file cannot be made, written or put in its place.
        case fileNotWritable
        /// A value or geometry that the format cannot hold.
        case valueUnsuitable
        case encodingUnknown
    }

    public var code: Code
    /// Names the file, the record and the remedy.
    public var message: String
    public var cause: (any Error)?

    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
