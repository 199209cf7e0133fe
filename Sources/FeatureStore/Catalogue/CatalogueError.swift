/// Why a catalogue document cannot be used.
public struct CatalogueError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        case unreadable
        case malformed
        case inconsistent
    }

    public var code: Code
    /// Names the file, the place in it, and what to write instead.
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
