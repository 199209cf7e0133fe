import Foundation
import HTTPTypes
import OGCAPI
import SimpleFeatures
import Testing
import TileProduction

@testable import MapService

/// What may be changed is said where it is so, and nowhere else.
@Suite struct EditDocumentsTests {
    private static let classes = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/"

    private func conformance(_ town: EditedTown) async throws -> [String] {
        try #require(try await town.client.ask("/conformance").json()["conformsTo"] as? [String]).filter { $0.hasPrefix(Self.classes) }
    }

    private func methods(_ town: EditedTown, _ path: String) async throws -> Set<String> {
        let paths = try #require(try await town.client.ask("/api").json()["paths"] as? [String: [String: Any]])
        return Set((paths[path] ?? [:]).keys)
    }

    @Test func aServiceThatMayBeChangedSaysSo() async throws {
        let town = try await EditedTown()
        #expect(Set(try await conformance(town)) == Set(ConformanceDeclaration.editing))
        #expect(try await methods(town, "/collections/charging/items/{featureId}") == ["get", "put", "patch", "delete"])
        let api = try await town.client.ask("/api").json()
        let post = try #require(((api["paths"] as? [String: [String: Any]])?["/collections/charging/items"])?["post"] as? [String: Any])
        #expect((post["responses"] as? [String: Any])?["201"] != nil)
        #expect(((api["components"] as? [String: Any])?["securitySchemes"] as? [String: Any])?.keys.contains("adminToken") == true)
        let schema = try await town.client.ask("/collections/charging/schema").json()
        #expect(schema["additionalProperties"] as? Bool == false)
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(properties["id"]?["readOnly"] as? Bool == true && properties["id"]?["x-ogc-role"] as? String == "id")
        #expect(properties.filter { $0.value["readOnly"] != nil }.count == 1 && properties["keeper"] == nil)
        #expect(try await town.client.ask("/collections/charging/queryables").json()["properties"] as? [String: [String: Any]] != nil)
    }

    @Test func aServiceThatMayNotSaysNothingOfIt() async throws {
        let town = try await EditedTown(layers: .none)
        #expect(try await conformance(town).isEmpty)
        #expect(try await methods(town, "/collections/charging/items/{featureId}") == ["get"])
        let schema = try await town.client.ask("/collections/charging/schema")
        #expect(!schema.text.contains("readOnly") && !schema.text.contains("additionalProperties"))
        for (method, target) in [(HTTPRequest.Method.put, "charging/items/1"), (.patch, "charging/items/1"), (.delete, "charging/items/1"), (.put, "charging/items")] {
            let answer = try await town.ask(method, target, "{}")
            #expect(answer.status == 405, "\(method) \(target): \(answer.status)")
            try expectProblem(answer)
            #expect(answer.headers[.allow] == (target.hasSuffix("items") ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS"))
        }
        #expect(try await town.ask(.post, "charging/items", EditedTown.station("丁站")).status == 400, "no polygon")
        let options = try await town.ask(.options, "charging/items/1")
        #expect(options.status == 204 && options.headers[.allow] == "GET, HEAD, OPTIONS" && options.header("Accept-Patch") == nil)
        #expect(try await town.client.ask("/collections/charging/items").json()["numberMatched"] as? Int == 3)
    }

    @Test func onlyTheLayersThatAreNamedMayBeChanged() async throws {
        let town = try await EditedTown(layers: .some(["charging", "base.image"]))
        #expect(try await town.ask(.post, "charging/items", EditedTown.station("丁站")).status == 201)
        #expect(try await methods(town, "/collections/plots/items/{featureId}") == ["get"])
        for method in [HTTPRequest.Method.put, .patch, .delete] {
            let answer = try await town.ask(method, "plots/items/1", "{}")
            #expect(answer.status == 405 && answer.headers[.allow] == "GET, HEAD, OPTIONS")
            try expectProblem(answer)
        }
        let posted = try await town.ask(.post, "plots/items", #"{"type":"Feature","geometry":null,"properties":null}"#)
        #expect(posted.status == 403, "\(posted.text)")
        try expectProblem(posted)
        let image = try await town.ask(.put, "base.image/items/1", "{}")
        #expect(image.status == 405)
        try expectProblem(image)
        let persons = try await town.ask(.put, "population/items/1", "{}")
        #expect(persons.status == 403)
        let schema = try await town.client.ask("/collections/plots/schema").json()
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(properties.allSatisfy { $0.value["readOnly"] as? Bool == true } && schema["additionalProperties"] == nil)
    }

    @Test func addressesSayWhatTheyTake() async throws {
        let town = try await EditedTown(layers: .some(["charging"]))
        let items = try await town.client.ask("/collections/charging/items", .options)
        #expect(items.status == 200 && items.headers[.allow] == "GET, HEAD, POST, OPTIONS")
        #expect(items.header("Accept-Post") == "application/geo+json, application/json")
        let item = try await town.client.ask("/collections/charging/items/1", .options)
        #expect(item.status == 200 && item.headers[.allow] == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS")
        #expect(item.header("Accept-Patch") == "application/merge-patch+json")
        #expect(try await town.client.ask("/collections/plots/items/1", .options).headers[.allow] == "GET, HEAD, OPTIONS")
        let wrong = try await town.ask(.put, "charging/items", "{}")
        #expect(wrong.status == 405 && wrong.headers[.allow] == "GET, HEAD, POST, OPTIONS")
    }

    @Test func pagesOfOtherOriginsMayChangeWhatMayBeChanged() async throws {
        let town = try await EditedTown(layers: .some(["charging"]))
        func preflight(_ target: String) async throws -> Answer {
            try await town.client.ask(
                "/collections/\(target)", .options, headers: [.origin: "https://elsewhere.example", .accessControlRequestMethod: "PATCH"])
        }
        let open = try await preflight("charging/items/1")
        #expect(open.status == 204 && open.headers[.accessControlAllowOrigin] == "*")
        #expect(open.headers[.accessControlAllowMethods] == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS")
        let fields = try #require(open.headers[.accessControlAllowHeaders])
        #expect(["Authorization", "Content-Crs", "If-Match", "Content-Type", "Prefer"].allSatisfy(fields.contains))
        let closed = try await preflight("plots/items/1")
        #expect(closed.headers[.accessControlAllowMethods] == "GET, HEAD, POST, OPTIONS")
        #expect(closed.headers[.accessControlAllowHeaders]?.contains("Authorization") == false)
        let made = try await town.ask(.post, "charging/items", EditedTown.station("丁站"), [.origin: "https://elsewhere.example"])
        #expect(made.status == 201 && made.headers[.accessControlAllowOrigin] == "*")
        #expect(made.headers[.accessControlExposeHeaders]?.contains("Location") == true)
    }
}
