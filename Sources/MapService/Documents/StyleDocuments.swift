import FeatureStore
import OGCAPI
import Portrayal
import TileProduction
import Wording

/// What the service says about its styles (OGC 20-009, draft).
struct StyleDocuments {
    let service: ServiceContext
    let baseURL: String

    /// The first map in each style that can be drawn, in the order of maps.
    static func styled(_ state: LibraryState) -> [LiveMap] {
        var seen: Set<String> = []
        return state.maps.values.sorted { ($0.definition.order, $0.definition.id) < ($1.definition.order, $1.definition.id) }
            .filter { map in map.style.map { seen.insert($0.id).inserted } ?? false }
    }

    /// - Throws: 404 where no map is drawn in the style.
    static func map(styled id: String, _ state: LibraryState) throws -> LiveMap {
        guard let map = styled(state).first(where: { $0.style?.id == id }) else {
            throw ProblemError.notFound(zh: "没有地图采用样式 \(id)；全部见 /styles", en: "no map is drawn in a style called \(id); /styles lists them")
        }
        return map
    }

    func list(links: [Link]) -> StylesDocument {
        let maps = Self.styled(service.library.state)
        return StylesDocument(
            styles: maps.compactMap(document), defaultStyle: TilesetRoutes.standard(service.library.state)?.style?.id ?? maps.first?.style?.id,
            links: links)
    }

    /// `nil` for a map without a usable style.
    func document(_ map: LiveMap) -> StyleDocument? {
        guard let style = map.style else { return nil }
        var document = StyleDocument(id: style.id, title: map.definition.title.zh, description: map.definition.title.en, baseURL: baseURL)
        document.version = String(style.version, radix: 16)
        let drawn = Set(style.renderer.style.layers.compactMap { $0.sourceLayer ?? $0.source })
        document.layers = map.layers.filter { drawn.contains($0.definition.id) }.map { layer in
            let items = "\(baseURL)/collections/\(PercentEncoding.encode(layer.definition.id))/items"
            let isOpen = layer.definition.isServedByFeature && layer.record != nil
            return .init(
                id: layer.definition.id, dimension: layer.record?.dimension,
                sample: isOpen ? Link(href: items, rel: "data", type: MediaType.geoJSON, title: layer.definition.title.zh) : nil)
        }
        return document
    }
}
