import ArcGISREST
import FeatureStore
import Foundation
import OGCAPI
import Portrayal
import Raster
import SimpleFeatures
import TileProduction
import Wording

/// How a map draws its layers, as its own legend shows it: pictures for `/legend`, and the nearest symbols that ArcGIS has.
struct EsriSymbols {
    let service: ServiceContext
    let shelf: LegendShelf

    /// What a style draws of one layer, by the layer's id.
    struct Drawn: Sendable {
        var title: String
        var swatch: Swatch
        /// The field that tells classes apart, and those; `nil` where all features look alike.
        var field: String?
        var classes: [(value: String, title: String, swatch: Swatch)]
    }

    struct Swatch: Sendable {
        /// In base64.
        var png: String
        var width: Int
        var height: Int
    }

    /// Nothing for a map without a style that can be drawn.
    func drawn(of map: LiveMap) async throws -> [String: Drawn] {
        guard let style = map.style else { return [:] }
        let order = LegendOrder(form: .json, style: style, layers: map.layers.map(\.definition.id), level: nil, language: .zh)
        let bytes = try await shelf.legend(order, of: map, in: style, service: service)
        let rows = try JSONValue(json: bytes).object?["rows"]?.array ?? []
        var drawn: [String: Drawn] = [:]
        for row in rows {
            guard let row = row.object, let layer = row["layer"]?.text, let swatch = Self.swatch(row["swatch"]) else { continue }
            let classes = (row["classes"]?.array ?? []).compactMap { entry -> (field: String, value: String, title: String, swatch: Swatch)? in
                guard let entry = entry.object, let field = entry["field"]?.text, let value = entry["value"]?.text, let swatch = Self.swatch(entry["swatch"])
                else { return nil }
                return (field, value, Self.title(entry["title"]) ?? value, swatch)
            }
            let field = classes.first?.field
            drawn[layer] = Drawn(
                title: Self.title(row["title"]) ?? layer, swatch: swatch, field: field,
                classes: classes.filter { $0.field == field }.map { ($0.value, $0.title, $0.swatch) })
        }
        return drawn
    }

    private static func title(_ value: JSONValue?) -> String? { value?.object?["zh"]?.text }

    private static func swatch(_ value: JSONValue?) -> Swatch? {
        guard let value = value?.object, let width = value["width"]?.number, let height = value["height"]?.number, let image = value["image"]?.text,
            let comma = image.firstIndex(of: ",")
        else { return nil }
        return Swatch(png: String(image[image.index(after: comma)...]), width: Int(width), height: Int(height))
    }

    // MARK: Esri's symbols

    func renderers(of map: LiveMap) async throws -> [String: EsriRenderer] {
        var renderers: [String: EsriRenderer] = [:]
        for (layer, drawn) in try await drawn(of: map) {
            guard let record = map.layers.first(where: { $0.definition.id == layer })?.record, let symbol = try Self.symbol(drawn.swatch, record.dimension) else { continue }
            let classes = try drawn.classes.compactMap { entry in
                try Self.symbol(entry.swatch, record.dimension).map { EsriRenderer.Class(value: entry.value, label: entry.title, symbol: $0) }
            }
            renderers[layer] = EsriRenderer(symbol: symbol, label: drawn.title, field: drawn.field, classes: classes)
        }
        return renderers
    }

    /// Points are the legend's own picture; of lines and areas the colour in its middle is taken.
    private static func symbol(_ swatch: Swatch, _ dimension: GeometryDimension?) throws -> EsriSymbol? {
        guard let dimension, let png = Data(base64Encoded: swatch.png) else { return nil }
        // A point is 1/72 inch and a pixel 1/96.
        let points = 0.75
        guard dimension != .point else { return .picture(swatch.png, width: Double(swatch.width) * points, height: Double(swatch.height) * points) }
        let picture = try PNGDecoder.decode([UInt8](png))
        let middle = colour(picture, picture.width / 2, picture.height / 2)
        if dimension == .line { return .line(middle, width: 1.5) }
        return .fill(middle, outline: edge(picture) ?? middle)
    }

    /// The first colour that is met from the left, which is an area's outline where it has one.
    private static func edge(_ picture: Pixmap) -> EsriSymbol.Colour? {
        let y = picture.height / 2
        return (0..<(picture.width / 2)).first { picture[$0, y] >> 24 == 255 }.map { colour(picture, $0, y) }
    }

    private static func colour(_ picture: Pixmap, _ x: Int, _ y: Int) -> EsriSymbol.Colour {
        let pixel = picture[x, y]
        let opacity = Int(pixel >> 24)
        func channel(_ shift: UInt32) -> Int { opacity == 0 ? 0 : min(255, (Int(pixel >> shift & 255) * 255 + opacity / 2) / opacity) }
        return EsriSymbol.Colour(red: channel(0), green: channel(8), blue: channel(16), opacity: opacity)
    }

    func legend(_ layers: [EsriLayer], _ numbered: [EsriMaps.NumberedLayer], of map: LiveMap) async throws -> EsriLegend {
        let drawn = try await drawn(of: map)
        return EsriLegend(
            layers: layers.compactMap { layer in
                guard let id = numbered.first(where: { $0.id == layer.id })?.layer.definition.id, let look = drawn[id] else { return nil }
                let whole = EsriLegend.Entry(label: "", png: look.swatch.png, width: look.swatch.width, height: look.swatch.height)
                let classes = look.classes.map { entry in
                    EsriLegend.Entry(label: entry.title, values: [entry.value], png: entry.swatch.png, width: entry.swatch.width, height: entry.swatch.height)
                }
                return (layer, classes.isEmpty ? [whole] : classes)
            })
    }
}
