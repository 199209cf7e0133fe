import HTTPTypes
import Hummingbird
import OGCAPI
import TileProduction
import Tiling
import Wording

/// The entrance of the OGC API: landing page, description of the API, conformance, tile matrix sets.
struct CommonRoutes {
    let service: ServiceContext

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/conformance") { request, _ in
            let asked = try DocumentRequest(request, service.settings)
            return asked.answer(conformance.json(), title: .init(zh: "符合的标准类", en: "Conformance"))
        }
        router.get("/api") { request, _ in
            let asked = try DocumentRequest(request, service.settings, offering: Representation.openAPI + [.html])
            let description = APIDocuments(service: service).description(base: asked.base)
            return asked.answer(description.json()) { asked in
                HTMLPage(
                    title: .init(zh: "接口说明", en: "API"), steps: asked.steps([]), alternates: asked.alternates,
                    body: APIPage.body(description))
            }
        }
        router.get("/tileMatrixSets") { request, _ in
            let asked = try DocumentRequest(request, service.settings)
            let document = TileMatrixSetsDocument(sets: service.library.state.sets.sets, baseURL: asked.base, links: asked.links)
            return asked.answer(document.json(), title: Self.matrixSets)
        }
        router.get("/tileMatrixSets/{set}") { request, context in
            let asked = try DocumentRequest(request, service.settings)
            let set = try matrixSet(try context.parameters.require("set"))
            return asked.answer(
                set.json(), title: .init(zh: "瓦片矩阵集 \(set.id)", en: set.title),
                steps: [.init(Self.matrixSets.zh, asked.base + "/tileMatrixSets")])
        }
    }

    private var conformance: ConformanceDeclaration {
        var declaration = Self.conformance
        if service.settings.editing.isOn { declaration.classes += ConformanceDeclaration.editing }
        return declaration
    }

    /// What every service claims.
    private static let conformance = ConformanceDeclaration(
        classes: ConformanceDeclaration.common + ConformanceDeclaration.features + ConformanceDeclaration.queryables
            + ConformanceDeclaration.filters + ConformanceDeclaration.cql2 + ConformanceDeclaration.tiles + ConformanceDeclaration.styles
            + ConformanceDeclaration.maps)

    private static let matrixSets = LocalisedText(zh: "瓦片矩阵集", en: "Tile matrix sets")

    private func matrixSet(_ id: String) throws -> TileMatrixSet {
        guard let set = service.library.state.sets[id] else {
            throw ProblemError.notFound(
                zh: "没有瓦片矩阵集 \(id)；全部见 /tileMatrixSets", en: "there is no tile matrix set \(id); /tileMatrixSets lists them")
        }
        return set
    }

    /// The landing page of the OGC API, for clients that ask `/` for JSON, and for people who ask for it by `f=html`.
    func landingPage(_ request: Request) throws -> Response {
        let asked = try DocumentRequest(request, service.settings)
        let base = asked.base
        let city = service.installation.city.name
        let page = LandingPage(
            title: city.zh + "标准作业图", description: "Standard work map of \(city.en)",
            links: asked.links + [
                Link(href: base + "/api", rel: "service-desc", type: MediaType.openAPI, title: "接口说明 / The API"),
                Link(href: base + "/api?f=html", rel: "service-doc", type: MediaType.html, title: "接口说明（网页） / The API for people"),
                Link(href: base + "/conformance", rel: "conformance", type: MediaType.json, title: "符合的标准类 / Conformance"),
                Link(href: base + "/collections", rel: "data", type: MediaType.json, title: "图层 / Collections"),
                Link(href: base + "/functions", rel: Link.Relation.functions, type: MediaType.json, title: "筛选函数 / Functions of filters"),
                Link(href: base + "/map", rel: Link.Relation.map, type: "image/png", title: "地图 / Map"),
                Link(href: base + "/tileMatrixSets", rel: Link.Relation.tilingSchemes, type: MediaType.json, title: "瓦片矩阵集 / Tile matrix sets"),
                Link(href: base + "/tiles", rel: Link.Relation.tilesetsVector, type: MediaType.json, title: "矢量瓦片 / Vector tiles"),
                Link(href: base + "/map/tiles", rel: Link.Relation.tilesetsMap, type: MediaType.json, title: "地图瓦片 / Map tiles"),
                Link(href: base + "/map", rel: Link.Relation.map, type: MediaType.png, title: "地图 / A map"),
                Link(href: base + "/styles", rel: Link.Relation.styles, type: MediaType.json, title: "样式 / Styles"),
                Link(href: base + "/wmts/1.0.0/WMTSCapabilities.xml", rel: "alternate", type: "application/xml", title: "WMTS 1.0.0"),
                Link(href: base + "/wms?SERVICE=WMS&REQUEST=GetCapabilities", rel: "alternate", type: "text/xml", title: "WMS 1.3.0"),
                Link(href: base + "/wfs?SERVICE=WFS&REQUEST=GetCapabilities", rel: "alternate", type: "text/xml", title: "WFS 2.0.0"),
            ])
        return asked.answer(page.json()) { asked in
            let entries = page.links.filter { $0.rel != "self" && $0.type != MediaType.html && !$0.href.contains("f=") }
            return HTMLPage(
                title: .init(zh: page.title, en: page.description ?? ""), steps: [], alternates: asked.alternates,
                body: [
                    .element("p", [], [.link(base + "/", "打开地图 open the map")]),
                    .element("ul", [], entries.map { .element("li", [], [.link($0.href, $0.title ?? $0.rel)]) }),
                ])
        }
    }
}
