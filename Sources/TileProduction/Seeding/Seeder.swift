import FeatureStore
public import Reprojection
public import SimpleFeatures
public import TileArchives
public import TileCache
public import Tiling
import Wording

/// Makes all tiles of a map over an area, ahead of demand: on all workers, and handed over in the order of the Hilbert curve,
/// which is that of the archives, whatever the workers' number.
public struct Seeder: Sendable {
    private let map: LiveMap
    private let set: TileMatrixSet
    private let format: TileFormat
    private let labels: LabelFiles?
    private let workers: [TileWorker]
    private let side: Int
    /// Blocks that may wait for one that comes before them, for each worker.
    private static let lead = 8

    /// - Parameters:
    ///   - workers: threads, best one a core.
    ///   - metatile: tiles along the side of a job, a power of two up to 16; pictures of a level are the same with any.
    ///   - labels: where label plans are kept; `nil` for memory alone.
    /// - Throws: `ProductionError` for a map, matrix set or format that there is not, and for layers still in preparation.
    public init(
        library: MapLibrary, map id: String, matrixSet: String, format: TileFormat, workers: Int, metatile: Int = 8,
        labels: LabelFiles? = nil
    ) throws(ProductionError) {
        precondition(workers > 0 && SeedBlock.sides.contains(metatile), "seeding needs a worker and a power of two")
        let (map, set) = try library.state.resolve(map: id, matrixSet: matrixSet)
        try map.check(format)
        guard map.layersInPreparation.isEmpty else {
            let names = map.layersInPreparation.joined(separator: ", ")
            throw ProductionError(
                code: .notReady,
                message: .init(zh: "图层仍在准备：\(names)；请稍后再试", en: "layers are still being prepared: \(names); try again later"))
        }
        (self.map, self.set, self.format, self.labels, side) = (map, set, format, labels, metatile)
        self.workers = (0..<workers).map { TileWorker(number: $0, effort: .stored) }
    }

    /// The tiles of these levels that meet the area; levels that the matrix set does not have are passed over.
    ///
    /// - Parameter area: longitude and latitude in degrees.
    /// - Throws: `ReprojectionError`.
    public func limits(_ levels: ClosedRange<Int>, area: Envelope, policy: DatumPolicy) throws -> [TileMatrixLimits] {
        let operation = try CoordinateOperation(from: .cgcs2000, to: CRS(ServedCRSs.datumTwin(of: set.crs)), policy: policy)
        guard let box = operation.transform(area) else { return [] }
        return levels.compactMap { set.matrix(level: $0)?.addresses(intersecting: box) }
    }

    /// What an archive of these tiles says of itself; kind and packing are the caller's to set.
    ///
    /// - Parameter extent: the area that was seeded, longitude and latitude in degrees.
    public func description(_ limits: [TileMatrixLimits], of extent: Envelope) -> TileArchiveDescription {
        let levels = (limits.first?.level ?? 0)...(limits.last?.level ?? limits.first?.level ?? 0)
        var metadata = ArchiveMetadata()
        metadata["name"] = map.definition.title.zh
        metadata["description"] = map.definition.title.en
        metadata["attribution"] = map.definition.attribution
        metadata["version"] = "\(map.dataVersion)"
        metadata["tile_matrix_set"] = set.id
        if format == .mvt {
            let layers = map.layers.flatMap { layer in
                layer.sources.sorted { $0.key < $1.key }.map { name, prepared in Self.vectorLayer(name, prepared.fields) }
            }
            metadata.set("vector_layers", json: "[" + layers.map(\.json).joined(separator: ",") + "]")
        }
        return TileArchiveDescription(
            kind: .unknown, packing: .none, levels: levels,
            bounds: [extent.minX, extent.minY, extent.maxX, extent.maxY],
            centre: [(extent.minX + extent.maxX) / 2, (extent.minY + extent.maxY) / 2],
            centreLevel: min(max(12, levels.lowerBound), levels.upperBound), metadata: metadata)
    }

    private static func vectorLayer(_ name: String, _ fields: [String]) -> ArchiveMetadata {
        var types = ArchiveMetadata()
        for field in fields { types[field] = "String" }
        var layer = ArchiveMetadata()
        layer["id"] = name
        layer.set("fields", json: types.json)
        return layer
    }

    /// - Parameters:
    ///   - limits: what to make, level by level in this order.
    ///   - keep: gets every tile that has content; what it throws ends the run.
    ///   - progress: called after each block.
    public func run(
        _ limits: [TileMatrixLimits], keep: (SeededTile) throws -> Void, progress: (SeedProgress) -> Void
    ) async throws -> SeedReport {
        var report = SeedReport(progress: SeedProgress(), failures: [])
        report.progress.expected = limits.reduce(0) { $0 + $1.tileCount }
        for block in limits {
            report.progress.level = block.level
            let labels = try await placedLabels(level: block.level)
            report = try await run(SeedBlock.blocks(of: block, side: side), labels, report, keep, progress)
        }
        return report
    }

    private func run(
        _ blocks: [SeedBlock], _ labels: LevelLabels?, _ before: SeedReport, _ keep: (SeededTile) throws -> Void,
        _ progress: (SeedProgress) -> Void
    ) async throws -> SeedReport {
        try await withThrowingTaskGroup(of: Made.self) { group in
            var report = before
            var (next, wanted) = (0, 0)
            var made: [Int: Made] = [:]
            var idle = workers
            while wanted < blocks.count {
                while next < blocks.count, next < wanted + Self.lead * workers.count, let worker = idle.popLast() {
                    let (number, block) = (next, blocks[next])
                    group.addTask { try await make(block, number, on: worker, labels) }
                    next += 1
                }
                guard let one = try await group.next() else { break }
                idle.append(one.worker)
                made[one.number] = one
                while let one = made.removeValue(forKey: wanted) {
                    try Self.hand(over: one, &report, keep)
                    progress(report.progress)
                    wanted += 1
                }
            }
            return report
        }
    }

    /// What a block came to.
    private struct Made: Sendable {
        var number: Int
        var worker: TileWorker
        /// Along the Hilbert curve.
        var tiles: [(address: TileAddress, result: Result<EncodedTile, any Error>)]
    }

    private func make(_ block: SeedBlock, _ number: Int, on worker: TileWorker, _ labels: LevelLabels?) async throws -> Made {
        let (map, set, format, side) = (map, set, format, side)
        let tiles = try await worker.run { bench in
            let producer = TileProducer(map: map, set: set, bench: bench)
            let addresses = block.addresses
            guard format != .mvt else {
                return addresses.map { address in
                    (address, Result { () throws(any Error) in
                        var recorder = ProductionRecorder()
                        return try producer.vectorTile(at: address, recorder: &recorder)
                    })
                }
            }
            do {
                var recorder = ProductionRecorder()
                let made = try producer.rasterTiles(
                    around: block.first, format: format, metatile: side, labels: labels, recorder: &recorder)
                return addresses.compactMap { address in made[address].map { (address, .success($0)) } }
            } catch {
                return addresses.map { ($0, Result<EncodedTile, any Error>.failure(error)) }
            }
        }
        return Made(number: number, worker: worker, tiles: tiles)
    }

    private static func hand(over made: Made, _ report: inout SeedReport, _ keep: (SeededTile) throws -> Void) throws {
        for (address, result) in made.tiles {
            switch result {
            case .success(let tile) where tile.isEmpty: report.progress.empty += 1
            case .success(let tile):
                try keep(SeededTile(address: address, tile: tile))
                report.progress.made += 1
                report.progress.bytes += tile.body.count
            case .failure(let error):
                report.progress.failed += 1
                report.failures.append(SeedFailure(address: address, reason: "\(error)"))
            }
        }
    }

    /// The labels of a level, from disk where they lie there; `nil` for vector tiles and for levels whose labels are placed
    /// inside each metatile.
    private func placedLabels(level: Int) async throws -> LevelLabels? {
        guard let ratio = format.ratio, let planner = LabelPlanner(map: map, set: set, level: level, ratio: ratio),
            let canvas = try planner.canvas()
        else { return nil }
        if let found = labels?.find(planner, canvas: canvas).labels { return found }
        let made = try await workers[0].run { bench in try planner.labels(on: canvas, bench: bench) }
        try labels?.store(made, planner)
        return made
    }
}
