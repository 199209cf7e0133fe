import FeatureStore
import Foundation
import HTTPTypes
import OGCAPI
import SimpleFeatures
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// Filters and orders of the items of a collection, with what else narrows them.
@Suite struct FilterRoutesTests {
    private static let buildings = "/collections/base.building/items"

    private static func ids(_ answer: Answer) throws -> [Int] { try answer.features().compactMap { $0["id"] as? Int } }

    private static func encoded(_ text: String) -> String { PercentEncoding.encode(text) }

    /// A number of the hamlet's buildings to ask for: a field of whole numbers or reals, and a value in the midst of it.
    private static func numbers(_ client: RouterClient) async throws -> (field: String, middle: Double, values: [Int: Double]) {
        let features = try await client.ask("\(buildings)?limit=10000").features()
        let properties = try features.map { try #require($0["properties"] as? [String: Any]) }
        let schema = try #require(try await client.service.installation.registry.layer("base.building")).schema
        let field = try #require(schema.fields.first { ($0.kind == .integer || $0.kind == .real) && !$0.isSensitive && properties[0][$0.name] is NSNumber })
        var values: [Int: Double] = [:]
        for (feature, property) in zip(features, properties) {
            if let id = feature["id"] as? Int, let value = property[field.name] as? Double { values[id] = value }
        }
        let sorted = values.values.sorted()
        return (field.name, sorted[sorted.count / 2], values)
    }

    @Test func aFilterSelectsAndItsPagesFollow() async throws {
        let client = try await Hamlet.client()
        let (field, middle, values) = try await Self.numbers(client)
        let expected = values.filter { $0.value > middle }.map(\.key).sorted()
        #expect(!expected.isEmpty && expected.count < values.count)
        var target: String? = "\(Self.buildings)?limit=300&filter=\(Self.encoded("\"\(field)\" > \(middle)"))"
        var seen: [Int] = []
        while let wanted = target {
            let answer = try await client.ask(wanted)
            #expect(try answer.json()["numberMatched"] as? Int == expected.count)
            seen += try Self.ids(answer)
            let links = try answer.json()["links"] as? [[String: Any]] ?? []
            target = (links.first { $0["rel"] as? String == "next" }?["href"] as? String).map { String($0.dropFirst("https://map.example".count)) }
        }
        #expect(seen == expected)
        let json = #"{"op":">","args":[{"property":"\#(field)"},\#(middle)]}"#
        let same = try await client.ask("\(Self.buildings)?limit=10000&filter-lang=cql2-json&filter=\(Self.encoded(json))")
        #expect(try Self.ids(same) == expected)
        // More than a run leaves as a stream.
        let whole = try await client.ask("\(Self.buildings)?limit=10000&filter=\(Self.encoded("\"\(field)\" > -1 OR \"\(field)\" IS NULL"))")
        #expect(try Self.ids(whole).count == 1875)
    }

    @Test func ordersHoldOverPages() async throws {
        let client = try await Hamlet.client()
        let (field, middle, values) = try await Self.numbers(client)
        for (sign, filter) in [("+", ""), ("-", ""), ("%2B", ""), ("", ""), ("-", "&filter=\(Self.encoded("\"\(field)\" < \(middle)"))")] {
            var seen: [Int] = []
            for offset in stride(from: 0, to: 1875, by: 625) {
                seen += try Self.ids(await client.ask("\(Self.buildings)?limit=625&offset=\(offset)&sortby=\(sign)\(Self.encoded(field))\(filter)"))
            }
            let numbers = seen.compactMap { values[$0] }
            #expect(zip(numbers, numbers.dropFirst()).allSatisfy { sign == "-" ? $0 >= $1 : $0 <= $1 })
            #expect(Set(seen).count == (filter.isEmpty ? 1875 : values.count { $0.value < middle }))
        }
        let near = try await client.ask("\(Self.buildings)?center=113.6845,22.9940&radius=200&sortby=-\(Self.encoded(field))&limit=50")
        let numbers = try Self.ids(near).compactMap { values[$0] }
        #expect(numbers.count > 1 && zip(numbers, numbers.dropFirst()).allSatisfy { $0 >= $1 })
    }

    /// Whatever else narrows a request narrows what the filter leaves.
    @Test func filtersCombineWithEverything() async throws {
        let client = try await Hamlet.client()
        let (field, middle, values) = try await Self.numbers(client)
        let filter = "filter=\(Self.encoded("\"\(field)\" > \(middle)"))"
        let high = Set(values.filter { $0.value > middle }.map(\.key))
        for narrowing in [
            "bbox=113.683,22.993,113.686,22.995", "center=113.6845,22.9940&radius=150", "\(Self.encoded(field))=\(Self.number(middle))",
            "bbox=22.993,113.683,22.995,113.686&bbox-crs=EPSG:4490", "limit=10000",
        ] {
            let all = try Self.ids(await client.ask("\(Self.buildings)?\(narrowing)\(narrowing.contains("limit") ? "" : "&limit=10000")"))
            let some = try Self.ids(await client.ask("\(Self.buildings)?\(narrowing)&\(filter)\(narrowing.contains("limit") ? "" : "&limit=10000")"))
            #expect(some == all.filter(high.contains), "\(narrowing)")
        }
        let ring = "[[113.683,22.993],[113.686,22.993],[113.686,22.995],[113.683,22.995],[113.683,22.993]]"
        let polygon = #"{"type":"Polygon","coordinates":[\#(ring)]}"#
        let all = try Self.ids(await client.ask("\(Self.buildings)?limit=10000", .post, body: polygon))
        let some = try Self.ids(await client.ask("\(Self.buildings)?limit=10000&\(filter)", .post, body: polygon))
        #expect(!some.isEmpty && some == all.filter(high.contains))
        // The same area as a filter, in text, in JSON and in another CRS.
        let text = "S_INTERSECTS(geometry, POLYGON((113.683 22.993, 113.686 22.993, 113.686 22.995, 113.683 22.995, 113.683 22.993)))"
        #expect(try Self.ids(await client.ask("\(Self.buildings)?limit=10000&filter=\(Self.encoded(text))")) == all)
        let json = #"{"op":"s_intersects","args":[{"property":"geometry"},\#(polygon)]}"#
        #expect(try Self.ids(await client.ask("\(Self.buildings)?limit=10000&filter-lang=cql2-json&filter=\(Self.encoded(json))")) == all)
        let north = "S_INTERSECTS(geometry, BBOX(22.993, 113.683, 22.995, 113.686))"
        let crs = Self.encoded("http://www.opengis.net/def/crs/EPSG/0/4490")
        #expect(try Self.ids(await client.ask("\(Self.buildings)?limit=10000&filter-crs=\(crs)&filter=\(Self.encoded(north))")) == all)
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }

    @Test func badFiltersAreAnswered() async throws {
        let client = try await Hamlet.client()
        for (query, parameter, part) in [
            ("filter=", "filter", "第 1 个字符"), ("filter=name%3D", "filter", "第 6 个字符"), ("filter=nothing%3D1", "filter", "nothing"),
            ("filter=%7B%22op%22%3A%22and%22%7D&filter-lang=cql2-json", "filter", "/args"), ("filter=a%3D1&filter-lang=sql", "filter-lang", "cql2-text"),
            ("filter=TRUE&filter-crs=EPSG:32650", "filter-crs", "CRS84"), ("sortby=nothing", "sortby", "nothing"), ("sortby=", "sortby", "逗号"),
            ("filter=S_INTERSECTS(geometry,POINT(5%2095))", "filter", "POINT"),
            ("filter=" + String(repeating: "(", count: 10_000), "filter", "嵌套"),
            ("filter=TRUE&filter=FALSE", "filter", "只给一次"),
        ] {
            let answer = try await client.ask("\(Self.buildings)?\(query)")
            let problem = try answer.json()
            #expect(answer.status == 400 && answer.type == "application/problem+json", "\(query)")
            #expect(problem["parameter"] as? String == parameter, "\(query)")
            let detail = try #require(problem["detail"] as? String)
            #expect(detail.contains(part), "\(query): \(detail)")
        }
        #expect(try await client.ask("\(Self.buildings)?filter=\(String(repeating: "x", count: 100_000))").status == 414)
    }

    /// A field that nobody may see can neither be asked for nor be sorted by, and no refusal names it.
    @Test func sensitiveFieldsAreUnknown() async throws {
        let client = try await Hamlet.client()
        var checked = 0
        for layer in client.service.library.state.layers.values {
            guard layer.definition.isServedByFeature, let record = layer.record,
                let field = record.schema.fields.first(where: { !layer.isOpen($0) })
            else { continue }
            checked += 1
            let items = "/collections/\(layer.definition.id)/items"
            for query in ["filter=\(Self.encoded("\"\(field.name)\" IS NULL"))", "sortby=\(Self.encoded(field.name))"] {
                let answer = try await client.ask("\(items)?\(query)")
                #expect(answer.status == 400, "\(items)?\(query)")
            }
            let sortables = try await client.ask("/collections/\(layer.definition.id)/sortables").text
            #expect(!sortables.contains("\"\(field.name)\""))
        }
        #expect(checked > 0)
    }

    @Test func documentsSayWhatCanBeAsked() async throws {
        let client = try await Hamlet.client()
        let collection = try await client.ask("/collections/base.building").json()
        let links = try #require(collection["links"] as? [[String: Any]])
        for relation in ["queryables", "sortables", "schema"] {
            let href = try #require(links.first { $0["rel"] as? String == "http://www.opengis.net/def/rel/ogc/1.0/\(relation)" }?["href"] as? String)
            let answer = try await client.ask(String(href.dropFirst("https://map.example".count)))
            #expect(answer.status == 200 && answer.type == "application/schema+json")
            let document = try answer.json()
            let properties = try #require(document["properties"] as? [String: [String: Any]])
            #expect((properties["geometry"]?["format"] as? String == "geometry-polygon-or-multipolygon") == (relation != "sortables"))
            #expect(document["additionalProperties"] as? Bool == (relation == "schema" ? nil : false))
            #expect(properties.filter { $0.key != "geometry" }.allSatisfy { $0.value["type"] is String })
        }
        let items = try await client.ask("\(Self.buildings)?limit=1")
        #expect(items.header("Link")?.contains("/collections/base.building/queryables>; rel=\"http://www.opengis.net/def/rel/ogc/1.0/queryables\"") == true)
        let functions = try #require(try await client.ask("/functions").json()["functions"] as? [[String: Any]])
        #expect(functions.contains { $0["name"] as? String == "lower" })
        let classes = try #require(try await client.ask("/conformance").json()["conformsTo"] as? [String])
        #expect(classes.contains("http://www.opengis.net/spec/cql2/1.0/conf/cql2-text") && classes.contains("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter"))
    }
}
