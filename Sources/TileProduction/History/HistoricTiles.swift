import FeatureStore
import Portrayal
public import TileCache
import Tiling
import Wording

/// Tiles of maps as they were at a past time: their layers are prepared afresh from the registry's history, and what is made
/// goes into no cache.
///
/// The style is today's. Requests are answered one after the other, because the first one of a time may read whole layers.
public actor HistoricTiles {
    private let library: MapLibrary
    private let layers: HistoricLayers
    private lazy var worker = TileWorker(number: 0)
    private var last: Task<Void, Never>?
    private var waiting = 0

    /// Requests that may wait before further ones are refused.
    private static let mostWaiting = 64
    /// Tiles along the side of what is drawn at once, within which labels are placed.
    private static let metatile = 4

    /// - Parameter byteLimit: what the prepared files of past states may take on disk.
    public init(library: MapLibrary, byteLimit: Int64 = 4 << 30) {
        self.library = library
        layers = HistoricLayers(library: library, byteLimit: byteLimit)
    }

    /// The tile as of a time.
    ///
    /// - Parameter time: ISO 8601 in UTC with whole seconds.
    /// - Throws: `RegistryError` where what one of the layers was then is not kept, and `ProductionError` as `TileService` does.
    public func tile(_ request: TileService.Request, at time: String) async throws -> EncodedTile {
        try await inTurn { try await self.make(request, at: time) }
    }

    /// A picture as of a time.
    ///
    /// - Parameter time: ISO 8601 in UTC with whole seconds.
    /// - Throws: as `tile`.
    public func picture(_ request: PictureRequest, at time: String) async throws -> EncodedPicture {
        try await inTurn { try await self.make(request, at: time) }
    }

    private func inTurn<Output: Sendable>(_ work: @escaping @Sendable () async throws -> Output) async throws -> Output {
        guard waiting < Self.mostWaiting else {
            throw ProductionError(
                code: .overloaded,
                message: .init(zh: "等待历史瓦片的请求过多；请稍后再试", en: "too many requests wait for tiles of the past; try again later"))
        }
        waiting += 1
        defer { waiting -= 1 }
        let former = last
        let task = Task {
            await former?.value
            return try await work()
        }
        last = Task { _ = await task.result }
        return try await task.value
    }

    private func make(_ request: PictureRequest, at time: String) async throws -> EncodedPicture {
        let state = library.state
        var maps: [LiveMap] = []
        for part in request.parts {
            let past = try await layers.map(try state.map(part), at: time, level: request.view.nominalLevel, among: state.layers)
            try past.checkReady()
            maps.append(past)
        }
        return try await worker.run { [maps] bench in
            try PictureService.draw(request, of: maps, labels: maps.map { _ in nil }, bench: bench)
        }
    }

    private func make(_ request: TileService.Request, at time: String) async throws -> EncodedTile {
        let state = library.state
        let (map, set) = try state.resolve(map: request.map, matrixSet: request.matrixSet)
        try map.check(request.format)
        try set.check(request.address)
        let level = set.matrix(level: request.address.level)?.nominalLevel(metresPerUnit: set.metresPerUnit)
        let past = try await layers.map(map, at: time, level: level ?? request.address.level, among: state.layers)
        try past.checkReady()
        do {
            return try await worker.run { bench in
                let producer = TileProducer(map: past, set: set, bench: bench)
                var recorder = ProductionRecorder(isOn: false)
                if request.format == .mvt { return try producer.vectorTile(at: request.address, recorder: &recorder) }
                let tiles = try producer.rasterTiles(
                    around: request.address, format: request.format, metatile: Self.metatile, recorder: &recorder)
                guard let tile = tiles[request.address] else { preconditionFailure("a production gives the tile it was asked for") }
                return tile
            }
        } catch let error as PortrayalError {
            throw ProductionError(
                code: .portrayal, message: .init(zh: "样式或字体无法绘制此瓦片", en: error.message), cause: error)
        }
    }
}

extension LiveMap {
    /// - Throws: `notReady` while layers are in preparation.
    func checkReady() throws(ProductionError) {
        guard !layersInPreparation.isEmpty else { return }
        let names = layersInPreparation.joined(separator: ", ")
        throw ProductionError(
            code: .notReady, message: .init(zh: "图层 \(names) 正在准备；请稍后再试", en: "layers in preparation: \(names); try again later"))
    }
}
