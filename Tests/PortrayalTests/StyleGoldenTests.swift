import Foundation
import Raster
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Typography

@testable import Portrayal

/// Every folder of `Goldens` is a case: what the standard style makes of the features in `case.json` must equal
/// `expected.png` in every pixel.
///
/// `WORKMAP_BLESS=1` rewrites the expected pictures and fails the run, so that nobody blesses by accident. A failure
/// leaves what was drawn under `.build/goldens/portrayal/<case>`.
@Suite(.enabled(if: MapFonts.arePresent, "skipped: fonts-wqy-microhei and fonts-noto-cjk not installed"))
struct StyleGoldenTests {
    /// Features are in logical pixels of the picture, x east and y down.
    struct Case: Decodable {
        struct Shape: Decodable {
            var layer: String
            var kind: String
            var properties: [String: JSONScalar]?
            /// x, y by turns; a ring without its closing position, clockwise on screen.
            var parts: [[Double]]
        }

        var level: Int
        var ratio: Int?
        /// Logical pixels a side.
        var size: Int
        /// Identifiers of the style's layers that draw, with the background.
        var styleLayers: [String]
        var features: [Shape]
    }

    /// A property's value in a case.
    enum JSONScalar: Decodable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let c = try decoder.singleValueContainer()
            do { self = .number(try c.decode(Double.self)) } catch { self = .text(try c.decode(String.self)) }
        }

        var value: PropertyValue {
            switch self {
            case .number(let n): n == n.rounded() ? .integer(Int64(n)) : .real(n)
            case .text(let t): .text(t)
            }
        }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    static let output = Repository.directory.appending(path: ".build/goldens/portrayal")
    static let styles = Repository.directory.appending(path: "Styles")

    static let cases: [String] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        } catch {
            return ["no Goldens folder: \(error)"]
        }
    }()

    @Test(arguments: cases) func theStyleDrawsAsExpected(_ name: String) throws {
        let place = Self.folder.appending(path: name)
        let asked = try JSONDecoder().decode(Case.self, from: Data(contentsOf: place.appending(path: "case.json")))
        let actual = try Self.draw(asked)
        let file = place.appending(path: "expected.png")
        if ProcessInfo.processInfo.environment["WORKMAP_BLESS"] == "1" {
            try Self.write(actual, to: file)
            Issue.record("blessed \(name); run again without WORKMAP_BLESS")
            return
        }
        let expected = try PNGDecoder.decode([UInt8](Data(contentsOf: file)))
        guard expected != actual else { return }
        let left = Self.output.appending(path: name)
        try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
        try Self.write(actual, to: left.appending(path: "actual.png"))
        Issue.record("\(name) is drawn differently; see \(left.path)")
    }

    static func draw(_ asked: Case) throws -> Pixmap {
        let ratio = asked.ratio ?? 1
        let unit = Int32(256 * ratio)
        let matrix = TileMatrix(
            id: "\(asked.level)", level: asked.level, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0),
            tileSize: asked.size, matrixWidth: 1, matrixHeight: 1, scaleDenominator: 1 / 0.00028)
        let window = TileWindow(
            matrix: matrix, origin: TileAddress(level: asked.level, row: 0, column: 0),
            extent: Int32(asked.size) * unit, margin: 64 * unit)
        var scratch = RenderScratch()
        return try renderer(asked.styleLayers).render(
            layers: layers(asked, unit), window: window, styleZoom: Double(asked.level - 1), pixelRatio: Float(ratio),
            scratch: &scratch)
    }

    private static func renderer(_ wanted: [String]) throws -> StyleRenderer {
        var document = try Corpora.json(styles.appending(path: "standard/style.json"))
        guard case .object(var members) = document, let layers = members["layers"]?.array else {
            throw PortrayalError(.invalidStyle, "the standard style has no layers")
        }
        let known = Set(layers.compactMap { $0.object?["id"]?.text })
        for id in wanted where !known.contains(id) { Issue.record("the standard style has no layer \(id)") }
        members["layers"] = .array(layers.filter { layer in
            layer.object?["id"]?.text.map { $0 == "background" || wanted.contains($0) } ?? false
        })
        document = .object(members)
        var sprites = SpriteBuilder()
        let icons = styles.appending(path: "standard/icons")
        for file in try FileManager.default.contentsOfDirectory(atPath: icons.path).sorted() where file.hasSuffix(".json") {
            let data = try Data(contentsOf: icons.appending(path: file))
            sprites.add(try IconDescription(name: String(file.dropLast(5)), json: [UInt8](data)))
        }
        let fonts = try MapFonts.catalogue()
        return StyleRenderer(
            style: try Style(document), sprites: [1, 2].map { SpriteSheet(icons: sprites.icons(ratio: Float($0))) },
            fonts: fonts)
    }

    private static func layers(_ asked: Case, _ unit: Int32) -> [TileLayer] {
        var layers: [TileLayer] = []
        for (place, shape) in asked.features.enumerated() {
            let index = layers.firstIndex { $0.name == shape.layer } ?? layers.count
            if index == layers.count { layers.append(TileLayer(name: shape.layer, extent: Int32(asked.size) * unit)) }
            append(shape, id: UInt64(place + 1), unit, to: &layers[index])
        }
        return layers
    }

    private static func append(_ shape: Case.Shape, id: UInt64, _ unit: Int32, to layer: inout TileLayer) {
        let firstTag = layer.tags.count
        for (name, scalar) in (shape.properties ?? [:]).sorted(by: { $0.key < $1.key }) {
            let key = layer.keys.firstIndex(of: name) ?? layer.keys.count
            if key == layer.keys.count { layer.keys.append(name) }
            let value = layer.values.firstIndex(of: scalar.value) ?? layer.values.count
            if value == layer.values.count { layer.values.append(scalar.value) }
            layer.tags += [UInt32(key), UInt32(value)]
        }
        let firstPart = layer.partEnds.count
        for part in shape.parts {
            layer.coordinates += part.map { Int32(($0 * Double(unit)).rounded()) }
            layer.partEnds.append(layer.coordinates.count / 2)
        }
        let kind: TileGeometryKind = shape.kind == "point" ? .point : shape.kind == "line" ? .line : .polygon
        layer.features.append(
            TileFeature(id: id, kind: kind, tags: firstTag..<layer.tags.count, parts: firstPart..<layer.partEnds.count))
    }

    private static func write(_ pixmap: Pixmap, to file: URL) throws {
        let options = PNGOptions(level: 9, palette: .exactElseTruecolour)
        try Data(PNGEncoder.encode(pixmap, options: options)).write(to: file)
    }
}

/// The Debian fonts that `Styles/fonts.json` names.
enum MapFonts {
    static let arePresent = FileManager.default.fileExists(atPath: "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
        && FileManager.default.fileExists(atPath: "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")

    /// The fonts that the project's styles name.
    static func catalogue() throws -> FontCatalogue {
        let styles = StyleGoldenTests.styles
        return try FontCatalogue(json: Data(contentsOf: styles.appending(path: "fonts.json")), relativeTo: styles.path)
    }
}
