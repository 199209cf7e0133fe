import Compression
import FeatureStore
import Portrayal
import Raster
public import TileCache
public import Tiling
import VectorTiles
import Wording

/// The pipeline from prepared layers to encoded tiles, on one screen.
///
/// Everything below runs on a worker's thread, with the worker's scratch, from one immutable state of the map.
public struct TileProducer {
    let map: LiveMap
    let set: TileMatrixSet
    let bench: WorkerBench

    public init(map: LiveMap, set: TileMatrixSet, bench: WorkerBench) {
        self.map = map
        self.set = set
        self.bench = bench
    }

    /// One vector tile: query → encode → pack.
    public func vectorTile(at address: TileAddress, recorder: inout ProductionRecorder) throws -> EncodedTile {
        let window = try vectorWindow(at: address)
        let (bytes, leftOut) = try vectorBytes(in: window, recorder: &recorder)
        let body = recorder.measure("pack") {
            bytes.isEmpty ? [] : bench.compressor.compress(bytes, format: .gzip)
        }
        var tile = EncodedTile(
            format: .mvt, body: body, isGzip: !body.isEmpty, leftOut: leftOut, dataVersion: map.dataVersion)
        tile.isEmpty = body.isEmpty
        return tile
    }

    /// The tile's protobuf, not yet packed; empty when no layer has a feature.
    public func vectorBytes(
        in window: TileWindow, recorder: inout ProductionRecorder
    ) throws -> (bytes: [UInt8], leftOut: [String: Int]) {
        let selections = try query(window, purpose: .vector, recorder: &recorder)
        let encoded = recorder.measure("encode") { selections.map { VectorTileEncoder.encodeLayer($0.layer) } }
        recorder.note(encoded: zip(selections, encoded).map { ($0.layer.name, $1.count) })
        return (Array(encoded.joined()), total(selections.map(\.leftOut)))
    }

    /// The window of one vector tile.
    public func vectorWindow(at address: TileAddress) throws -> TileWindow {
        TileWindow.tile(
            address, of: try matrix(address.level), extent: StandardGrid.vectorTileExtent,
            margin: ProductionSettings.vectorBuffer)
    }

    /// All tiles of one metatile: query → draw → cut → encode.
    ///
    /// - Parameters:
    ///   - format: of pictures.
    ///   - labels: the level's; without them labels are placed inside the metatile.
    ///   - wanted: which of the metatile's tiles are made, at least one; `nil` for all of them. With `labels` nothing beyond them is drawn.
    public func rasterTiles(
        around address: TileAddress, format: TileFormat, metatile size: Int, labels: LevelLabels? = nil,
        only wanted: [TileAddress]? = nil, recorder: inout ProductionRecorder
    ) throws -> [TileAddress: EncodedTile] {
        guard let ratio = format.ratio else { preconditionFailure("a vector tile is no picture") }
        if size == 1, let tile = try storedTile(at: address, format: format) { return [address: tile] }
        guard let style = map.style else { throw ProductionError.withoutStyle(map) }
        let matrix = try matrix(address.level)
        let pixels = matrix.tileSize * ratio
        let window = rasterWindow(around: address, of: matrix, size: size, ratio: ratio, labels == nil ? nil : wanted)
        // An account is of all layers, also of those whose labels are placed already.
        let content: RasterContent = labels == nil || recorder.isOn ? .everything : .shapes
        let selections = try query(window, purpose: .raster(style, content), recorder: &recorder)
        let images = style.imagerySources.isEmpty
            ? [] : try recorder.measure("imagery") { try self.images(in: window, style: style, side: pixels, ratio: ratio) }
        let picture = try recorder.measure("draw") {
            try bench.draw(
                selections.map(\.layer), images: images, in: window, style: style, styleZoom: styleZoom(of: matrix), ratio: ratio,
                plan: labels?.plan)
        }
        let wanting = labels?.leftOut ?? unlettered(in: window)
        let ground = try bench.ground(of: style, window: window, styleZoom: styleZoom(of: matrix), ratio: ratio)
        return recorder.measure("encode") {
            var tiles: [TileAddress: EncodedTile] = [:]
            for address in wanted ?? window.addresses {
                let part = cut(picture, at: address, window: window, pixels: pixels, ground: ground)
                let (format, body) = bench.encode(part, as: format, for: map.definition)
                let place = (address.row - window.origin.row) * window.columns + address.column - window.origin.column
                let left = selections.map { $0.leftOutByTile[place] } + [wanting[address, default: LeftOut()].beside(content)]
                var tile = EncodedTile(
                    format: format, body: body, isGzip: false, leftOut: total(left), dataVersion: map.dataVersion)
                tile.isEmpty = part.isBlank
                tiles[address] = tile
            }
            return tiles
        }
    }

    /// What every layer of the map, or each of `layers`, gives to the window, from bottom to top.
    func query(
        _ window: TileWindow, purpose: LayerPurpose, layers: [LiveLayer]? = nil, recorder: inout ProductionRecorder
    ) throws -> [TileSelection] {
        let level = window.matrix.nominalLevel(metresPerUnit: set.metresPerUnit)
        let crs = ServedCRSs.datumTwin(of: set.crs)
        var selections: [TileSelection] = []
        for layer in layers ?? map.layers {
            let parts = layer.parts(level: level, window: window, purpose: purpose)
            if recorder.isOn, parts.isEmpty, let prepared = layer.prepared {
                let reason = layer.definition.tiles.levels.contains(level)
                    ? ProductionRecorder.Reason.notStyled : ProductionRecorder.Reason.outsideLevel
                let count = try prepared.count(intersecting: window.envelope, crs: crs)
                recorder.note(layer: layer.definition.id, leftOut: count, reason: reason, source: prepared.path)
            }
            for part in parts {
                var reached = window
                reached.margin = part.margin
                let selection = try recorder.measure(layer: part.name) {
                    try part.prepared.tileLayer(
                        name: part.name, window: reached, crs: crs, rules: part.rules, scratch: &bench.scratch,
                        repair: purpose.repairsRings ? bench.repair : nil)
                }
                recorder.note(selection, source: part.prepared.path)
                selections.append(selection)
            }
        }
        return selections
    }

    /// By tile, the labels of the picture just drawn that want a character.
    private func unlettered(in window: TileWindow) -> [TileAddress: LeftOut] {
        var leftOut = PlannedLeftOut()
        leftOut.add(bench.lastRender?.unlettered ?? [], on: window)
        return leftOut.byTile
    }

    /// A tile on which nothing but the ground was drawn is transparent, so that an empty tile never hides another map.
    private func cut(_ picture: Pixmap, at address: TileAddress, window: TileWindow, pixels: Int, ground: UInt32?) -> PicturePart {
        let (x, y) = ((address.column - window.origin.column) * pixels, (address.row - window.origin.row) * pixels)
        return picture.isUniform(ground, x: x, y: y, side: pixels)
            ? PicturePart(picture: Pixmap(width: pixels, height: pixels), x: 0, y: 0, side: pixels, isBlank: true)
            : PicturePart(picture: picture, x: x, y: y, side: pixels)
    }

    private func matrix(_ level: Int) throws -> TileMatrix {
        guard let matrix = set.matrix(level: level) else {
            throw ProductionError(
                code: .outsideLimits,
                message: .init(zh: "瓦片矩阵集 \(set.id) 没有级别 \(level)", en: "matrix set \(set.id) has no level \(level)"))
        }
        return matrix
    }

    /// MapLibre's zoom counts from a world of one 512 px tile.
    func styleZoom(of matrix: TileMatrix) -> Double {
        matrix.styleZoom(metresPerUnit: set.metresPerUnit)
    }

    private func total(_ parts: [LeftOut]) -> [String: Int] {
        var sum = LeftOut()
        for part in parts { sum.add(part) }
        return Dictionary(uniqueKeysWithValues: sum.nonZero.map { ($0.reason.rawValue, $0.count) })
    }
}

extension LeftOut {
    /// What a plan's account adds to that of the layers read for a picture: all of it where they are those with shapes, and else
    /// the labels alone, for everything was read again.
    fileprivate func beside(_ content: RasterContent) -> LeftOut {
        guard content != .shapes else { return self }
        var labels = LeftOut()
        labels[.noGlyph] = self[.noGlyph]
        return labels
    }
}

extension Pixmap {
    /// Whether every pixel of a square is `pixel`; a square without a pixel to compare with is not.
    fileprivate func isUniform(_ pixel: UInt32?, x: Int, y: Int, side: Int) -> Bool {
        guard let pixel else { return false }
        return (y..<(y + side)).allSatisfy { row in
            pixels[(row * width + x)..<(row * width + x + side)].allSatisfy { $0 == pixel }
        }
    }
}
