/// Why a prepared layer could not be written, opened or read.
public struct PreparedLayerError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The operating system refused to open, read, write or rename the file.
        case fileNotAccessible
        /// There is no room for the file.
        case storageFull
        /// The file is not a prepared layer, or one of another format version.
        case formatNotKnown
        /// The file ends early or contradicts itself.
        case fileCorrupt
        /// The layer holds no coordinates in the CRS asked for.
        case crsNotServed
        /// A position to be stored is not finite.
        case coordinateNotFinite
        /// More features, vertices or text than the format can number.
        case layerTooLarge
    }

    public var code: Code
    /// What, where, and what to do.
    public var message: String
    /// The operating system's word, where there is one.
    public var cause: String?

    public init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
