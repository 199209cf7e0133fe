import FeatureStore
import Foundation
import HTTPTypes
import Raster
import SimpleFeatures
import Testing
import TileProduction
import Tiling
import Wording

@testable import MapService

/// ArcGIS REST's documents, tiles and resources.
@Suite struct ArcGISRoutesTests {
    private static let services = "/arcgis/rest/services"

    private static func document(_ target: String) async throws -> [String: Any] {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 200 && answer.type.hasPrefix("application/json"), "\(target): \(answer.status)")
        let document = try JSONSerialization.jsonObject(with: Data(try answer.unpacked())) as? [String: Any]
        return try #require(document)
    }

    @Test func theCatalogueLeadsToEveryMapInBothSets() async throws {
        let client = try await Hamlet.client()
        #expect((try await Self.document("/arcgis/rest/info?f=json")["authInfo"] as? [String: Any])?["isTokenBasedSecurity"] as? Bool == false)
        let listed = try #require(try await Self.document("\(Self.services)?f=json")["services"] as? [[String: String]])
        for map in client.service.library.state.maps.values {
            for name in [map.definition.id, map.definition.id + "_c"] {
                #expect(listed.contains { $0["name"] == name && $0["type"] == "MapServer" })
                #expect(listed.contains { $0["name"] == name && $0["type"] == "VectorTileServer" } == !map.isImagery)
            }
        }
        for service in listed {
            let name = try #require(service["name"]), type = try #require(service["type"])
            let document = try await Self.document("\(Self.services)/\(name)/\(type)?f=json")
            #expect(document["error"] == nil && document["tileInfo"] is [String: Any], "\(name) \(type)")
        }
    }

    @Test func aMapSaysWhatItsTilesAre() async throws {
        for (name, wkid, first) in [("standard", 102_100, 0), ("standard_c", 4490, 1)] {
            let map = try await Self.document("\(Self.services)/\(name)/MapServer?f=json")
            #expect((map["spatialReference"] as? [String: Int])?["wkid"] == wkid && map["singleFusedMapCache"] as? Bool == true)
            let tiles = try #require(map["tileInfo"] as? [String: Any])
            let lods = try #require(tiles["lods"] as? [[String: Double]])
            #expect(lods.first?["level"] == Double(first) && lods.last?["level"] == 20)
            for (coarse, fine) in zip(lods, lods.dropFirst()) { #expect(abs(coarse["resolution"]! / fine["resolution"]! - 2) < 1e-9) }
            let extent = try #require(map["initialExtent"] as? [String: Any])
            #expect((extent["xmin"] as? Double ?? 0) < (extent["xmax"] as? Double ?? 0))
        }
    }

    /// The same ground, by level, row and column.
    @Test func tilesAreThoseOfTheOtherDoors() async throws {
        let client = try await Hamlet.client()
        let n = Double(1 << 16)
        let x = Int((Hamlet.centre.longitude + 180) / 360 * n)
        let phi = Hamlet.centre.latitude * .pi / 180
        let y = Int((1 - log(tan(phi) + 1 / cos(phi)) / .pi) / 2 * n)
        let picture = try await client.ask("\(Self.services)/standard/MapServer/tile/16/\(y)/\(x)")
        let own = try await client.ask("/tiles/standard/16/\(x)/\(y).png")
        #expect(picture.status == 200 && picture.body == own.body)
        let vector = try await client.ask("\(Self.services)/standard/VectorTileServer/tile/16/\(y)/\(x).pbf", headers: [.acceptEncoding: "gzip"])
        let ownVector = try await client.ask("/tiles/standard/16/\(x)/\(y).mvt", headers: [.acceptEncoding: "gzip"])
        #expect(vector.status == 200 && vector.body == ownVector.body)
        let c = try #require(client.service.library.state.sets["c"]?.matrix(level: 14))
        let (column, row) = (Int((Hamlet.centre.longitude + 180) / c.tileSpan), Int((90 - Hamlet.centre.latitude) / c.tileSpan))
        let degrees = try await client.ask("\(Self.services)/standard_c/MapServer/tile/14/\(row)/\(column)")
        let wmts = try await client.ask("/wmts/1.0.0/standard/default/c/14/\(row)/\(column).png")
        #expect(degrees.status == 200 && degrees.body == wmts.body)
    }

    @Test func everyLayerIsDescribed() async throws {
        let client = try await Hamlet.client()
        let map = try await Self.document("\(Self.services)/standard/MapServer?f=json")
        let listed = try #require(map["layers"] as? [[String: Any]])
        let all = try #require(try await Self.document("\(Self.services)/standard/MapServer/layers?f=json")["layers"] as? [[String: Any]])
        #expect(listed.count == all.count && listed.count > 15)
        for entry in listed {
            let id = try #require(entry["id"] as? Int)
            let layer = try await Self.document("\(Self.services)/standard/MapServer/\(id)?f=json")
            #expect(layer["name"] as? String == entry["name"] as? String && layer["geometryType"] as? String == entry["geometryType"] as? String)
            let fields = try #require(layer["fields"] as? [[String: Any]])
            #expect(fields.first?["type"] as? String == "esriFieldTypeOID" && layer["objectIdField"] as? String == "OBJECTID")
            let known = try #require(client.service.library.state.layers.values.first { $0.definition.title.zh == layer["name"] as? String })
            #expect(known.definition.isServedByFeature)
            for field in known.record?.schema.fields ?? [] where !known.isOpen(field) { #expect(!fields.contains { $0["name"] as? String == field.name }) }
        }
        let building = try #require(listed.first { $0["name"] as? String == "建筑物" }?["id"] as? Int)
        let info = try await Self.document("\(Self.services)/standard/MapServer/\(building)?f=json")["drawingInfo"] as? [String: Any]
        #expect((info?["renderer"] as? [String: Any])?["type"] as? String == "uniqueValue")
    }

    @Test func theLegendHasAPictureForEverySymbol() async throws {
        let layers = try #require(try await Self.document("\(Self.services)/standard/MapServer/legend?f=json")["layers"] as? [[String: Any]])
        #expect(layers.count > 10)
        for layer in layers {
            for entry in try #require(layer["legend"] as? [[String: Any]]) {
                let png = try #require((entry["imageData"] as? String).flatMap { Data(base64Encoded: $0) })
                let picture = try PNGDecoder.decode([UInt8](png))
                #expect(picture.width == entry["width"] as? Int && picture.height == entry["height"] as? Int)
            }
        }
    }

    @Test func theStyleLeadsToTheServicesOwnResources() async throws {
        let base = "https://map.example\(Self.services)/standard/VectorTileServer"
        for path in ["resources/styles", "resources/styles/root.json"] {
            let style = try await Self.document("\(Self.services)/standard/VectorTileServer/\(path)")
            let sources = try #require(style["sources"] as? [String: [String: String]])
            #expect(sources.values.allSatisfy { $0["url"] == base })
            #expect(style["sprite"] as? String == base + "/resources/sprites/sprite" && style["glyphs"] as? String == base + "/resources/fonts/{fontstack}/{range}.pbf")
            let names = Set(sources.keys)
            #expect((style["layers"] as? [[String: Any]] ?? []).allSatisfy { ($0["source"] as? String).map(names.contains) ?? true })
        }
        let client = try await Hamlet.client()
        for file in ["sprite.json", "sprite.png", "sprite@2x.json", "sprite@2x.png"] {
            #expect(try await client.ask("\(Self.services)/standard/VectorTileServer/resources/sprites/\(file)").status == 200)
        }
        #expect(try await client.ask("\(Self.services)/standard/VectorTileServer/resources/fonts/Workmap%20Sans%20Regular/0-255.pbf").status == 200)
    }

    // MARK: Errors

    @Test(arguments: [("/nothing/MapServer?f=json", 404), ("/standard/MapServer/99?f=json", 404), ("/standard/MapServer/x?f=json", 404), ("/standard/MapServer?f=amf", 400),
        ("/standard/MapServer?f=json&callback=alert(1)", 400), ("/image/VectorTileServer?f=json", 404), ("/standard/MapServer?f=json&f=pjson", 400)])
    func errorsAreEsris(_ target: String, _ code: Int) async throws {
        let answer = try await Hamlet.client().ask(Self.services + target)
        #expect(answer.status == 200 && answer.type == "application/json" && answer.header("Cache-Control") == "no-store")
        let error = try #require(try answer.json()["error"] as? [String: Any])
        #expect(error["code"] as? Int == code && error["message"] is String && error["details"] is [Any])
    }

    @Test func anErrorIsHandedToTheCallbackToo() async throws {
        let answer = try await Hamlet.client().ask("\(Self.services)/nothing/MapServer?f=json&callback=dojo.cb0")
        #expect(answer.type == "application/javascript" && answer.text.hasPrefix("/**/dojo.cb0({\"error\":{\"code\":404"))
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
    }

    /// Everything that answers in JSON.
    private static let documents = [
        "/arcgis/rest/info?f=json", "\(services)?f=json", "\(services)/standard/MapServer?f=json", "\(services)/standard/MapServer/layers?f=json",
        "\(services)/standard/MapServer/legend?f=json", "\(services)/standard/VectorTileServer?f=json", "\(services)/standard/VectorTileServer/resources/styles?f=json",
        "\(services)/standard/MapServer/BUILDING?f=json", "\(services)/standard/MapServer/BUILDING/query?f=json&resultRecordCount=2",
        "\(services)/standard/MapServer/BUILDING/query?f=json&returnIdsOnly=true", "\(services)/standard/MapServer/BUILDING/query?f=json&returnCountOnly=true",
        "\(services)/standard/MapServer/BUILDING/query?f=json&returnExtentOnly=true", "\(services)/standard/MapServer/BUILDING/query?f=geojson&resultRecordCount=2",
        "\(services)/standard/MapServer/BUILDING/query?f=json&where=floors+%3E", "\(services)/standard/MapServer/identify?f=json&geometry=113.685,22.994&layers=all",
        "\(services)/standard/MapServer/identify?f=json", "\(services)/standard/MapServer/find?f=json&searchText=a&layers=BUILDING",
        "\(services)/standard/MapServer/export?f=json&bbox=113.68,22.99,113.69,23.00",
    ]

    private static func addressed(_ target: String) async throws -> String {
        let layers = try #require(try await document("\(services)/standard/MapServer?f=json")["layers"] as? [[String: Any]])
        let building = try #require(layers.first { $0["name"] as? String == "建筑物" }?["id"] as? Int)
        return target.replacing("BUILDING", with: String(building))
    }

    @Test(arguments: documents) func everyDocumentIsHandedToACallback(_ target: String) async throws {
        let client = try await Hamlet.client()
        let target = try await Self.addressed(target)
        let plain = try await client.ask(target), called = try await client.ask(target + "&callback=esri.cb_0")
        #expect(called.status == 200 && called.type == "application/javascript" && called.header("X-Content-Type-Options") == "nosniff")
        #expect(called.text == "/**/esri.cb_0(\(plain.text));")
        #expect(plain.header("ETag") == nil || plain.header("ETag") != called.header("ETag"))
    }

    @Test(arguments: documents, ["alert(1)", "a;b", "%3Cscript%3E", "a%0Ab", String(repeating: "a", count: 129)])
    func whatIsNoFunctionIsNotCalled(_ target: String, _ callback: String) async throws {
        let answer = try await Hamlet.client().ask(try await Self.addressed(target) + "&callback=\(callback)")
        #expect(answer.type == "application/json" || answer.type == "application/problem+json")
        #expect(!answer.text.hasPrefix("/**/"))
        if answer.status == 200 { #expect((try answer.json()["error"] as? [String: Any])?["code"] as? Int == 400) } else { #expect(answer.status == 400) }
    }

    @Test(arguments: ["\(services)/standard/MapServer/BUILDING/query?f=pbf", "\(services)/standard/MapServer/export?bbox=113.68,22.99,113.69,23.00&f=image",
        "\(services)/standard/MapServer/export?bbox=113.68,22.99,113.69,23.00"])
    func noScriptReadsPicturesAndBuffers(_ target: String) async throws {
        let answer = try await Hamlet.client().ask(try await Self.addressed(target) + "&callback=cb")
        #expect(answer.type == "application/javascript" && answer.text.hasPrefix("/**/cb({\"error\":{\"code\":400"))
    }

    @Test(arguments: ["/standard/MapServer/tile/99/0/0", "/standard/MapServer/tile/16/0/65536", "/standard/MapServer/tile/a/0/0", "/nothing/MapServer/tile/1/0/0",
        "/standard/VectorTileServer/tile/1/0/0.png", "/image/VectorTileServer/tile/1/0/0.pbf", "/standard/VectorTileServer/resources/sprites/other.json",
        "/standard/VectorTileServer/resources/sprites/sprite.exe"])
    func whatIsNoTileIsNotFound(_ target: String) async throws {
        #expect(try await Hamlet.client().ask(Self.services + target).status == 404)
    }
}
