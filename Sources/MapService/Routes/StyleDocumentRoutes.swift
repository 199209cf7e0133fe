import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import TileProduction
import Tiling
import Wording

/// OGC API Styles: the styles, each as a style sheet, and what is known of it.
struct StyleDocumentRoutes {
    let service: ServiceContext

    /// A style sheet, to clients that ask for one and to those that ask for JSON.
    private static let sheets = [Representation("mapbox", MediaType.mapLibreStyle), .json]
    private static let title = LocalisedText(zh: "样式", en: "Styles")

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/styles") { request, _ in
            let asked = try DocumentRequest(request, service.settings)
            return asked.answer(documents(asked).list(links: asked.links).json(), title: Self.title)
        }
        router.get("/styles/{style}") { request, context in try sheet(request, try context.parameters.require("style")) }
        router.get("/styles/{style}/metadata") { request, context in
            let asked = try DocumentRequest(request, service.settings)
            let map = try StyleDocuments.map(styled: try context.parameters.require("style"), service.library.state)
            return asked.answer(try metadata(map, asked), title: Self.title(map), steps: [Self.step(asked)])
        }
    }

    private func documents(_ asked: DocumentRequest) -> StyleDocuments { StyleDocuments(service: service, baseURL: asked.base) }

    private func metadata(_ map: LiveMap, _ asked: DocumentRequest) throws -> JSONDocument {
        guard let document = documents(asked).document(map) else {
            throw ProblemError.notFound(zh: "样式 \(map.definition.style) 不可用", en: "the style \(map.definition.style) cannot be used")
        }
        return document.metadata(forms: asked.links)
    }

    /// The style sheet, for people a page with its legend.
    private func sheet(_ request: Request, _ id: String) throws -> Response {
        let map = try StyleDocuments.map(styled: id, service.library.state)
        let asked = try DocumentRequest(request, service.settings, offering: Self.sheets + [.html])
        guard asked.given != .html, let style = map.style else {
            let metadata = try metadata(map, asked)
            let legend = "\(asked.url)/legend.png"
            return asked.answer(
                HTMLPage(
                    title: Self.title(map), steps: asked.steps([Self.step(asked)]), alternates: asked.alternates,
                    body: metadata.html + [
                        .element("h2", text: "图例 legend"), .element("img", [.init("src", legend), .init("alt", "图例 legend")], []),
                    ]))
        }
        let document = style.document.withAddresses(under: asked.base)
        return asked.finish(.tagged(Array(document.description.utf8), type: asked.given.mediaType, for: request))
    }

    private static func title(_ map: LiveMap) -> LocalisedText {
        LocalisedText(zh: "样式：\(map.definition.title.zh)", en: "Style: \(map.definition.title.en)")
    }

    private static func step(_ asked: DocumentRequest) -> HTMLPage.Step { .init(title.zh, asked.base + "/styles?f=html") }
}
