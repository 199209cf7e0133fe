import FeatureStore
import Foundation
import Hummingbird
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// The named versions of a layer and how they differ; switching is the operator's and not here.
struct VersionRoutes {
    let service: ServiceContext
    let desk: VersionDesk

    private static let defaultLimit = 1000

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/collections/{collection}/versions") { request, context in
            let (selection, deliveries) = try await versions(context)
            let url = url(request, selection)
            let document: JSONDocument = [
                "layer": .string(selection.record.id), "title": .string(selection.layer.definition.title.zh),
                "versions": .array(deliveries.map { .object(members($0, url)) }),
                "links": Self.links([Link(href: url, rel: "self", type: MediaType.json)]),
            ]
            return Response.json(document.bytes(), for: request)
        }
        router.get("/collections/{collection}/versions/{version}") { request, context in try await version(request, context) }
        router.get("/collections/{collection}/versions/{version}/items") { request, context in try await items(request, context) }
    }

    private func versions(_ context: ServiceRequestContext) async throws -> (FeatureSelection, [LayerDelivery]) {
        let id = PercentEncoding.decode(try context.parameters.require("collection")) ?? ""
        let selection = try FeatureSelection(layer: id, in: service.library.state)
        return (selection, try await service.installation.registry.deliveries(of: selection.record.id))
    }

    private func url(_ request: Request, _ selection: FeatureSelection) -> String {
        "\(request.baseURL(service.settings))/collections/\(PercentEncoding.encode(selection.record.id))/versions"
    }

    private static func links(_ links: [Link]) -> JSONDocument { links.json() }

    private func members(_ delivery: LayerDelivery, _ url: String) -> [JSONDocument.Member] {
        let isThere = delivery.state != .dropped
        let document: JSONDocument = [
            "name": .string(delivery.name), "state": .string(delivery.state.rawValue),
            "importedAt": .string(delivery.deliveredAt), "publishedAt": delivery.publishedAt.map { .string($0) },
            "version": isThere ? .integer(Int(delivery.record.version)) : nil,
            "featureCount": isThere ? .integer(delivery.record.featureCount) : nil,
            "edits": .integer(delivery.edits), "featuresEdited": .integer(delivery.featuresEdited),
            "links": isThere
                ? Self.links([Link(href: "\(url)/\(PercentEncoding.encode(delivery.name))", rel: "item", type: MediaType.json)]) : nil,
        ]
        guard case .object(let members) = document else { return [] }
        return members
    }

    // MARK: One version, or two

    private func version(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let (selection, deliveries) = try await versions(context)
        let name = PercentEncoding.decode(try context.parameters.require("version")) ?? ""
        guard name.contains("..") else {
            guard let delivery = deliveries.first(where: { $0.name == name }) else { throw unknown(name, deliveries, selection) }
            return .json(JSONDocument.object(members(delivery, url(request, selection))).bytes(), for: request)
        }
        let (found, _) = try await difference(request, selection, deliveries, name)
        if try request.parameters().value("f") == "text" {
            return .tagged(Array(found.report.text.utf8), type: "text/plain; charset=utf-8", for: request)
        }
        return .json(Array(try found.report.json().utf8), for: request)
    }

    private func unknown(_ name: String, _ deliveries: [LayerDelivery], _ selection: FeatureSelection) -> ProblemError {
        let names = deliveries.map(\.name).joined(separator: ", ")
        return .notFound(
            zh: "图层 \(selection.record.id) 没有版本“\(name)”；有：\(names)。比较两个版本请用 旧..新",
            en: "layer \(selection.record.id) has no version \"\(name)\"; it has: \(names). Compare two as BEFORE..AFTER")
    }

    private func difference(
        _ request: Request, _ selection: FeatureSelection, _ deliveries: [LayerDelivery], _ pair: String
    ) async throws -> (VersionDesk.Found, QueryParameters) {
        let parameters = try request.parameters()
        for item in parameters.items where !["f", "key", "limit", "offset"].contains(item.name) {
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "下列之一：f, key, limit, offset", en: "one of f, key, limit, offset"))
        }
        if let format = try parameters.value("f"), !["json", "text"].contains(format) {
            throw ParameterError(.invalid, name: "f", value: format, expected: .init(zh: "json 或 text", en: "json or text"))
        }
        guard let dots = pair.range(of: "..") else { throw unknown(pair, deliveries, selection) }
        let versions = try ComparedVersions(
            deliveries, layer: selection.record.id, before: String(pair[..<dots.lowerBound]),
            after: String(pair[dots.upperBound...]))
        return (try await desk.compare(versions, selection, key: try parameters.value("key")), parameters)
    }

    // MARK: As a layer

    private func items(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let (selection, deliveries) = try await versions(context)
        let pair = PercentEncoding.decode(try context.parameters.require("version")) ?? ""
        let (found, parameters) = try await difference(request, selection, deliveries, pair)
        let limit = try Self.number("limit", parameters, from: 1) ?? Self.defaultLimit
        let offset = try Self.number("offset", parameters, from: 0) ?? 0
        let total = found.report.added + found.report.removed + found.report.changed
        guard offset <= found.features.count, total <= found.features.count || offset < found.features.count else {
            throw ProblemError(
                400, .init(zh: "变更过多", en: "Too many differences"),
                .init(
                    zh: "两个版本有 \(total) 处变更，此处只给前 \(found.features.count) 处；全部请用 workmap versions diff -o 导出",
                    en: "the versions differ in \(total) features, of which the first \(found.features.count) are given here; write all of them with workmap versions diff -o"))
        }
        let shown = found.features.dropFirst(offset).prefix(limit)
        let page = ItemsPage(
            url: "\(url(request, selection))/\(PercentEncoding.encode(pair))/items", parameters: parameters, limit: limit,
            offset: offset)
        var envelope = FeatureCollectionEnvelope(numberMatched: total, timeStamp: Date().formatted(.iso8601))
        envelope.links = page.links(hasMore: offset + shown.count < found.features.count)
        let bytes = FeatureCollectionEnvelope.opening + Array(shown.joined(separator: [UInt8(ascii: ",")]))
            + envelope.closing(numberReturned: shown.count)
        return .json(bytes, type: MediaType.geoJSON, for: request)
    }

    private static func number(_ name: String, _ parameters: QueryParameters, from least: Int) throws(ParameterError) -> Int? {
        guard let text = try parameters.value(name) else { return nil }
        guard let number = Int(text), number >= least, number <= Int(Int32.max) else {
            throw ParameterError(
                .invalid, name: name, value: text, expected: .init(zh: "不小于 \(least) 的整数", en: "a whole number from \(least)"))
        }
        return number
    }
}
