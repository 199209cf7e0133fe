import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling

/// Features of collections as GeoJSON: one, a page, around a point, inside a polygon.
struct FeatureRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    /// Features written between two writes to the client.
    private static let runLength = 1000
    private static let defaultLimit = 100
    private static let maximumLimit = 10_000
    /// Bytes of a polygon that somebody sends.
    private static let bodyLimit = 4 << 20

    func add(to router: Router<BasicRequestContext>) {
        router.get("/collections/{collection}/items") { request, context in
            try await items(request, try selection(context), area: nil)
        }
        router.post("/collections/{collection}/items") { request, context in
            try await items(request, try selection(context), area: try await Self.area(of: request))
        }
        router.get("/collections/{collection}/items/{feature}") { request, context in
            try await item(request, try selection(context), id: try context.parameters.require("feature"))
        }
    }

    private func selection(_ context: BasicRequestContext) throws -> FeatureSelection {
        let id = PercentEncoding.decode(try context.parameters.require("collection")) ?? ""
        return try FeatureSelection(layer: id, in: service.library.state)
    }

    // MARK: One feature

    private func item(_ request: Request, _ selection: FeatureSelection, id text: String) async throws -> Response {
        guard let id = Int64(text) else {
            throw ProblemError.notFound("feature ids of \(selection.record.id) are whole numbers, not \(text)")
        }
        var selection = selection
        let output = try Self.output(try request.parameters())
        var query = selection.query(nil)
        query.ids = [id]
        guard let feature = try await service.installation.registry.features(query).first,
            !selection.isWithheld(feature)
        else { throw ProblemError.notFound("\(selection.record.id) has no feature \(id)") }
        selection.envelopes = []
        var bytes = try await desks.next.write([feature], of: selection, output: output)
        bytes.removeLast()
        let url = "\(request.baseURL(service.settings))/collections/\(PercentEncoding.encode(selection.record.id))"
        let links = [
            Link(href: "\(url)/items/\(id)", rel: "self", type: MediaType.geoJSON),
            Link(href: url, rel: "collection", type: MediaType.json),
        ]
        bytes += Array(",\"links\":".utf8) + links.json().bytes() + Array("}".utf8)
        var response = Response.json(bytes, type: MediaType.geoJSON, for: request)
        response.headers[Self.contentCRS] = "<\(output.identifier.uri)>"
        return response
    }

    // MARK: Pages

    private func items(_ request: Request, _ selection: FeatureSelection, area: Geometry?) async throws -> Response {
        let parameters = try request.parameters()
        var selection = selection
        let wanted = try ItemsQuery(parameters, offer: offer(selection))
        if wanted.format == .html {
            throw ProblemError.notAcceptable("features are given as GeoJSON; leave out f=html")
        }
        try selection.add(wanted.filters)
        let desk = desks.next
        try await narrow(&selection, wanted, area, desk)
        let output = try GeoJSONOutput(wanted.crs)
        let page = ItemsPage(
            url: "\(request.baseURL(service.settings))/collections/\(PercentEncoding.encode(selection.record.id))/items",
            parameters: parameters, limit: wanted.limit, offset: wanted.offset)
        return selection.isPlain
            ? try await stream(selection, wanted, page, output, desk)
            : try await whole(selection, wanted, page, output, desk)
    }

    private func offer(_ selection: FeatureSelection) -> ItemsQuery.Offer {
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
            let crs = try CRS(wanted.boxCRS.description)
            var envelopes: [Envelope?] = []
            for box in wanted.boxes { envelopes.append(try await desk.envelope(box, from: crs, to: stored)) }
            selection.envelopes = envelopes
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
    private func stream(
        _ selection: FeatureSelection, _ wanted: ItemsQuery, _ page: ItemsPage, _ output: GeoJSONOutput, _ desk: FeatureDesk
    ) async throws -> Response {
        var cursor = PageCursor(try await desk.matched(selection), skip: wanted.offset)
        let matched = cursor.matched.count
        let returned = max(0, min(wanted.limit, matched - wanted.offset))
        // The first run is read before the head leaves, so that what can fail still answers with a status.
        let first = try await desk.run(selection, cursor: &cursor, limit: min(returned, Self.runLength), output: output)
        let start = cursor
        let body = ResponseBody { writer in
            var cursor = start
            try await writer.write(ByteBuffer(bytes: FeatureCollectionEnvelope.opening + first))
            while cursor.written < returned {
                let before = cursor.written
                let run = try await desk.run(
                    selection, cursor: &cursor, limit: min(returned - cursor.written, Self.runLength), output: output)
                guard cursor.written > before else { break }
                try await writer.write(ByteBuffer(bytes: run))
            }
            var envelope = FeatureCollectionEnvelope(numberMatched: matched, timeStamp: Self.now())
            envelope.links = page.links(hasMore: wanted.offset + cursor.written < matched)
            try await writer.write(ByteBuffer(bytes: envelope.closing(numberReturned: cursor.written)))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: Self.headers(output, selection), body: body)
    }

    /// A selection that has to be judged feature by feature is judged whole, then paged.
    private func whole(
        _ selection: FeatureSelection, _ wanted: ItemsQuery, _ page: ItemsPage, _ output: GeoJSONOutput, _ desk: FeatureDesk
    ) async throws -> Response {
        let matches = try await desk.matches(selection)
        let shown = matches.dropFirst(wanted.offset).prefix(wanted.limit)
        var bytes = FeatureCollectionEnvelope.opening
        bytes += try await desk.write(shown, of: selection, output: output)
        var envelope = FeatureCollectionEnvelope(numberMatched: matches.count, timeStamp: Self.now())
        envelope.links = page.links(hasMore: wanted.offset + shown.count < matches.count)
        bytes += envelope.closing(numberReturned: shown.count)
        return Response(
            status: .ok, headers: Self.headers(output, selection), body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    // MARK: Parts of a request and a response

    private static func area(of request: Request) async throws -> Geometry {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: bodyLimit)
        } catch {
            throw ProblemError(413, "Too large", "a polygon of at most \(bodyLimit) bytes is taken")
        }
        let bytes = Array(buffer.readableBytesView)
        do {
            guard let geometry = try GeoJSONParser.geometry(bytes.span), geometry.dimension == .area else {
                throw ProblemError(400, "No polygon", "send a GeoJSON Polygon or MultiPolygon in longitude and latitude")
            }
            return geometry
        } catch let error as GeoJSONError {
            throw ProblemError(
                400, "No polygon",
                "the body is no GeoJSON geometry: \(error.reason) at byte \(error.byteOffset); send a Polygon or MultiPolygon in longitude and latitude")
        }
    }

    private static func output(_ parameters: QueryParameters) throws -> GeoJSONOutput {
        guard let text = try parameters.value("crs") else { return try GeoJSONOutput(.crs84) }
        guard let identifier = CRSIdentifier(text), OfferedCRS.identifiers.contains(identifier) else {
            throw ParameterError(
                .invalid, name: "crs", value: text,
                expected: "one of \(OfferedCRS.identifiers.map(\.uri).joined(separator: ", "))")
        }
        return try GeoJSONOutput(identifier)
    }

    private static func headers(_ output: GeoJSONOutput, _ selection: FeatureSelection) -> HTTPFields {
        [
            .contentType: MediaType.geoJSON, contentCRS: "<\(output.identifier.uri)>", .cacheControl: "no-cache",
            TileResponse.dataVersion: String(selection.record.version),
        ]
    }

    private static let contentCRS = TileResponse.name("Content-Crs")

    private static func now() -> String { Date().formatted(.iso8601) }
}

/// The CRSs that features are given in; CRS84 first, the default.
enum OfferedCRS {
    static let identifiers: [CRSIdentifier] =
        [.crs84] + ["4490", "4547", "4526", "4326", "3857"].map { CRSIdentifier(authority: "EPSG", code: $0) }
}

extension Envelope {
    /// What both hold; empty when that is nothing.
    func intersection(_ other: Envelope) -> Envelope {
        Envelope(
            minX: max(minX, other.minX), minY: max(minY, other.minY), maxX: min(maxX, other.maxX),
            maxY: min(maxY, other.maxY))
    }
}
