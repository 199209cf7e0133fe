public import Raster
import Tiling
public import Typography
import Wording

/// Derives the legend of a map from its style document: which layers it draws, how, and which classes it tells apart.
///
/// Nothing is listed by hand. A class stands in the legend when its picture differs from that of the layer and of the
/// classes before it.
public struct LegendMaker: ~Copyable {
    /// A layer of the document with what is needed to choose it.
    fileprivate struct StyleLayerPart {
        var json: JSONValue
        var compiled: StyleLayer
        var levels: ClosedRange<Int>
        var search: ClassSearch
    }

    /// The level whose look stands for a layer that is drawn at many: houses have their plates there, and roads still fit.
    private static let typicalLevel = 18
    private static let allLevels = 1...20

    private let document: JSONValue
    private let vocabulary: LegendVocabulary
    private let parts: [StyleLayerPart]
    private let grounds: [JSONValue]
    private var swatches: LegendSwatch
    private var renderers: [String: StyleRenderer] = [:]
    /// What pictures were drawn of.
    private var samples: [Pixmap: Sample] = [:]

    private struct Sample {
        var renderer: String
        var sourceLayers: [String]
        var kind: TileGeometryKind
        var properties: [String: JSONValue]
        var level: Int
    }

    /// - Throws: `invalidStyle` when the document does not compile.
    public init(document: JSONValue, sheets: [SpriteSheet], fonts: FontCatalogue) throws(PortrayalError) {
        self.document = document
        vocabulary = LegendVocabulary(document)
        let layers = document.object?["layers"]?.array ?? []
        grounds = layers.filter { $0.object?["type"]?.text == "background" }
        parts = zip(layers, try Style(document).layers).compactMap { json, compiled in
            let levels = Self.allLevels.filter { compiled.draws(atStyleZoom: Double($0 - 1)) }
            guard let first = levels.first, let last = levels.last else { return nil }
            return StyleLayerPart(json: json, compiled: compiled, levels: first...last, search: ClassSearch(json))
        }
        swatches = LegendSwatch(sheets: sheets, fonts: fonts)
    }

    /// A row for each of the map's layers that the style draws, in the order of `layers`.
    ///
    /// - Parameter level: only what is drawn at this nominal level, as it is drawn there; `nil` for everything, each
    ///   at a level that shows it well.
    /// - Throws: `missingFont`, `unreadableGlyph`.
    public mutating func rows(of layers: [LegendLayer], level: Int?) throws(PortrayalError) -> [LegendRow] {
        var rows: [LegendRow] = []
        for layer in layers {
            let mine = parts.filter { part in
                part.json.workmapLayer == layer.id && (level.map { part.levels.contains($0) } ?? true)
            }
            if let row = try row(layer, mine, level) { rows.append(row) }
        }
        return rows
    }

    private mutating func row(
        _ layer: LegendLayer, _ mine: [StyleLayerPart], _ level: Int?
    ) throws(PortrayalError) -> LegendRow? {
        guard let first = mine.map(\.levels.lowerBound).min(), let last = mine.map(\.levels.upperBound).max() else { return nil }
        let shown = level ?? Self.nearest(first...last)
        let drawing = mine.filter { $0.levels.contains(shown) }
        let sample = vocabulary.sample(layer: layer.id, title: layer.title)
        var swatch = try draw(layer, drawing, drawing.geometryKind, sample, shown)
        let found = try classes(of: layer, mine, level)
        if swatch == nil, let own = found.first { swatch = own.swatch }
        guard let swatch else { return nil }
        let isFilled = drawing.contains { [.fill, .fillExtrusion, .background].contains($0.compiled.kind) }
        return LegendRow(layer: layer, levels: first...last, isFilled: isFilled, swatch: swatch, classes: found)
    }

    private mutating func classes(
        of layer: LegendLayer, _ mine: [StyleLayerPart], _ level: Int?
    ) throws(PortrayalError) -> [LegendClass] {
        var found: [LegendClass] = []
        var children: [(parent: (field: String, value: String), own: LegendClass)] = []
        var names: [String] = []
        for field in mine.flatMap(\.search.fields) where !names.contains(field.name) { names.append(field.name) }
        for name in names {
            let mentioning = mine.filter { part in part.search.fields.contains { $0.name == name } }
            let deciding = mentioning.filter { part in part.search.fields.contains { $0.name == name && $0.isVisual } }
            let candidates = Self.typicalFirst(deciding.isEmpty ? mentioning : deciding, level)
            var seen: Set<Pixmap> = []
            for term in Self.terms(name, mentioning, vocabulary, layer.id) {
                guard let picture = try swatch(layer, candidates, mine, name, term, level),
                    seen.insert(picture).inserted
                else { continue }
                let own = LegendClass(field: name, value: term.value, title: term.title, swatch: picture, classes: [])
                if let parent = term.parent { children.append((parent, own)) } else { found.append(own) }
            }
        }
        for child in children {
            let home = found.firstIndex { $0.field == child.parent.field && $0.value == child.parent.value }
            if let home { found[home].classes.append(child.own) } else { found.append(child.own) }
        }
        return found
    }

    private static func terms(
        _ field: String, _ parts: [StyleLayerPart], _ vocabulary: LegendVocabulary, _ layer: String
    ) -> [LegendVocabulary.Term] {
        var terms: [LegendVocabulary.Term] = []
        for part in parts {
            for found in part.search.fields where found.name == field {
                for term in found.terms(vocabulary, layer: layer) where !terms.contains(where: { $0.value == term.value }) {
                    terms.append(term)
                }
            }
        }
        return terms
    }

    /// The first picture of the class that shows anything, and not what features without the value show.
    private mutating func swatch(
        _ layer: LegendLayer, _ candidates: [StyleLayerPart], _ mine: [StyleLayerPart], _ field: String,
        _ term: LegendVocabulary.Term, _ level: Int?
    ) throws(PortrayalError) -> Pixmap? {
        var sample = vocabulary.sample(layer: layer.id, title: term.title)
        var plain = sample
        if let parent = term.parent {
            sample[parent.field] = .string(parent.value)
            plain = sample
        }
        sample[field] = .string(term.value)
        plain[field] = nil
        for candidate in candidates {
            let shown = level ?? Self.nearest(candidate.levels)
            let kind = [candidate].geometryKind
            let drawing = mine.filter { $0.levels.contains(shown) }
            guard let picture = try draw(layer, drawing, kind, sample, shown) else { continue }
            let other = term.isStated ? nil : try draw(layer, drawing, kind, plain, shown)
            if picture != other { return picture }
        }
        return nil
    }

    /// What draws at the level that shows the layer well comes before its simpler stand-ins further out.
    private static func typicalFirst(_ parts: [StyleLayerPart], _ level: Int?) -> [StyleLayerPart] {
        let shown = level ?? typicalLevel
        return parts.filter { $0.levels.contains(shown) } + parts.filter { !$0.levels.contains(shown) }
    }

    private static func nearest(_ levels: ClosedRange<Int>) -> Int {
        min(max(typicalLevel, levels.lowerBound), levels.upperBound)
    }

    // MARK: Drawing

    /// `nil` where nothing but the ground would show.
    private mutating func draw(
        _ layer: LegendLayer, _ drawing: [StyleLayerPart], _ kind: TileGeometryKind, _ sample: [String: JSONValue],
        _ level: Int
    ) throws(PortrayalError) -> Pixmap? {
        let renderer = try renderer(named: "\(layer.id) \(level)", drawing.map(\.json))
        var names: [String] = []
        for part in drawing {
            if let name = part.compiled.sourceLayer, !names.contains(name) { names.append(name) }
        }
        let picture = try swatches.draw(renderer, sourceLayers: names, kind: kind, properties: sample, level: level)
        let bare = try self.renderer(named: "ground", [])
        let ground = try swatches.draw(bare, sourceLayers: [], kind: .polygon, properties: [:], level: level)
        // The ground itself is the picture of the layer that is drawn as ground.
        let isGround = drawing.contains { $0.compiled.kind == .background }
        if samples[picture] == nil {
            samples[picture] = Sample(renderer: "\(layer.id) \(level)", sourceLayers: names, kind: kind, properties: sample, level: level)
        }
        return picture == ground && !isGround ? nil : picture
    }

    /// A swatch of this maker for paper.
    ///
    /// - Parameter ratio: whole device pixels a logical pixel.
    /// - Throws: as `rows`.
    public mutating func recording(of swatch: Pixmap, ratio: Int) throws(PortrayalError) -> DisplayList? {
        guard let sample = samples[swatch], let renderer = renderers[sample.renderer] else { return nil }
        return try swatches.record(
            renderer, sourceLayers: sample.sourceLayers, kind: sample.kind, properties: sample.properties, level: sample.level,
            ratio: ratio)
    }

    private mutating func renderer(named key: String, _ layers: [JSONValue]) throws(PortrayalError) -> StyleRenderer {
        if let known = renderers[key] { return known }
        var root = document.object ?? [:]
        root["layers"] = .array(grounds + layers.filter { !grounds.contains($0) })
        let made = try swatches.renderer(of: .object(root))
        renderers[key] = made
        return made
    }

    /// What the style paints where there is nothing; clear for a style without a ground.
    public mutating func ground(level: Int) throws(PortrayalError) -> Colour {
        let bare = try renderer(named: "ground", [])
        let picture = try swatches.draw(bare, sourceLayers: [], kind: .polygon, properties: [:], level: level)
        return picture.uniformColour ?? .clear
    }
}

extension [LegendMaker.StyleLayerPart] {
    /// What a sample has to be for the layers to show: an area where one is filled, else a line, else a point.
    fileprivate var geometryKind: TileGeometryKind {
        if contains(where: { [.fill, .fillExtrusion, .background].contains($0.compiled.kind) }) { return .polygon }
        let isLine = contains { part in
            part.compiled.kind == .line
                || part.json.object?["layout"]?.object?["symbol-placement"]?.text == "line"
        }
        return isLine ? .line : .point
    }
}

extension JSONValue {
    /// The layer of the map that a style layer draws.
    fileprivate var workmapLayer: String? {
        object?["metadata"]?.object?["workmap:layer"]?.text ?? object?["source-layer"]?.text
    }
}
