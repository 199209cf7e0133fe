import FeatureStore
import Foundation
import HTTPTypes
import SimpleFeatures
import Testing
import TileProduction

@testable import MapService

/// The documents of the OGC APIs, for machines and for people.
@Suite struct DocumentRoutesTests {
    static let documents = [
        "/api", "/conformance", "/collections", "/collections/base.building", "/collections/base.building/schema",
        "/collections/base.building/queryables", "/collections/base.building/items", "/collections/base.building/items/1",
        "/collections/population", "/tileMatrixSets", "/tileMatrixSets/c", "/tiles", "/tiles/c", "/map/tiles", "/map/tiles/w",
        "/collections/base.building/tiles", "/collections/base.building/tiles/CGCS2000GK114", "/collections/population/map/tiles",
        "/styles", "/styles/standard", "/styles/standard/metadata", "/styles/standard-night/map/tiles", "/styles/standard-night/map/tiles/w",
    ]

    @Test(arguments: documents) func machinesGetJSONAndPeopleAPage(path: String) async throws {
        let client = try await Hamlet.client()
        let machines: [HTTPFields] = [[:], [.accept: "*/*"], [.accept: "application/json"]]
        for headers in machines {
            let answer = try await client.ask(path, headers: headers)
            #expect(answer.status == 200 && answer.type.contains("json"), "\(headers): \(answer.status) \(answer.type)")
            #expect(answer.headers[.vary] == "Accept, Accept-Encoding")
            #expect(answer.header("Link")?.contains("f=html>; rel=\"alternate\"; type=\"text/html\"") == true)
        }
        let people: [(String, HTTPFields)] = [(path, [.accept: "text/html, */*;q=0.8"]), (path + "?f=html", [:])]
        for (target, headers) in people {
            let page = try await client.ask(target, headers: headers)
            #expect(page.status == 200 && page.type == "text/html; charset=utf-8")
            #expect(page.text.hasPrefix("<!DOCTYPE html>") && page.text.contains("<link rel=\"alternate\""))
            #expect(page.header("Content-Security-Policy")?.contains("default-src 'none'") == true)
            #expect(page.header("Link")?.contains("rel=\"alternate\"") == true && page.headers[.vary] == "Accept, Accept-Encoding")
        }
    }

    @Test(arguments: documents + ["/?f=json", "/?f=html"]) func whatIsNotKnownIs400(path: String) async throws {
        let client = try await Hamlet.client()
        let mark = path.contains("?") ? "&" : "?"
        let answer = try await client.ask("\(path)\(mark)unknown=1")
        #expect(answer.status == 400)
        let problem = try answer.json()
        #expect(problem["parameter"] as? String == "unknown" && problem["value"] as? String == "1" && problem["expected"] != nil)
        #expect(try await client.ask("\(path)\(mark)tk=abc").status == 200, "credentials are passed over")
        if !path.contains("?") {
            let format = try await client.ask(path + "?f=docx")
            #expect(try format.status == 400 && format.json()["parameter"] as? String == "f")
        }
    }

    @Test(arguments: documents + ["/"]) func whatNobodyOffersIs406(path: String) async throws {
        let answer = try await Hamlet.client().ask(path, headers: [.accept: "application/x-nothing"])
        #expect(answer.status == 406)
        try expectProblem(answer)
    }

    @Test(arguments: documents) func headHasNoBodyAndNoOtherMethodIsTaken(path: String) async throws {
        let client = try await Hamlet.client()
        let head = try await client.ask(path, .head)
        #expect(head.status == 200 && head.headers[.contentType] != nil)
        let answer = try await client.ask(path, .delete)
        #expect(answer.status == 405 && answer.headers[.allow]?.contains("GET") == true)
    }

    @Test(arguments: documents) func anUnchangedDocumentIs304(path: String) async throws {
        let client = try await Hamlet.client()
        let tag = try #require(try await client.ask(path).headers[.eTag])
        #expect(try await client.ask(path, headers: [.ifNoneMatch: tag]).status == 304)
    }

    @Test func theLandingPageLeadsToEverything() async throws {
        let client = try await Hamlet.client()
        let links = try #require(try await client.ask("/?f=json").json()["links"] as? [[String: Any]])
        let relations = Set(links.compactMap { $0["rel"] as? String })
        let ogc = "http://www.opengis.net/def/rel/ogc/1.0/"
        #expect(
            relations.isSuperset(of: [
                "self", "alternate", "service-desc", "service-doc", "conformance", "data", ogc + "tiling-schemes", ogc + "tilesets-vector",
                ogc + "tilesets-map", ogc + "styles",
            ]))
        let page = try await client.ask("/?f=html")
        #expect(page.type == "text/html; charset=utf-8" && page.text.contains("https://map.example/collections"))
        #expect(try await client.ask("/", headers: [.accept: "text/html"]).text.contains("portal"), "people get the map")
    }

    @Test func pagesOfFeaturesFollowOneAnother() async throws {
        let client = try await Hamlet.client()
        var target: String? = "/collections/base.building/items?f=html&limit=900&floors=3"
        let matched = try #require(try await client.ask("/collections/base.building/items?floors=3&limit=1").json()["numberMatched"] as? Int)
        target = "/collections/base.building/items?f=html&limit=\(matched / 2)&floors=3"
        var rows = 0
        var pages = 0
        while let wanted = target, pages < 5 {
            let text = try await client.ask(wanted).text
            rows += text.matches(of: /<tr><td><a href="\/collections\/base\.building\/items\/\d+\?f=html">/).count
            target = text.firstMatch(of: /<a href="https:\/\/map\.example([^"]+)">下一页/).map { String($0.1).replacing("&amp;", with: "&") }
            pages += 1
        }
        #expect(rows == matched && pages == (matched % 2 == 0 ? 2 : 3))
    }

    @Test func sensitiveFieldsAreOnNoPage() async throws {
        let client = try await Hamlet.client()
        let page = try await client.ask("/collections/population/items?f=html")
        #expect(page.status == 403)
        let paths = try #require(try await client.ask("/api").json()["paths"] as? [String: [String: [String: Any]]])
        var seen = 0
        for layer in try await client.service.installation.registry.layers() {
            let hidden = Set(layer.schema.fields.filter(\.isSensitive).map(\.name))
            guard let items = paths["/collections/\(layer.id)/items"]?["get"] else { continue }
            let parameters = try #require(items["parameters"] as? [[String: Any]]).compactMap { $0["name"] as? String }
            #expect(hidden.isDisjoint(with: parameters), "\(layer.id)")
            seen += hidden.count
        }
        #expect(seen > 0, "some layer that is open has a sensitive field")
    }

    @Test func theDescriptionNamesEveryCollection() async throws {
        let client = try await Hamlet.client()
        let api = try await client.ask("/api")
        #expect(api.type == "application/vnd.oai.openapi+json;version=3.0")
        let paths = try #require(try api.json()["paths"] as? [String: Any])
        let collections = try #require(try await client.ask("/collections").json()["collections"] as? [[String: Any]])
        for collection in collections {
            let id = try #require(collection["id"] as? String)
            let isOpen = collection["servedByFeature"] as? Bool == true && collection["importedAt"] != nil
            #expect((paths["/collections/\(id)/items"] != nil) == isOpen, "\(id)")
        }
        #expect(try await client.ask("/api", headers: [.accept: "application/json"]).type == "application/json")
    }
}
