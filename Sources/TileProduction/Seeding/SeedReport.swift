public import TileCache
public import Tiling

/// One tile that seeding has made.
public struct SeededTile: Sendable {
    public var address: TileAddress
    public var tile: EncodedTile
}

/// A tile that could not be made.
public struct SeedFailure: Sendable, Equatable {
    public var address: TileAddress
    /// Chinese and English.
    public var reason: String
}

/// How far seeding has come; when it is done, made, empty and failed together are what was expected.
public struct SeedProgress: Sendable, Equatable {
    public var level = 0
    /// Of all levels.
    public var expected = 0
    /// With content.
    public var made = 0
    /// Nothing is drawn there: not kept.
    public var empty = 0
    public var failed = 0
    /// Of the tiles made, each counted however often its content occurs.
    public var bytes = 0

    public var done: Int { made + empty + failed }
}

/// What seeding came to.
public struct SeedReport: Sendable {
    public var progress: SeedProgress
    /// In the order of their tiles.
    public var failures: [SeedFailure]

    public var isComplete: Bool { progress.done == progress.expected && failures.isEmpty }
}
