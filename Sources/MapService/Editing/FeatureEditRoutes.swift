import FeatureStore
import HTTPTypes
import Hummingbird
import NIOCore
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Changes of features (OGC API - Features part 4, draft 20-002r1): made, replaced, changed in part, removed.
struct FeatureEditRoutes {
    let features: FeatureRoutes
    let desk: EditDesk
    let gate: AdminGate
    let editable: EditableLayers

    /// Bytes of one feature.
    static let bodyLimit = 16 << 20
    /// Bytes that are read of a body before its sender is known.
    private static let strangersLimit = 4 << 20

    func add(to router: Router<ServiceRequestContext>) {
        router.put("/collections/{collection}/items/{feature}") { request, context in
            let (layer, id) = try target(request, context)
            let sent = try await body(request, types: EditableLayers.featureTypes) { try SentFeature.whole($0, id: id) }
            return try await answer(request, .replace(id, sent), layer)
        }
        router.patch("/collections/{collection}/items/{feature}") { request, context in
            let (layer, id) = try target(request, context)
            let sent = try await body(request, types: [EditableLayers.patchType]) { try SentFeature.patch($0, id: id) }
            return try await answer(request, .patch(id, sent), layer)
        }
        router.delete("/collections/{collection}/items/{feature}") { request, context in
            let (layer, id) = try target(request, context)
            return try await answer(request, .remove(id), layer)
        }
    }

    /// Adds the feature that a POST to a layer's items sends.
    ///
    /// - Returns: `nil` where the body is no feature: it is then the polygon of a query, and can be read again.
    @Sendable func create(_ request: inout Request, _ context: ServiceRequestContext) async throws -> Response? {
        let isKnown = gate.hasToken(request)
        let bytes = try await Self.bytes(of: &request, limit: isKnown ? Self.bodyLimit : Self.strangersLimit)
        let type = SentRootType(bytes.span)
        if type == .geometry { return nil }
        let layer = try Self.layer(context)
        guard editable.isEditable(layer) else {
            if type == .feature { try refuseFeature(layer) }
            return nil
        }
        try check(request)
        try Self.checkType(request, EditableLayers.featureTypes)
        return try await answer(request, .create(try SentFeature.whole(bytes, id: nil)), layer)
    }

    /// POST is taken there, as a query: it is the feature that is not.
    private func refuseFeature(_ layer: String) throws(ProblemError) {
        do throws(ProblemError) {
            try editable.check(layer)
        } catch {
            var error = error
            if error.document.status == 405 { error.document.status = 403 }
            throw error
        }
    }

    // MARK: Requests

    /// - Throws: 401 without the operator's token.
    private func check(_ request: Request) throws {
        guard gate.hasToken(request) else {
            throw ProblemError(
                401, .init(zh: "无权编辑", en: "Not allowed"),
                .init(
                    zh: "编辑要素须带管理令牌（--admin-token-file）：Authorization: Bearer …",
                    en: "a change of features takes the operator's token (--admin-token-file): Authorization: Bearer …"))
        }
        let known: Set = ["tk", "token", "access_token"]
        for item in try request.parameters().items where !known.contains(item.name) {
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "没有参数", en: "no parameter"))
        }
    }

    private func target(_ request: Request, _ context: ServiceRequestContext) throws -> (layer: String, id: Int64) {
        let layer = try Self.layer(context)
        try editable.check(layer)
        try check(request)
        let text = PercentEncoding.decode(try context.parameters.require("feature")) ?? ""
        guard let id = Int64(text), id > 0 else {
            throw ProblemError.notFound(
                zh: "\(layer) 的要素标识是正整数，不是 \(text.prefix(64))", en: "feature ids of \(layer) are whole numbers from 1, not \(text.prefix(64))")
        }
        return (layer, id)
    }

    private static func layer(_ context: ServiceRequestContext) throws -> String {
        PercentEncoding.decode(try context.parameters.require("collection")) ?? ""
    }

    private func body(_ request: Request, types: [String], _ read: ([UInt8]) throws -> SentFeature) async throws -> SentFeature {
        try Self.checkType(request, types)
        var request = request
        return try read(await Self.bytes(of: &request, limit: Self.bodyLimit))
    }

    /// - Throws: 413.
    private static func bytes(of request: inout Request, limit: Int) async throws -> [UInt8] {
        do {
            return Array(try await request.collectBody(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw EditRefusal.tooLarge(limit: limit)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw EditRefusal.tooLarge(limit: limit)
        }
    }

    /// - Throws: 400 without a type (/req/create-replace-delete/post-content-type), 415 for another one.
    private static func checkType(_ request: Request, _ types: [String]) throws(ProblemError) {
        let choice = types.joined(separator: ", ")
        guard let header = request.headers[.contentType], !header.isEmpty else {
            throw ProblemError(
                400, .init(zh: "缺少 Content-Type", en: "No Content-Type"),
                .init(zh: "请以 Content-Type 说明请求体的类型：\(choice)", en: "say what the body is in Content-Type: \(choice)"))
        }
        let parts = header.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" } }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }
        let coding = request.headers[.contentEncoding]?.lowercased() ?? "identity"
        guard types.contains(parts.first ?? ""), charset ?? "charset=utf-8" == "charset=utf-8", coding == "identity" else {
            throw ProblemError(
                415, .init(zh: "不支持此类型的请求体", en: "Unsupported media type"),
                .init(
                    zh: "请求体是“\(header.prefix(100))”；此处接受 \(choice)，UTF-8，不压缩",
                    en: "the body is \"\(header.prefix(100))\"; \(choice) in UTF-8, not packed, is taken here"))
        }
    }

    // MARK: Answers

    private func answer(_ request: Request, _ change: EditDesk.Change, _ layer: String) async throws -> Response {
        let preferences = EditPreferences(request.headers[Self.prefer])
        do {
            let terms = EditDesk.Terms(
                conditions: try conditions(request), crs: try Self.crs(request, change.sent), isLenient: preferences.handling == .lenient)
            let outcome = try await desk.perform(change, on: layer, terms)
            return try await response(request, change, outcome, preferences)
        } catch let error as ProblemError where preferences.handling == .strict && error.document.status == 422 {
            var error = error
            error.headers[Self.preferenceApplied] = "handling=strict"
            throw error
        }
    }

    private func conditions(_ request: Request) throws(ParameterError) -> EntityConditions {
        try EntityConditions(
            ifMatch: request.headers[.ifMatch], ifNoneMatch: request.headers[.ifNoneMatch],
            ifUnmodifiedSince: request.headers[.ifUnmodifiedSince])
    }

    /// - Throws: 400 for a CRS that is not offered, and for a body that contradicts the header.
    private static func crs(_ request: Request, _ sent: SentFeature?) throws(ParameterError) -> CRSIdentifier {
        let choice = OfferedCRS.identifiers.map(\.uri).joined(separator: ", ")
        let expected = LocalisedText(zh: "下列之一：\(choice)", en: "one of \(choice)")
        var identifier = CRSIdentifier.crs84
        if let text = request.headers[FeatureRoutes.contentCRS] {
            let bare = text.filter { !" <>\t".contains($0) }
            guard let named = CRSIdentifier(bare), OfferedCRS.identifiers.contains(named) else {
                throw ParameterError(.invalid, name: "Content-Crs", value: text, expected: expected)
            }
            identifier = named
        }
        if let stated = sent?.statedCRS, CRSIdentifier(stated) != identifier {
            throw ParameterError(
                .invalid, name: "crs", value: stated,
                expected: .init(
                    zh: "与 Content-Crs 一致的坐标系（\(identifier.uri)），或不写 crs（RFC 7946）",
                    en: "the CRS of Content-Crs (\(identifier.uri)), or no member crs (RFC 7946)"))
        }
        return identifier
    }

    private func response(
        _ request: Request, _ change: EditDesk.Change, _ outcome: EditDesk.Outcome, _ preferences: EditPreferences
    ) async throws -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        headers[TileResponse.dataVersion] = String(outcome.selection.record.version)
        if preferences.handling != nil { headers[Self.preferenceApplied] = preferences.handling.map { "handling=\($0.rawValue)" } }
        if case .create = change { headers[.location] = features.url(of: outcome.id, outcome.selection, request) }
        let isNew = change.target == nil
        guard let feature = outcome.feature, change.sent != nil else {
            return Response(status: isNew ? .created : .noContent, headers: headers)
        }
        let output = try GeoJSONOutput(.crs84)
        let whole = try await features.bytes(of: feature, outcome.selection, output, request, desk.desks.next)
        headers[.eTag] = FeatureTag(feature).quoted(for: whole)
        if preferences.wanted == .representation {
            headers[.contentType] = MediaType.geoJSON
            headers[FeatureRoutes.contentCRS] = "<\(output.identifier.uri)>"
            headers[Self.preferenceApplied] = [headers[Self.preferenceApplied], "return=representation"].compactMap { $0 }.joined(separator: ", ")
            return Response(status: isNew ? .created : .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: whole)))
        }
        // What was mended is told, as an import tells it.
        if let report = outcome.report, !(report.repairs + report.notices).isEmpty, preferences.handling == .lenient {
            headers[.contentType] = MediaType.json
            return Response(
                status: isNew ? .created : .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: try report.json())))
        }
        return Response(status: isNew ? .created : .noContent, headers: headers)
    }

    private static let prefer = TileResponse.name("Prefer")
    private static let preferenceApplied = TileResponse.name("Preference-Applied")
}
