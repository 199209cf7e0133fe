import Foundation
import Portrayal
import Raster
import SimpleFeatures
import TestSupport
import Testing
import Typography

@testable import TileProduction

/// Pictures of style documents under a camera.
@Suite struct ViewportTests {
    private static func picture(
        layers: String, sources: String, camera: Camera, width: Int = 64, height: Int = 64, ratio: Double = 1,
        assets: AssetDirectory = AssetDirectory(nil)
    ) throws -> Pixmap {
        let document = try JSONValue(json: Array("{\"version\":8,\"sources\":{\(sources)},\"layers\":[\(layers)]}".utf8))
        let producer = try ViewportProducer(document: document, assets: assets, fonts: FontCatalogue())
        var scratch = RenderScratch()
        return try producer.picture(
            Viewport(camera: camera, width: width, height: height, pixelRatio: ratio), scratch: &scratch)
    }

    /// A rectangle between longitudes and latitudes.
    private static func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> String {
        let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return "\"s\":{\"type\":\"geojson\",\"data\":{\"type\":\"Polygon\",\"coordinates\":[\(ring)]}}"
    }

    private static let fill = #"{"id":"f","type":"fill","source":"s","paint":{"fill-color":"rgba(255,0,0,0.5)","fill-antialias":false}}"#
    private static let red = Colour(red: 255, green: 0, blue: 0, alpha: 128).premultiplied

    @Test(arguments: [0, 30, 90, 200.5]) func aTranslucentPolygonOverManyTilesHasNoSeam(bearing: Double) throws {
        let camera = Camera(centre: Coordinate(x: 0.1, y: 0.2), zoom: 3.4, bearingInDegrees: bearing)
        let picture = try Self.picture(layers: Self.fill, sources: Self.box(-179, -80, 179, 80), camera: camera, width: 900, height: 700)
        #expect(picture.uniformPixel == Self.red)
    }

    @Test func theBearingPointsUp() throws {
        // East of the centre; with east up it lies above.
        let camera = Camera(zoom: 2, bearingInDegrees: 90)
        let picture = try Self.picture(layers: Self.fill, sources: Self.box(2, -1, 4, 1), camera: camera)
        #expect(picture[32, 15] == Self.red)
        #expect(picture[50, 32] == 0 && picture[14, 32] == 0 && picture[32, 50] == 0)
    }

    @Test func theRatioDrawsTheSameLarger() throws {
        let camera = Camera(zoom: 1)
        let picture = try Self.picture(layers: Self.fill, sources: Self.box(-5, -5, 5, 5), camera: camera, ratio: 2)
        #expect(picture.width == 128 && picture.height == 128)
        #expect(picture[64, 64] == Self.red && picture[64 + 40, 64] == 0 && picture[64 + 26, 64] == Self.red)
    }

    @Test func theWorldRepeatsEastAndWest() throws {
        let camera = Camera(centre: Coordinate(x: 179, y: 0), zoom: 1)
        let picture = try Self.picture(layers: Self.fill, sources: Self.box(-180, -10, -150, 10), camera: camera, width: 256, height: 256)
        #expect(picture[140, 128] == Self.red)
        #expect(picture[120, 128] == 0)
    }

    @Test func aPictureNeverShowsBeyondThePoles() {
        let view = Viewport(camera: Camera(centre: Coordinate(x: 0, y: 89), zoom: 0), width: 1024, height: 1024)
        #expect(view.camera.zoom == 1)
        #expect(view.envelope.minY >= -1e-12 && view.envelope.maxY <= 1 + 1e-12)
    }

    @Test func aLineGradientRunsOnFromTileToTile() throws {
        let source = #""s":{"type":"geojson","lineMetrics":true,"data":{"type":"LineString","coordinates":[[-20,0],[20,0]]}}"#
        let layer = #"{"id":"l","type":"line","source":"s","paint":{"line-width":8,"line-gradient":["interpolate",["linear"],["line-progress"],0,"black",1,"white"]}}"#
        let picture = try Self.picture(layers: layer, sources: source, camera: Camera(zoom: 3), width: 512, height: 64)
        let greys = (40..<470).map { picture[$0, 32] & 255 }
        #expect(zip(greys, greys.dropFirst()).allSatisfy { $1 >= $0 && $1 - $0 <= 2 })
        #expect(abs(Int(greys[215]) - 127) <= 2)
    }

    @Test func aCircleStandsInOneTileOnly() throws {
        // On the very corner of four tiles.
        let source = #""s":{"type":"geojson","data":{"type":"Point","coordinates":[0,0]}}"#
        let layer = #"{"id":"c","type":"circle","source":"s","paint":{"circle-radius":8,"circle-opacity":0.5}}"#
        let picture = try Self.picture(layers: layer, sources: source, camera: Camera(zoom: 2))
        #expect(picture[32, 32] == Colour(red: 0, green: 0, blue: 0, alpha: 128).premultiplied)
    }

    @Test func addressesStayBelowTheAssets() throws {
        let assets = AssetDirectory("/nowhere")
        for address in ["assets://../secret.json", "https://example.org/a.json", "/etc/hostname", "assets:///etc/hostname"] {
            #expect(throws: PortrayalError.self) { try assets.contents(of: address) }
        }
        #expect(try assets.contents(of: "assets://absent.json") == nil)
        #expect(throws: PortrayalError.self) { try AssetDirectory(nil).contents(of: "assets://a.json") }
    }

    @Test func aMissingRasterTileShowsItsParent() throws {
        let directory = try ScratchDirectory.make()
        let blue = Colour(red: 0, green: 0, blue: 255)
        var image = Pixmap(width: 256, height: 256)
        for i in image.pixels.indices { image.pixels[i] = blue.premultiplied }
        try Data(PNGEncoder.encode(image)).write(to: URL(filePath: directory + "/0-0-0.png"))
        let source = #""s":{"type":"raster","tileSize":256,"tiles":["assets://{z}-{x}-{y}.png"]}"#
        let picture = try Self.picture(
            layers: #"{"id":"r","type":"raster","source":"s"}"#, sources: source, camera: Camera(zoom: 1), width: 300, height: 200,
            assets: AssetDirectory(directory))
        #expect(picture.uniformColour == blue)
    }

    @Test func clippingKeepsWhatLiesInTheSpan() {
        let clipping = AxisClipping(axis: \.x, low: 0, high: 10)
        let line = [-5.0, 5, 15, 5, -5].map { TilePosition(x: $0, y: 0) }
        #expect(clipping.line(line).map { $0.map(\.x) } == [[0, 5, 10], [10, 5, 0]])
        let ring = [(-5.0, -5.0), (5, -5), (5, 5), (-5, 5), (-5, -5)].map { TilePosition(x: $0.0, y: $0.1) }
        let cut = clipping.ring(ring)
        #expect(cut.first == cut.last && cut.allSatisfy { (0...10).contains($0.x) } && cut.count == 5)
    }
}
