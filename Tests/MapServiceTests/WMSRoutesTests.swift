import Foundation
import HTTPTypes
import Raster
import Testing

@testable import MapService

/// WMS 1.1.1 and 1.3.0 through the router.
@Suite struct WMSRoutesTests {
    /// Web Mercator tile 16/53463/28464 and its surroundings.
    private static let half = 20_037_508.342789244
    private static let span = 2 * half / 65536

    private static func box(column: Double, row: Double, columns: Double = 1, rows: Double = 1) -> String {
        let (west, north) = (-half + column * span, half - row * span)
        return "\(west),\(north - rows * span),\(west + columns * span),\(north)"
    }

    private static func map(_ query: String, version: String = "1.3.0") -> String {
        "/wms?SERVICE=WMS&VERSION=\(version)&REQUEST=GetMap&STYLES=&FORMAT=image/png&\(query)"
    }

    private static func picture(_ target: String) async throws -> Pixmap {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 200, "\(target): \(answer.text.prefix(300))")
        return try PNGDecoder.decode(answer.body)
    }

    // MARK: GetMap

    @Test func theBoxOfATileGivesThePixelsOfTheTile() async throws {
        let tile = try await Self.picture("/tiles/standard/16/53463/28464.png")
        let query = "LAYERS=standard&CRS=EPSG:3857&BBOX=\(Self.box(column: 53463, row: 28464))&WIDTH=256&HEIGHT=256"
        #expect(try await Self.picture(Self.map(query)) == tile)
        let twice = try await Self.picture("/tiles/standard/16/53463/28464@2x.png")
        #expect(try await Self.picture(Self.map(query.replacing("=256", with: "=512") + "&DPI=192")) == twice)
    }

    /// Where four tiles meet: labels that cross their borders are whole, and no seam shows.
    @Test func aBoxAcrossTilesGivesThePixelsOfAllOfThem() async throws {
        let query = "LAYERS=standard&CRS=EPSG:3857&BBOX=\(Self.box(column: 53462.5, row: 28463.5))&WIDTH=256&HEIGHT=256"
        let across = try await Self.picture(Self.map(query))
        for (column, row, x, y) in [(53462, 28463, 0, 0), (53463, 28463, 128, 0), (53462, 28464, 0, 128), (53463, 28464, 128, 128)] {
            let tile = try await Self.picture("/tiles/standard/16/\(column)/\(row).png")
            let quarter = across.cropped(x: x, y: y, width: 128, height: 128)
            // The map's pictures may have the nearest 256 colours, and those of two pictures are not the same.
            let own = tile.cropped(x: x == 0 ? 128 : 0, y: y == 0 ? 128 : 0, width: 128, height: 128)
            #expect(Self.farthest(quarter, own) <= 24, "tile \(column)/\(row)")
        }
    }

    /// The greatest difference of a channel.
    static func farthest(_ a: Pixmap, _ b: Pixmap) -> Int {
        var worst = 0
        for (left, right) in zip(a.pixels, b.pixels) where left != right {
            for shift: UInt32 in [0, 8, 16, 24] {
                let difference = Int(left >> shift & 255) - Int(right >> shift & 255)
                worst = max(worst, abs(difference))
            }
        }
        return worst
    }

    @Test func boxesAreInTheOrderOfTheVersion() async throws {
        let (east, north) = ("113.680,22.990,113.690,23.000", "22.990,113.680,23.000,113.690")
        let size = "LAYERS=standard&WIDTH=300&HEIGHT=300"
        let first = try await Self.picture(Self.map("\(size)&CRS=EPSG:4490&BBOX=\(north)"))
        #expect(first.uniformPixel == nil)
        for target in [
            Self.map("\(size)&CRS=CRS:84&BBOX=\(east)"), Self.map("\(size)&CRS=EPSG:4326&BBOX=\(north)"),
            Self.map("\(size)&SRS=EPSG:4490&BBOX=\(east)", version: "1.1.1"), Self.map("\(size)&SRS=EPSG:4326&BBOX=\(east)", version: "1.1.1"),
        ] {
            #expect(try await Self.picture(target) == first, "\(target)")
        }
    }

    @Test func zonePrefixesAreTakenOff() async throws {
        let size = "LAYERS=standard&WIDTH=256&HEIGHT=256"
        let plain = try await Self.picture(Self.map("\(size)&CRS=EPSG:4547&BBOX=2543700,467400,2544000,467700"))
        #expect(plain.uniformPixel == nil)
        #expect(try await Self.picture(Self.map("\(size)&CRS=EPSG:4526&BBOX=2543700,38467400,2544000,38467700")) == plain)
        let old = Self.map("\(size)&SRS=EPSG:4526&BBOX=38467400,2543700,38467700,2544000", version: "1.1.1")
        #expect(try await Self.picture(old) == plain)
    }

    @Test func pixelsThatAreNotSquareAreStretched() async throws {
        let box = Self.box(column: 53463, row: 28464)
        let wide = try await Self.picture(Self.map("LAYERS=base.land&CRS=EPSG:3857&BBOX=\(box)&WIDTH=400&HEIGHT=100"))
        #expect(wide.width == 400 && wide.height == 100)
    }

    @Test func groundsAreAsAsked() async throws {
        // Far from the hamlet nothing is drawn but the ground.
        let box = "BBOX=\(Self.box(column: 100, row: 100))&CRS=EPSG:3857&WIDTH=64&HEIGHT=64"
        #expect(try await Self.picture(Self.map("LAYERS=base.road.main&\(box)")).uniformPixel == 0xFFFF_FFFF)
        #expect(try await Self.picture(Self.map("LAYERS=standard&\(box)&TRANSPARENT=TRUE")).uniformPixel == 0)
        #expect(try await Self.picture(Self.map("LAYERS=standard&\(box)&BGCOLOR=0x102030")).uniformPixel == 0xFF30_2010)
        let styled = try #require(try await Self.picture(Self.map("LAYERS=standard&\(box)")).uniformPixel)
        #expect(styled != 0xFFFF_FFFF && styled >= 0xFF00_0000)
    }

    @Test func layersGroupsAndStylesAreDrawn() async throws {
        let box = "BBOX=\(Self.box(column: 53463, row: 28464))&CRS=EPSG:3857&WIDTH=256&HEIGHT=256&TRANSPARENT=TRUE"
        let buildings = try await Self.picture(Self.map("LAYERS=base.building&\(box)"))
        let base = try await Self.picture(Self.map("LAYERS=base&\(box)"))
        #expect(buildings.uniformPixel == nil && base.uniformPixel == nil && buildings != base)
        #expect(buildings.pixels.contains(0), "what is not drawn lets through")
        let night = try await Self.picture(Self.map("LAYERS=base.building&\(box)").replacing("STYLES=&", with: "STYLES=standard-night&"))
        #expect(night != buildings)
        let map = try await Self.picture(Self.map("LAYERS=standard&\(box)").replacing("STYLES=&", with: "STYLES=standard-night&"))
        #expect(map == (try await Self.picture(Self.map("LAYERS=standard-night&\(box)"))))
        // Named the other way round, land lies on the buildings.
        let under = try await Self.picture(Self.map("LAYERS=base.land,base.building&\(box)"))
        let over = try await Self.picture(Self.map("LAYERS=base.building,base.land&\(box)"))
        #expect(under != over)
    }

    @Test(arguments: ["image/jpeg", "image/webp"]) func otherFormatsAreGiven(format: String) async throws {
        let box = "BBOX=\(Self.box(column: 53463, row: 28464))&CRS=EPSG:3857&WIDTH=256&HEIGHT=256"
        let answer = try await Hamlet.client().ask(Self.map("LAYERS=standard&\(box)").replacing("image/png", with: format))
        #expect(answer.status == 200 && answer.type == format && !answer.body.isEmpty)
    }

    @Test func aPictureThatIsKnownIsNotSentAgain() async throws {
        let client = try await Hamlet.client()
        let target = Self.map("LAYERS=standard&CRS=EPSG:3857&BBOX=\(Self.box(column: 53463.25, row: 28464))&WIDTH=64&HEIGHT=64")
        let first = try await client.ask(target)
        let tag = try #require(first.headers[.eTag])
        let again = try await client.ask(target, headers: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.body.isEmpty)
        #expect(try await client.ask(target).body == first.body)
    }

    @Test func timesAreHonoured() async throws {
        let client = try await Hamlet.client()
        let box = "LAYERS=base.building&CRS=EPSG:3857&BBOX=\(Self.box(column: 53463, row: 28464))&WIDTH=128&HEIGHT=128"
        let now = try await Self.picture(Self.map(box))
        let text = Date().formatted(.iso8601)
        #expect(try await Self.picture(Self.map("\(box)&TIME=\(text)")) == now)
        #expect(try await Self.picture(Self.map("\(box)&TIME=current")) == now)
        let before = try await client.ask(Self.map("\(box)&TIME=1999-01-01"))
        #expect(before.status == 200, "before the first import there was nothing: \(before.text.prefix(200))")
        let future = try await client.ask(Self.map("\(box)&TIME=2999-01-01"))
        #expect(future.status == 400 && future.text.contains("code=\"InvalidDimensionValue\""))
    }

    // MARK: Refusals

    @Test(arguments: [
        ("", "MissingParameterValue", "REQUEST"),
        ("REQUEST=GetCapabilities", "MissingParameterValue", "SERVICE"),
        ("SERVICE=WFS&REQUEST=GetMap", "InvalidParameterValue", "SERVICE"),
        ("REQUEST=GetNothing", "OperationNotSupported", "REQUEST"),
        ("REQUEST=GetMap", "MissingParameterValue", "LAYERS"),
        ("REQUEST=GetMap&LAYERS=nope", "MissingParameterValue", "CRS"),
        ("REQUEST=GetMap&LAYERS=nope&CRS=EPSG:9999", "InvalidCRS", "CRS"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=1,2,3", "InvalidParameterValue", "BBOX"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:4490&BBOX=113.68,22.99,113.69,23.0", "InvalidParameterValue", "BBOX"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=3,3,1,1", "InvalidParameterValue", "BBOX"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,nan,1", "InvalidParameterValue", "BBOX"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=0&HEIGHT=1&FORMAT=image/png", "InvalidParameterValue", "WIDTH"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=1&HEIGHT=99999&FORMAT=image/png", "InvalidParameterValue", "HEIGHT"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1e300,1&WIDTH=9&HEIGHT=9&FORMAT=image/png", "InvalidParameterValue", "BBOX"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/tiff", "InvalidFormat", "FORMAT"),
        ("REQUEST=GetMap&LAYERS=nope&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png", "LayerNotDefined", "LAYERS"),
        ("REQUEST=GetMap&LAYERS=standard&STYLES=nope&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png", "StyleNotDefined", "STYLES"),
        ("REQUEST=GetMap&LAYERS=standard&STYLES=a,b&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png", "InvalidParameterValue", "STYLES"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png&TRANSPARENT=maybe", "InvalidParameterValue", "TRANSPARENT"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png&BGCOLOR=red", "InvalidParameterValue", "BGCOLOR"),
        ("REQUEST=GetMap&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png&DPI=1e9", "InvalidParameterValue", "DPI"),
        ("REQUEST=GetFeatureInfo&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&QUERY_LAYERS=standard&I=9&J=0", "InvalidPoint", "I"),
        ("REQUEST=GetFeatureInfo&LAYERS=standard&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&QUERY_LAYERS=base.building&I=0&J=0", "LayerNotDefined", "QUERY_LAYERS"),
        ("REQUEST=GetFeatureInfo&LAYERS=population&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&QUERY_LAYERS=population&I=0&J=0", "LayerNotQueryable", "QUERY_LAYERS"),
        ("REQUEST=GetLegendGraphic", "MissingParameterValue", "LAYER"),
        ("REQUEST=GetLegendGraphic&LAYER=nope", "LayerNotDefined", "LAYERS"),
        ("REQUEST=GetMap&LAYERS=%FF", "InvalidParameterValue", "LAYERS"),
    ]) func refusalsNameCodeParameterAndWhatWasExpected(query: String, code: String, locator: String) async throws {
        let answer = try await Hamlet.client().ask("/wms?\(query)")
        #expect(answer.status == 400 && answer.type == "text/xml", "\(query): \(answer.status) \(answer.type)")
        #expect(answer.text.contains("<ServiceException code=\"\(code)\" locator=\"\(locator)\">"), "\(query): \(answer.text)")
    }

    @Test func refusalsComeInTheFormAskedFor() async throws {
        let client = try await Hamlet.client()
        let query = "SERVICE=WMS&REQUEST=GetMap&LAYERS=nope&SRS=EPSG:3857&CRS=EPSG:3857&BBOX=0,0,1,1&WIDTH=7&HEIGHT=9&FORMAT=image/png"
        let old = try await client.ask("/wms?VERSION=1.1.1&\(query)")
        #expect(old.type == "application/vnd.ogc.se_xml" && old.text.contains("<!DOCTYPE ServiceExceptionReport"))
        let json = try await client.ask("/wms?VERSION=1.3.0&EXCEPTIONS=JSON&\(query)")
        let exceptions = try #require(try json.json()["exceptions"] as? [[String: Any]])
        #expect(json.status == 400 && exceptions.first?["code"] as? String == "LayerNotDefined")
        let blank = try await client.ask("/wms?VERSION=1.3.0&EXCEPTIONS=BLANK&\(query)")
        let picture = try PNGDecoder.decode(blank.body)
        #expect(blank.status == 200 && picture.width == 7 && picture.height == 9 && picture.uniformPixel == 0)
    }

    // MARK: GetFeatureInfo

    /// The town at a place, asked for in every CRS and format.
    @Test(arguments: [
        ("EPSG:4490", "22.9935,113.6840,22.9945,113.6850"), ("CRS:84", "113.6840,22.9935,113.6850,22.9945"),
        ("EPSG:4547", "2543850,467600,2543950,467700"), ("EPSG:4526", "2543850,38467600,2543950,38467700"),
        ("EPSG:3857", "12655240,2632130,12655340,2632230"),
    ]) func whatLiesUnderAPixelIsTold(crs: String, box: String) async throws {
        let client = try await Hamlet.client()
        func ask(_ format: String) async throws -> Answer {
            try await client.ask(
                "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=admin.town&QUERY_LAYERS=admin.town&STYLES=&CRS=\(crs)&BBOX=\(box)&WIDTH=200&HEIGHT=200&I=100&J=100&FEATURE_COUNT=5&INFO_FORMAT=\(format)")
        }
        // Districts give way at close levels, so their names are asked of a wide picture.
        let json = try await ask("application/json")
        #expect(json.status == 200, "\(json.text.prefix(300))")
        let shown = try json.features()
        if !shown.isEmpty {
            #expect(shown[0]["layer"] as? String == "admin.town")
            #expect((shown[0]["properties"] as? [String: Any])?["name"] as? String == "道滘镇")
            #expect(try await ask("text/plain").text.contains("道滘镇"))
            #expect(try await ask("text/html").text.contains("<td>道滘镇</td>"))
            #expect(try await ask("application/vnd.ogc.gml").text.contains("<wm:name>道滘镇</wm:name>"))
        }
    }

    @Test func aBuildingIsFoundWhereItIsDrawn() async throws {
        let client = try await Hamlet.client()
        let buildings = try await client.ask("/collections/base.building/items?limit=40&crs=http://www.opengis.net/def/crs/EPSG/0/3857").features()
        var found = 0
        for building in buildings.prefix(12) {
            let position = try #require(FeatureRoutesTests.firstPosition(building))
            let (x, y) = (position[0], position[1])
            let box = "\(x - 60),\(y - 60),\(x + 60),\(y + 60)"
            let answer = try await client.ask(
                "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=base&QUERY_LAYERS=base&STYLES=&CRS=EPSG:3857&BBOX=\(box)&WIDTH=240&HEIGHT=240&I=120&J=120&FEATURE_COUNT=10&INFO_FORMAT=application/geo%2Bjson")
            let ids = try answer.features().filter { $0["layer"] as? String == "base.building" }.compactMap { $0["id"] as? Int }
            if ids.contains(try #require(building["id"] as? Int)) { found += 1 }
        }
        #expect(found == min(12, buildings.count))
    }

    // MARK: Documents

    @Test func capabilitiesOfBothVersionsNameLayersStylesAndBoxes() async throws {
        let client = try await Hamlet.client()
        let new = try await client.ask("/wms?SERVICE=WMS&REQUEST=GetCapabilities")
        #expect(new.status == 200 && new.type == "text/xml" && new.text.contains("<WMS_Capabilities version=\"1.3.0\""))
        let old = try await client.ask("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1")
        #expect(old.type == "application/vnd.ogc.wms_xml" && old.text.contains("<WMT_MS_Capabilities version=\"1.1.1\""))
        for text in [new.text, old.text] {
            for name in ["standard", "base", "base.building", "admin.town", "standard-night", "doorplate"] {
                #expect(text.contains("<Name>\(name)</Name>"), "\(name)")
            }
            #expect(text.contains("https://map.example/wms?"))
        }
        #expect(new.text.contains("<CRS>EPSG:4526</CRS>") && old.text.contains("<SRS>EPSG:4526</SRS>"))
        // Latitude first in 1.3.0, longitude first in 1.1.1.
        let box = try #require(new.text.firstMatch(of: /<BoundingBox CRS="EPSG:4490" minx="([0-9.]+)" miny="([0-9.]+)"/))
        #expect(try #require(Double(box.1)) < 60 && #require(Double(box.2)) > 100)
        let oldBox = try #require(old.text.firstMatch(of: /<BoundingBox SRS="EPSG:4490" minx="([0-9.]+)" miny="([0-9.]+)"/))
        #expect(oldBox.1 == box.2 && oldBox.2 == box.1)
    }

    @Test func legendsAndStylesAreGiven() async throws {
        let client = try await Hamlet.client()
        let one = try await Self.picture("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=base.building&FORMAT=image/png")
        let all = try await Self.picture("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=standard&FORMAT=image/png")
        #expect(one.height < all.height)
        let styles = try await client.ask("/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetStyles&LAYERS=standard,base.building")
        #expect(styles.status == 200 && styles.text.contains("<Name>standard-night</Name>"))
    }
}
