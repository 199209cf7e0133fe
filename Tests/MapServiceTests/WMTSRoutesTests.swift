import HTTPTypes
import Raster
import SimpleFeatures
import Testing
import TileProduction
import Tiling
import VectorTiles

@testable import MapService

@Suite struct WMTSRoutesTests {
    private static let tiles = [
        "w": (level: 16, row: 28464, column: 53463), "c": (16, 12198, 53463), "WorldCRS84Quad": (15, 12198, 53463),
    ]

    @Test(arguments: ["/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/wmts/1.0.0/WMTSCapabilities.xml"])
    func capabilitiesOfferEverySet(target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 200 && answer.type == "application/xml")
        for set in ["w", "c", "WorldCRS84Quad", "CGCS2000GK114"] {
            #expect(answer.text.contains("<TileMatrixSet>\(set)</TileMatrixSet>"))
        }
        #expect(answer.text.contains("https://map.example/wmts/1.0.0/standard/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"))
    }

    @Test(arguments: tiles.keys.sorted()) func kvpRestfulAndLetterCaseGiveTheSameTile(set: String) async throws {
        let client = try await Hamlet.client()
        let (level, row, column) = try #require(Self.tiles[set])
        let query = "LAYER=standard&STYLE=default&FORMAT=image/png&TILEMATRIXSET=\(set)&TILEMATRIX=\(level)&TILEROW=\(row)&TILECOL=\(column)"
        let upper = try await client.ask("/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&\(query)")
        #expect(upper.status == 200 && upper.type == "image/png")
        #expect(try PNGDecoder.decode(upper.body).uniformPixel == nil)
        let lowered = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=")
            return "\(parts[0].lowercased())=\(parts[1])"
        }.joined(separator: "&")
        let lower = try await client.ask("/wmts?service=wmts&request=gettile&version=1.0.0&\(lowered)")
        let restful = try await client.ask("/wmts/1.0.0/standard/default/\(set)/\(level)/\(row)/\(column).png")
        #expect(lower.body == upper.body && restful.body == upper.body)
        let vector = try await client.ask("/wmts/1.0.0/standard/default/\(set)/\(level)/\(row)/\(column).mvt")
        #expect(try VectorTileDecoder.decode(try vector.unpacked()).contains { $0.name == "base.building" })
    }

    @Test func theGaussKruegerGridHoldsTheHamlet() async throws {
        // Easting 467652, northing 2543907: level 16 has cells of 2.388657133911758 m from (-5123200, 10002100).
        let cell = 2.388657133911758 * 256
        let column = Int((467_652 + 5_123_200) / cell), row = Int((10_002_100 - 2_543_907) / cell)
        let answer = try await Hamlet.client().ask("/wmts/1.0.0/standard/default/CGCS2000GK114/16/\(row)/\(column).mvt")
        #expect(answer.status == 200)
        #expect(try VectorTileDecoder.decode(try answer.unpacked()).contains { $0.name == "base.building" })
    }

    @Test func theXYZDoorAndWLeadToOneTile() async throws {
        let client = try await Hamlet.client()
        let xyz = try await client.ask("/tiles/standard/16/53463/28464.png")
        #expect(try await client.ask("/wmts/1.0.0/standard/default/w/16/28464/53463.png").body == xyz.body)
    }

    @Test func tiandituFormsLeadToTheSameTiles() async throws {
        let client = try await Hamlet.client()
        for (set, service) in [("c", "vec_c"), ("w", "vec_w")] {
            let (level, row, column) = try #require(Self.tiles[set])
            let expected = try await client.ask("/wmts/1.0.0/standard/default/\(set)/\(level)/\(row)/\(column).png")
            let forms = [
                "/\(service)/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=\(set)&FORMAT=tiles&TILEMATRIX=\(level)&TILEROW=\(row)&TILECOL=\(column)&tk=0123456789abcdef",
                "/\(service)/wmts?request=GetTile&tilematrix=\(level)&tilerow=\(row)&tilecol=\(column)&tk=x",
                "/DataServer?T=\(service)&x=\(column)&y=\(row)&l=\(level)&tk=x",
                "/DataServer?T=\(service)&X=\(column)&Y=\(row)&L=\(level)",
            ]
            for form in forms {
                let answer = try await client.ask(form)
                #expect(answer.status == 200 && answer.body == expected.body, "\(form)")
            }
        }
        let capabilities = try await client.ask("/vec_c/wmts?request=GetCapabilities&service=wmts")
        #expect(capabilities.status == 200 && capabilities.text.contains("<ows:Identifier>vec</ows:Identifier>"))
    }

    @Test(arguments: [
        ("/wmts", 400, "MissingParameterValue", "SERVICE"),
        ("/wmts?SERVICE=WFS&REQUEST=GetCapabilities", 400, "InvalidParameterValue", "SERVICE"),
        ("/wmts?SERVICE=WMTS&REQUEST=GetMap", 400, "OperationNotSupported", "REQUEST"),
        ("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0", 400, "VersionNegotiationFailed", "ACCEPTVERSIONS"),
        ("/wmts/1.0.0/none/default/w/1/0/0.png", 400, "InvalidParameterValue", "LAYER"),
        ("/wmts/1.0.0/standard/none/w/1/0/0.png", 400, "InvalidParameterValue", "STYLE"),
        ("/wmts/1.0.0/standard/default/none/1/0/0.png", 400, "InvalidParameterValue", "TILEMATRIXSET"),
        ("/wmts/1.0.0/standard/default/c/21/0/0.png", 400, "InvalidParameterValue", "TILEMATRIX"),
        ("/wmts/1.0.0/standard/default/c/5/16/0.png", 400, "TileOutOfRange", "TILEROW"),
        ("/wmts/1.0.0/standard/default/c/5/0/32.png", 400, "TileOutOfRange", "TILECOL"),
        ("/wmts/1.0.0/standard/default/c/5/0/0.jpg", 400, "InvalidParameterValue", "FORMAT"),
        ("/wmts?SERVICE=WMTS&REQUEST=GetFeatureInfo&LAYER=standard&STYLE=&FORMAT=image/png&TILEMATRIXSET=w&TILEMATRIX=16&TILEROW=28464&TILECOL=53463&I=5", 400, "MissingParameterValue", "VERSION"),
        ("/wmts/1.0.0/standard/default/w/16/28464/53463/5/256.json", 400, "PointIJOutOfRange", "I"),
        ("/wmts/1.0.0/standard/default/w/16/28464/53463/999/0.json", 400, "PointIJOutOfRange", "J"),
        ("/wmts/1.0.0/standard/default/w/16/28464/53463/0/0.tiff", 400, "InvalidParameterValue", "INFOFORMAT"),
        ("/DataServer?T=vec_c&x=1&y=1", 400, "MissingParameterValue", "L"),
        ("/vec_c/wmts?request=GetTile&tilematrix=5&tilerow=0&tilecol=x", 400, "InvalidParameterValue", "TILECOL"),
    ]) func whatCannotBeHonouredIsAnExceptionReport(target: String, status: Int, code: String, locator: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == status)
        #expect(answer.type == "text/xml")
        #expect(answer.text.contains("<ows:Exception exceptionCode=\"\(code)\" locator=\"\(locator)\">"), "\(answer.text)")
    }

    @Test func mapsInAnotherLookAreStyles() async throws {
        let client = try await Hamlet.client()
        let night = try await client.ask("/wmts/1.0.0/standard/standard-night/w/16/28464/53463.png")
        #expect(night.status == 200)
        #expect(night.body == (try await client.ask("/tiles/standard-night/16/53463/28464.png").body))
        let capabilities = try await client.ask("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").text
        let layer = try #require(capabilities.firstMatch(of: /<ows:Identifier>standard<\/ows:Identifier>([\s\S]*?)<\/Layer>/))
        for style in ["default", "standard-night", "standard-grey"] {
            #expect(layer.1.contains("<ows:Identifier>\(style)</ows:Identifier>"))
        }
    }

    @Test func boundariesAreTiandituLayer() async throws {
        let answer = try await Hamlet.client().ask("/DataServer?T=ibo_w&x=53463&y=28464&l=16")
        #expect(answer.status == 200 && answer.type == "image/png")
        #expect(try PNGDecoder.decode(answer.body).pixels.contains(0), "boundaries let through what is under them")
    }

    @Test func limitsHoldWhatTheMapShows() async throws {
        let text = try await Hamlet.client().ask("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").text
        let layer = try #require(text.firstMatch(of: /<ows:Identifier>standard<\/ows:Identifier>([\s\S]*?)<\/Layer>/))
        let link = try #require(layer.1.firstMatch(of: /<TileMatrixSet>w<\/TileMatrixSet>([\s\S]*?)<\/TileMatrixSetLink>/))
        let limits = try #require(
            link.1.firstMatch(of: /<TileMatrix>16<\/TileMatrix>\s*<MinTileRow>(\d+)<\/MinTileRow>\s*<MaxTileRow>(\d+)<\/MaxTileRow>\s*<MinTileCol>(\d+)<\/MinTileCol>\s*<MaxTileCol>(\d+)</))
        let numbers = try [limits.1, limits.2, limits.3, limits.4].map { try #require(Int($0)) }
        #expect((numbers[0]...numbers[1]).contains(28464) && (numbers[2]...numbers[3]).contains(53463))
        #expect(numbers[1] - numbers[0] < 40_000, "and not the whole world")
    }

    /// The same building, asked for by the pixel that it lies under, in every set.
    @Test(arguments: ["w", "c", "CGCS2000GK114"]) func whatLiesUnderAPixelIsTold(set id: String) async throws {
        let client = try await Hamlet.client()
        let set = try #require(client.service.library.state.sets[id])
        let matrix = try #require(set.matrix(id: id == "CGCS2000GK114" ? "18" : "17"))
        let crs = ["w": "3857", "c": "4490", "CGCS2000GK114": "4547"][id] ?? ""
        let buildings = try await client.ask("/collections/base.building/items?limit=5&crs=http://www.opengis.net/def/crs/EPSG/0/\(crs)").features()
        for building in buildings {
            let p = try #require(FeatureRoutesTests.firstPosition(building))
            let position = set.isNorthFirst ? (x: p[1], y: p[0]) : (x: p[0], y: p[1])
            let (x, y) = ((position.x - matrix.pointOfOrigin.x) / matrix.cellSize, (matrix.pointOfOrigin.y - position.y) / matrix.cellSize)
            let target = "/wmts/1.0.0/standard/default/\(id)/\(matrix.id)/\(Int(y) / 256)/\(Int(x) / 256)/\(Int(y) % 256)/\(Int(x) % 256).json"
            let found = try await client.ask(target).features().filter { $0["layer"] as? String == "base.building" }
            #expect(found.contains { $0["id"] as? Int == building["id"] as? Int }, "\(target)")
        }
    }

    /// Errors of other layers reach a WMTS client in its own words too.
    @Test(arguments: ["/wmts/2.0.0/WMTSCapabilities.xml", "/none_c/wmts?request=GetCapabilities&service=wmts"])
    func everyRefusalIsAnExceptionReport(target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect((400..<500).contains(answer.status))
        #expect(answer.text.contains("<ows:ExceptionReport"))
    }
}
