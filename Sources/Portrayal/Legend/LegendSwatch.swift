import Raster
import SimpleFeatures
import Tiling
import Typography

/// Draws sample features with a few layers of a style, by the renderer that draws the map.
struct LegendSwatch: ~Copyable {
    /// Logical pixels of the smallest swatch.
    static let (width, height) = (64, 28)
    /// Logical pixels of the square that is drawn before it is cut.
    private static let side = 192
    private static let inset = 5

    private let fonts: FontCatalogue
    private let sheets: [SpriteSheet]
    private var scratch = RenderScratch()

    init(sheets: [SpriteSheet], fonts: FontCatalogue) {
        self.sheets = sheets
        self.fonts = fonts
    }

    func renderer(of document: JSONValue) throws(PortrayalError) -> StyleRenderer {
        StyleRenderer(style: try Style(document), sprites: sheets, fonts: fonts)
    }

    /// A feature in each of the source layers, on the style's ground.
    ///
    /// - Returns: 64 x 28 pixels; as much as an icon with its text takes, where that is more.
    mutating func draw(
        _ renderer: StyleRenderer, sourceLayers: [String], kind: TileGeometryKind, properties: [String: JSONValue], level: Int
    ) throws(PortrayalError) -> Pixmap {
        let layers = sourceLayers.map { Self.layer($0, kind, properties) }
        let picture = try Self.render(renderer, layers, side: Self.side, level: level, &scratch)
        let box = Self.box(of: kind, in: picture)
        return picture.cropped(x: box.x, y: box.y, width: box.width, height: box.height)
    }

    /// The same for paper, and as small as paper has it: of areas and lines the middle, of points what they mark.
    ///
    /// - Parameter ratio: whole device pixels a logical pixel.
    mutating func record(
        _ renderer: StyleRenderer, sourceLayers: [String], kind: TileGeometryKind, properties: [String: JSONValue], level: Int,
        ratio: Int
    ) throws(PortrayalError) -> DisplayList {
        let layers = sourceLayers.map { Self.layer($0, kind, properties) }
        let picture = try Self.render(renderer, layers, side: Self.side, level: level, &scratch)
        let least = kind == .point ? (Self.paperPoint, Self.paperPoint) : (Self.paperWidth, Self.paperHeight)
        let box = Self.box(of: kind, in: picture, least: least)
        let side = Self.side * ratio
        let enlarged = sourceLayers.map { Self.layer($0, kind, properties, within: (Self.paperWidth, Self.paperHeight), ratio: ratio) }
        let frame = PictureFrame(width: side, height: side, pixelRatio: Float(ratio), styleZoom: Double(level - 1))
        let whole = try renderer.record([PlacedTile(layers: enlarged)], frame: frame, options: RenderOptions(), scratch: &scratch)
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: box.width * ratio, height: box.height * ratio)
        canvas.add(whole, left: -box.x * ratio, top: -box.y * ratio)
        return canvas.endRecording()
    }

    /// Logical pixels of a swatch on paper.
    private static let (paperWidth, paperHeight) = (44, 18)
    /// The same of a swatch of points that mark no more.
    private static let paperPoint = 17

    /// A square picture at a level.
    static func render(
        _ renderer: StyleRenderer, _ layers: [TileLayer], side: Int, level: Int, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> Pixmap {
        let unit = PixelGeometry.unitsPerPixel
        let matrix = TileMatrix(
            id: "\(level)", level: level, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: side,
            matrixWidth: 1, matrixHeight: 1, scaleDenominator: 1 / 0.00028)
        let window = TileWindow(
            matrix: matrix, origin: TileAddress(level: level, row: 0, column: 0), extent: Int32(side) * unit, margin: 0)
        return try renderer.render(layers: layers, window: window, styleZoom: Double(level - 1), scratch: &scratch)
    }

    private static func layer(
        _ name: String, _ kind: TileGeometryKind, _ properties: [String: JSONValue],
        within size: (width: Int, height: Int) = (width, height), ratio: Int = 1
    ) -> TileLayer {
        let (middle, half, rise) = (side / 2, size.width / 2 - inset, size.height / 2 - inset)
        let positions: [(x: Int, y: Int)] =
            switch kind {
            case .point: [(middle, middle)]
            case .line: [(middle - width, middle), (middle + width, middle)]
            case .polygon:
                [
                    (middle - half, middle - rise), (middle + half, middle - rise), (middle + half, middle + rise),
                    (middle - half, middle + rise),
                ]
            }
        var layer = TileLayer(name: name, extent: Int32(side * ratio) * PixelGeometry.unitsPerPixel)
        layer.append(kind, properties, positions.map { ($0.x * ratio, $0.y * ratio) })
        return layer
    }

    private typealias Box = (x: Int, y: Int, width: Int, height: Int)

    private static func box(of kind: TileGeometryKind, in picture: Pixmap, least: (width: Int, height: Int) = (width, height)) -> Box {
        (kind == .point ? boxOfInk(picture, least) : nil)
            ?? ((picture.width - least.width) / 2, (picture.height - least.height) / 2, least.width, least.height)
    }

    /// The part with anything on the ground, evenly about its middle and not below the smallest swatch.
    private static func boxOfInk(_ picture: Pixmap, _ least: (width: Int, height: Int)) -> Box? {
        let ground = picture.pixels[0]
        var box: (left: Int, top: Int, right: Int, bottom: Int)?
        for y in 0..<picture.height {
            for x in 0..<picture.width where picture[x, y] != ground {
                let old = box ?? (left: x, top: y, right: x, bottom: y)
                box = (
                    left: min(old.left, x), top: min(old.top, y), right: max(old.right, x), bottom: max(old.bottom, y)
                )
            }
        }
        guard let box else { return nil }
        let (wide, high) = (max(box.right - box.left + 3, least.width), max(box.bottom - box.top + 3, least.height))
        let x = min(max((box.left + box.right + 1 - wide) / 2, 0), picture.width - wide)
        let y = min(max((box.top + box.bottom + 1 - high) / 2, 0), picture.height - high)
        return (x, y, wide, high)
    }
}

extension TileLayer {
    /// Adds a feature of one part, its positions in whole pixels.
    mutating func append(_ kind: TileGeometryKind, _ properties: [String: JSONValue], _ positions: [(x: Int, y: Int)]) {
        let firstTag = tags.count
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            guard let value = PropertyValue(value) else { continue }
            let key = keys.firstIndex(of: name) ?? keys.count
            if key == keys.count { keys.append(name) }
            let index = values.firstIndex(of: value) ?? values.count
            if index == values.count { values.append(value) }
            tags += [UInt32(key), UInt32(index)]
        }
        for position in positions {
            coordinates += [Int32(position.x) * PixelGeometry.unitsPerPixel, Int32(position.y) * PixelGeometry.unitsPerPixel]
        }
        partEnds.append(coordinates.count / 2)
        features.append(
            TileFeature(
                id: UInt64(features.count + 1), kind: kind, tags: firstTag..<tags.count,
                parts: (partEnds.count - 1)..<partEnds.count))
    }
}

extension PropertyValue {
    /// `nil` for what no property holds.
    init?(_ json: JSONValue) {
        switch json {
        case .string(let text): self = .text(text)
        case .boolean(let truth): self = .boolean(truth)
        case .number(let number): self = Int64(exactly: number).map { .integer($0) } ?? .real(number)
        case .null, .array, .object: return nil
        }
    }
}
