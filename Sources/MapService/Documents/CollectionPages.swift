import FeatureStore
import OGCAPI
import TileProduction
import Wording

/// Collections for people.
enum CollectionPages {
    static func step(_ base: String) -> HTMLPage.Step { .init("图层", base + "/collections?f=html") }

    /// The way to what belongs to a collection.
    static func steps(_ layer: LiveLayer, _ base: String) -> [HTMLPage.Step] {
        [step(base), .init(layer.definition.title.zh, address(layer, base) + "?f=html")]
    }

    private static func address(_ layer: LiveLayer, _ base: String) -> String {
        "\(base)/collections/\(PercentEncoding.encode(layer.definition.id))"
    }

    static func list(_ layers: [LiveLayer], base: String) -> [HTMLNode] {
        let head = ["名称 title", "标识 id", "要素数 features", "要素 items", "属性 schema"].map { text in
            HTMLNode.element("th", [.init("scope", "col")], text: text)
        }
        let rows = layers.map { layer -> HTMLNode in
            let url = address(layer, base)
            let isOpen = layer.definition.isServedByFeature && layer.record != nil
            return .element("tr", [], [
                .element("td", [], [.link(url + "?f=html", layer.definition.title.zh), .text(" ")] + [
                    .element("span", [.init("class", "en")], text: layer.definition.title.en)
                ]),
                .element("td", text: layer.definition.id), .element("td", text: String(layer.record?.featureCount ?? 0)),
                .element("td", [], isOpen ? [.link(url + "/items?f=html", "要素")] : []),
                .element("td", [], isOpen ? [.link(url + "/schema?f=html", "属性")] : []),
            ])
        }
        return [.element("div", [.init("class", "wide")], [.element("table", [], [.element("tr", [], head)] + rows)])]
    }
}
