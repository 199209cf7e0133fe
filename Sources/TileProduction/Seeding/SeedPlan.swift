public import Reprojection
public import SeedJobs
import FeatureStore
import SimpleFeatures
import Wording
public import TileCache
public import Tiling

/// All blocks of a job, pass by pass: levels from the coarsest on, of each level every matrix set and every format.
public struct SeedPlan: Sendable {
    /// All blocks of one level of one matrix set in one format.
    public struct Pass: Sendable {
        public var set: TileMatrixSet
        public var format: TileFormat
        public var level: Int
        /// Along the Hilbert curve.
        public var blocks: [SeedBlock]
        public var tileCount: Int
        /// Places in `blocks`, in the order in which they are made.
        var order: [Int]

        func block(at place: Int) -> SeedBlock { blocks[order[place]] }
    }

    public let specification: SeedSpecification
    public private(set) var passes: [Pass]

    public var tileCount: Int { passes.reduce(0) { $0 + $1.tileCount } }
    public var blockCount: Int { passes.reduce(0) { $0 + $1.blocks.count } }

    /// Levels that a matrix set does not have are passed over.
    ///
    /// - Throws: `ProductionError` for a map, matrix set or format that there is not; `ReprojectionError`.
    public init(_ specification: SeedSpecification, state: LibraryState, policy: DatumPolicy) throws {
        self.specification = specification
        passes = []
        for level in specification.levels[0]...specification.levels[1] {
            for id in specification.matrixSets {
                let (map, set) = try state.resolve(map: specification.map, matrixSet: id)
                let blocks = try Self.blocks(level, set, specification, policy)
                guard !blocks.isEmpty else { continue }
                for name in specification.formats {
                    let format = try Self.format(name, of: map)
                    passes.append(
                        Pass(
                            set: set, format: format, level: level, blocks: blocks,
                            tileCount: blocks.reduce(0) { $0 + $1.tileCount }, order: Array(blocks.indices)))
                }
            }
        }
    }

    /// Along the Hilbert curve.
    private static func blocks(
        _ level: Int, _ set: TileMatrixSet, _ specification: SeedSpecification, _ policy: DatumPolicy
    ) throws -> [SeedBlock] {
        let operation = try CoordinateOperation(from: .cgcs2000, to: CRS(ServedCRSs.datumTwin(of: set.crs)), policy: policy)
        guard let box = operation.transform(specification.area.envelope), let matrix = set.matrix(level: level),
            let limits = matrix.addresses(intersecting: box)
        else { return [] }
        let side = specification.metatile
        guard let geometry = specification.area.geometry else { return SeedBlock.blocks(of: limits, side: side) }
        return SeedBlock.sorted(try AreaMask(geometry, operation).blocks(limits, of: matrix, side: side), side: side)
    }

    private static func format(_ name: String, of map: LiveMap) throws(ProductionError) -> TileFormat {
        guard let format = TileFormat(name: name) else {
            throw ProductionError(
                code: .unknownFormat,
                message: .init(
                    zh: "没有格式“\(name)”；有 mvt、png、jpeg、webp，图片可加 @2x",
                    en: "there is no format \"\(name)\"; formats are mvt, png, jpeg and webp, pictures also with @2x"))
        }
        try map.check(format)
        return format
    }

    /// As the journal keeps them.
    public var journalPasses: [JobPass] {
        passes.map {
            JobPass(matrixSet: $0.set.id, format: $0.format.name, level: $0.level, blocks: $0.blocks.count, tiles: $0.tileCount)
        }
    }

    /// The same plan in the order of a job: of each pass the blocks that were asked for most come first.
    ///
    /// - Throws: `JobError` where the job's passes are not those of the plan, because the program counts otherwise than the one that
    ///   began it.
    public func ordered(as journalled: [JobPass]) throws(JobError) -> SeedPlan {
        guard journalled.count == passes.count, zip(journalled, journalPasses).allSatisfy({ $0.blocks == $1.blocks && $0.tiles == $1.tiles })
        else {
            throw JobError(
                code: .storageDamaged,
                message: .init(
                    zh: "作业日志中的作业与现在的瓦片矩阵集不符；请取消该作业后重新开始",
                    en: "the journalled job does not fit the matrix sets as they are now; cancel it and begin anew"))
        }
        var plan = self
        for (number, pass) in journalled.enumerated() where !pass.heat.isEmpty {
            plan.passes[number].order.sort { a, b in
                let (left, right) = (pass.heat[a] ?? 0, pass.heat[b] ?? 0)
                return left != right ? left > right : a < b
            }
        }
        return plan
    }

    /// Blocks that are claimed as one: few enough to share, many enough to keep the journal small.
    public var chunkBlocks: Int { min(1024, max(16, blockCount / 8192)) }
}
