import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Features as files: `/collections/{collection}/export`, and pages of `/items` in other formats than GeoJSON.
///
/// Text leaves as it is written. What can be read only when it is whole is put together in a scratch directory first, which is
/// gone before the first byte leaves. In a page positions have the order that the CRS's authority defines, as in all of OGC
/// API Features; a file has them east first, as GIS programs read it.
struct ExportRoutes {
    let features: FeatureRoutes

    private static let chunkBytes = 256 << 10

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/collections/{collection}/export") { request, context in
            try await export(request, try features.selection(context), area: nil)
        }
        router.post("/collections/{collection}/export") { request, context in
            try await export(request, try features.selection(context), area: try await SentPolygon.geometry(of: request))
        }
    }

    private func export(_ request: Request, _ selection: FeatureSelection, area: Geometry?) async throws -> Response {
        try await response(request, selection, area: area, try ExportQuery(try request.parameters()), asPage: false)
    }

    /// - Parameter asPage: whether `limit` and `offset` cut the selection, as they do in `/items`.
    func response(
        _ request: Request, _ selection: FeatureSelection, area: Geometry?, _ query: ExportQuery, asPage: Bool
    ) async throws -> Response {
        var selection = try await features.moved(selection, query.rest)
        let wanted = try ItemsQuery(query.rest, offer: features.offer(selection))
        if !asPage, let name = try ["limit", "offset"].first(where: { name throws(ParameterError) in try query.rest.value(name) != nil }) {
            throw ParameterError(
                .unknown, name: name, value: try query.rest.value(name),
                expected: .init(zh: "不带分页参数：导出给出全部所选要素；要分页请用 /items", en: "no paging: an export is all that is selected; /items has pages"))
        }
        let desk = features.desks.next
        try await selection.narrow(by: wanted, area: area, at: desk)
        try await ExportCap.check(selection, features.service.settings.exportSquareKilometres, desk)
        let output = try GeoJSONOutput(wanted.crs)
        let layer = ExportLayer(selection.record, as: selection.layer.definition, fields: selection.fields, crs: output.crs)
        var headers = Self.headers(selection, query, output)
        if request.method == .head { return Response(status: .ok, headers: headers) }
        var feed = try await ExportFeed(
            selection, desk, to: output.crs, page: asPage ? (offset: wanted.offset, limit: wanted.limit) : nil)
        if query.format.isStreamed {
            return Response(status: .ok, headers: headers, body: try await body(layer, query, output, feed, asPage: asPage))
        }
        let file = try await file(layer, query, &feed)
        if feed.unplaced > 0 { headers[Self.unplaced] = "\(feed.unplaced)" }
        return Response(status: .ok, headers: headers, body: Self.body(file))
    }

    private static let unplaced = TileResponse.name("X-Features-Unplaced")

    private static func headers(_ selection: FeatureSelection, _ query: ExportQuery, _ output: GeoJSONOutput) -> HTTPFields {
        let record = selection.record
        let charset = query.format == .csv ? "; charset=\(query.encoding.rawValue); header=present" : ""
        return [
            .contentType: query.format.mediaType + charset, FeatureRoutes.contentCRS: "<\(output.identifier.uri)>",
            .contentDisposition: ContentDisposition.attachment(
                plain: "\(record.id).\(query.format.fileEnding)",
                name: "\(selection.layer.definition.title.zh)_\(record.id).\(query.format.fileEnding)"),
            .cacheControl: "no-store", TileResponse.dataVersion: String(record.version),
        ]
    }

    // MARK: Text, as it is written

    private func body(
        _ layer: ExportLayer, _ query: ExportQuery, _ output: GeoJSONOutput, _ feed: ExportFeed, asPage: Bool
    ) async throws -> ResponseBody {
        var feed = feed
        // The first run is read before the head leaves, so that what can fail still answers with a status.
        let first = try await feed.next() ?? []
        let start = feed
        let isNorthFirst = asPage && output.identifier.isNorthFirst == true
        return ResponseBody { writer in
            var feed = start
            var text = try ExportText(
                layer, format: query.format, encoding: query.encoding, isNorthFirst: isNorthFirst, namesCRS: !asPage,
                keepsDigits: query.keepsDigits)
            try await writer.write(ByteBuffer(bytes: text.opening() + text.bytes(of: first)))
            while let run = try await feed.next() {
                if !run.isEmpty { try await writer.write(ByteBuffer(bytes: text.bytes(of: run))) }
            }
            try await writer.write(ByteBuffer(bytes: text.closing()))
            try await writer.finish(nil)
        }
    }

    // MARK: Files, when they are whole

    private func file(_ layer: ExportLayer, _ query: ExportQuery, _ feed: inout ExportFeed) async throws -> ExportedFile {
        let scratch = try features.scratch.place()
        let file = try query.format.begin(layer, encoding: query.encoding, in: scratch.path)
        while let run = try await feed.next() {
            // A client that has gone away needs no file.
            try Task.checkCancellation()
            try file.append(run)
        }
        return try withExtendedLifetime(scratch) { try ExportedFile(path: file.finish()) }
    }

    private static func body(_ file: ExportedFile) -> ResponseBody {
        ResponseBody(contentLength: file.byteCount) { writer in
            var at = 0
            while at < file.byteCount {
                let bytes = try file.read(at: at, count: min(chunkBytes, file.byteCount - at))
                try await writer.write(ByteBuffer(bytes: bytes))
                at += bytes.count
            }
            try await writer.finish(nil)
        }
    }
}
