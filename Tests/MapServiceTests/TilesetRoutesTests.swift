import FeatureStore
import Foundation
import HTTPTypes
import Raster
import Testing
import TileProduction
import Tiling
import VectorTiles

@testable import MapService

@Suite struct TilesetRoutesTests {
    /// Over the hamlet, level 16: row and column.
    private static let places = ["w": "w/16/28464/53463", "c": "c/16/12198/53463", "WorldCRS84Quad": "WorldCRS84Quad/15/12198/53463"]

    @Test(arguments: places.keys.sorted()) func vectorTilesOfTheDatasetAreThoseOfTheStandardMap(set: String) async throws {
        let client = try await Hamlet.client()
        let place = try #require(Self.places[set])
        let tile = try await client.ask("/tiles/\(place)", headers: [.accept: "application/vnd.mapbox-vector-tile"])
        #expect(tile.status == 200 && tile.type == "application/vnd.mapbox-vector-tile" && tile.headers[.eTag] != nil)
        let wmts = try await client.ask("/wmts/1.0.0/standard/default/\(place).mvt")
        #expect(try tile.unpacked() == wmts.unpacked())
    }

    @Test func xyzStaysColumnBeforeRow() async throws {
        let client = try await Hamlet.client()
        let xyz = try await client.ask("/tiles/standard/16/53463/28464.png")
        let ogc = try await client.ask("/map/tiles/WebMercatorQuad/16/28464/53463", headers: [.accept: "image/png"])
        #expect(xyz.status == 200 && ogc.body == xyz.body)
        #expect(try await client.ask("/styles/standard/map/tiles/w/16/28464/53463?f=png").body == xyz.body)
        #expect(try await client.ask("/map/tiles/w/16/28464/53463.png").body == xyz.body)
    }

    @Test func tilesOfACollectionHoldNothingElse() async throws {
        let client = try await Hamlet.client()
        let whole = try VectorTileDecoder.decode(try await client.ask("/tiles/w/16/28464/53463").unpacked())
        #expect(whole.contains { $0.name == "base.building" } && whole.count > 3)
        let answer = try await client.ask("/collections/base.building/tiles/w/16/28464/53463")
        let part = try VectorTileDecoder.decode(try answer.unpacked())
        #expect(!part.isEmpty && part.allSatisfy { $0.name.hasPrefix("base.building") })
        let own = try #require(part.first { $0.name == "base.building" }), all = try #require(whole.first { $0.name == "base.building" })
        #expect(own.features.count == all.features.count)
        let again = try await client.ask("/collections/base.building/tiles/w/16/28464/53463", headers: [.ifNoneMatch: answer.headers[.eTag] ?? ""])
        #expect(again.status == 304)
    }

    /// Buildings without the map's ground: something is drawn, and something shows through.
    @Test func picturesOfACollectionStandOnNoGround() async throws {
        let client = try await Hamlet.client()
        let answer = try await client.ask("/collections/base.building/map/tiles/w/17/56929/106927?f=png")
        let picture = try PNGDecoder.decode(answer.body)
        let alphas = Set(picture.pixels.map { $0 >> 24 })
        #expect(answer.status == 200 && alphas.contains(0) && alphas.contains(255))
        let whole = try PNGDecoder.decode(try await client.ask("/map/tiles/w/17/56929/106927?f=png").body)
        #expect(Set(whole.pixels.map { $0 >> 24 }) == [255])
    }

    // MARK: Collections selection

    /// Layers come in the order of the list, each as it stands in the whole tile.
    @Test(arguments: ["base.building", "base.building,street", "street,base.building", "doorplate,street,base.building"])
    func aChoiceHoldsTheChosenCollections(choice: String) async throws {
        let client = try await Hamlet.client()
        let target = "/tiles/w/16/28464/53463"
        let whole = try VectorTileDecoder.decode(try await client.ask(target).unpacked())
        let answer = try await client.ask("\(target)?collections=\(choice)")
        let part = try VectorTileDecoder.decode(try answer.unpacked())
        let ids = choice.split(separator: ",").map(String.init)
        func owner(_ name: String) -> Int? { ids.firstIndex { name == $0 || name == "\($0).label" || name == "\($0).count" } }
        #expect(answer.status == 200 && !part.isEmpty && part.count < whole.count)
        #expect(Set(part.map(\.name)) == Set(whole.map(\.name).filter { owner($0) != nil }))
        let order = part.compactMap { owner($0.name) }
        #expect(order.count == part.count && order == order.sorted())
        for layer in part { #expect(layer == whole.first { $0.name == layer.name }) }
        // The same question is the same answer.
        #expect(try await client.ask("\(target)?collections=\(choice)").body == answer.body)
        #expect(try await client.ask("\(target)?collections=\(choice)", headers: [.ifNoneMatch: answer.headers[.eTag] ?? ""]).status == 304)
    }

    @Test func everyChoiceHasATagOfItsOwn() async throws {
        let client = try await Hamlet.client()
        var tags: Set<String> = []
        let targets = ["", "?collections=base.building", "?collections=street", "?collections=street,base.building", "?collections=base.building,street"]
        for target in targets { tags.insert(try #require(try await client.ask("/tiles/w/16/28464/53463\(target)").headers[.eTag])) }
        #expect(tags.count == targets.count)
        let all = try #require(TilesetRoutes.standard(client.service.library.state)).layers.filter { !$0.definition.isImagery }.map(\.definition.id)
        let whole = try await client.ask("/tiles/w/16/28464/53463?collections=\(all.joined(separator: ","))")
        #expect(try VectorTileDecoder.decode(whole.unpacked()).count == VectorTileDecoder.decode(try await client.ask("/tiles/w/16/28464/53463").unpacked()).count)
    }

    @Test func picturesOfAChoiceShowItAlone() async throws {
        let client = try await Hamlet.client()
        let target = "/map/tiles/w/17/56929/106927?f=png"
        let both = try await client.ask(target + "&collections=base.building,base.road.minor"), one = try await client.ask(target + "&collections=base.building")
        #expect(both.status == 200 && both.type == "image/png" && both.body != one.body && both.headers[.eTag] != one.headers[.eTag])
        let alphas = Set(try PNGDecoder.decode(both.body).pixels.map { $0 >> 24 })
        #expect(alphas.contains(0) && alphas.contains(255))
        let styled = try await client.ask("/styles/standard/map/tiles/w/17/56929/106927?f=png&collections=base.building,base.road.minor")
        #expect(styled.body == both.body)
        #expect(try await client.ask("/map/tiles/w/17/56929/999999?f=png&collections=street").status == 404)
    }

    @Test(arguments: ["/tiles", "/map/tiles", "/styles/standard/map/tiles"]) func documentsOfAChoiceLeadToIt(path: String) async throws {
        let client = try await Hamlet.client()
        let list = try await client.ask("\(path)?collections=street,base.building").json()
        let links = (list["tilesets"] as? [[String: Any]] ?? []).flatMap { $0["links"] as? [[String: Any]] ?? [] }
            .filter { ["self", "item"].contains($0["rel"] as? String) }
        #expect(!links.isEmpty && links.allSatisfy { ($0["href"] as? String)?.contains("collections=street,base.building") == true })
        let tileset = try await client.ask("\(path)/w?collections=street,base.building").json()
        let item = (tileset["links"] as? [[String: Any]] ?? []).first { $0["rel"] as? String == "item" }
        #expect((item?["href"] as? String)?.contains("&collections=street,base.building") == true)
        if path == "/tiles" {
            let layers = (tileset["layers"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
            #expect(layers.first == "street" && layers.contains("base.building") && layers.allSatisfy { $0.hasPrefix("street") || $0.hasPrefix("base.building") })
        }
    }

    @Test(arguments: ["/tiles", "/tiles/w", "/tiles/w/16/28464/53463", "/map/tiles", "/map/tiles/c", "/map/tiles/w/16/28464/53463", "/styles/standard/map/tiles/w/16/28464/53463"],
        ["nope", "", "base.building,nope", "base.building,", "../x", "image"])
    func whatIsNoCollectionCannotBeChosen(path: String, choice: String) async throws {
        let answer = try await Hamlet.client().ask("\(path)?collections=\(choice)")
        #expect(answer.status == 400 && answer.type == "application/problem+json" && answer.text.contains("collections"), "\(answer.status)")
    }

    @Test(arguments: ["/collections/street/tiles", "/collections/street/tiles/w/16/28464/53463"]) func aCollectionHasNoChoice(path: String) async throws {
        #expect(try await Hamlet.client().ask("\(path)?collections=street").status == 400)
    }

    @Test func metadataSaysWhereTilesAre() async throws {
        let client = try await Hamlet.client()
        for list in ["/tiles", "/map/tiles", "/collections/base.building/tiles", "/styles/standard/map/tiles"] {
            let items = try #require(try await client.ask(list).json()["tilesets"] as? [[String: Any]])
            #expect(Set(items.compactMap { $0["tileMatrixSetId"] as? String }) == ["w", "c", "WorldCRS84Quad", "CGCS2000GK114"])
            for item in items {
                let id = try #require(item["tileMatrixSetId"] as? String)
                let document = try await client.ask("\(list)/\(id)").json()
                let limits = try #require(document["tileMatrixSetLimits"] as? [[String: Any]])
                #expect(limits.count > 5)
                let links = try #require(document["links"] as? [[String: Any]])
                let template = try #require(links.first { $0["rel"] as? String == "item" })
                #expect(template["templated"] as? Bool == true)
                // The finest block's first tile has an address that is answered.
                let last = try #require(limits.last { Int($0["tileMatrix"] as? String ?? "") ?? 99 <= 16 })
                let href = try #require(template["href"] as? String)
                let target = href.dropFirst("https://map.example".count)
                    .replacing("{tileMatrix}", with: "\(last["tileMatrix"] ?? "")").replacing("{tileRow}", with: "\(last["minTileRow"] ?? "")")
                    .replacing("{tileCol}", with: "\(last["minTileCol"] ?? "")")
                let status = try await client.ask(String(target)).status
                #expect(status == 200 || status == 204, "\(target): \(status)")
                #expect(links.contains { ($0["rel"] as? String)?.hasSuffix("tiling-scheme") == true })
                #expect((document["centerPoint"] as? [String: Any])?["coordinates"] as? [Double] != nil && document["boundingBox"] != nil)
            }
        }
    }

    @Test func webMercatorHasATileJSONOfItsOwn() async throws {
        let client = try await Hamlet.client()
        let document = try await client.ask("/collections/base.building/tiles/WebMercatorQuad?f=tilejson").json()
        #expect(document["tilejson"] as? String == "3.0.0")
        #expect(document["tiles"] as? [String] == ["https://map.example/collections/base.building/tiles/w/{z}/{y}/{x}?f=mvt"])
        let layers = try #require(document["vector_layers"] as? [[String: Any]])
        #expect(layers.contains { $0["id"] as? String == "base.building" } && layers.allSatisfy { ($0["id"] as? String)?.hasPrefix("base.building") == true })
        #expect(try await client.ask("/tiles/c?f=tilejson").status == 400)
    }

    @Test(arguments: [
        "/tiles/none", "/tiles/w/99/0/0", "/tiles/w/1/2/0", "/tiles/w/1/0/2", "/tiles/w/a/0/0", "/tiles/w/1/x/0", "/tiles/w/1/-1/0",
        "/map/tiles/none/1/0/0", "/collections/none/tiles", "/collections/none/tiles/w/1/0/0", "/collections/base.image/tiles",
        "/styles/none/map/tiles", "/styles/none", "/styles/none/metadata", "/tiles/w/1/99999999999999999999/0",
    ]) func whatIsNotThereIs404(target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 404)
        try expectProblem(answer)
    }

    @Test(arguments: [
        ("/tiles/w/16/28464/53463?f=png", 400), ("/map/tiles/w/16/28464/53463?f=mvt", 400), ("/tiles/w/16/28464/53463?x=1", 400),
        ("/collections/base.building/tiles/w/16/28464/53463?datetime=2026-01-01", 400), ("/map/tiles/w/16/28464/53463?datetime=tomorrow", 400),
    ]) func whatCannotBeHonouredIs400(target: String, status: Int) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == status)
        try expectProblem(answer)
    }

    @Test func whatTheClientDoesNotTakeIs406() async throws {
        let client = try await Hamlet.client()
        #expect(try await client.ask("/tiles/w/16/28464/53463", headers: [.accept: "image/png"]).status == 406)
        #expect(try await client.ask("/map/tiles/w/16/28464/53463", headers: [.accept: "text/html"]).status == 406)
    }
}
