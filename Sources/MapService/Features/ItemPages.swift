import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Features for people: what the GeoJSON of the same request holds, as a table.
///
/// A page is made from the GeoJSON itself, so that both forms always say the same.
struct ItemPages {
    let service: ServiceContext
    let selection: FeatureSelection

    /// Rows of a page; more is what machines ask for.
    private static let longestPage = 1000
    private static let forms: [Representation] = [.geoJSON, .json, .html]

    /// - Parameter geoJSON: answers a request for GeoJSON.
    func items(
        _ request: Request, _ parameters: QueryParameters, by geoJSON: (Request, QueryParameters) async throws -> Response
    ) async throws -> Response {
        guard try wantsPage(request, parameters) else { return finish(try await geoJSON(request, parameters), request, parameters) }
        var asked = parameters.replacing("f", with: "json")
        if let text = try parameters.value("limit"), let limit = Int(text), limit > Self.longestPage {
            asked = asked.replacing("limit", with: String(Self.longestPage))
        }
        let document = try await members(of: try await geoJSON(Self.request(request, asked), asked))
        let title = selection.layer.definition.title
        let table = ItemsTable(
            columns: columns, rows: rows(document["features"] as? [[String: Any]] ?? [], parameters),
            numberMatched: document["numberMatched"] as? Int, offset: Int(try parameters.value("offset") ?? "") ?? 0,
            pages: Self.pages(document), portal: base(request) + "/")
        return page(
            request, parameters, title: .init(zh: "\(title.zh)的要素", en: "Features of \(title.en)"), steps: [], body: table.html)
    }

    /// - Parameter geoJSON: answers a request for GeoJSON.
    func item(_ id: String, _ request: Request, by geoJSON: (Request) async throws -> Response) async throws -> Response {
        let parameters = try request.parameters()
        guard try DocumentRequest.choose(among: Self.forms, request, parameters) == .html else { return finish(try await geoJSON(request), request, parameters) }
        let document = try await members(of: try await geoJSON(Self.request(request, parameters.replacing("f", with: "json"))))
        let properties = document["properties"] as? [String: Any] ?? [:]
        let rows = columns.map { column -> HTMLNode in
            let title = column.title.map { $0 == column.name ? "" : $0 + " " } ?? ""
            return .element("tr", [], [
                .element("th", [.init("scope", "row")], [.text(title), .element("span", [.init("class", "en")], text: column.name)]),
                .element("td", text: Self.text(properties[column.name])),
            ])
        }
        let geometry = (document["geometry"] as? [String: Any])?["type"] as? String ?? "–"
        let title = selection.layer.definition.title
        let items = "\(collection(request))/items?f=html"
        return page(
            request, parameters, title: .init(zh: "\(title.zh) \(id)", en: "\(title.en) \(id)"),
            steps: [.init("要素", items)],
            body: [.element("p", text: "几何 geometry: \(geometry)"), .element("table", [], rows), .element("p", [], [.link(base(request) + "/", "地图 map")])])
    }

    // MARK: Reading GeoJSON

    private func members(of response: Response) async throws -> [String: Any] {
        let collected = PageCollector()
        try await response.body.write(collected)
        return try JSONSerialization.jsonObject(with: Data(collected.bytes)) as? [String: Any] ?? [:]
    }

    private var columns: [(name: String, title: String?)] {
        selection.openSchema.fields.map { ($0.name, selection.layer.title(of: $0.name)) }
    }

    private func rows(_ features: [[String: Any]], _ parameters: QueryParameters) -> [ItemsTable.Row] {
        features.map { feature in
            let id = Self.text(feature["id"])
            let properties = feature["properties"] as? [String: Any] ?? [:]
            let url = "/collections/\(PercentEncoding.encode(selection.record.id))/items/\(PercentEncoding.encode(id))?f=html"
            return ItemsTable.Row(id: id, address: url, values: columns.map { Self.text(properties[$0.name]) })
        }
    }

    private static func text(_ value: Any?) -> String {
        switch value {
        case nil, is NSNull: ""
        case let value as String: value
        case let value as NSNumber: value.stringValue
        case let value?: "\(value)"
        }
    }

    /// `next` and `prev` of the GeoJSON, as pages for people.
    private static func pages(_ document: [String: Any]) -> [Link] {
        (document["links"] as? [[String: Any]] ?? []).compactMap { link in
            guard let rel = link["rel"] as? String, rel == "next" || rel == "prev", let href = link["href"] as? String else { return nil }
            return Link(href: href.replacingOccurrences(of: "f=json", with: "f=html"), rel: rel, type: MediaType.html)
        }
    }

    // MARK: Forms

    /// Whether people ask; another form than a page is for the route of features to give or to refuse.
    private func wantsPage(_ request: Request, _ parameters: QueryParameters) throws -> Bool {
        if let f = try parameters.value("f")?.lowercased() { return f == Representation.html.name || f == Representation.html.mediaType }
        return try DocumentRequest.choose(among: Self.forms, request, parameters) == .html
    }

    private static func request(_ request: Request, _ parameters: QueryParameters) -> Request {
        var head = request.head
        head.path = "\(request.uri.path)?\(parameters.encoded)"
        head.headerFields[.accept] = MediaType.geoJSON
        head.headerFields[.ifNoneMatch] = nil
        head.headerFields[.acceptEncoding] = nil
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    private func base(_ request: Request) -> String { request.baseURL(service.settings) }

    private func collection(_ request: Request) -> String { "\(base(request))/collections/\(PercentEncoding.encode(selection.record.id))" }

    private func links(_ request: Request, _ parameters: QueryParameters, given: Representation) -> [Link] {
        .ofRepresentations(Self.forms, given: given, url: base(request) + request.uri.path, parameters: parameters)
            + [Link(href: collection(request), rel: "collection", type: MediaType.json)]
    }

    private func finish(_ response: Response, _ request: Request, _ parameters: QueryParameters) -> Response {
        // A file that somebody takes home is no form of this resource.
        guard response.headers[.contentType] == MediaType.geoJSON || response.status == .notModified else { return response }
        var response = response
        response.headers[.vary] = "Accept, Accept-Encoding"
        let own = links(request, parameters, given: .geoJSON).header
        response.headers[.link] = response.headers[.link].map { own + ", " + $0 } ?? own
        return response
    }

    private func page(
        _ request: Request, _ parameters: QueryParameters, title: LocalisedText, steps: [HTMLPage.Step], body: [HTMLNode]
    ) -> Response {
        let links = links(request, parameters, given: .html)
        let way = [HTMLPage.Step("接口首页", base(request) + "/?f=html")] + CollectionPages.steps(selection.layer, base(request)) + steps
        let page = HTMLPage(title: title, steps: way, alternates: links.filter { $0.rel == "alternate" }, body: body)
        var response = Response.tagged(page.bytes(), type: HTMLPage.mediaType, for: request)
        response.headers[.vary] = "Accept, Accept-Encoding"
        response.headers[.link] = links.header
        response.headers[DocumentRequest.securityPolicy] = HTMLPage.securityPolicy
        return response
    }
}

/// Takes a body that is bounded by the longest page.
private final class PageCollector: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws { bytes += Array(buffer.readableBytesView) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
