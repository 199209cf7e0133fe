import FeatureStore
import Foundation
import HTTPTypes
import OGCAPI
import Raster
import Testing
import TileProduction
import Tiling

@testable import MapService

/// Tiles counted from the south, tiles with their address on them, and what TileJSON says of both.
@Suite struct TMSRoutesTests {
    @Test func theResourcesLeadToEveryMap() async throws {
        let client = try await Hamlet.client()
        let root = try await client.ask("/tms/")
        #expect(root.status == 200 && root.type == "text/xml" && root.text.contains("href=\"https://map.example/tms/1.0.0/\""))
        let service = try await client.ask("/tms/1.0.0")
        #expect(service.text.contains("<TileMap title=\"标准作业图\" srs=\"EPSG:3857\" profile=\"global-mercator\" href=\"https://map.example/tms/1.0.0/standard\"/>"), "\(service.text)")
        for map in client.service.library.state.maps.values {
            for set in map.definition.matrixSets {
                let name = set == "w" ? map.definition.id : "\(map.definition.id)%40\(set)"
                #expect(service.text.contains("/tms/1.0.0/\(name)\""))
                let document = try await client.ask("/tms/1.0.0/\(name)")
                #expect(document.status == 200 && document.text.contains("<TileSet href=\"https://map.example/tms/1.0.0/\(name)/0\""), "\(document.text.prefix(600))")
            }
        }
    }

    @Test func rowsCountUpward() async throws {
        let client = try await Hamlet.client()
        let set = try #require(client.service.library.state.sets["w"])
        let matrix = try #require(set.matrix(level: 16))
        // The tile over the hamlet by both addresses.
        let n = Double(1 << 16)
        let x = Int((Hamlet.centre.longitude + 180) / 360 * n)
        let phi = Hamlet.centre.latitude * .pi / 180
        let y = Int((1 - log(tan(phi) + 1 / cos(phi)) / .pi) / 2 * n)
        let xyz = try await client.ask("/tiles/standard/16/\(x)/\(y).png")
        let tms = try await client.ask("/tms/1.0.0/standard/16/\(x)/\(matrix.matrixHeight - 1 - y).png")
        #expect(xyz.status == 200 && tms.status == 200 && tms.body == xyz.body && tms.header("ETag") == xyz.header("ETag"))
        // The ladder of c begins at 1, that of TMS at 0.
        let c = try #require(client.service.library.state.sets["c"]?.matrix(level: 14))
        let (column, row) = (Int((Hamlet.centre.longitude + 180) / c.tileSpan), Int((90 - Hamlet.centre.latitude) / c.tileSpan))
        let own = try await client.ask("/wmts/1.0.0/standard/default/c/14/\(row)/\(column).png")
        let counted = try await client.ask("/tms/1.0.0/standard@c/13/\(column)/\(c.matrixHeight - 1 - row).png")
        #expect(own.status == 200 && counted.body == own.body, "\(own.status) \(counted.status)")
    }

    @Test(arguments: [
        "/tms/1.0.0/nothing", "/tms/1.0.0/standard@nothing", "/tms/1.0.0/standard/16/0/65536.png", "/tms/1.0.0/standard/99/0/0.png", "/tms/1.0.0/standard/1/0/a.png",
        "/tms/1.0.0/standard/1/0/0.gif", "/tms/1.0.0/..%2F..%2Fetc/1/0/0.png", "/tms/2.0.0",
    ])
    func whatIsNotThereIsToldInTheProtocolsOwnWords(_ target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 404 && answer.type == "text/xml" && answer.text.contains("<TileMapServerError>"), "\(answer.status) \(answer.text.prefix(200))")
    }

    @Test func tileJSONSaysWhichWayRowsCount() async throws {
        let client = try await Hamlet.client()
        let usual = try await client.ask("/tiles/standard.json").json()
        #expect(usual["scheme"] as? String == "xyz" && usual["tilejson"] as? String == "3.0.0")
        let upward = try await client.ask("/tiles/standard.json?scheme=tms").json()
        #expect(upward["scheme"] as? String == "tms")
        #expect(upward["tiles"] as? [String] == ["https://map.example/tms/1.0.0/standard/{z}/{x}/{y}.mvt"])
        #expect(try await client.ask("/tiles/standard.json?scheme=quad").status == 400)
    }

    /// TileJSON 3.0.0, section 3: what must be there, of which type and in which range.
    @Test func tileJSONKeepsToItsSpecification() async throws {
        let client = try await Hamlet.client()
        for (id, map) in client.service.library.state.maps {
            let document = try await client.ask("/tiles/\(id).json").json()
            let (lowest, highest) = (try #require(document["minzoom"] as? Int), try #require(document["maxzoom"] as? Int))
            #expect(0 <= lowest && lowest <= highest && highest <= 30)
            let bounds = try #require(document["bounds"] as? [Double])
            #expect(bounds.count == 4 && bounds[0] >= -180 && bounds[0] < bounds[2] && bounds[2] <= 180 && bounds[1] >= -90 && bounds[1] < bounds[3] && bounds[3] <= 90)
            let centre = try #require(document["center"] as? [Double])
            #expect(centre.count == 3 && bounds[0] <= centre[0] && centre[0] <= bounds[2] && bounds[1] <= centre[1] && centre[1] <= bounds[3])
            #expect((lowest...highest).contains(Int(centre[2])) && centre[2] == centre[2].rounded(), "\(id): \(centre) of \(lowest)-\(highest)")
            let version = try #require(document["version"] as? String)
            #expect(version.split(separator: ".").count == 3 && version.split(separator: ".").allSatisfy { Int($0) != nil })
            for tile in try #require(document["tiles"] as? [String]) { #expect(["{z}", "{x}", "{y}"].allSatisfy(tile.contains)) }
            guard !map.isImagery else {
                #expect(document["vector_layers"] == nil)
                continue
            }
            let layers = try #require(document["vector_layers"] as? [[String: Any]])
            for layer in layers {
                #expect(layer["id"] is String && layer["fields"] is [String: String])
                let (from, to) = (layer["minzoom"] as? Int ?? lowest, layer["maxzoom"] as? Int ?? highest)
                #expect(lowest <= from && from <= to && to <= highest, "\(id) \(layer["id"] ?? ""): \(from)-\(to) of \(lowest)-\(highest)")
            }
            #expect(Set(layers.compactMap { $0["id"] as? String }).count == layers.count)
        }
    }

    // MARK: ?debug

    @Test func aTileShowsItsAddress() async throws {
        let client = try await Hamlet.client()
        let plain = try await client.ask("/tiles/standard/14/13366/7117.png")
        for (target, side) in [("/tiles/standard/14/13366/7117.png?debug", 256), ("/tiles/standard/14/13366/7117@2x.png?debug=true", 512), ("/tiles/standard/14/13366/7117?debug", 256), ("/tiles/standard/14/13366/7117.jpg?debug=1", 256)] {
            let answer = try await client.ask(target)
            #expect(answer.status == 200 && answer.type == "image/png" && answer.header("Cache-Control") == "no-store" && answer.header("ETag") == nil)
            let picture = try PNGDecoder.decode(answer.body)
            #expect(picture.width == side && picture.height == side)
            #expect((0..<side).allSatisfy { picture[$0, 0] == picture[0, $0] && picture[$0, side - 1] == picture[0, 0] && picture[side - 1, $0] == picture[0, 0] })
        }
        let again = try await client.ask("/tiles/standard/14/13366/7117.png")
        #expect(again.body == plain.body, "the tile that is kept is as it was")
        #expect(try await client.ask("/tiles/standard/14/13366/7117.png?debug=false").body == plain.body)
        // Two addresses look different on two empty tiles.
        let (a, b) = (try await client.ask("/tiles/standard/14/1/1.png?debug"), try await client.ask("/tiles/standard/14/1/2.png?debug"))
        #expect(a.status == 200 && a.body != b.body)
    }

    @Test(arguments: [("/tiles/standard/14/13366/7117.mvt?debug", 400), ("/tiles/standard/14/13366/7117.png?debug=x", 400), ("/tiles/nothing/1/0/0.png?debug", 404), ("/tiles/standard/14/99999/7117.png?debug", 404)])
    func whatCannotBeOutlinedIsRefused(_ target: String, _ status: Int) async throws {
        #expect(try await Hamlet.client().ask(target).status == status)
    }
}
