import Foundation
import HTTPTypes
import Raster
import Testing

@testable import MapService

/// OGC API Maps and static maps through the router.
@Suite struct MapRoutesTests {
    private static func picture(_ target: String) async throws -> Pixmap {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 200, "\(target): \(answer.text.prefix(300))")
        return try PNGDecoder.decode(answer.body)
    }

    @Test func aMapSaysWhatItShows() async throws {
        let answer = try await Hamlet.client().ask("/map?bbox=113.68,22.99,113.69,23.00&crs=EPSG:4490&width=200&height=200")
        #expect(answer.status == 200 && answer.type == "image/png")
        #expect(answer.header("Content-Crs") == "<http://www.opengis.net/def/crs/EPSG/0/4490>")
        #expect(answer.header("Content-Bbox") == "22.99,113.68,23.0,113.69")
        let wms = "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=standard&STYLES=&FORMAT=image/png&CRS=EPSG:4490&BBOX=22.99,113.68,23.0,113.69&WIDTH=200&HEIGHT=200"
        #expect(try await Hamlet.client().ask(wms).body == answer.body)
    }

    @Test func sizesFollowFromWhatIsGiven() async throws {
        let byWidth = try await Self.picture("/map?bbox=113.68,22.99,113.69,22.995&width=400")
        #expect(byWidth.width == 400 && (180...220).contains(byWidth.height))
        // 256 m at 0.28 mm a pixel and 1 : 10 000 are 91 pixels.
        let byScale = try await Self.picture("/map?bbox=467400,2543700,467656,2543956&bbox-crs=EPSG:3857&crs=EPSG:3857&scale-denominator=10000")
        #expect(byScale.width == 91 && byScale.height == 91)
        let centred = try await Self.picture("/map?center=113.6845,22.9940&scale-denominator=5000&width=320&height=240")
        #expect(centred.width == 320 && centred.height == 240 && centred.uniformPixel == nil)
        let whole = try await Self.picture("/collections/base.building/map?width=256")
        #expect(whole.width == 256)
    }

    @Test func collectionsAndStylesHaveMaps() async throws {
        let box = "bbox=113.68,22.99,113.69,23.00&width=256&height=256"
        let day = try await Self.picture("/map?\(box)")
        let night = try await Self.picture("/styles/standard-night/map?\(box)")
        let buildings = try await Self.picture("/collections/base.building/map?\(box)&transparent=true")
        #expect(day != night && buildings.pixels.contains(0) && buildings.uniformPixel == nil)
        #expect(try await Self.picture("/map?\(box)&collections=base.building&transparent=true") == buildings)
        #expect(try await Self.picture("/collections/base.building/styles/standard-night/map?\(box)&transparent=true") != buildings)
    }

    @Test(arguments: [
        ("/map?bbox=1,2,3", 400, "bbox"), ("/map?bbox=0,0,1,1&crs=EPSG:2000", 400, "crs"), ("/map?width=0", 400, "width"),
        ("/map?nope=1", 400, "nope"), ("/map?bgcolor=nope", 400, "bgcolor"), ("/map?transparent=1", 400, "transparent"),
        ("/map?f=tiff", 400, "f"), ("/map?bbox=0,0,1,1&center=0,0", 400, "center"),
        ("/map?bbox=0,0,1,1&scale-denominator=1000&width=5", 400, "scale-denominator"),
        ("/map?bbox=113,22,114,23&scale-denominator=1", 400, "scale-denominator"), ("/collections/nope/map", 404, "nope"),
        ("/styles/nope/map", 404, "nope"), ("/map?datetime=2999-01-01", 400, "datetime"),
    ]) func refusalsSayWhatIsWrong(target: String, status: Int, named: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == status && answer.type == "application/problem+json" && answer.text.contains(named), "\(answer.status) \(answer.text)")
    }

    // MARK: Static maps

    @Test func aStaticMapIsItsAddress() async throws {
        let one = try await Self.picture("/maps/standard/static/113.6845,22.9940,16/300x200.png")
        #expect(one.width == 300 && one.height == 200 && one.uniformPixel == nil)
        let two = try await Self.picture("/maps/standard/static/113.6845,22.9940,16/300x200@2x.png")
        #expect(two.width == 600 && two.height == 400)
        let box = try await Self.picture("/maps/standard-night/static/113.68,22.99,113.69,23.00/256x256.png")
        #expect(box.width == 256)
    }

    @Test func aMarkerLiesWhereItIsPut() async throws {
        let target = "/maps/standard/static/113.6845,22.9940,16/200x200.png"
        let marked = try await Self.picture("\(target)?marker=113.6845,22.9940,,00ff00")
        #expect(marked[100, 100] == 0xFF00_FF00 && marked[99, 99] == 0xFF00_FF00)
        let plain = try await Self.picture(target)
        // The nearest 256 colours of two pictures are not the same everywhere.
        let changed = (0..<200).flatMap { y in (0..<200).map { (x: $0, y: y) } }.filter { place in
            let (x, y) = place
            return WMSRoutesTests.farthest(marked.cropped(x: x, y: y, width: 1, height: 1), plain.cropped(x: x, y: y, width: 1, height: 1)) > 32
        }
        let (xs, ys) = (changed.map(\.x), changed.map(\.y))
        // The pin is a disc of nine pixels round the middle.
        #expect((xs.min() ?? 0) >= 89 && (xs.max() ?? 200) <= 110 && (ys.min() ?? 0) >= 89 && (ys.max() ?? 200) <= 110)
    }

    @Test func autoShowsAllMarkers() async throws {
        let query = "marker=113.680,22.990,甲,ff00ff&marker=113.690,23.000,乙,ff00ff&padding=20"
            .addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? ""
        let marked = try await Self.picture("/maps/standard/static/auto/300x300.png?\(query)")
        let pins = marked.pixels.count { $0 == 0xFFFF_00FF }
        #expect(pins > 100)
        let path = try await Self.picture("/maps/standard/static/auto/300x300.png?path=width:6%7Ccolour:0000ff%7C113.68,22.99%7C113.69,23.0")
        #expect(path.pixels.contains(0xFFFF_0000))
    }

    @Test(arguments: [
        ("/maps/nope/static/113,22,10/10x10.png", 404), ("/maps/standard/static/113,22/10x10.png", 400), ("/maps/standard/static/113,22,99/10x10.png", 400),
        ("/maps/standard/static/113,22,10/10x10.tiff", 400), ("/maps/standard/static/113,22,10/0x10.png", 400),
        ("/maps/standard/static/113,22,10/9000x10.png", 400), ("/maps/standard/static/auto/10x10.png", 400),
        ("/maps/standard/static/113,22,10/10x10@9x.png", 400), ("/maps/standard/static/113,22,10/10x10.png?marker=1", 400),
        ("/maps/standard/static/113,22,10/10x10.png?marker=1,2,a,nocolour", 400), ("/maps/standard/static/113,22,10/10x10.png?path=1,2", 400),
        ("/maps/standard/static/113,22,10/10x10.png?padding=5", 400), ("/maps/standard/static/113,22,10/10x10.png?nope=5", 400),
        ("/maps/standard/static/..%2F..%2Fetc/10x10.png", 400),
    ]) func badAddressesAreRefused(target: String, status: Int) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == status && answer.type == "application/problem+json", "\(answer.status) \(answer.text)")
    }
}
