/// A moment in the life of one registry: tells it from another registry, and from an older copy of itself.
public struct RegistryMoment: Hashable, Codable, Sendable {
    /// Given to the registry when it was made, 16 hexadecimal digits.
    public var registry: String
    /// The latest version that had been given by then; 0 before the first.
    public var version: Int64
    /// The layer that the version is of; empty before the first.
    public var layer: String
    /// When the version was begun, ISO 8601; empty before the first.
    public var startedAt: String

    public init(registry: String, version: Int64, layer: String, startedAt: String) {
        self.registry = registry
        self.version = version
        self.layer = layer
        self.startedAt = startedAt
    }
}
