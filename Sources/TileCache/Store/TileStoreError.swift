public import Wording

/// Why a store cannot be used.
public struct TileStoreError: Error, Sendable, CustomStringConvertible {
    /// What, where, and what to do.
    public var message: LocalisedText
    public var cause: (any Error)?

    public init(message: LocalisedText, cause: (any Error)? = nil) {
        self.message = message
        self.cause = cause
    }

    public var description: String { cause.map { "\(message.both) (\($0))" } ?? message.both }
}
