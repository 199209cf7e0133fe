import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Features of collections as GeoJSON: one, a page, around a point, inside a polygon.
struct FeatureRoutes {
    let service: ServiceContext
    let desks: FeatureDesks
    let scratch: ExportScratchRoom

    private var exports: ExportRoutes { ExportRoutes(features: self) }

    static let defaultLimit = 100
    static let maximumLimit = 10_000

    /// - Parameter create: answers a POST that sends a feature, and leaves others alone; `nil` where none may be made.
    func add(
        to router: Router<ServiceRequestContext>,
        creating create: (@Sendable (inout Request, ServiceRequestContext) async throws -> Response?)? = nil
    ) {
        router.get("/collections/{collection}/items") { request, context in
            let (selection, parameters) = (try selection(context), try request.parameters())
            if let file = try ExportQuery.ofPage(parameters) {
                return try await exports.response(request, selection, area: nil, file, asPage: true)
            }
            return try await ItemPages(service: service, selection: selection).items(request, parameters) { request, parameters in
                try await items(request, parameters, selection, area: nil)
            }
        }
        router.post("/collections/{collection}/items") { request, context in
            var request = request
            if let made = try await create?(&request, context) { return made }
            _ = try selection(context)
            let (asked, parameters, area) = (request, try request.parameters(), try await SentPolygon.geometry(of: request))
            return try await SteadyMiddleware.steadily(service.library) {
                let selection = try selection(context)
                if let export = try ExportQuery.ofPage(parameters) {
                    return try await exports.response(asked, selection, area: area, export, asPage: true)
                }
                return try await items(asked, parameters, selection, area: area)
            }
        }
        router.get("/collections/{collection}/items/{feature}") { request, context in
            let (selection, id) = (try selection(context), try context.parameters.require("feature"))
            return try await ItemPages(service: service, selection: selection).item(id, request) { request in
                try await item(request, selection, id: id)
            }
        }
    }

    func selection(_ context: ServiceRequestContext) throws -> FeatureSelection {
        let id = PercentEncoding.decode(try context.parameters.require("collection")) ?? ""
        return try FeatureSelection(layer: id, in: service.library.state)
    }

    /// The selection in the state that a `datetime` names.
    func moved(_ selection: FeatureSelection, _ parameters: QueryParameters) async throws -> FeatureSelection {
        guard let text = try parameters.value("datetime") else { return selection }
        var selection = selection
        selection.turn(
            to: try await LayerMoment.find(DateTimeRange(text), of: selection.record, in: service.installation.registry))
        return selection
    }

    // MARK: One feature

    private func item(_ request: Request, _ selection: FeatureSelection, id text: String) async throws -> Response {
        guard let id = Int64(text) else {
            throw ProblemError.notFound(
                zh: "\(selection.record.id) 的要素标识是整数，不是 \(text)",
                en: "feature ids of \(selection.record.id) are whole numbers, not \(text)")
        }
        try Self.checkAccept(request)
        let parameters = try request.parameters()
        try Self.checkKnown(parameters)
        let output = try Self.output(parameters)
        let selection = try await moved(selection, parameters)
        let desk = desks.next
        guard let feature = try await desk.features([id], of: selection).first else {
            throw ProblemError.notFound(
                zh: "\(selection.record.id) 没有要素 \(id)",
                en: "\(selection.record.id) has no feature \(id)")
        }
        let bytes = try await bytes(of: feature, selection, output, request, desk)
        let tag = FeatureTag(feature).quoted(for: bytes)
        var response = Response.tagged(bytes, type: MediaType.geoJSON, tag: tag, for: request)
        response.headers[Self.contentCRS] = "<\(output.identifier.uri)>"
        response.headers[.lastModified] = LayerClock.lastModified(of: selection.record)
        return response
    }

    /// A feature of open values with its links, as it is answered with.
    func bytes(
        of feature: Feature, _ selection: FeatureSelection, _ output: GeoJSONOutput, _ request: Request, _ desk: FeatureDesk
    ) async throws -> [UInt8] {
        var bytes = try await desk.write([feature], of: selection, output)
        bytes.removeLast()
        let url = url(of: feature.id, selection, request)
        let links = [
            Link(href: url, rel: "self", type: MediaType.geoJSON), Link(href: "\(url)?f=html", rel: "alternate", type: MediaType.html),
            Link(href: String(url.dropLast("/items/\(feature.id)".count)), rel: "collection", type: MediaType.json),
        ]
        return bytes + Array(",\"links\":".utf8) + links.json().bytes() + Array("}".utf8)
    }

    func url(of id: Int64, _ selection: FeatureSelection, _ request: Request) -> String {
        "\(request.baseURL(service.settings))/collections/\(PercentEncoding.encode(selection.record.id))/items/\(id)"
    }

    // MARK: Pages

    private func items(
        _ request: Request, _ parameters: QueryParameters, _ selection: FeatureSelection, area: Geometry?
    ) async throws -> Response {
        try Self.checkAccept(request)
        var selection = try await moved(selection, parameters)
        let wanted = try ItemsQuery(parameters, offer: offer(selection))
        if wanted.format == .html {
            throw ProblemError.notAcceptable(
                zh: "要素以 GeoJSON 提供；请去掉 f=html", en: "features are given as GeoJSON; leave out f=html")
        }
        let desk = desks.next
        try await selection.narrow(by: wanted, area: area, at: desk)
        let output = try GeoJSONOutput(wanted.crs)
        let page = ItemsPage(
            url: "\(request.baseURL(service.settings))/collections/\(PercentEncoding.encode(selection.record.id))/items",
            parameters: parameters, limit: wanted.limit, offset: wanted.offset)
        var headers = Self.headers(output, selection)
        headers[Self.link] = Self.schemaLinks(request, service, selection)
        if area == nil {
            let tag = Self.tag(selection, page)
            headers[.eTag] = tag
            if request.headers[.ifNoneMatch].map({ ContentTag.matches($0, tag) }) == true {
                return Response(status: .notModified, headers: headers)
            }
        }
        return try await ItemsAnswer(selection: selection, page: page, output: output, desk: desk).response(headers, for: request)
    }

    func offer(_ selection: FeatureSelection) -> ItemsQuery.Offer {
        ItemsQuery.Offer(
            properties: selection.openSchema.fields.map(\.name), crs: OfferedCRS.identifiers,
            defaultLimit: Self.defaultLimit, maximumLimit: Self.maximumLimit)
    }

    // MARK: Parts of a request and a response

    private static func checkAccept(_ request: Request) throws {
        guard request.accepts(["application/geo+json", "application/json"]) else {
            throw ProblemError.notAcceptable(
                zh: "要素以 application/geo+json 提供，而 Accept 未含此类型；请加上它或 */*",
                en: "features are given as application/geo+json, which the Accept header leaves out; add it, or */*")
        }
    }

    /// - Throws: 400 for a parameter that a single feature does not have.
    private static func checkKnown(_ parameters: QueryParameters) throws(ParameterError) {
        let known = ["crs", "datetime", "f"], passedOver = ["tk", "token", "access_token"]
        for item in parameters.items where !(known + passedOver).contains(item.name) {
            let names = known.joined(separator: ", ")
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
        }
    }

    /// Weak, because the time of the answer is in it: the same question to the same version of the layer.
    private static func tag(_ selection: FeatureSelection, _ page: ItemsPage) -> String {
        let question = "\(selection.record.id) \(selection.record.version) \(selection.record.contentHash) \(page.url)?\(page.parameters.encoded)"
        return "W/" + ContentTag.of(Array(question.utf8))
    }

    private static func output(_ parameters: QueryParameters) throws -> GeoJSONOutput {
        guard let text = try parameters.value("crs") else { return try GeoJSONOutput(.crs84) }
        guard let identifier = CRSIdentifier(text), OfferedCRS.identifiers.contains(identifier) else {
            let choice = OfferedCRS.identifiers.map(\.uri).joined(separator: ", ")
            throw ParameterError(
                .invalid, name: "crs", value: text, expected: .init(zh: "下列之一：\(choice)", en: "one of \(choice)"))
        }
        return try GeoJSONOutput(identifier)
    }

    private static func headers(_ output: GeoJSONOutput, _ selection: FeatureSelection) -> HTTPFields {
        [
            .contentType: MediaType.geoJSON, contentCRS: "<\(output.identifier.uri)>", .cacheControl: "no-cache",
            TileResponse.dataVersion: String(selection.record.version),
        ]
    }

    /// Where clients learn what the next question may name (RFC 8288).
    private static func schemaLinks(_ request: Request, _ service: ServiceContext, _ selection: FeatureSelection) -> String {
        let url = "\(request.baseURL(service.settings))/collections/\(PercentEncoding.encode(selection.record.id))"
        var text = ""
        for (name, relation) in schemaRelations {
            text += text.isEmpty ? "<" : ", <"
            text += url
            text += "/\(name)>; rel=\"\(relation)\"; type=\"\(MediaType.schema)\""
        }
        return text
    }

    private static let schemaRelations = [
        ("queryables", Link.Relation.queryables), ("sortables", Link.Relation.sortables), ("schema", Link.Relation.schema),
    ]
    private static let link = TileResponse.name("Link")
    static let contentCRS = TileResponse.name("Content-Crs")
}
