import Foundation
import Raster
import Testing

@testable import MapService

@Suite struct LegendRoutesTests {
    private func rows(_ target: String) async throws -> [[String: Any]] {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 200 && answer.type == "application/json")
        return try #require(try answer.json()["rows"] as? [[String: Any]])
    }

    @Test func everyLayerOfTheMapThatIsDrawnHasARowWithItsTitlesAndItsSwatch() async throws {
        let rows = try await rows("/styles/standard/legend.json")
        let ids = rows.compactMap { $0["layer"] as? String }
        #expect(Set(ids).count == ids.count && ids.count > 15)
        #expect(Set(ids).isSuperset(of: ["base.land", "base.water", "base.road.main", "admin.town", "placename", "doorplate", "house", "facility"]))
        // No style layer of theirs is on.
        for id in ["street", "grid.unit", "population"] { #expect(!ids.contains(id), "\(id)") }
        for row in rows {
            let title = try #require(row["title"] as? [String: String])
            #expect(title["zh"]?.isEmpty == false && title["en"]?.isEmpty == false)
            try expectSwatch(row)
        }
    }

    @Test func facilityTypesStandUnderTheirCategories() async throws {
        let facility = try #require(try await rows("/styles/standard/legend.json").first { $0["layer"] as? String == "facility" })
        let categories = try #require(facility["classes"] as? [[String: Any]])
        #expect(categories.compactMap { $0["value"] as? String } == ["SS01", "SS02", "SS03", "SS04", "SS05", "SS06"])
        let types = categories.flatMap { $0["classes"] as? [[String: Any]] ?? [] }
        #expect(types.count == 47)
        for type in types { try expectSwatch(type) }
    }

    @Test(arguments: [("population", 6), ("house", 5), ("unit", 5)])
    func aThemeHasTheClassesOfItsCounts(_ layer: String, _ count: Int) async throws {
        let rows = try await rows("/styles/standard-\(layer)/legend.json?level=13")
        let row = try #require(rows.first { $0["layer"] as? String == layer })
        let classes = try #require(row["classes"] as? [[String: Any]])
        #expect(classes.count { $0["field"] as? String == "count" } == count)
        for entry in classes { try expectSwatch(entry) }
    }

    @Test func aLevelAndALanguageNarrowIt() async throws {
        let all = try await rows("/styles/standard/legend.json").count
        let far = try await rows("/styles/standard/legend.json?level=9&lang=zh")
        #expect(far.count < all)
        #expect(!far.contains { $0["layer"] as? String == "doorplate" })
        #expect(far.allSatisfy { ($0["title"] as? [String: String])?.keys.sorted() == ["zh"] })
    }

    @Test(arguments: ["standard", "standard-night", "standard-grey", "standard-labels", "standard-population"])
    func thePictureIsTheSameEveryTime(style: String) async throws {
        let first = try await Hamlet.client().ask("/styles/\(style)/legend.png?level=17&lang=zh")
        #expect(first.status == 200 && first.type == "image/png")
        let other = try await RouterClient(try await Hamlet.freshService()).ask("/styles/\(style)/legend.png?level=17&lang=zh")
        #expect(first.body == other.body)
        let picture = try PNGDecoder.decode(first.body)
        #expect(picture.width > 300 && picture.height > 300 && picture.isOpaque)
    }

    @Test(arguments: ["level=0", "level=21", "level=x", "lang=fr", "zoom=3", "level=3&level=4"])
    func aParameterThatCannotBeHonouredIs400(query: String) async throws {
        for form in ["json", "png"] {
            let answer = try await Hamlet.client().ask("/styles/standard/legend.\(form)?\(query)")
            #expect(answer.status == 400)
            try expectProblem(answer)
        }
    }

    @Test func anUnknownStyleIs404() async throws {
        let answer = try await Hamlet.client().ask("/styles/none/legend.png")
        #expect(answer.status == 404)
        try expectProblem(answer)
    }

    @Test(arguments: ["standard-night", "standard-grey", "standard-labels", "standard-population"])
    func aVariantIsServedWithItsSprite(style: String) async throws {
        let client = try await Hamlet.client()
        let document = try await client.ask("/styles/\(style)/style.json").json()
        #expect(document["sprite"] as? String == "https://map.example/sprites/\(style)")
        let sources = try #require(document["sources"] as? [String: [String: Any]])
        #expect(sources.values.compactMap { $0["url"] as? String } == ["https://map.example/tiles/standard.json"])
        let day = try await client.ask("/sprites/standard.png").body
        let own = try await client.ask("/sprites/\(style).png")
        #expect(own.status == 200)
        #expect((own.body == day) == (style == "standard-labels"))
    }

    private func expectSwatch(_ row: [String: Any]) throws {
        let swatch = try #require(row["swatch"] as? [String: Any])
        let image = try #require(swatch["image"] as? String)
        let data = try #require(Data(base64Encoded: String(image.dropFirst("data:image/png;base64,".count))))
        let picture = try PNGDecoder.decode([UInt8](data))
        #expect(picture.width == swatch["width"] as? Int && picture.height == swatch["height"] as? Int)
        #expect(Set(picture.pixels).count > 1, "\(row["title"] ?? "?")")
    }
}
