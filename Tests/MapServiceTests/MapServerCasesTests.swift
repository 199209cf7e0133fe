import FeatureStore
import Foundation
import HTTPTypes
import OGCAPI
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// MapServer's own black-box requests to OGC API Features, but for those on filters, queryables and sortables.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct MapServerCasesTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var id: String
        var path: String?
        var query: String?
        var request_headers: [String: String]?
        var expected_status: Int
        var expected_content_type: String?
        var expected_content_crs: String?
        var expected_numberMatched: Int?
        var expected_numberReturned: Int?
        var expected_ids: [String]?

        var testDescription: String { id }
    }

    /// Their collection, its file, and the property that MapServer takes for the feature's id.
    private static let layers: [(id: String, file: String, key: String)] = [
        ("mn_counties", "mn_counties", "COUN"), ("mn_population_centers", "mn_population_centers", "FIPS_Code"),
        ("multipolygon_layer", "7305-multipolygon", "ogc_fid"), ("tanzania2", "countries-tanzania", "ne_id"),
    ]

    /// Rows whose answer is MapServer's own habit, each with what ours is and why.
    static let habits: [String: (status: Int, why: String)] = [
        "ogcapi_extraparams_collections_mn_population_centers.json": (400, "user_id is an extra parameter of that mapfile; here it is not known"),
        "ogcapi_extraparams_collection_items.json": (400, "the same"), "ogcapi_extraparams_invalid_parameter.json": (400, "the same"),
        "ogcapi_collections_mn_counties_items_by_id_not_found.json.txt": (404, "OGC 17-069r4 clause 7.16 and RFC 9110 want 404 for what is not there"),
        "ogcapi_invalid_mapfile.txt": (404, "a CGI's text about a mapfile; there is nothing at that address"),
        "ogcapi_invalid_api_signature1.txt": (404, "a CGI's text about an unknown API; there is nothing at that address"),
    ]

    static let cases = Corpora.cases(of: [Case].self, "mapserver-ogcapi/cases.json") { cases in
        cases.filter { each in
            let (path, query) = (each.path ?? "", each.query ?? "")
            return !query.contains("filter") && !query.contains("sortby") && !path.hasSuffix("/queryables") && !path.hasSuffix("/sortables")
        }
    }

    private static let service = Task { try await make() }

    private static func make() async throws -> RouterClient {
        let installation = try Installation(
            data: ScratchDirectory.make("mapserver"), share: Hamlet.repository,
            // NAD 83 is taken for CGCS2000 as MapServer takes it for WGS 84: nothing is done.
            pipelines: ["EPSG:26915": "+proj=pipeline +step +inv +proj=utm +zone=15 +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"])
        for layer in layers {
            let report = try await installation.importLayer(request(layer.id, layer.file))
            try #require(report.recordsRejected == 0, "\(layer.id)")
        }
        let library = try installation.library()
        try await library.prepareAll()
        return try RouterClient(Hamlet.context(installation, library))
    }

    private static func request(_ layer: String, _ file: String) -> LayerImportRequest {
        var request = LayerImportRequest(layer: layer, files: [Corpora.path("mapserver-ogcapi/data/\(file).shp")])
        request.crs = layer.hasPrefix("mn_") ? "EPSG:26915" : "EPSG:4326"
        request.acceptsRemoteData = true
        return request
    }

    /// Their address under ours: the entrance is `/`, and a feature is found by the property that they call its id.
    private func target(_ each: Case, _ client: RouterClient) async throws -> String {
        var path = (each.path ?? "/ogcapi").replacing(/^\/ogcapi/, with: "")
        if let match = path.firstMatch(of: /^(\/collections\/([a-z0-9_]+)\/items)\/(\d+)$/), let key = Self.layers.first(where: { $0.id == match.2 })?.key {
            let found = try await client.ask("\(match.1)?\(key)=\(match.3)").features().first?["id"] as? Int
            path = "\(match.1)/\(found ?? 12_345_678)"
        }
        // The mapfile gives that field another name.
        let asked = path.contains("mn_counties") ? each.query?.replacing(/(^|&)Name=/) { "\($0.1)CTY_NAME=" } : each.query
        let query = asked.map { "?" + $0.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed)! } ?? ""
        return (path.isEmpty ? "/" : path) + query
    }

    @Test(arguments: cases) func isAnswered(each: Case) async throws {
        let client = try await Self.service.value
        var headers = HTTPFields()
        for (name, value) in each.request_headers ?? [:] { headers[try #require(HTTPField.Name(name))] = value }
        let target = try await target(each, client)
        let answer = try await client.ask(target, headers: headers)
        if let habit = Self.habits[each.id] {
            #expect(answer.status == habit.status, "\(target): \(habit.why)")
            #expect(habit.status != each.expected_status, "no habit: it is answered the same")
            return
        }
        #expect(answer.status == each.expected_status, "\(target)")
        guard answer.status == 200 else { return try expectProblem(answer) }
        if let type = each.expected_content_type { #expect(answer.type == type) }
        if let crs = each.expected_content_crs { #expect(answer.header("Content-Crs") == crs) }
        guard let matched = each.expected_numberMatched else { return }
        let document = try answer.json()
        #expect(document["numberMatched"] as? Int == matched)
        // MapServer gives 10 where no limit is named, this service 100.
        if let returned = each.expected_numberReturned { #expect(document["numberReturned"] as? Int == returned) }
        let layer = try #require(Self.layers.first { target.contains("/\($0.id)/") })
        // Their ids are written as the file writes the number.
        let ids = try answer.features().compactMap { ($0["properties"] as? [String: Any])?[layer.key] }.map { Double("\($0)") }
        #expect(ids == (each.expected_ids ?? []).map(Double.init))
    }

    @Test func everyHabitIsACase() {
        #expect(Set(Self.habits.keys).isSubset(of: Self.cases.map(\.id)) && Self.cases.count == 33)
    }

    @Test func theFirstCountyIsTheirs() async throws {
        let client = try await Self.service.value
        let mine = try #require(try await client.ask("/collections/mn_counties/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4326").features().first)
        let path = "mapserver-ogcapi/expected/ogcapi_collections_mn_counties_items_epsg_4326_with_headers.txt"
        let theirs = try #require(try Corpora.text(path).firstMatch(of: /\[\s*(-?\d+\.\d+),\s*(-?\d+\.\d+)\s*\]/))
        let places = Self.positions(mine["geometry"])
        let (latitude, longitude) = (try #require(Double(theirs.1)), try #require(Double(theirs.2)))
        // They write four decimals, after a shift from NAD 83 that PROJ's cs2cs does not make: some ten metres.
        #expect(places.contains { abs($0.0 - latitude) < 2e-4 && abs($0.1 - longitude) < 2e-4 }, "\(latitude), \(longitude): \(places.prefix(3))")
    }

    private static func positions(_ value: Any?) -> [(Double, Double)] {
        if let object = value as? [String: Any] { return positions(object["coordinates"]) }
        guard let list = value as? [Any] else { return [] }
        if let first = list.first as? Double, let second = list.last as? Double { return [(first, second)] }
        return list.flatMap(positions)
    }
}
