import FeatureStore
import Portrayal
import Raster
import Synchronization
import TileCache
import Tiling
import Wording

/// Pictures of any place and size, drawn on workers of their own, so that none of them keeps tiles waiting in a queue.
public final class PictureService: Sendable {
    private let library: MapLibrary
    private let queue: ProductionQueue<Production, EncodedPicture>
    private let plans: LabelPlanShelf
    private let finished: Mutex<FinishedPictures>

    /// A picture of one state of its maps; whoever asks for the same waits for the same.
    private struct Production: Hashable {
        var request: PictureRequest
        var identity: UInt64
        var overlay: JSONValue?
    }

    /// - Parameters:
    ///   - tiles: shares its label plans.
    ///   - workers: threads that draw.
    ///   - queueLimit: pictures that may wait before requests are refused.
    ///   - capacity: bytes of finished pictures that are kept.
    public init(tiles: TileService, workers: Int, queueLimit: Int, capacity: Int) {
        library = tiles.library
        plans = tiles.plans
        queue = ProductionQueue(workers: (0..<workers).map { TileWorker(number: 100 + $0) }, limit: queueLimit)
        finished = Mutex(FinishedPictures(capacity: capacity))
    }

    /// Everything that can change the bytes of the picture, as one number: the request, its maps' data and styles.
    ///
    /// - Throws: `ProductionError` for an unknown map, or layers in preparation.
    public func identity(of request: PictureRequest) throws(ProductionError) -> UInt64 {
        Self.identity(of: try maps(request), request)
    }

    /// The picture as things are now.
    ///
    /// Throws `ProductionError`: unknown maps, layers still in preparation, too many pictures waiting, a style
    /// that cannot draw the data.
    public func picture(_ request: PictureRequest) async throws -> EncodedPicture {
        let maps = try maps(request)
        let production = Production(request: request, identity: Self.identity(of: maps, request))
        if let known = finished.withLock({ $0.picture(production.identity, request) }) { return known }
        let labels = await labels(of: maps, request)
        var picture = try await queue.produce(production) { bench in
            try Self.draw(request, of: maps, labels: labels.map(\.level), bench: bench)
        }
        // A plan that is still being made gives the same request other labels in a moment.
        guard labels.allSatisfy({ !$0.areProvisional }) else { return picture }
        picture.identity = production.identity
        finished.withLock { [picture] in $0.keep(picture, production.identity, request) }
        return picture
    }

    /// The picture with something over it; kept by nobody.
    ///
    /// Throws as `picture`.
    public func picture(_ request: PictureRequest, under overlay: PictureOverlay) async throws -> EncodedPicture {
        let maps = try maps(request)
        let labels = await labels(of: maps, request)
        let production = Production(request: request, identity: Self.identity(of: maps, request), overlay: overlay.document)
        return try await queue.produce(production) { bench in
            try Self.draw(request, of: maps, labels: labels.map(\.level), overlay: overlay, bench: bench)
        }
    }

    /// How many pictures were drawn, joined and refused.
    public var counters: ProductionCounters { get async { await queue.statistics } }

    private struct PartLabels {
        var level: LevelLabels?
        var areProvisional = false
    }

    /// Those of tiles, which share the plans.
    private static let plannedRatios: Set<Double> = [1, 2]

    /// The plans of the parts that are whole maps at the scale of one of their levels.
    private func labels(of maps: [LiveMap], _ request: PictureRequest) async -> [PartLabels] {
        var all: [PartLabels] = []
        let grid = request.view.grid
        for (part, map) in zip(request.parts, maps) {
            guard part.layers == nil, let level = grid.level, Self.plannedRatios.contains(grid.ratio),
                map.definition.matrixSets.contains(request.view.set.id),
                let planner = LabelPlanner(map: map, set: request.view.set, level: level, ratio: Int(grid.ratio))
            else {
                all.append(PartLabels())
                continue
            }
            switch await plans.plan(planner) {
            case .labels(let level): all.append(PartLabels(level: level))
            case .metatiles: all.append(PartLabels())
            case .making: all.append(PartLabels(areProvisional: true))
            }
        }
        return all
    }

    private func maps(_ request: PictureRequest) throws(ProductionError) -> [LiveMap] {
        let state = library.state
        var maps: [LiveMap] = []
        for part in request.parts { maps.append(try state.map(part)) }
        return maps
    }

    private static func identity(of maps: [LiveMap], _ request: PictureRequest) -> UInt64 {
        var hash = ContentNumber()
        for (map, part) in zip(maps, request.parts) {
            hash.add(map.dataVersion)
            hash.add(map.style?.version ?? 0)
            hash.add(map.definition.allowsLossyPalette ? 1 : 0)
            hash.add(part.map)
            for layer in part.layers?.sorted() ?? ["*"] { hash.add(layer) }
        }
        let view = request.view
        hash.add("\(view.set.id) \(view.envelope) \(view.width) \(view.height) \(view.ratio) \(request.format) \(request.ground)")
        return hash.value
    }

    /// Draws the parts one over the other and packs what comes of it.
    ///
    /// - Parameter labels: of every part; `nil` where they are placed for the picture alone.
    static func draw(
        _ request: PictureRequest, of maps: [LiveMap], labels: [LevelLabels?], overlay: PictureOverlay? = nil, bench: WorkerBench
    ) throws -> EncodedPicture {
        var picture: Pixmap?
        var version = ContentNumber()
        do {
            for (i, map) in maps.enumerated() {
                let producer = TileProducer(map: map, set: request.view.set, bench: bench)
                let isGround = i == 0 && request.ground == .style && request.parts[i].layers == nil
                let drawn = try producer.picture(request.view, labels: labels[i], drawsBackground: isGround)
                if picture == nil { picture = drawn } else { picture?.lay(drawn) }
                version.add(map.dataVersion)
            }
            if let overlay { picture?.lay(try bench.draw(overlay)) }
        } catch let error as PortrayalError {
            throw ProductionError(
                code: .portrayal, message: .init(zh: "样式或字体无法绘制此图", en: error.message), cause: error)
        }
        guard var picture else { preconditionFailure("a picture has a part") }
        picture.lay(on: request.ground)
        let format = picture.format(for: request.format)
        let isLossy = maps.contains { $0.definition.allowsLossyPalette }
        return EncodedPicture(
            mediaType: format.mediaType, body: bench.encode(picture, as: format, isLossy: isLossy), dataVersion: version.value)
    }
}

extension LibraryState {
    /// - Throws: `unknownMap`, `notReady`.
    func map(_ part: PictureRequest.Part) throws(ProductionError) -> LiveMap {
        guard let map = maps[part.map] else {
            let known = maps.keys.sorted().joined(separator: ", ")
            throw ProductionError(
                code: .unknownMap,
                message: .init(zh: "没有地图“\(part.map)”；有：\(known)", en: "there is no map \"\(part.map)\"; maps are \(known)"))
        }
        let narrowed = part.layers.map(map.narrowed) ?? map
        try narrowed.checkReady()
        return narrowed
    }
}

extension Pixmap {
    fileprivate mutating func lay(on ground: PictureRequest.Ground) {
        switch ground {
        case .transparent: return
        case .style: lay(on: Pixmap.opaque(255, 255, 255))
        case .colour(let red, let green, let blue): lay(on: Pixmap.opaque(red, green, blue))
        }
    }

    private static func opaque(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32 {
        UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16 | 0xFF00_0000
    }

    fileprivate func format(for wanted: TileFormat) -> TileFormat {
        guard case .mixed(let ratio) = wanted else { return wanted }
        return isOpaque ? .jpeg(ratio: ratio) : .png(ratio: ratio)
    }
}

/// A number for content, of which no two states are alike but by an accident of 1 in 2^64.
struct ContentNumber {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: UInt64) {
        value = (value ^ number) &* 0x100_0000_01B3
        value ^= value >> 29
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        value ^= value >> 29
    }
}

/// The pictures that were drawn last.
struct FinishedPictures {
    private var pictures: [UInt64: (request: PictureRequest, picture: EncodedPicture)] = [:]
    private var order: [UInt64] = []
    private var bytes = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    func picture(_ identity: UInt64, _ request: PictureRequest) -> EncodedPicture? {
        guard let found = pictures[identity], found.request == request else { return nil }
        return found.picture
    }

    /// The oldest ones make room.
    mutating func keep(_ picture: EncodedPicture, _ identity: UInt64, _ request: PictureRequest) {
        guard picture.body.count <= capacity / 4, pictures[identity] == nil else { return }
        pictures[identity] = (request, picture)
        order.append(identity)
        bytes += picture.body.count
        var gone = 0
        while bytes > capacity, gone < order.count {
            bytes -= pictures.removeValue(forKey: order[gone])?.picture.body.count ?? 0
            gone += 1
        }
        order.removeFirst(gone)
    }
}
