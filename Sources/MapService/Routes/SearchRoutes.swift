import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Search by name and address across the layers that have them.
struct SearchRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    private static let mostBytes = 200

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/search") { request, _ in try await search(request) }
    }

    private func search(_ request: Request) async throws -> Response {
        let parameters = try request.parameters()
        let expected = LocalisedText(
            zh: "名称、地址或其中几段，至多 \(NameQuery.mostWords) 个词、\(Self.mostBytes) 字节",
            en: "a name or address, or parts of it: up to \(NameQuery.mostWords) words, \(Self.mostBytes) bytes of UTF-8")
        guard let text = try parameters.value("q") else { throw ParameterError(.missing, name: "q", expected: expected) }
        guard text.utf8.count <= Self.mostBytes, let query = NameQuery(text) else {
            throw ParameterError(.invalid, name: "q", value: text, expected: expected)
        }
        let limit = try parameters.value("limit").map { text throws(ParameterError) -> Int in
            guard let n = Int(text), (1...50).contains(n) else {
                throw ParameterError(
                    .invalid, name: "limit", value: text,
                    expected: .init(zh: "1 至 50 的整数", en: "a whole number from 1 to 50"))
            }
            return n
        } ?? 10
        let found = try await NameSearch(service: service).find(query, limit: limit)
        var bytes = FeatureCollectionEnvelope.opening
        bytes += try await desks.next.places(found)
        bytes += FeatureCollectionEnvelope(numberMatched: nil).closing(numberReturned: found.count)
        return .json(bytes, type: MediaType.geoJSON, for: request)
    }
}

extension FeatureDesk {
    /// Places as GeoJSON points with layer, name and address, commas between them.
    func places(_ places: [NamedPlace]) throws -> [UInt8] {
        let schema = FeatureSchema(
            fields: ["layer", "layerTitle", "name", "address", "id"].map { Field(name: $0, kind: $0 == "id" ? .integer : .text) })
        let output = try GeoJSONOutput(.crs84)
        var writer = output.writer(schema)
        for (index, place) in places.enumerated() {
            if index > 0 { writer.append(",") }
            let point = try representative(place.geometry).flatMap { try carry(.point($0), place.crs, output.crs) }
            writer.append(
                Feature(
                    id: place.id, geometry: point,
                    values: [
                        .text(place.layer), .text(place.layerTitle), .text(place.name), place.address.map { .text($0) } ?? .null,
                        .integer(place.id),
                    ]))
        }
        return writer.bytes
    }
}
