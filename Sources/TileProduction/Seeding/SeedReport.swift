public import SeedJobs
public import TileCache
public import Tiling

/// One tile that seeding has been at.
public struct SeededTile: Sendable {
    public enum Content: Sendable {
        case made(EncodedTile)
        /// Nothing is drawn there.
        case empty
        /// Chinese and English.
        case failed(String)
    }

    public var address: TileAddress
    public var content: Content
    /// Whether the index told that it is empty, without its being drawn.
    var isKnownEmpty = false
}

extension SeedTally {
    /// Adds one tile.
    mutating func add(_ tile: SeededTile) {
        switch tile.content {
        case .made(let encoded):
            made += 1
            bytes += encoded.body.count
            digest &+= SeedDigest.digest(of: tile.address, entityTag: encoded.entityTag)
        case .empty:
            empty += 1
            if tile.isKnownEmpty { knownEmpty += 1 }
        case .failed: failed += 1
        }
    }

    /// Adds one tile that lies in a spool.
    mutating func add(_ tile: SpooledTile, level: Int) {
        switch tile.content {
        case .made(let body):
            made += 1
            bytes += body.count
            let address = TileAddress(level: level, row: tile.row, column: tile.column)
            digest &+= SeedDigest.digest(of: address, entityTag: EncodedTile.entityTag(of: body))
        case .empty: empty += 1
        case .failed: failed += 1
        }
    }
}

/// A number of a tile's address and content; those of many are added up, whatever the order.
enum SeedDigest {
    static func digest(of address: TileAddress, entityTag: String) -> UInt64 {
        var number = mixed(UInt64(address.level) << 58 ^ UInt64(address.row) << 29 ^ UInt64(address.column))
        for byte in entityTag.utf8 { number = (number ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return mixed(number)
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var z = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A block that took long.
public struct SlowBlock: Sendable, Equatable {
    public var address: TileAddress
    public var format: String
    /// Of a picture the whole metatile's, of vector tiles the slowest one's.
    public var seconds: Double
}

/// How far a job has come, whoever works on it.
public struct SeedProgress: Sendable, Equatable {
    public var job: Int64 = 0
    public var state = JobState.running
    /// Of the pass that this process is at.
    public var level = 0
    public var matrixSet = ""
    public var format = ""
    /// Of all passes.
    public var expected = 0
    public var tally = SeedTally()
    /// That work on it.
    public var processes = 1
    /// Made by this process in this run, empty and failed ones included.
    public var ownTiles = 0
    /// Of this run of this process, the slowest first.
    public var slowest: [SlowBlock] = []

    public var done: Int { tally.tiles }
}

/// One archive that was written.
public struct SeededArchive: Sendable, Equatable {
    public var path: String
    public var tiles: Int
    /// Of the file.
    public var bytes: Int
}

/// What a job came to.
public struct SeedReport: Sendable {
    public var job: Int64
    public var state: JobState
    public var progress: SeedProgress
    /// By pass, row and column.
    public var failures: [JobFailure]
    /// Whether another process had begun it.
    public var isJoined = false
    /// Chunks that were made again because the data had changed since.
    public var staleChunks = 0
    /// Written by this process.
    public var archives: [SeededArchive] = []
}
