import Foundation
import HTTPTypes
import Testing

@testable import MapService

@Suite struct PortalRoutesTests {
    @Test func peopleGetThePortalAndProgramsTheLandingPage() async throws {
        let client = try await Hamlet.client()
        let page = try await client.ask("/", headers: [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"])
        #expect(page.status == 200 && page.type == "text/html; charset=utf-8")
        #expect(page.text.contains("lang=\"zh-CN\""))
        for target in ["/?f=json", "/"] {
            let landing = try await client.ask(target, headers: [.accept: "application/json"])
            let links = try #require(try landing.json()["links"] as? [[String: Any]])
            #expect(Set(links.compactMap { $0["rel"] as? String }).isSuperset(of: ["self", "conformance", "data"]))
        }
    }

    /// Every script and style sheet that a page or a script names is there.
    @Test func everyFileThatThePortalNamesIsServed() async throws {
        let client = try await Hamlet.client()
        let page = try await client.ask("/").text
        var waiting = page.matches(of: /(?:src|href)="([^"]+\.(?:js|css))"/).map { String($0.1) }.filter { !$0.hasPrefix("assets/") }
        var seen: Set<String> = []
        while let file = waiting.popLast() {
            guard seen.insert(file).inserted else { continue }
            let answer = try await client.ask("/" + file)
            #expect(answer.status == 200, "\(file)")
            #expect(answer.type.hasPrefix(file.hasSuffix(".js") ? "text/javascript" : "text/css"))
            let folder = file.split(separator: "/").dropLast().joined(separator: "/")
            waiting += answer.text.matches(of: /from "\.\/([^"]+)"/).map { "\(folder)/\($0.1)" }
        }
        #expect(seen.count > 10)
    }

    @Test func whatThePortalAsksAtItsStart() async throws {
        let document = try await Hamlet.client().ask("/api/portal.json").json()
        #expect((document["title"] as? [String: String])?["zh"] == "东莞市标准作业图")
        #expect(document["defaultMap"] as? String == "standard")
        #expect((document["bounds"] as? [Double])?.count == 4)
        let maps = (document["maps"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        let names = ["", "-night", "-grey", "-imagery", "-labels", "-population", "-house", "-unit", "-boundary"]
        #expect(maps.sorted() == (names.map { "standard" + $0 } + ["image"]).sorted() && maps.first == "standard")
        #expect((document["statement"] as? String)?.contains("CGCS2000") == true)
    }

    @Test func theCatalogueTellsWhatATreeOfLayersNeeds() async throws {
        let collections = try #require(try await Hamlet.client().ask("/collections").json()["collections"] as? [[String: Any]])
        #expect(collections.count > 20)
        for collection in collections {
            for member in ["id", "title", "titleEn", "group", "order", "state", "featureCount", "access", "fields"] {
                #expect(collection[member] != nil, "\(collection["id"] ?? "?") lacks \(member)")
            }
        }
        #expect(Set(collections.compactMap { $0["group"] as? String }) == ["base", "admin", "grid", "address", "entity", "overlay"])
    }

    @Test func theSearchFindsWholeNamesFirst() async throws {
        let client = try await Hamlet.client()
        let features = try await client.ask("/search?q=\(PercentEncoded.text("道滘镇"))").features()
        let first = try #require(features.first?["properties"] as? [String: Any])
        #expect(first["name"] as? String == "道滘镇" && first["layer"] as? String == "admin.town")
        let position = try #require(FeatureRoutesTests.firstPosition(features[0]))
        #expect((113.5...113.8).contains(position[0]) && (22.9...23.1).contains(position[1]))
        #expect(try await client.ask("/search?q=\(PercentEncoded.text("查无此地"))").features().isEmpty)
        for target in ["/search", "/search?q=", "/search?q=x&limit=0", "/search?q=x&limit=51"] {
            let answer = try await client.ask(target)
            #expect(answer.status == 400)
            try expectProblem(answer)
        }
    }
}
