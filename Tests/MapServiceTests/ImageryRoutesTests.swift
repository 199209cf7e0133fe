import FeatureStore
import Foundation
import GeoTIFF
import HTTPTypes
import Imagery
import Raster
import Reprojection
import SimpleFeatures
import TestSupport
import TileProduction
import Tiling
import Testing

@testable import MapService

/// An installation with one orthophoto in it.
private enum Orthophoto {
    static let shared = Task { try await make() }

    /// In the middle of the image: CGCS2000 longitude and latitude.
    static let centre = Coordinate(x: 113.75, y: 23.02)
    static let colour: UInt32 = 0xFF30_70A0

    static func make() async throws -> ServiceContext {
        let installation = try Installation(data: ScratchDirectory.make(), share: Repository.path)
        try await importSheet(into: installation, colour)
        let library = try installation.library()
        try await library.prepareAll()
        return Hamlet.context(installation, library)
    }

    static func importSheet(into installation: Installation, _ colour: UInt32) async throws {
        let path = try ScratchDirectory.make() + "/sheet.tif"
        let operation = try CoordinateOperation(from: .cgcs2000, to: try CRS("EPSG:4547"), policy: installation.policy)
        let carried = operation.transform(centre)
        let middle = try #require(carried)
        let reference = try #require(
            GeoReference(
                origin: Coordinate(x: middle.x - 400, y: middle.y + 400), column: Coordinate(x: 1, y: 0), row: Coordinate(x: 0, y: -1)))
        let writer = try GeoTIFFWriter(path: path, width: 800, height: 800, reference: reference, epsg: 4547, isGeographic: false)
        try writer.write { _, _ in colour }
        try writer.finish()
        let report = try await installation.importLayer(LayerImportRequest(layer: "base.image", files: [path]))
        #expect(report.featuresStored == 1)
    }

    /// Level, row and column of the tile over the middle.
    static func address(_ set: String, _ level: Int, in service: ServiceContext) throws -> TileAddress {
        let set = try #require(service.library.state.sets[set])
        let operation = try CoordinateOperation(from: .cgcs2000, to: try CRS(set.crs), policy: service.installation.policy)
        let carried = operation.transform(centre)
        let place = try #require(carried)
        let matrix = try #require(set.matrix(level: level))
        return try #require(matrix.address(containing: place))
    }
}

@Suite struct ImageryRoutesTests {
    private func isNear(_ word: UInt32, _ other: UInt32) -> Bool {
        [0, 8, 16, 24].allSatisfy { abs(Int(word >> UInt32($0) & 255) - Int(other >> UInt32($0) & 255)) <= 6 }
    }

    @Test func everyFormatShowsThePicture() async throws {
        let service = try await Orthophoto.shared.value
        let client = try RouterClient(service)
        let at = try Orthophoto.address("w", 17, in: service)
        let base = "/tiles/image/\(at.level)/\(at.column)/\(at.row)"
        let decoders: [(String, String, ([UInt8]) throws -> Pixmap)] = [
            (".png", "image/png", { try PNGDecoder.decode($0) }), (".jpg", "image/jpeg", { try JPEGCodec.decode($0) }),
            (".webp", "image/webp", { try WebPCodec.decode($0) }), ("@2x.png", "image/png", { try PNGDecoder.decode($0) }),
            ("@2x.jpg", "image/jpeg", { try JPEGCodec.decode($0) }),
        ]
        for (ending, type, decode) in decoders {
            for _ in 0..<2 {
                let answer = try await client.ask(base + ending)
                #expect(answer.status == 200 && answer.type == type, "\(ending): \(answer.status) \(answer.text.prefix(200))")
                let picture = try decode(answer.body)
                #expect(picture.width == (ending.hasPrefix("@2x") ? 512 : 256))
                #expect(isNear(picture[picture.width / 2, picture.height / 2], Orthophoto.colour), "\(ending)")
            }
        }
        // What is stored is sent as it is.
        let archive = try #require(service.library.state.layers["base.image"]?.imagery)
        let number = try #require(archive.metadata.sets.firstIndex { $0.id == "w" })
        #expect(try await client.ask(base + ".jpg").body == archive.tile(set: number, at)?.bytes)
        let tag = try #require(try await client.ask(base + ".jpg").headers[.eTag])
        #expect(try await client.ask(base + ".jpg", headers: [.ifNoneMatch: tag]).status == 304)
    }

    @Test func levelsBeyondTheFinestAreEnlargedAndTheCoarsestAreThere() async throws {
        let service = try await Orthophoto.shared.value
        let client = try RouterClient(service)
        for set in ["w", "c", "CGCS2000GK114", "WorldCRS84Quad"] {
            for level in [15, 18, 19] {
                let at = try Orthophoto.address(set, level, in: service)
                let answer = try await client.ask("/wmts/1.0.0/image/default/\(set)/\(level)/\(at.row)/\(at.column).png")
                #expect(answer.status == 200, "\(set) \(level)")
                let picture = try PNGDecoder.decode(answer.body)
                #expect(picture.pixels.contains { isNear($0, Orthophoto.colour) }, "\(set) \(level)")
                if level == 19 { #expect(picture.pixels.allSatisfy { isNear($0, Orthophoto.colour) }, "\(set)") }
            }
        }
        let far = try await client.ask("/tiles/image/17/0/0.png")
        #expect(far.status == 200)
        #expect(try PNGDecoder.decode(far.body).uniformPixel == 0)
        #expect(try JPEGCodec.decode(try await client.ask("/tiles/image/17/0/0.jpg").body).uniformPixel == 0xFFFF_FFFF)
    }

    @Test func tiandituClientsGetJPEG() async throws {
        let service = try await Orthophoto.shared.value
        let client = try RouterClient(service)
        for (name, set) in [("img_w", "w"), ("img_c", "c")] {
            let at = try Orthophoto.address(set, 17, in: service)
            let answer = try await client.ask(
                "/\(name)/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img&STYLE=default&TILEMATRIXSET=\(set)&FORMAT=tiles&TILEMATRIX=17&TILEROW=\(at.row)&TILECOL=\(at.column)&tk=x")
            #expect(answer.status == 200 && answer.type == "image/jpeg", "\(name): \(answer.text.prefix(200))")
            #expect(try await client.ask("/DataServer?T=\(name)&x=\(at.column)&y=\(at.row)&l=17&tk=x").body == answer.body)
            let capabilities = try await client.ask("/\(name)/wmts?request=GetCapabilities&service=wmts")
            #expect(capabilities.status == 200 && capabilities.text.contains("<ows:Identifier>img</ows:Identifier>"))
        }
        let capabilities = try await client.ask("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities")
        #expect(capabilities.text.contains("<Format>image/jpeg</Format>") && capabilities.text.contains("/wmts/1.0.0/image/{Style}"))
    }

    @Test func formatsAreNegotiated() async throws {
        let service = try await Orthophoto.shared.value
        let client = try RouterClient(service)
        let at = try Orthophoto.address("w", 17, in: service)
        let path = "/tiles/image/\(at.level)/\(at.column)/\(at.row)"
        let wishes: [(String?, String)] = [
            (nil, "image/jpeg"), ("*/*", "image/jpeg"), ("image/avif,image/webp,image/*,*/*;q=0.8", "image/jpeg"),
            ("image/webp", "image/webp"), ("image/png", "image/png"), ("image/webp;q=0.9, image/png;q=0.4", "image/webp"),
            ("image/jpeg;q=0.5, image/webp;q=0.2", "image/jpeg"),
        ]
        for (accept, type) in wishes {
            let answer = try await client.ask(path, headers: accept.map { [.accept: $0] } ?? [:])
            #expect(answer.status == 200 && answer.type == type, "\(accept ?? "nothing"): \(answer.type) \(answer.text.prefix(120))")
            #expect(answer.headers[.vary] == "Accept")
        }
        #expect(try await client.ask(path + "?format=webp").type == "image/webp")
        #expect(try await client.ask(path + "?format=jpeg").type == "image/jpeg")
        #expect(try await client.ask(path + "?format=gif").status == 406)
        #expect(try await client.ask(path, headers: [.accept: "text/html"]).status == 406)
        // A map that is not offered so says how it is.
        let refused = try await client.ask("/tiles/standard/12/0/0.webp")
        #expect(refused.status == 404 && refused.text.contains("image/png"))
        let wmts = try await client.ask("/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=standard&STYLE=default&FORMAT=image/jpeg&TILEMATRIXSET=w&TILEMATRIX=12&TILEROW=0&TILECOL=0")
        #expect(wmts.status == 400 && wmts.text.contains("FORMAT"))
    }

    @Test func clientsFindTheImagery() async throws {
        let client = try RouterClient(try await Orthophoto.shared.value)
        let tiles = try await client.ask("/tiles/image.json").json()
        #expect(tiles["vector_layers"] == nil && tiles["maxzoom"] as? Int == 17)
        #expect((tiles["tiles"] as? [String]) == ["https://map.example/tiles/image/{z}/{x}/{y}"])
        let style = try await client.ask("/styles/standard-imagery/style.json").json()
        let sources = try #require(style["sources"] as? [String: [String: Any]])
        #expect(sources["base.image"]?["url"] as? String == "https://map.example/tiles/image.json")
        #expect(((style["layers"] as? [[String: Any]])?.first?["type"] as? String) == "raster")
        let portal = try await client.ask("/api/portal.json").json()
        let maps = try #require(portal["maps"] as? [[String: Any]])
        let grounds = maps.filter { $0["hasGround"] as? Bool == true }.compactMap { $0["id"] as? String }
        #expect(grounds.contains("standard-imagery") && grounds.contains("image") && !grounds.contains("standard-labels"))
        let without = try await Hamlet.client().ask("/tiles/image/12/0/0.png")
        #expect(without.status == 200)
    }

    @Test func anImportIsSeenWhileTheServerRuns() async throws {
        let service = try await Orthophoto.make()
        let client = try RouterClient(service)
        let at = try Orthophoto.address("w", 16, in: service)
        let path = "/tiles/image/\(at.level)/\(at.column)/\(at.row).png"
        let before = try await client.ask(path)
        try await Orthophoto.importSheet(into: service.installation, 0xFF20_20E0)
        try await service.library.refresh()
        let after = try await client.ask(path)
        #expect(before.headers[.eTag] != after.headers[.eTag])
        #expect(try PNGDecoder.decode(after.body).pixels.contains { isNear($0, 0xFF20_20E0) })
        let directory = service.installation.directory.preparedDirectory
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".imagery") }.count == 1)
    }

    /// A file that cannot be imported leaves the imagery as it was.
    @Test func whatCannotBeImportedChangesNothing() async throws {
        let service = try await Orthophoto.make()
        let path = try ScratchDirectory.make() + "/broken.tif"
        try Data([0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0]).write(to: URL(filePath: path))
        await #expect(throws: GeoTIFFError.self) {
            try await service.installation.importLayer(LayerImportRequest(layer: "base.image", files: [path]))
        }
        await #expect(throws: (any Error).self) {
            try await service.installation.importLayer(LayerImportRequest(layer: "base.building", files: [path]))
        }
        try await service.library.refresh()
        let at = try Orthophoto.address("w", 16, in: service)
        let answer = try await RouterClient(service).ask("/tiles/image/\(at.level)/\(at.column)/\(at.row).png")
        #expect(try PNGDecoder.decode(answer.body).pixels.contains { isNear($0, Orthophoto.colour) })
    }
}
