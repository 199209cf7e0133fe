import FeatureStore
import FoundationEssentials
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// What WMS says about the maps and their layers.
struct WMSDocuments {
    let service: ServiceContext
    let baseURL: String

    func capabilities(_ version: WMSVersion) -> WMSCapabilities {
        let state = service.library.state
        let catalogue = PictureCatalogue(state: state)
        let city = service.installation.city
        let crs = PictureCRS.offered(in: state.sets)
        var root = WMSCapabilities.Layer(name: nil, title: city.name.zh + "标准作业图")
        root.abstract = "Standard work map of \(city.name.en)"
        root.crs = crs.map(\.identifier)
        root.bounds = city.box
        root.children = catalogue.baseMaps.map { map(of: $0, catalogue, crs) } + looks(catalogue, crs)
        var document = WMSCapabilities(
            version: version, title: city.name.zh + "标准作业图", baseURL: baseURL, root: root, sideLimit: PictureView.sideLimit,
            layerLimit: WMSRequest.Limits(side: PictureView.sideLimit).layers)
        document.abstract = "Standard work map of \(city.name.en)"
        return document
    }

    /// The styles of an entry, the one it has by itself first.
    func styles(of entry: PictureCatalogue.Entry) -> [StyledLayerDescriptor.Style] {
        let base =
            switch entry {
            case .map(let map), .group(_, let map), .layer(_, let map): map
            }
        return ([base] + PictureCatalogue(state: service.library.state).variants(of: base)).enumerated().map { place, map in
            .init(
                name: place == 0 ? "default" : map.definition.id, title: map.definition.title.zh,
                documentURL: "\(baseURL)/styles/\(PercentEncoding.encode(map.definition.style))/style.json")
        }
    }

    private func map(of map: LiveMap, _ catalogue: PictureCatalogue, _ crs: [PictureCRS]) -> WMSCapabilities.Layer {
        var layer = described(.map(map), title: map.definition.title.zh, english: map.definition.title.en, catalogue, crs)
        layer.name = map.definition.id
        layer.attribution = map.definition.attribution
        layer.isOpaque = !map.isImagery
        var groups: [String] = []
        for member in map.layers where !groups.contains(member.definition.group) { groups.append(member.definition.group) }
        layer.children = groups.map { group(of: $0, map, catalogue, crs) }
        return layer
    }

    private func group(of name: String, _ map: LiveMap, _ catalogue: PictureCatalogue, _ crs: [PictureCRS]) -> WMSCapabilities.Layer {
        let title = PictureCatalogue.groupTitles[name]
        let entry = PictureCatalogue.Entry.group(name, of: map)
        var group = described(entry, title: title?.zh ?? name, english: title?.en ?? name, catalogue, crs)
        // The name leads to the first map that has such a group.
        if case .group(_, let owner)? = catalogue.entry(name), owner.definition.id == map.definition.id { group.name = name }
        group.children = catalogue.layers(entry).compactMap { member in
            guard case .layer(_, let owner)? = catalogue.entry(member.definition.id), owner.definition.id == map.definition.id else { return nil }
            return layer(of: member, map, catalogue, crs)
        }
        return group
    }

    private func layer(of layer: LiveLayer, _ map: LiveMap, _ catalogue: PictureCatalogue, _ crs: [PictureCRS]) -> WMSCapabilities.Layer {
        let definition = layer.definition
        var described = described(.layer(layer, of: map), title: definition.title.zh, english: definition.title.en, catalogue, crs)
        described.name = definition.id
        let levels = definition.tiles.aggregate.map { [definition.tiles.levels, $0.levels] } ?? [definition.tiles.levels]
        if let first = levels.map(\.first).min(), first > 0 {
            described.largestScaleDenominator = StandardScale.denominator(ofLevel: Double(first) - 0.5)
        }
        if let last = levels.map(\.last).max(), last < TileLimits.highestRasterLevel {
            described.smallestScaleDenominator = StandardScale.denominator(ofLevel: Double(last) + 0.5)
        }
        guard let record = layer.record else { return described }
        let url = "\(baseURL)/collections/\(PercentEncoding.encode(definition.id))"
        described.metadataURL = url
        if definition.isServedByFeature { described.dataURL = url + "/items" }
        described.times = "\(record.importedAt)/\(Self.thisHour)/PT1S"
        return described
    }

    /// To which states are known; the document stays the same for a while.
    private static var thisHour: String {
        let now = Int64(Date().timeIntervalSince1970)
        return LayerMoment.text(now - now % 3600)
    }

    private func described(
        _ entry: PictureCatalogue.Entry, title: String, english: String, _ catalogue: PictureCatalogue, _ crs: [PictureCRS]
    ) -> WMSCapabilities.Layer {
        var layer = WMSCapabilities.Layer(name: nil, title: title)
        layer.abstract = english
        let members = catalogue.layers(entry)
        layer.bounds = members.reduce(into: Envelope.empty) { $0.formUnion($1.geographicEnvelope) }
        layer.boxes = crs.compactMap { crs in
            let plane = ServedCRSs.datumTwin(of: crs.set.crs)
            let all = members.reduce(into: Envelope.empty) { $0.formUnion($1.envelope(crs: plane)) }
            return all.isEmpty ? nil : .init(crs: crs.identifier, envelope: crs.box(all))
        }
        layer.isQueryable = members.contains { $0.definition.isServedByFeature && $0.record != nil }
        layer.styles = styles(of: entry).map { .init(name: $0.name, title: $0.title) }
        return layer
    }

    /// Maps that are another map's layers in another look.
    private func looks(_ catalogue: PictureCatalogue, _ crs: [PictureCRS]) -> [WMSCapabilities.Layer] {
        catalogue.state.maps.values.filter { $0.definition.basedOn != nil }
            .sorted { ($0.definition.order, $0.definition.id) < ($1.definition.order, $1.definition.id) }
            .map { map in
                var layer = described(.map(map), title: map.definition.title.zh, english: map.definition.title.en, catalogue, crs)
                layer.name = map.definition.id
                layer.attribution = map.definition.attribution
                return layer
            }
    }
}
