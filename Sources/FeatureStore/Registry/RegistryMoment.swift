/// A moment in the life of one registry: tells it from another registry, and from an older copy of itself that has gone on.
public struct RegistryMoment: Hashable, Codable, Sendable {
    /// The latest version that had been given by then; 0 before the first.
    public var version: Int64
    /// Given by chance together with the version, 16 hexadecimal digits: another registry gives the same numbers and other names.
    public var name: String

    public init(version: Int64, name: String) {
        self.version = version
        self.name = name
    }
}
