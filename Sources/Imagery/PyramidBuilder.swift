import Raster
public import Reprojection
import SimpleFeatures
import Tiling
import Wording

/// How far the making of an archive has come.
public struct PyramidProgress: Sendable {
    /// The matrix set being filled.
    public var set: String
    /// Of all sets, 0...1.
    public var fraction: Double
    public var tiles: Int
}

/// Makes an imagery archive: sheets → tiles of the native level → averages up to the set's first level.
///
/// Memory is bounded whatever the size of the images: a cache of blocks a worker, and a few parts of the pyramid under
/// way. The bytes do not depend on how many workers there are.
public struct PyramidBuilder: Sendable {
    private let sources: [SheetSource]
    private let plans: [PyramidPlan]
    private let policy: DatumPolicy
    private let envelope: Envelope

    /// Levels that one worker draws in one go: 64 native tiles.
    private static let levelsInJob = 3

    /// - Parameter geographic: the CRS of longitudes and latitudes that the archive states its envelope in.
    /// - Throws: `GeoTIFFError`, `ReprojectionError`, or `ImageryError` when no set reaches the mosaic.
    public init(sources: [SheetSource], targets: [ImageryTarget], geographic: CRS, policy: DatumPolicy) throws {
        self.sources = sources
        self.policy = policy
        let shelf = SheetShelf(sources, policy: policy, cacheInBytes: 0)
        func footprints(in target: ImageryTarget) throws -> [SheetFootprint] {
            try sources.enumerated().map { try SheetFootprint(shelf, sheet: $0, source: $1, in: target, policy: policy) }
        }
        plans = try targets.compactMap { PyramidPlan($0, footprints: try footprints(in: $0)) }
        guard let first = targets.first, !plans.isEmpty else {
            let names = sources.map(\.path).joined(separator: ", ")
            throw ImageryError(
                code: .outsideEverySet,
                message: LocalisedText(
                    zh: "\(names)：影像不在任何瓦片矩阵集的范围内；请检查坐标系", en: "\(names): no tile matrix set reaches the imagery; check its CRS"))
        }
        var envelope = Envelope.empty
        for footprint in try footprints(in: ImageryTarget(set: first.set, crs: geographic)) { envelope.formUnion(footprint.envelope) }
        self.envelope = envelope
    }

    /// Writes the archive under a temporary name and gives it its own when it is whole.
    ///
    /// - Throws: what is wrong with an image or with the disk; there is no file then.
    public func build(path: String, workers count: Int, progress: (@Sendable (PyramidProgress) -> Void)? = nil) async throws {
        var writer = try ImageryArchiveWriter(path: path)
        let workers = (0..<max(1, count)).map { _ in PyramidWorker(sources, policy: policy) }
        let total = plans.reduce(0) { $0 + jobs(of: $1).count }
        var done = 0
        for (number, plan) in plans.enumerated() {
            var quads = OrderedQuads(jobs(of: plan), plan: plan, workers: workers)
            var walk = PyramidWalk(plan: plan, jobLevel: jobLevel(of: plan))
            do {
                for address in jobs(of: plan) {
                    let quad = try await quads.next()
                    for (address, tile) in quad.tiles { try writer.append(tile, set: number, address) }
                    for (address, tile) in walk.take(quad.top, of: address) { try writer.append(tile, set: number, address) }
                    done += 1
                    progress?(
                        PyramidProgress(set: plan.target.set.id, fraction: Double(done) / Double(total), tiles: writer.count))
                }
            } catch {
                quads.cancel()
                throw error
            }
        }
        try writer.finish(
            sets: plans.map { ImageryMetadata.MatrixSet($0) }, envelope: envelope, sheets: sources.count)
    }

    private func jobLevel(of plan: PyramidPlan) -> Int { max(plan.firstLevel, plan.nativeLevel - Self.levelsInJob) }

    private func jobs(of plan: PyramidPlan) -> [TileAddress] { plan.addresses(level: jobLevel(of: plan)) }
}

/// Parts of a pyramid in order, a few of them being drawn ahead.
private struct OrderedQuads {
    private let addresses: [TileAddress]
    private let plan: PyramidPlan
    private let workers: [PyramidWorker]
    private var pending: [Task<EncodedQuad, any Error>] = []
    private var started = 0

    init(_ addresses: [TileAddress], plan: PyramidPlan, workers: [PyramidWorker]) {
        self.addresses = addresses
        self.plan = plan
        self.workers = workers
    }

    mutating func next() async throws -> EncodedQuad {
        while pending.count < workers.count * 2, started < addresses.count {
            let (address, worker, plan) = (addresses[started], workers[started % workers.count], plan)
            pending.append(Task { try await worker.quad(address, of: plan) })
            started += 1
        }
        return try await pending.removeFirst().value
    }

    func cancel() {
        for task in pending { task.cancel() }
    }
}

/// The levels above the parts: pictures wait for their siblings, a few a level.
private struct PyramidWalk {
    let plan: PyramidPlan
    let jobLevel: Int
    /// Parents that have not seen all their children yet, by level.
    private var waiting: [Int: (address: TileAddress, picture: Pixmap?, missing: Int)] = [:]

    init(plan: PyramidPlan, jobLevel: Int) {
        self.plan = plan
        self.jobLevel = jobLevel
    }

    /// Takes the next picture of the walk, and gives the tiles above that are complete with it.
    mutating func take(_ picture: Pixmap?, of address: TileAddress) -> [(address: TileAddress, tile: StoredTile)] {
        guard address.level > plan.firstLevel else { return [] }
        let above = TileAddress(level: address.level - 1, row: address.row >> 1, column: address.column >> 1)
        var parent = waiting[above.level] ?? (above, nil, plan.children(of: above).count)
        precondition(parent.address == above, "a walk finishes one parent before the next")
        if let picture {
            var drawn = parent.picture ?? Pixmap(width: picture.width, height: picture.height)
            drawn.takeQuarter(picture, row: address.row & 1, column: address.column & 1)
            parent.picture = drawn
        }
        parent.missing -= 1
        guard parent.missing == 0 else {
            waiting[above.level] = parent
            return []
        }
        waiting[above.level] = nil
        let own = parent.picture.map { [(address: above, tile: StoredTile($0))] } ?? []
        return own + take(parent.picture, of: above)
    }
}
