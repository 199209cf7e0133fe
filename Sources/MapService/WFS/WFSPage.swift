import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import Tiling
import Wording

/// A page of features or values on its way out, run by run.
struct WFSPage {
    let query: WFSQuery
    var chosen: WFSSelection
    let desk: FeatureDesk
    let documents: WFSDocuments
    /// Of a request that can be asked again for another page; `nil` of one that came as a body.
    let parameters: QueryParameters?
    /// Square kilometres of a layer of surveyed data; `nil` for no limit.
    let cap: Double?

    func features(for request: Request) async throws -> Response {
        try await response(.features, query.format, for: request)
    }

    func values(_ reference: String, for request: Request) async throws -> Response {
        var page = self
        let found = try await page.chosen.show(only: reference, desk)
        return try await page.response(.values(found), .gml, for: request)
    }

    private func firstRun(to crs: CRS) async throws -> (features: [Feature], cursor: PageCursor) {
        if wanted == 0 { return ([], PageCursor(try await desk.matched(chosen.selection), skip: 0)) }
        // Places that cannot be told in the CRS are left out of their features.
        var unplaced = 0
        return try await desk.firstCarriedRun(
            chosen.selection, skip: query.startIndex, limit: min(wanted, ExportFeed.runLength), to: crs, unplaced: &unplaced)
    }

    /// Features that are asked for.
    private var wanted: Int { query.isHits ? 0 : limit }

    private var limit: Int { min(query.count ?? FeatureRoutes.maximumLimit, FeatureRoutes.maximumLimit) }

    private func response(_ content: WFSText.Content, _ format: WFSFormat, for request: Request) async throws -> Response {
        let crs = try Self.crs(query.crs, format)
        let selection = chosen.selection
        let system = try CRS(crs.description)
        // The first run is read before the head leaves, so that what can fail still answers with a status.
        let (first, cursor) = try await firstRun(to: system)
        let matched = cursor.matched.count
        let returned = wanted == 0 ? 0 : max(0, min(limit, matched - query.startIndex))
        // A page of GeoJSON is what `/items` gives; GML is a file like those of an export, unless it is a look at some features.
        if returned > FeatureRoutes.defaultLimit, format != .geoJSON { try await ExportCap.check(selection, cap, desk) }
        let (opening, closing) = frame(content, format, crs, matched: matched, returned: returned)
        let feed = ExportFeed(selection, desk, to: system, after: cursor, count: returned - first.count)
        var text = WFSText(format, chosen.type, crs: crs, content: content)
        let start = opening + text.bytes(of: first)
        var headers: HTTPFields = [.contentType: format.rawValue, .cacheControl: "no-cache", TileResponse.dataVersion: String(selection.record.version)]
        guard feed.hasMore else {
            headers[.vary] = "Accept-Encoding"
            var bytes = start + closing
            if bytes.count > 1000, TileResponse.acceptsGzip(request.headers[.acceptEncoding]) {
                bytes = ContentTag.gzip(bytes)
                headers[.contentEncoding] = "gzip"
            }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        let (rest, writer) = (feed, text)
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { out in
                var (feed, text) = (rest, writer)
                try await out.write(ByteBuffer(bytes: start))
                while let run = try await feed.next() {
                    if !run.isEmpty { try await out.write(ByteBuffer(bytes: text.bytes(of: run))) }
                }
                try await out.write(ByteBuffer(bytes: closing))
                try await out.finish(nil)
            })
    }

    /// The CRS of the answer: degrees of CGCS2000 in GML, longitude and latitude in GeoJSON, unless the request says another.
    static func crs(_ wanted: CRSReference?, _ format: WFSFormat) throws(ServiceException) -> CRSIdentifier {
        guard let wanted else { return format == .gml ? WFSCapabilities.defaultCRS : .crs84 }
        guard OfferedCRS.identifiers.contains(wanted.identifier) else { throw FeatureDesk.notOffered(wanted.identifier) }
        return wanted.identifier
    }

    // MARK: What stands around the members

    private func frame(
        _ content: WFSText.Content, _ format: WFSFormat, _ crs: CRSIdentifier, matched: Int, returned: Int
    ) -> (opening: [UInt8], closing: [UInt8]) {
        let next = returned > 0 && query.startIndex + returned < matched ? address(at: query.startIndex + returned) : nil
        let previous = query.startIndex > 0 && !query.isHits ? address(at: max(0, query.startIndex - limit)) : nil
        if format == .geoJSON {
            var envelope = FeatureCollectionEnvelope(numberMatched: matched, timeStamp: WFSDocuments.now())
            envelope.links = [(next, "next"), (previous, "prev")].compactMap { href, rel in href.map { Link(href: $0, rel: rel, type: WFSFormat.geoJSON.rawValue) } }
            return (Self.opening(crs), envelope.closing(numberReturned: returned))
        }
        let kind: WFSCollection.Kind = if case .features = content { .features } else { .values }
        var collection = WFSCollection(
            kind: kind, numberMatched: matched, numberReturned: returned, timeStamp: WFSDocuments.now(), schemaURL: documents.schemaURL(chosen.type))
        (collection.next, collection.previous) = (next, previous)
        return (collection.opening(), collection.closing())
    }

    /// RFC 7946 knows but one CRS; readers of others look for the member that it took away.
    private static func opening(_ crs: CRSIdentifier) -> [UInt8] {
        if crs == .crs84 || crs.code == "4326" { return FeatureCollectionEnvelope.opening }
        let member: JSONDocument = ["type": "name", "properties": ["name": .string(crs.urn)]]
        return Array(#"{"type":"FeatureCollection","crs":"#.utf8) + member.bytes() + Array(#","features":["#.utf8)
    }

    private func address(at start: Int) -> String? {
        guard let parameters else { return nil }
        let paging: Set<String> = ["startindex", "count", "maxfeatures"]
        let items = parameters.items.filter { !paging.contains($0.name.lowercased()) }
        let page = QueryParameters(items: items + [.init(name: "COUNT", value: "\(limit)"), .init(name: "STARTINDEX", value: "\(start)")])
        return "\(documents.baseURL)/wfs?\(page.encoded)"
    }
}
