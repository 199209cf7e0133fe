import FeatureStore
import TileProduction
import Wording

/// What pictures can be asked of, by name: the maps, the groups of their layers, and the layers.
///
/// Maps that show the same layers in another way are the styles of the map that they are based on and of its layers.
struct PictureCatalogue: Sendable {
    let state: LibraryState

    /// Something with a name that can be drawn.
    enum Entry: Sendable {
        case map(LiveMap)
        case group(String, of: LiveMap)
        case layer(LiveLayer, of: LiveMap)
    }

    /// Why a name leads nowhere.
    enum Refusal: Error, Sendable {
        case noLayer(String)
        case noStyle(String, of: String, known: [String])
    }

    /// The maps that stand on their own, the one with most layers first; layers and groups belong to the first one that has them.
    var baseMaps: [LiveMap] {
        state.maps.values.filter { $0.definition.basedOn == nil }
            .sorted { (-$0.layers.count, $0.definition.id) < (-$1.layers.count, $1.definition.id) }
    }

    /// The other ways in which a map's layers can be drawn, as the maps that draw them so.
    func variants(of map: LiveMap) -> [LiveMap] {
        let layers = Set(map.definition.layers)
        return state.maps.values
            .filter { $0.definition.basedOn == map.definition.id && layers.isSubset(of: $0.definition.layers) }
            .sorted { ($0.definition.order, $0.definition.id) < ($1.definition.order, $1.definition.id) }
    }

    func entry(_ name: String) -> Entry? {
        if let map = WMTSLayers.map(named: name, in: state) { return .map(map) }
        if let layer = state.layers[name], let map = baseMaps.first(where: { $0.layers.contains { $0.definition.id == name } }) {
            return .layer(layer, of: map)
        }
        guard let map = baseMaps.first(where: { $0.layers.contains { $0.definition.group == name } }) else { return nil }
        return .group(name, of: map)
    }

    /// The layers that a name stands for, from bottom to top.
    func layers(_ entry: Entry) -> [LiveLayer] {
        switch entry {
        case .map(let map): map.layers
        case .group(let group, let map): map.layers.filter { $0.definition.group == group }
        case .layer(let layer, _): [layer]
        }
    }

    /// What draws the named layers, each in its style, from bottom to top.
    ///
    /// Layers of one map that follow one another in the map's own order are drawn together, so that their labels make room for
    /// one another.
    func parts(_ wanted: [(name: String, style: String?)]) throws(Refusal) -> [PictureRequest.Part] {
        var parts: [PictureRequest.Part] = []
        var last = -1
        for (name, style) in wanted {
            guard let entry = entry(name) else { throw .noLayer(name) }
            let map = try self.map(of: entry, name: name, style: style)
            guard case .map = entry else {
                let places = layers(entry).compactMap { layer in map.layers.firstIndex { $0.definition.id == layer.definition.id } }
                let ids = Set(layers(entry).map(\.definition.id))
                if let former = parts.last, former.map == map.definition.id, let known = former.layers, let lowest = places.min(), lowest > last {
                    parts[parts.count - 1].layers = known.union(ids)
                } else {
                    parts.append(PictureRequest.Part(map: map.definition.id, layers: ids))
                }
                last = places.max() ?? -1
                continue
            }
            parts.append(PictureRequest.Part(map: map.definition.id))
            last = .max
        }
        return parts
    }

    /// The map that draws an entry in a style.
    private func map(of entry: Entry, name: String, style: String?) throws(Refusal) -> LiveMap {
        let base =
            switch entry {
            case .map(let map), .group(_, let map), .layer(_, let map): map
            }
        guard let style, style != base.definition.style, style != base.definition.id else { return base }
        let variants = variants(of: base)
        guard let found = variants.first(where: { $0.definition.id == style || $0.definition.style == style }) else {
            throw .noStyle(style, of: name, known: ["default"] + variants.map(\.definition.id))
        }
        return found
    }

    /// All names, for a refusal to list.
    var names: [String] {
        let maps = state.maps.keys.sorted()
        let groups = Set(baseMaps.flatMap { $0.layers.map(\.definition.group) }).sorted()
        return maps + groups + state.layersInOrder.map(\.definition.id)
    }

    /// What people read for a group of layers.
    static let groupTitles: [String: LocalisedText] = [
        "base": LocalisedText(zh: "底图", en: "Base map"), "admin": LocalisedText(zh: "行政区划", en: "Districts"),
        "grid": LocalisedText(zh: "网格", en: "Grids"), "address": LocalisedText(zh: "地址", en: "Addresses"),
        "entity": LocalisedText(zh: "四实", en: "Four entities"), "overlay": LocalisedText(zh: "专题图层", en: "Overlays"),
    ]
}
