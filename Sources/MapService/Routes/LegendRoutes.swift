import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import Raster
import Synchronization
import TileProduction
import Tiling
import Wording

/// The legend of a style, derived from its document: as a picture, and as rows with a picture each.
struct LegendRoutes {
    let service: ServiceContext
    let shelf: LegendShelf

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/styles/{style}/legend.json") { request, context in
            try await legend(.json, request, context)
        }
        router.get("/styles/{style}/legend.png") { request, context in
            try await legend(.png, request, context)
        }
    }

    private func legend(
        _ form: LegendOrder.Form, _ request: Request, _ context: ServiceRequestContext
    ) async throws -> Response {
        let id = try context.parameters.require("style")
        let maps = service.library.state.maps.values.sorted { $0.definition.id < $1.definition.id }
        guard let map = maps.first(where: { $0.style?.id == id }), let style = map.style else {
            throw ProblemError.notFound(zh: "没有地图采用样式 \(id)", en: "no map is drawn in a style called \(id)")
        }
        let order = try LegendOrder(try request.parameters(), form: form, style: style, layers: map.layers.map(\.definition.id))
        let bytes = try await shelf.legend(order, of: map, in: style, service: service)
        return .tagged(bytes, type: form == .json ? "application/json" : "image/png", for: request)
    }
}

/// What a request wants of a legend, and everything that can change its bytes.
struct LegendOrder: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        case json, png
    }

    var form: Form
    var style: String
    var styleVersion: UInt64
    /// Overlays come and go.
    var layers: [String]
    var level: Int?
    var language: LegendSheet.Language?

    static let levels = 1...20
    private static let known: Set<String> = ["level", "lang"]

    init(form: Form, style: LiveStyle, layers: [String], level: Int?, language: LegendSheet.Language?) {
        self.form = form
        self.style = style.id
        styleVersion = style.version
        self.layers = layers
        self.level = level
        self.language = language
    }

    /// - Throws: for a parameter that is not known or a value that is not one of those offered.
    init(_ parameters: QueryParameters, form: Form, style: LiveStyle, layers: [String]) throws(ParameterError) {
        self.form = form
        self.style = style.id
        styleVersion = style.version
        self.layers = layers
        for item in parameters.items where !Self.known.contains(item.name) {
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "level 或 lang", en: "level or lang"))
        }
        if let text = try parameters.value("level") {
            guard let level = Int(text), Self.levels.contains(level) else {
                throw ParameterError(.invalid, name: "level", value: text, expected: .init(zh: "1 到 20 的整数", en: "a whole number from 1 to 20"))
            }
            self.level = level
        }
        if let text = try parameters.value("lang") {
            guard let language = LegendSheet.Language(rawValue: text) else {
                throw ParameterError(.invalid, name: "lang", value: text, expected: .init(zh: "zh 或 en", en: "zh or en"))
            }
            self.language = language
        }
    }
}

/// Legends that have been asked for; drawn away from the event loops.
final class LegendShelf: Sendable {
    private let made = Mutex<[LegendOrder: [UInt8]]>([:])
    /// Twenty levels, three languages and two forms are 120 for one style.
    private static let capacity = 128
    private static let pngOptions = PNGOptions(level: 6, palette: .exactElseTruecolour)

    private static let groups = PictureCatalogue.groupTitles

    @concurrent
    func legend(_ order: LegendOrder, of map: LiveMap, in style: LiveStyle, service: ServiceContext) async throws -> [UInt8] {
        if let bytes = made.withLock({ $0[order] }) { return bytes }
        let bytes = try Self.make(order, map, style, service)
        made.withLock {
            if $0.count >= Self.capacity { $0.removeAll() }
            $0[order] = bytes
        }
        return bytes
    }

    private static func make(
        _ order: LegendOrder, _ map: LiveMap, _ style: LiveStyle, _ service: ServiceContext
    ) throws -> [UInt8] {
        let fonts = service.installation.fonts
        let sheets = [SpriteSheet(icons: style.sprites.icons(ratio: 1))]
        var maker = try LegendMaker(document: style.document, sheets: sheets, fonts: fonts)
        let layers = map.layers.map { layer in
            LegendLayer(id: layer.definition.id, title: layer.definition.title, group: layer.definition.group)
        }
        let rows = try maker.rows(of: layers.inGroupOrder, level: order.level)
        if order.form == .json { return document(order, map, rows).bytes() }
        let title = map.definition.title
        let sheet = LegendSheet(
            title: LocalisedText(zh: "\(title.zh)图例", en: "Legend of \(title.en)"), rows: rows, groups: groups,
            language: order.language, ground: try maker.ground(level: order.level ?? 17),
            fontStack: [StandardFonts.regular, StandardFonts.fallback])
        return PNGEncoder.encode(try sheet.draw(fonts: fonts), options: pngOptions)
    }

    // MARK: As JSON

    private static func document(_ order: LegendOrder, _ map: LiveMap, _ rows: [LegendRow]) -> JSONDocument {
        let title = map.definition.title
        return [
            "style": .string(order.style), "map": .string(map.definition.id),
            "title": json(title, nil), "level": order.level.map { .integer($0) },
            "rows": .array(rows.map { row in
                [
                    "layer": .string(row.layer.id), "group": .string(row.layer.group),
                    "groupTitle": groups[row.layer.group].map { json($0, order.language) },
                    "title": json(row.layer.title, order.language),
                    "levels": .array([.integer(row.levels.lowerBound), .integer(row.levels.upperBound)]),
                    "swatch": picture(row.swatch), "classes": classes(row.classes, order.language),
                ]
            }),
        ]
    }

    private static func classes(_ classes: [LegendClass], _ language: LegendSheet.Language?) -> JSONDocument? {
        guard !classes.isEmpty else { return nil }
        return .array(classes.map { entry in
            [
                "field": .string(entry.field), "value": .string(entry.value), "title": json(entry.title, language),
                "swatch": picture(entry.swatch), "classes": self.classes(entry.classes, language),
            ]
        })
    }

    private static func json(_ title: LocalisedText, _ language: LegendSheet.Language?) -> JSONDocument {
        [
            "zh": language == .en ? nil : .string(title.zh), "en": language == .zh ? nil : .string(title.en),
        ]
    }

    private static func picture(_ picture: Pixmap) -> JSONDocument {
        let png = Data(PNGEncoder.encode(picture, options: pngOptions)).base64EncodedString()
        return [
            "width": .integer(picture.width), "height": .integer(picture.height), "image": .string("data:image/png;base64," + png),
        ]
    }
}

extension [LegendLayer] {
    /// The layers of one group side by side, groups in the order of their first layer.
    fileprivate var inGroupOrder: [LegendLayer] {
        var groups: [String] = []
        for layer in self where !groups.contains(layer.group) { groups.append(layer.group) }
        return groups.flatMap { group in filter { $0.group == group } }
    }
}
