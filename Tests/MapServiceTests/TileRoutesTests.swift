import Compression
import FeatureStore
import HTTPTypes
import Raster
import Testing
import TileProduction
import Tiling
import VectorTiles

@testable import MapService

@Suite struct TileRoutesTests {
    /// Holds the hamlet's middle at level 16 of `w`.
    private static let tile = "/tiles/standard/16/53463/28464"

    @Test(arguments: [("", 256), ("@2x", 512)]) func aPictureHasTheSizeItsAddressStates(suffix: String, side: Int) async throws {
        let answer = try await Hamlet.client().ask("\(Self.tile)\(suffix).png")
        #expect(answer.status == 200)
        #expect(answer.type == "image/png")
        let picture = try PNGDecoder.decode(answer.body)
        #expect(picture.width == side && picture.height == side)
        #expect(picture.uniformPixel == nil, "a street map is not one colour")
    }

    @Test func aVectorTileCarriesTheLayersOfItsPlace() async throws {
        let answer = try await Hamlet.client().ask("\(Self.tile).mvt", headers: [.acceptEncoding: "gzip"])
        #expect(answer.status == 200)
        #expect(answer.type == "application/vnd.mapbox-vector-tile")
        #expect(answer.headers[.contentEncoding] == "gzip")
        #expect(answer.headers[.vary] == "Accept-Encoding")
        let names = Set(try VectorTileDecoder.decode(try answer.unpacked()).map(\.name))
        #expect(names.isSuperset(of: ["base.building", "base.road.minor", "house", "facility", "admin.village"]))
    }

    @Test func aClientWithoutGzipGetsTheSameTileUnpacked() async throws {
        let client = try await Hamlet.client()
        let packed = try await client.ask("\(Self.tile).mvt", headers: [.acceptEncoding: "gzip"])
        let plain = try await client.ask("\(Self.tile).mvt", headers: [.acceptEncoding: "gzip;q=0, identity"])
        #expect(plain.headers[.contentEncoding] == nil)
        #expect(try packed.unpacked() == plain.body)
        #expect(packed.headers[.eTag] == plain.headers[.eTag])
    }

    @Test func pbfIsAnotherNameOfMvt() async throws {
        let client = try await Hamlet.client()
        #expect(try await client.ask("\(Self.tile).pbf").body == client.ask("\(Self.tile).mvt").body)
    }

    @Test(arguments: ["png", "mvt"]) func anUnchangedTileIs304(format: String) async throws {
        let client = try await Hamlet.client()
        let first = try await client.ask("\(Self.tile).\(format)")
        let tag = try #require(first.headers[.eTag])
        let again = try await client.ask("\(Self.tile).\(format)", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.body.isEmpty && again.headers[.eTag] == tag)
        let other = try await client.ask("\(Self.tile).\(format)", headers: [.ifNoneMatch: "\"other\", W/\(tag)"])
        #expect(other.status == 304, "a list and a weak tag match too")
        #expect(try await client.ask("\(Self.tile).\(format)", headers: [.ifNoneMatch: "\"other\""]).status == 200)
    }

    @Test func headSaysWhatGetWouldWithoutABody() async throws {
        let client = try await Hamlet.client()
        let get = try await client.ask("\(Self.tile).png")
        let head = try await client.ask("\(Self.tile).png", .head)
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers[.contentLength] == "\(get.body.count)")
        #expect(head.headers[.eTag] == get.headers[.eTag])
    }

    @Test func whatATileLeavesOutIsCountedInItsHeader() async throws {
        let answer = try await Hamlet.client().ask("/tiles/standard/14/13365/7116.mvt")
        let stated = try #require(answer.header("X-Tile-Left-Out"))
        #expect(stated.contains("filtered="))
        #expect(answer.header("Access-Control-Expose-Headers")?.contains("X-Tile-Left-Out") == true)
    }

    private static func counts(_ answer: Answer) throws -> [String: Int] {
        let stated = answer.header("X-Tile-Left-Out") ?? ""
        let pairs = try stated.split(separator: ", ").map { item in
            let parts = item.split(separator: "=")
            return (String(parts[0]), try #require(parts.count == 2 ? Int(parts[1]) : nil))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// A picture's count is its own: neither the block's that it was drawn with, nor another's, however many are drawn at once.
    @Test(arguments: [(15, 26731, 14232), (16, 53463, 28464), (17, 106926, 56928)])
    func aPictureCountsWhatItLeavesOutItself(level: Int, column: Int, row: Int) async throws {
        let shared = try await Hamlet.service.value
        let block = try await Hamlet.client()
        let single = try RouterClient(Hamlet.context(shared.installation, shared.library, metatile: 1))
        var seen: Set<[String: Int]> = []
        for (x, y) in [(column, row), (column + 1, row), (column, row + 1), (column - 1, row)] {
            let target = "/tiles/standard/\(level)/\(x)/\(y).png"
            let counts = try Self.counts(try await block.ask(target))
            #expect(counts == (try Self.counts(try await single.ask(target))), "\(target)")
            #expect(counts.values.allSatisfy { $0 > 0 })
            seen.insert(counts)
        }
        #expect(seen.count > 1, "tiles of one block say different things")
    }

    /// Both forms of a tile count by the same reasons; the vector tile has its margin's features in it.
    @Test func theReasonsAreOfTheClosedSet() async throws {
        let client = try await Hamlet.client()
        let known = Set(LeftOut.Reason.allCases.map(\.rawValue))
        for format in ["mvt", "png", "@2x.png"] {
            let target = "/tiles/standard/15/26731/14232" + (format.hasPrefix("@") ? format : ".\(format)")
            let answer = try await client.ask(target)
            let counts = try Self.counts(answer)
            #expect(!counts.isEmpty && known.isSuperset(of: counts.keys), "\(target): \(counts)")
            #expect(counts.keys.sorted() == (answer.header("X-Tile-Left-Out") ?? "").split(separator: ", ").map { String($0.prefix { $0 != "=" }) })
        }
    }

    @Test func anEmptyVectorTileIs204AndAnEmptyPictureTransparent() async throws {
        let client = try await Hamlet.client()
        let vector = try await client.ask("/tiles/standard/5/2/3.mvt")
        #expect(vector.status == 204 && vector.body.isEmpty && vector.headers[.contentType] == nil)
        let picture = try await client.ask("/tiles/standard/5/2/3.png")
        #expect(picture.status == 200)
        #expect(try PNGDecoder.decode(picture.body).uniformPixel == 0)
        // The same beside tiles that are drawn: how many tiles are drawn at once does not show.
        let land = try await client.ask("/tiles/standard/14/13365/7116.png")
        #expect(try PNGDecoder.decode(land.body).isOpaque)
    }

    @Test(arguments: [
        "/tiles/standard/5/32/3.png", "/tiles/standard/5/3/32.mvt", "/tiles/standard/23/1/1.png", "/tiles/none/5/3/3.png",
        "/tiles/standard/5/3/3.jpg", "/tiles/standard/5/-1/3.png", "/tiles/standard/5/3/9999999999999999999.png",
        "/tiles/none.json", "/tiles/standard/a/b/c.png",
    ]) func whatIsNoTileOfTheSetIs404(target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 404)
        try expectProblem(answer)
    }

    @Test func tileJSONListsLayersFieldsAndWhatIsLeftOut() async throws {
        let document = try await Hamlet.client().ask("/tiles/standard.json").json()
        #expect(document["tilejson"] as? String == "3.0.0")
        #expect(document["tiles"] as? [String] == ["https://map.example/tiles/standard/{z}/{x}/{y}.mvt"])
        let layers = try #require(document["vector_layers"] as? [[String: Any]])
        let building = try #require(layers.first { $0["id"] as? String == "base.building" })
        #expect((building["fields"] as? [String: String])?["name"] == "名称")
        let population = layers.filter { ($0["id"] as? String)?.hasPrefix("population") == true }
        #expect(population.count == 1, "persons are in tiles as counts of grids only")
        #expect(population.first?["id"] as? String != "population")
        let leftOut = try #require(document["left_out"] as? [String: Any])
        #expect(leftOut["header"] as? String == "X-Tile-Left-Out")
        #expect((leftOut["rules"] as? [[String: Any]])?.contains { $0["layer"] as? String == "facility" } == true)
    }

    /// The rules in TileJSON are the layer plans' own, levels and limits alike.
    @Test func tileJSONStatesTheRulesThatLeaveFeaturesOut() async throws {
        let service = try await Hamlet.service.value
        let document = try await Hamlet.client().ask("/tiles/standard.json").json()
        let leftOut = try #require(document["left_out"] as? [String: Any])
        let stated = try #require(leftOut["rules"] as? [[String: Any]])
        let map = try #require(service.library.state.maps["standard"])
        let planned = map.layers.filter { $0.record != nil && !$0.definition.tiles.rules.isEmpty }
        #expect(stated.map { $0["layer"] as? String } == planned.map(\.definition.id))
        for (layer, entry) in zip(planned, stated) {
            let rules = try #require(entry["rules"] as? [[String: Any]])
            #expect(rules.count == layer.definition.tiles.rules.count)
            for (rule, written) in zip(layer.definition.tiles.rules, rules) {
                #expect(written["levels"] as? [Int] == [rule.levels.first, rule.levels.last], "\(layer.definition.id)")
                #expect(written["only"] as? [String] == rule.where?.keys.sorted(), "\(layer.definition.id)")
                #expect(written["minimumAreaInPixels"] as? Double == rule.minimumAreaInPixels, "\(layer.definition.id)")
                #expect(written["minimumLengthInPixels"] as? Double == rule.minimumLengthInPixels, "\(layer.definition.id)")
                let cell = written["perCell"] as? [String: Any]
                #expect(cell?["limit"] as? Int == rule.density?.limit && cell?["cellInPixels"] as? Double == rule.density.map { Double($0.cellInPixels) })
            }
        }
        #expect(planned.flatMap(\.definition.tiles.rules).contains { $0.density != nil })
    }
}

/// Chinese, a slash, English without Chinese sentences.
func isChineseThenEnglish(_ text: String) -> Bool {
    guard let slash = text.firstRange(of: " / ") else { return false }
    let hasHan = text[..<slash.lowerBound].unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    return hasHan && text[slash.upperBound...].contains { $0.isASCII && $0.isLetter }
}

/// A problem document whose words say what happened and what to do.
func expectProblem(_ answer: Answer, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    #expect(answer.type == "application/problem+json", sourceLocation: sourceLocation)
    let problem = try answer.json()
    #expect(problem["status"] as? Int == answer.status, sourceLocation: sourceLocation)
    let title = try #require(problem["title"] as? String, sourceLocation: sourceLocation)
    let detail = try #require(problem["detail"] as? String, sourceLocation: sourceLocation)
    for text in [title, detail] {
        #expect(isChineseThenEnglish(text), "\(text) is not in both languages", sourceLocation: sourceLocation)
    }
    #expect(answer.headers[.contentLanguage] == "zh, en", sourceLocation: sourceLocation)
    #expect(detail.count > 20, "\(detail) says too little", sourceLocation: sourceLocation)
    #expect(!detail.contains("HTTPError"), sourceLocation: sourceLocation)
}
