/// Where a job stands.
public enum JobState: String, Sendable, CaseIterable {
    /// Blocks are made by whatever processes take part, or wait for one.
    case running
    /// Nobody makes blocks until it is resumed.
    case paused
    /// Given up: what it had made is gone.
    case cancelled
    /// All blocks were tried, and more tiles failed than may: what is made is kept, and the failed can be made again.
    case failed
    /// What was asked for is there, read back and compared.
    case done

    /// Whether nothing more happens to it by itself.
    public var isOver: Bool { self == .cancelled || self == .done }
}

/// Who begins a job and goes on with it after a restart.
public enum JobOwner: String, Sendable, CaseIterable {
    case command
    case service
}

/// One job as the journal has it.
public struct JobRecord: Sendable, Equatable {
    public var number: Int64
    /// JSON of whoever makes the tiles.
    public var specification: String
    public var state: JobState
    public var owner: JobOwner
    /// Blocks that are claimed as one.
    public var chunkBlocks: Int
    /// Seconds since 1970 by the machine's clock: to be read by people, nothing depends on it.
    public var createdSeconds: Int64
    /// What it came to, or why it stopped; empty while there is nothing to say.
    public var message: String
}

/// What a new job consists of.
public struct JobDraft: Sendable {
    public var specification: String
    /// Equal for jobs that come to the same: only one of them goes on at a time.
    public var fingerprint: String
    public var owner: JobOwner
    public var chunkBlocks: Int
    public var passes: [JobPass]

    public init(specification: String, fingerprint: String, owner: JobOwner, chunkBlocks: Int, passes: [JobPass]) {
        precondition(chunkBlocks > 0, "a chunk holds a block")
        self.specification = specification
        self.fingerprint = fingerprint
        self.owner = owner
        self.chunkBlocks = chunkBlocks
        self.passes = passes
    }
}

/// All blocks of one level of one matrix set in one format, in the order in which they are made.
public struct JobPass: Sendable, Equatable {
    public var matrixSet: String
    public var format: String
    public var level: Int
    public var blocks: Int
    public var tiles: Int
    /// Of blocks that somebody asked for: how often, by the block's number in the order without requests.
    public var heat: [Int: Int]

    public init(matrixSet: String, format: String, level: Int, blocks: Int, tiles: Int, heat: [Int: Int] = [:]) {
        self.matrixSet = matrixSet
        self.format = format
        self.level = level
        self.blocks = blocks
        self.tiles = tiles
        self.heat = heat
    }
}

/// Neighbouring blocks of a pass that one process has taken upon itself.
public struct ChunkClaim: Sendable, Hashable {
    public var job: Int64
    public var pass: Int
    /// Places in the order of the pass.
    public var blocks: Range<Int>
    /// From 1; greater than 1 where somebody has begun it before.
    public var attempt: Int
    /// Of the data that its tiles are to be made from.
    public var version: UInt64
}

/// What the tiles of a block, a chunk or a job came to.
public struct SeedTally: Sendable, Equatable {
    /// With content.
    public var made = 0
    /// Nothing is drawn there.
    public var empty = 0
    /// Of the empty: those that the index told to be so, without their being drawn.
    public var knownEmpty = 0
    public var failed = 0
    /// Of the tiles made, each counted however often its content occurs.
    public var bytes = 0
    /// Of the tiles made with their addresses, whatever their order.
    public var digest: UInt64 = 0

    public init() {}

    public var tiles: Int { made + empty + failed }

    public mutating func add(_ other: SeedTally) {
        made += other.made
        empty += other.empty
        knownEmpty += other.knownEmpty
        failed += other.failed
        bytes += other.bytes
        digest &+= other.digest
    }
}

/// A tile that could not be made.
public struct JobFailure: Sendable, Equatable {
    public var pass: Int
    public var row: Int
    public var column: Int
    /// Chinese and English.
    public var reason: String
    /// How often it has failed.
    public var attempts: Int

    public init(pass: Int, row: Int, column: Int, reason: String, attempts: Int = 1) {
        self.pass = pass
        self.row = row
        self.column = column
        self.reason = reason
        self.attempts = attempts
    }
}

/// How far a job has come by its journal: chunks under way are not counted.
public struct JobProgress: Sendable, Equatable {
    public var expected: Int
    public var tally: SeedTally
    /// The lowest pass that is not through; `nil` after the last.
    public var pass: Int?
    /// Processes that have claimed chunks and run.
    public var processes: Int
}
