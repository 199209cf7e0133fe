/// Why a source cannot be read at all, or not beyond a place.
public struct ReaderError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case fileNotFound
        case fileNotReadable
        /// The content is of no known format.
        case formatUnknown
        /// A file that belongs to the source is absent, such as the `.dbf` of a shapefile.
        case partMissing
        /// The bytes break the format's own rules; the message names the place.
        case contentDamaged
        /// The named encoding is not known, or the bytes are not in it.
        case encodingWrong
        /// A `ReaderOptions` value does not fit the source, such as a field that is not there.
        case optionInvalid
        /// The source asks for more than `ReaderLimits` allows.
        case limitExceeded
    }

    public var code: Code
    /// Names the file, the place and the remedy.
    public var message: String
    public var cause: (any Error)?

    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
