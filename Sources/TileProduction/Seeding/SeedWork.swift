import Portrayal
import SeedJobs
import TileCache
import Tiling

/// One block to be made, from the state of things when its chunk was claimed.
struct SeedWork: Sendable {
    var claim: ChunkClaim
    var block: SeedBlock
    var maker: BlockMaker
}

/// A chunk that this process has claimed and not done.
struct OpenChunk {
    /// Blocks.
    var remaining = 0
    var tally = SeedTally()
    var failures: [JobFailure] = []

    /// Adds a block.
    mutating func add(_ tiles: [SeededTile], pass: Int) {
        remaining -= 1
        for tile in tiles {
            tally.add(tile)
            if case .failed(let reason) = tile.content {
                failures.append(JobFailure(pass: pass, row: tile.address.row, column: tile.address.column, reason: reason))
            }
        }
    }
}

/// What one run of one process has done, for people to look at.
struct RunAccount {
    private static let slowestKept = 5

    var tiles = 0
    var slowest: [SlowBlock] = []
    var latest: SeedWork?
    /// As the journal had it at the last look.
    var journalled: JobProgress?

    mutating func add(_ made: BlockMaker.Made, of work: SeedWork) {
        tiles += made.tiles.count
        slowest.append(SlowBlock(address: work.block.first, format: work.maker.format.name, seconds: made.seconds))
        slowest.sort { $0.seconds > $1.seconds }
        if slowest.count > Self.slowestKept { slowest.removeLast() }
    }
}

/// The label plans of the levels that are being seeded, each placed once.
actor SeedLabels {
    private static let kept = 4
    private let files: LabelFiles?
    private let worker: TileWorker
    private var plans: [(key: LabelPlanKey, labels: Task<LevelLabels?, any Error>)] = []

    /// - Parameter worker: that places labels where none lie on disk.
    init(files: LabelFiles?, worker: TileWorker) { (self.files, self.worker) = (files, worker) }

    /// The labels of a level; `nil` for vector tiles and for levels whose labels are placed inside each metatile.
    func labels(map: LiveMap, set: TileMatrixSet, level: Int, format: TileFormat) async throws -> LevelLabels? {
        guard let ratio = format.ratio, let planner = LabelPlanner(map: map, set: set, level: level, ratio: ratio) else { return nil }
        let key = planner.key
        if let known = plans.first(where: { $0.key == key }) { return try await known.labels.value }
        let (files, worker) = (files, worker)
        let making = Task<LevelLabels?, any Error> {
            guard let canvas = try planner.canvas() else { return nil }
            if let found = files?.find(planner, canvas: canvas).labels { return found }
            do {
                let made = try await worker.run { bench in try planner.labels(on: canvas, bench: bench) }
                try files?.store(made, planner)
                return made
            } catch is PortrayalError {
                // One label that cannot be set must not take the level's other pictures with it: metatiles place their own.
                return nil
            }
        }
        plans.append((key, making))
        if plans.count > Self.kept { plans.removeFirst() }
        return try await making.value
    }
}
