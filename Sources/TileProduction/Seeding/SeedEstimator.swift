import SeedJobs
import TileCache
import Tiling

/// What a pass will come to, by a random sample of its blocks that was really made.
public struct PassEstimate: Sendable, Equatable {
    public var level: Int
    public var matrixSet: String
    public var format: String
    public var tiles: Int
    public var blocks: Int
    /// Blocks that were made.
    public var sampled: Int
    /// Of all tiles, each counted however often its content occurs.
    public var bytes: Estimate
    /// Of one thread.
    public var seconds: Estimate
}

/// A number and how far it may be off: twice its standard error, 0 where all there is was looked at.
public struct Estimate: Sendable, Equatable {
    public var value: Double
    public var spread: Double

    /// The sum over all of `count` things, from those of a random sample (without replacement).
    ///
    /// - Precondition: the sample is not empty.
    init(sample: [Double], of count: Int) {
        let n = Double(sample.count)
        let mean = sample.reduce(0, +) / n
        value = mean * Double(count)
        guard sample.count > 1, sample.count < count else {
            // One of many tells nothing of how they differ.
            spread = sample.count < count ? value : 0
            return
        }
        let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        spread = 2 * Double(count) * (variance / n * (1 - n / Double(count))).squareRoot()
    }

    private init(value: Double, spread: Double) { (self.value, self.spread) = (value, spread) }

    /// Of independent samples.
    public static func sum(_ parts: [Estimate]) -> Estimate {
        Estimate(
            value: parts.reduce(0) { $0 + $1.value }, spread: parts.reduce(0) { $0 + $1.spread * $1.spread }.squareRoot())
    }
}

/// Makes a random sample of a job's blocks and keeps nothing of it.
public struct SeedEstimator: Sendable {
    private let plan: SeedPlan
    private let map: LiveMap
    private let workers: [TileWorker]
    private let labels: SeedLabels
    private let samplePerPass: Int

    /// - Parameter samplePerPass: blocks of each pass that are made at most.
    /// - Throws: `ProductionError` for a map that there is not.
    public init(_ plan: SeedPlan, library: MapLibrary, labels: LabelFiles?, workers: Int, samplePerPass: Int = 12) throws {
        precondition(workers > 0 && samplePerPass > 0, "an estimate needs a worker and a sample")
        self.plan = plan
        self.samplePerPass = samplePerPass
        map = try SeedRun.map(of: plan, in: library.state)
        self.workers = (0..<workers).map { TileWorker(number: $0, effort: plan.specification.effort) }
        self.labels = SeedLabels(files: labels, worker: self.workers[0])
    }

    /// Pass by pass.
    ///
    /// - Parameter random: decides about the blocks.
    public func estimates(using random: inout some RandomNumberGenerator) async throws -> [PassEstimate] {
        var estimates: [PassEstimate] = []
        for pass in plan.passes {
            let sample = pass.blocks.indices.shuffled(using: &random).prefix(samplePerPass).map { pass.blocks[$0] }
            let made = try await make(sample, of: pass)
            estimates.append(
                PassEstimate(
                    level: pass.level, matrixSet: pass.set.id, format: pass.format.name, tiles: pass.tileCount, blocks: pass.blocks.count,
                    sampled: sample.count, bytes: Estimate(sample: made.map(\.bytes), of: pass.blocks.count),
                    seconds: Estimate(sample: made.map(\.seconds), of: pass.blocks.count)))
        }
        return estimates
    }

    private func make(_ sample: [SeedBlock], of pass: SeedPlan.Pass) async throws -> [(bytes: Double, seconds: Double)] {
        let placed = try await labels.labels(map: map, set: pass.set, level: pass.level, format: pass.format)
        let maker = BlockMaker(map: map, set: pass.set, format: pass.format, side: plan.specification.metatile)
        return try await withThrowingTaskGroup(of: [(bytes: Double, seconds: Double)].self) { group in
            for (number, worker) in workers.enumerated() {
                let share = stride(from: number, to: sample.count, by: workers.count).map { sample[$0] }
                group.addTask {
                    await worker.run { bench in share.map { Self.cost(maker, $0, placed, bench) } }
                }
            }
            var all: [(bytes: Double, seconds: Double)] = []
            for try await part in group { all += part }
            return all
        }
    }

    private static func cost(
        _ maker: BlockMaker, _ block: SeedBlock, _ labels: LevelLabels?, _ bench: WorkerBench
    ) -> (bytes: Double, seconds: Double) {
        let start = ContinuousClock.now
        var tally = SeedTally()
        for tile in maker.make(block, labels: labels, bench: bench).tiles { tally.add(tile) }
        return (Double(tally.bytes), (ContinuousClock.now - start) / .seconds(1))
    }
}
