import FeatureStore
import Foundation
import OGCAPI
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// What MapServer is asked in its own tests of filters, orders and their documents, asked here: status, count and features agree, or
/// the row says below why MapServer's answer is its own habit.
@Suite struct MapServerFilterTests {
    struct Row: Decodable, Sendable, CustomTestStringConvertible {
        var id: String
        var path: String
        var query: String?
        var expected_status: Int
        var expected_numberMatched: Int?
        var expected_ids: [String]?
        var testDescription: String { id }
    }

    static let rows = Corpora.cases(of: [Row].self, "mapserver-ogcapi/cases.json") { rows in
        rows.filter { row in
            let query = row.query ?? ""
            return query.contains("filter=") || query.contains("sortby=") || row.path.hasSuffix("/queryables") || row.path.hasSuffix("/sortables")
        }
    }

    /// Rows whose answer is MapServer's alone, with what is expected here in place of it.
    static let habits: [String: (status: Int, why: String)] = [
        "ogcapi_queryables_none.json.txt": (404, "a second collection over the same file whose configuration names no queryables; here a layer has those of its fields that are open"),
        "ogcapi_sortables_all.json.txt": (404, "a second collection over the same file, configured with all queryables"),
        "ogcapi_cql2_text_is_null_not_supported.json.txt": (200, "IS NULL is in Basic CQL2; MapServer has no null to compare with"),
        "ogcapi_cql2_text_is_not_null_not_supported.json.txt": (200, "IS NOT NULL is in Basic CQL2; MapServer has no null to compare with"),
        "ogcapi_cql2_json_date.json.txt": (400, "LASTMOD is a character field of the Shapefile, which MapServer is configured to take for times; a text is no date here"),
    ]

    /// Rows that agree but for the order: MapServer gives the same features for both directions.
    static let unsorted: Set<String> = ["ogcapi_sorted_plus.json.txt", "ogcapi_sorted_minus.json.txt"]

    static let service = Task { try await make() }

    private static func make() async throws -> ServiceContext {
        let directory = try ScratchDirectory.make("mapserver")
        for ending in ["shp", "shx", "prj"] {
            try Data(Corpora.bytes("mapserver-ogcapi/data/mn_counties.\(ending)")).write(to: URL(filePath: "\(directory)/mn_counties.\(ending)"))
        }
        // The names under which MapServer's configuration gives the fields.
        var table = try Corpora.bytes("mapserver-ogcapi/data/mn_counties.dbf")
        for (name, alias) in [("AREA", "Area"), ("PERIMETER", "Perimiter"), ("CTY_NAME", "Name")] {
            let found = try #require(stride(from: 32, to: 32 * 10, by: 32).first { String(decoding: table[$0..<($0 + 11)].prefix { $0 != 0 }, as: UTF8.self) == name })
            table.replaceSubrange(found..<(found + 11), with: Array(alias.utf8) + [UInt8](repeating: 0, count: 11 - alias.utf8.count))
        }
        try Data(table).write(to: URL(filePath: "\(directory)/mn_counties.dbf"))
        let installation = try Installation(data: directory + "/data", share: Hamlet.repository)
        var request = LayerImportRequest(layer: "mn_counties", files: ["\(directory)/mn_counties.shp"])
        request.acceptsRemoteData = true
        // NAD83 lies within two metres of WGS 84, which is as near as these cases look.
        request.crs = "EPSG:32615"
        _ = try await installation.importLayer(request)
        let library = try installation.library()
        try await library.prepareAll()
        return Hamlet.context(installation, library)
    }

    @Test(.enabled(if: Corpora.isPresent, Comment(rawValue: Corpora.absence)), arguments: rows)
    func rowAgrees(_ row: Row) async throws {
        let client = try RouterClient(try await Self.service.value)
        let answer = try await client.ask(Self.target(row))
        if let habit = Self.habits[row.id] {
            #expect(answer.status == habit.status && habit.status != row.expected_status, "\(answer.text.prefix(300))")
            return
        }
        #expect(answer.status == row.expected_status, "\(answer.text.prefix(300))")
        guard let matched = row.expected_numberMatched else { return }
        #expect(try answer.json()["numberMatched"] as? Int == matched)
        let ids = try answer.features().compactMap { ($0["properties"] as? [String: Any])?["COUN"] as? NSNumber }.map(\.stringValue)
        guard !Self.unsorted.contains(row.id) else { return try Self.checkOrder(answer, row) }
        #expect(Set(row.expected_ids ?? []).isSubset(of: ids) || ids.count < matched)
        if ids.count == matched, row.expected_ids?.count == matched { #expect(ids.sorted() == row.expected_ids?.sorted()) }
    }

    private static func checkOrder(_ answer: Answer, _ row: Row) throws {
        let times = try answer.features().compactMap { ($0["properties"] as? [String: Any])?["LASTMOD"] as? String }
        #expect(times.count > 9)
        let isDescending = row.query?.contains("-LASTMOD") == true
        #expect(zip(times, times.dropFirst()).allSatisfy { isDescending ? $0 >= $1 : $0 <= $1 })
    }

    @Test(.enabled(if: Corpora.isPresent, Comment(rawValue: Corpora.absence)))
    func everyHabitIsARow() {
        #expect(Self.rows.count == 45)
        #expect(Set(Self.habits.keys).union(Self.unsorted).isSubset(of: Set(Self.rows.map(\.id))))
    }

    /// The row's address here; what of its query is not escaped is escaped as a browser does.
    private static func target(_ row: Row) -> String {
        let path = row.path.replacing("/ogcapi/", with: "/")
        let isItems = path.hasSuffix("/items")
        let parts = (row.query ?? "").split(separator: "&").compactMap { part -> String? in
            let pair = part.split(separator: "=", maxSplits: 1)
            guard let name = pair.first, isItems || name != "f" else { return nil }
            let value = pair.count > 1 ? String(pair[1]) : ""
            return "\(name)=\(PercentEncoding.encode(value.removingPercentEncoding ?? value))"
        }
        return parts.isEmpty ? path : "\(path)?\(parts.joined(separator: "&"))"
    }
}
