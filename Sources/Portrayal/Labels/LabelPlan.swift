import Raster
public import Tiling

/// The labels and icons of one zoom level, placed once for everything there is: a window draws those that reach it.
///
/// Which label stands where does not depend on how the map is cut into tiles, so that a label may lie across any number
/// of them.
public struct LabelPlan: Sendable {
    /// The block of tiles whose top left corner positions count from.
    let canvas: TileWindow
    /// By id of the style layer.
    let layers: [String: PlannedLayer]

    /// Labels and icons that have a place.
    public var symbolCount: Int { layers.values.reduce(0) { $0 + $1.symbols.count } }

    /// Whole pixels from the plan's corner to a picture's.
    func move(to picture: PictureFrame) -> (x: Int, y: Int) {
        let tile = Int(canvas.extent / PixelGeometry.unitsPerPixel)
        return (picture.originX - canvas.origin.column * tile, picture.originY - canvas.origin.row * tile)
    }

    /// What a layer draws in a picture, in drawing order.
    func symbols(of layer: String, in picture: PictureFrame) -> [PlacedSymbol] {
        guard let planned = layers[layer] else { return [] }
        let corner = move(to: picture)
        return planned.symbols(
            in: PixelBox(
                left: Float(corner.x), top: Float(corner.y), right: Float(corner.x + picture.width),
                bottom: Float(corner.y + picture.height)))
    }
}

/// The placed symbols of one style layer, found by where they are.
struct PlannedLayer: Sendable {
    /// In drawing order.
    let symbols: [PlacedSymbol]
    private let cell: Float
    private let columns: Int
    private let rows: Int
    /// By cell: where its members end in `members`.
    private let ends: [Int32]
    private let members: [Int32]

    private static let leastCellInPixels: Float = 256
    private static let cellsAcross: Float = 1_024

    /// - Parameter width, height: of the canvas in pixels; what lies outside is found all the same.
    init(_ symbols: [PlacedSymbol], width: Int, height: Int) {
        self.symbols = symbols
        cell = max(Self.leastCellInPixels, Float(max(width, height)) / Self.cellsAcross)
        columns = max(1, Int(Float(width) / cell) + 1)
        rows = max(1, Int(Float(height) / cell) + 1)
        var counts = [Int32](repeating: 0, count: columns * rows + 1)
        for symbol in symbols {
            Self.forEachCell(symbol.extent, cell, columns, rows) { counts[$0 + 1] += 1 }
        }
        for i in 1..<counts.count { counts[i] += counts[i - 1] }
        var next = counts
        var members = [Int32](repeating: 0, count: Int(counts[counts.count - 1]))
        for (i, symbol) in symbols.enumerated() {
            Self.forEachCell(symbol.extent, cell, columns, rows) { place in
                members[Int(next[place])] = Int32(i)
                next[place] += 1
            }
        }
        ends = counts
        self.members = members
    }

    func symbols(in box: PixelBox) -> [PlacedSymbol] {
        var found: Set<Int32> = []
        Self.forEachCell(box, cell, columns, rows) { place in
            for i in members[Int(ends[place])..<Int(ends[place + 1])] where symbols[Int(i)].extent.meets(box) {
                found.insert(i)
            }
        }
        return found.sorted().map { symbols[Int($0)] }
    }

    private static func forEachCell(
        _ box: PixelBox, _ cell: Float, _ columns: Int, _ rows: Int, _ body: (Int) -> Void
    ) {
        func held(_ value: Float, _ count: Int) -> Int { min(max(Int((value / cell).rounded(.down)), 0), count - 1) }
        for row in held(box.top, rows)...held(box.bottom, rows) {
            for column in held(box.left, columns)...held(box.right, columns) { body(row * columns + column) }
        }
    }
}

extension StyleRenderer {
    /// Places the labels and icons of a whole level.
    ///
    /// - Parameters:
    ///   - canvas: the block of tiles that holds all features, with the margin that they were read with.
    ///   - styleZoom, pixelRatio: as `render` has them.
    ///   - features: gives the features of a source layer in the canvas's units, asked once a style layer that draws
    ///     symbols, from the topmost down.
    /// - Throws: `missingFont`, `missingCharacter`; what `features` throws.
    public func labelPlan(
        canvas: TileWindow, styleZoom: Double, pixelRatio: Float, scratch: inout RenderScratch,
        features: (_ sourceLayer: String) throws -> [TileLayer]
    ) throws -> LabelPlan {
        let tile = Int(canvas.extent / PixelGeometry.unitsPerPixel)
        let (width, height) = (tile * canvas.columns, tile * canvas.rows)
        let picture = PictureFrame(
            width: width, height: height, pixelRatio: pixelRatio, styleZoom: styleZoom,
            originX: canvas.origin.column * tile, originY: canvas.origin.row * tile, grid: FeatureGrid(canvas))
        let zoomed = scratch.layers(of: style, identity: identity, zoom: styleZoom, images: sprites.names)
        let frame = frame(picture, RenderOptions(keepsLabelsWhole: false))
        var placement = SymbolPlacement(frame: frame, catalogue: catalogue)
        var layers: [String: PlannedLayer] = [:]
        for layer in zoomed.reversed() where layer.kind == .symbol {
            guard let sourceLayer = layer.sourceLayer else { continue }
            let placed = try placement.place(layer, try features(sourceLayer), &scratch)
            layers[layer.id] = PlannedLayer(placed, width: width, height: height)
        }
        return LabelPlan(canvas: canvas, layers: layers)
    }
}
