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

    /// Features written between two writes to the client.
    private static let runLength = 1000
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
        try await choose(&selection, wanted, area, desk)
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
        let answer = selection.shape == nil
            ? try await plain(selection, wanted, page, output, desk)
            : .whole(try await shaped(selection, wanted, page, output, desk))
        return Self.response(answer, headers, for: request)
    }

    /// Narrows a selection by all that a request says, and gives it the request's order.
    func choose(_ selection: inout FeatureSelection, _ wanted: ItemsQuery, _ area: Geometry?, _ desk: FeatureDesk) async throws {
        try selection.add(wanted.filters)
        selection.sort(by: wanted.order)
        selection.filter = try await SentFilter.bound(wanted.filter, to: selection, at: desk)
        try await narrow(&selection, wanted, area, desk)
    }

    /// A page on its way out.
    private enum Answer {
        case whole([UInt8])
        /// Too much to hold: leaves run by run, unpacked.
        case streamed(ResponseBody)
    }

    private static func response(_ answer: Answer, _ headers: HTTPFields, for request: Request) -> Response {
        var headers = headers
        switch answer {
        case .streamed(let body): return Response(status: .ok, headers: headers, body: body)
        case .whole(let bytes):
            headers[.vary] = "Accept-Encoding"
            guard bytes.count > 1000, TileResponse.acceptsGzip(request.headers[.acceptEncoding]) else {
                return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
            }
            headers[.contentEncoding] = "gzip"
            return Response(
                status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: ContentTag.gzip(bytes))))
        }
    }

    func offer(_ selection: FeatureSelection) -> ItemsQuery.Offer {
        ItemsQuery.Offer(
            properties: selection.openSchema.fields.map(\.name), crs: OfferedCRS.identifiers,
            defaultLimit: Self.defaultLimit, maximumLimit: Self.maximumLimit)
    }

    /// Turns the places that a request names into boxes and a shape in the layer's CRS.
    private func narrow(
        _ selection: inout FeatureSelection, _ wanted: ItemsQuery, _ area: Geometry?, _ desk: FeatureDesk
    ) async throws {
        guard let stored = selection.record.crs else { return }
        if !wanted.boxes.isEmpty {
            selection = try await desk.selection(selection, in: wanted.boxes, crs: wanted.boxCRS)
        }
        var around: Envelope?
        if let circle = wanted.circle {
            selection.shape = .circle(centre: circle.centre, radiusInMetres: circle.radiusInMetres)
            around = Self.box(around: circle)
        } else if let area {
            selection.shape = .area(area)
            around = area.envelope
        }
        if let around {
            let box = try await desk.envelope(around, from: .cgcs2000, to: stored)
            selection.envelopes = selection.envelopes.map { known in known.map { $0.intersection(box) } ?? box }
        }
    }

    /// A box of longitudes and latitudes that holds the circle, a little larger than it need be.
    private static func box(around circle: ItemsQuery.Circle) -> Envelope {
        let latitude = circle.radiusInMetres * 1.01 / 110_500 + 1e-9
        let narrowing = max(0.01, cos((abs(circle.centre.y) + latitude) * .pi / 180))
        let longitude = circle.radiusInMetres * 1.01 / (111_300 * narrowing) + 1e-9
        return Envelope(
            minX: circle.centre.x - longitude, minY: circle.centre.y - latitude, maxX: circle.centre.x + longitude,
            maxY: circle.centre.y + latitude)
    }

    /// Rows leave as they are read; nothing but one run is held.
    private func plain(
        _ selection: FeatureSelection, _ wanted: ItemsQuery, _ page: ItemsPage, _ output: GeoJSONOutput, _ desk: FeatureDesk
    ) async throws -> Answer {
        // The first run is read before the head leaves, so that what can fail still answers with a status.
        let (first, start) = try await desk.firstRun(
            selection, skip: wanted.offset, limit: min(wanted.limit, Self.runLength), output: output)
        let matched = start.matched.count
        let returned = max(0, min(wanted.limit, matched - wanted.offset))
        let closing: @Sendable (Int) -> [UInt8] = { written in
            Self.closing(page, matched: matched, written: written)
        }
        guard start.written < returned else {
            return .whole(FeatureCollectionEnvelope.opening + first + closing(start.written))
        }
        return .streamed(ResponseBody { writer in
            var (cursor, selection) = (start, selection)
            try await writer.write(ByteBuffer(bytes: FeatureCollectionEnvelope.opening + first))
            while cursor.written < returned {
                let before = cursor.written
                let limit = min(returned - cursor.written, Self.runLength)
                var run: [UInt8]
                do {
                    run = try await desk.run(selection, cursor: &cursor, limit: limit, output: output)
                } catch let error as RegistryError where error.code == .versionChanged {
                    // The layer has changed; what has begun to leave ends as the layer was.
                    selection.turn(to: (selection.record, .version(selection.record.version)))
                    run = try await desk.run(selection, cursor: &cursor, limit: limit, output: output)
                }
                guard cursor.written > before else { break }
                try await writer.write(ByteBuffer(bytes: run))
            }
            try await writer.write(ByteBuffer(bytes: closing(cursor.written)))
            try await writer.finish(nil)
        })
    }

    /// A selection that has to be judged feature by feature.
    private func shaped(
        _ selection: FeatureSelection, _ wanted: ItemsQuery, _ page: ItemsPage, _ output: GeoJSONOutput, _ desk: FeatureDesk
    ) async throws -> [UInt8] {
        let (matched, features) = try await desk.page(selection, offset: wanted.offset, limit: wanted.limit)
        let written = try await desk.write(features, of: selection, output)
        return FeatureCollectionEnvelope.opening + written + Self.closing(page, matched: matched, written: features.count)
    }

    private static func closing(_ page: ItemsPage, matched: Int, written: Int) -> [UInt8] {
        var envelope = FeatureCollectionEnvelope(numberMatched: matched, timeStamp: now())
        envelope.links = page.links(hasMore: page.offset + written < matched)
        return envelope.closing(numberReturned: written)
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

    private static func now() -> String { Date().formatted(.iso8601) }
}
