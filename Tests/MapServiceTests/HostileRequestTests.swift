import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import MapService

/// Every parameter and every part of an address with values that nobody should send: answered, never failed, never echoed.
@Suite struct HostileRequestTests {
    /// Requests that are well, one a door; each of their parameters is spoilt in turn.
    private static let doors: [(path: String, parameters: [(String, String)])] = [
        ("/wms", [("SERVICE", "WMS"), ("VERSION", "1.3.0"), ("REQUEST", "GetMap"), ("LAYERS", "base.building"), ("STYLES", ""), ("CRS", "EPSG:4490"), ("BBOX", "22.993,113.683,22.995,113.685"), ("WIDTH", "32"), ("HEIGHT", "32"), ("FORMAT", "image/png"), ("TRANSPARENT", "TRUE"), ("BGCOLOR", "0xFF0000"), ("TIME", "current"), ("DPI", "96"), ("EXCEPTIONS", "XML")]),
        ("/wms", [("SERVICE", "WMS"), ("VERSION", "1.1.1"), ("REQUEST", "GetFeatureInfo"), ("LAYERS", "base"), ("QUERY_LAYERS", "base"), ("SRS", "EPSG:4490"), ("BBOX", "113.683,22.993,113.685,22.995"), ("WIDTH", "32"), ("HEIGHT", "32"), ("X", "16"), ("Y", "16"), ("INFO_FORMAT", "text/html"), ("FEATURE_COUNT", "3"), ("BUFFER", "5")]),
        ("/wms", [("REQUEST", "GetLegendGraphic"), ("LAYER", "base.building"), ("STYLE", ""), ("FORMAT", "image/png"), ("SCALE", "5000"), ("LANGUAGE", "zh")]),
        ("/wms", [("SERVICE", "WMS"), ("REQUEST", "GetStyles"), ("LAYERS", "standard")]),
        ("/wmts", [("SERVICE", "WMTS"), ("VERSION", "1.0.0"), ("REQUEST", "GetFeatureInfo"), ("LAYER", "standard"), ("STYLE", "default"), ("FORMAT", "image/png"), ("TILEMATRIXSET", "w"), ("TILEMATRIX", "17"), ("TILEROW", "56929"), ("TILECOL", "106927"), ("I", "9"), ("J", "9"), ("INFOFORMAT", "text/plain")]),
        ("/DataServer", [("T", "vec_c"), ("x", "53463"), ("y", "12198"), ("l", "16"), ("tk", "abc")]),
        ("/map", [("bbox", "113.683,22.993,113.685,22.995"), ("bbox-crs", "EPSG:3857"), ("crs", "EPSG:4547"), ("width", "32"), ("height", "32"), ("transparent", "true"), ("bgcolor", "red"), ("collections", "base.building"), ("f", "png"), ("datetime", "2026-01-01")]),
        ("/collections/base.building/items", [("bbox", "113.683,22.993,113.685,22.995"), ("bbox-crs", "EPSG:4490"), ("crs", "EPSG:4547"), ("limit", "5"), ("offset", "1"), ("filter", "floors > 3"), ("filter-lang", "cql2-text"), ("filter-crs", "EPSG:4490"), ("sortby", "-floors"), ("datetime", "2026-01-01"), ("center", "113.68,22.99"), ("radius", "100"), ("floors", "3"), ("f", "json")]),
        ("/collections/base.building/export", [("f", "csv"), ("bbox", "113.683,22.993,113.685,22.995"), ("crs", "EPSG:4547"), ("filter", "floors > 3"), ("sortby", "floors")]),
        ("/arcgis/rest/services/standard/MapServer/3/query", [("where", "1=1"), ("objectIds", "1,2"), ("geometry", "113.683,22.993,113.685,22.995"), ("geometryType", "esriGeometryEnvelope"), ("inSR", "4490"), ("spatialRel", "esriSpatialRelIntersects"), ("outFields", "*"), ("outSR", "3857"), ("orderByFields", "OBJECTID"), ("resultOffset", "0"), ("resultRecordCount", "3"), ("geometryPrecision", "3"), ("outStatistics", ""), ("f", "json")]),
        ("/arcgis/rest/services/standard/MapServer/export", [("bbox", "113.683,22.993,113.685,22.995"), ("bboxSR", "4490"), ("imageSR", "3857"), ("size", "32,32"), ("dpi", "96"), ("format", "png"), ("layers", "show:3"), ("transparent", "true"), ("f", "json")]),
        ("/arcgis/rest/services/standard/MapServer/identify", [("geometry", "113.684,22.994"), ("geometryType", "esriGeometryPoint"), ("sr", "4490"), ("tolerance", "3"), ("mapExtent", "113.68,22.99,113.69,23"), ("imageDisplay", "400,400,96"), ("layers", "all:3"), ("returnGeometry", "true"), ("f", "json")]),
        ("/arcgis/rest/services/standard/MapServer/find", [("searchText", "1"), ("contains", "true"), ("searchFields", "name"), ("layers", "3"), ("sr", "4490"), ("f", "json")]),
        ("/maps/standard/static/113.684,22.994,15/32x32.png", [("marker", "113.684,22.994,a,red"), ("path", "113.68,22.99|113.69,23"), ("padding", "3"), ("transparent", "true")]),
        ("/search", [("q", "路"), ("limit", "3")]),
        ("/styles/standard/legend.png", [("level", "17"), ("lang", "zh")]),
    ]

    private static let values: [String] = [
        "", " ", "0", "-1", "1e999", "-1e999", "nan", "inf", "9223372036854775808", "1e9", "99999999999999999999999", "0x7fffffff", "1.5", "1,2,3,4,5,6,7",
        "1,1,1,1", "2,2,1,1", "-180,-90,180,90", "1e300,1e300,2e300,2e300", "0,0,1e-300,1e-300", "EPSG:0", "EPSG:99999999999999", "urn:ogc:def:crs:EPSG::", "[EPSG:4326",
        "../../../../etc/passwd", "..\\..\\x", "%2e%2e%2f", "\u{0}", "a\r\nX-Injected: yes", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE workmap_layers; --",
        "' OR '1'='1", "1=1) OR (1=1", "((((((((((", "{", "[[[[[[[[", "{\"op\":\"and\",\"args\":[]}", "{\"rings\":[[[0,0],[1,1]]]}", "POLYGON((0 0,1 1))", "S_INTERSECTS(geometry,POINT(1 1))",
        "POLYGON((113.68 22.99,113.69 22.99,113.69 23,113.68 22.99))", "东莞", "\u{202E}\u{1F4A9}", "true", "FALSE", "image/svg+xml", "2999-01-01", "0000-00-00", "../..", "*", "standard", "base.building,base.building", String(repeating: "9", count: 400), String(repeating: "a,", count: 3000), String(repeating: "(", count: 5000),
    ]

    private static func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }

    @Test(arguments: doors.indices) func noValueOfAParameterMakesTheServiceFail(door: Int) async throws {
        let client = try await Hamlet.client()
        let (path, parameters) = Self.doors[door]
        let well = try await client.ask(path + "?" + parameters.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&"))
        #expect(well.status < 500, "\(path): \(well.status) \(well.text.prefix(200))")
        for spoilt in parameters.indices {
            for value in Self.values {
                var changed = parameters
                changed[spoilt].1 = value
                let answer = try await client.ask(path + "?" + changed.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&"))
                #expect((200..<500).contains(answer.status), "\(path) \(parameters[spoilt].0)=\(value.prefix(60)): \(answer.status) \(answer.text.prefix(200))")
                Self.check(answer, "\(path) \(parameters[spoilt].0)=\(value.prefix(60))")
            }
        }
    }

    /// Nothing of a file, nothing that a browser would run, no header of the request's.
    private static func check(_ answer: Answer, _ what: String) {
        #expect(answer.headers.first { $0.name.canonicalName.contains("injected") } == nil, "\(what)")
        guard answer.type.contains("html") || answer.type.contains("xml") || answer.type.contains("json") || answer.type.hasPrefix("text") else { return }
        let text = answer.text
        #expect(!text.contains("root:x:0"), "\(what)")
        if answer.type.contains("html") || answer.type.contains("xml") {
            #expect(!text.contains("<script>alert") && !text.contains("<img src=x"), "\(what)")
        }
    }

    private static let segments = [
        "..%2F..%2F..%2Fetc%2Fpasswd", "%2e%2e", "%00", "%0d%0aX-Injected:%20yes", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%FF", "%zz", "'%20OR%201=1", "%E4%B8%9C", String(repeating: "a", count: 3000), "99999999999999999999", "-1", "%20",
    ]

    private static let addresses = [
        "/collections/{}", "/collections/{}/items", "/collections/{}/items/{}", "/collections/{}/schema", "/collections/{}/queryables", "/collections/{}/sortables", "/collections/{}/map", "/collections/{}/export", "/collections/{}/versions",
        "/collections/base.building/items/{}", "/collections/{}/tiles", "/collections/{}/tiles/w/16/28464/{}", "/map/tiles/{}/16/28464/53463", "/map/tiles/w/{}/28464/53463", "/tiles/{}/16/53463/28464.png", "/tiles/standard/16/53463/{}", "/tiles/{}.json", "/tileMatrixSets/{}",
        "/styles/{}/style.json", "/styles/{}/map", "/styles/{}", "/styles/{}/metadata", "/styles/{}/legend.png", "/sprites/{}", "/fonts/{}/0-255.pbf", "/fonts/Workmap%20Sans%20Regular/{}", "/maps/{}/static/113,22,10/10x10.png", "/maps/standard/static/{}/10x10.png", "/maps/standard/static/113,22,10/{}", "/maps/{}/print", "/wmts/1.0.0/{}/default/w/16/28464/53463.png",
        "/wmts/1.0.0/standard/{}/w/16/28464/53463.png", "/wmts/1.0.0/standard/default/{}/16/28464/53463.png", "/wmts/1.0.0/standard/default/w/16/28464/53463/{}/0.json", "/{}/wmts", "/tms/1.0.0/{}", "/tms/1.0.0/standard/16/53463/{}", "/archives/{}", "/portal/{}", "/assets/{}", "/arcgis/rest/services/{}/MapServer", "/arcgis/rest/services/standard/MapServer/{}", "/arcgis/rest/services/standard/MapServer/tile/16/28464/{}", "/arcgis/rest/services/standard/MapServer/{}/query", "/arcgis/rest/services/{}/VectorTileServer/resources/sprites/{}", "/{}",
    ]

    @Test(arguments: addresses) func noPartOfAnAddressMakesTheServiceFail(address: String) async throws {
        let client = try await Hamlet.client()
        for segment in Self.segments {
            let target = address.replacing("{}", with: segment)
            for query in ["", "?f=html", "?f=json"] {
                let answer = try await client.ask(target + query)
                #expect((200..<500).contains(answer.status), "\(target.prefix(120))\(query): \(answer.status) \(answer.text.prefix(200))")
                Self.check(answer, String(target.prefix(120)) + query)
            }
        }
    }

    // MARK: Large

    @Test func aFilterOfTenMegabytesIsRefused() async throws {
        let client = try await Hamlet.client()
        let filter = "floors IN (" + String(repeating: "1,", count: 5_000_000) + "1)"
        let inAddress = try await client.ask("/collections/base.building/items?filter=" + filter.replacing(" ", with: "%20"))
        #expect(inAddress.status == 414)
        let inBody = try await client.ask("/arcgis/rest/services/standard/MapServer/3/query", .post, headers: [.contentType: "application/x-www-form-urlencoded"], body: "f=json&where=" + filter)
        #expect(inBody.status == 200 && inBody.text.contains("\"error\""))
    }

    @Test(arguments: ["(", "NOT ", "-", "[", "{\"op\":\"not\",\"args\":["]) func whatIsNestedAMillionDeepIsRefused(opening: String) async throws {
        let deep = String(repeating: opening, count: 1_000_000)
        let answer = try await Hamlet.client().ask("/arcgis/rest/services/standard/MapServer/3/query", .post, headers: [.contentType: "application/x-www-form-urlencoded"], body: "f=json&where=" + deep.replacing("\"", with: "%22").prefix(7_000_000))
        #expect(answer.status == 200 && answer.text.contains("\"error\""))
        let short = String(repeating: opening, count: 3000).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        for language in ["cql2-text", "cql2-json"] {
            let filtered = try await Hamlet.client().ask("/collections/base.building/items?filter-lang=\(language)&filter=\(short.prefix(15_000))")
            #expect(filtered.status == 400, "\(filtered.status)")
        }
        let polygon = try await Hamlet.client().ask("/collections/base.building/items", .post, body: String(repeating: "[", count: 1_000_000))
        #expect(polygon.status == 400)
    }

    @Test func aPolygonOfAMillionPositionsIsAnswered() async throws {
        let ring = (0..<1_000_000).map { "[113.\(680_000 + $0 % 9973),22.\(990_000 + $0 % 7919)]" }.joined(separator: ",")
        let answer = try await Hamlet.client().ask("/collections/base.building/items", .post, body: "{\"type\":\"Polygon\",\"coordinates\":[[\(ring),[113.680000,22.990000]]]}")
        #expect(answer.status == 413, "\(answer.status)")
        let esri = try await Hamlet.client().ask(
            "/arcgis/rest/services/standard/MapServer/3/query", .post, headers: [.contentType: "application/x-www-form-urlencoded"],
            body: "f=json&geometryType=esriGeometryPolygon&inSR=4490&geometry={\"rings\":[[\((0..<200_000).map { "[113.\(680_000 + $0 % 9973),22.\(990_000 + $0 % 7919)]" }.joined(separator: ","))]]}")
        #expect(esri.text.contains("\"error\""))
    }

    /// Boxes that are far away and hardly there: pixels without a number.
    @Test(arguments: [
        "EPSG:3857&BBOX=999999999.9999999,0,1000000000,0.00000011920929", "EPSG:3857&BBOX=-1e9,-1e9,1e9,1e9", "CRS:84&BBOX=179.9999999999,0,180,0.0000000001",
        "EPSG:4547&BBOX=0,0,0.0000001,0.0000001", "EPSG:4526&BBOX=-1e9,-1e9,-999999999,-999999999",
    ]) func boxesThatAreFarAndTinyAreAnswered(place: String) async throws {
        for size in [1, 64, 4096] {
            let answer = try await Hamlet.client().ask(
                "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=base.road.main&STYLES=&FORMAT=image/png&CRS=\(place)&WIDTH=\(size)&HEIGHT=\(size)")
            #expect(answer.status == 200 || answer.status == 400, "\(place) \(size): \(answer.status)")
        }
    }

    /// The same thing asked for many times over is one thing, or refused.
    @Test func repetitionIsNoLever() async throws {
        let client = try await Hamlet.client()
        let many = Array(repeating: "standard", count: 65).joined(separator: ",")
        #expect(try await client.ask("/map?width=8&height=8&collections=\(many)").status == 400)
        let few = Array(repeating: "standard", count: 5).joined(separator: ",")
        #expect(try await client.ask("/map?bbox=113.68,22.99,113.69,23&width=4096&height=4096&collections=\(few)").status == 400)
        let wms = "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&FORMAT=image/png&CRS=EPSG:4490&BBOX=22.99,113.68,23,113.69&WIDTH=4096&HEIGHT=4096&LAYERS=\(few)"
        #expect(try await client.ask(wms).status == 400)
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let numbers = Array(repeating: "3", count: 100_000).joined(separator: ",")
        let found = try await client.ask("/arcgis/rest/services/standard/MapServer/find", .post, headers: form, body: "f=json&searchText=1&layers=\(numbers)")
        #expect(found.status == 200)
        let results = try #require(try found.json()["results"] as? [Any])
        #expect(results.count <= 100)
        let rings = Array(repeating: "[[0,0],[0,1],[1,1],[0,0]],[[5,5],[6,5],[6,6],[5,5]]", count: 20_000).joined(separator: ",")
        let geometry = try await client.ask(
            "/arcgis/rest/services/standard/MapServer/3/query", .post, headers: form, body: "f=json&geometryType=esriGeometryPolygon&geometry={\"rings\":[\(rings)]}")
        #expect(geometry.text.contains("\"error\""))
        let blank = try await client.ask("/wms?EXCEPTIONS=BLANK&WIDTH=4096&HEIGHT=4096")
        #expect(blank.status == 400 && blank.type == "text/xml")
    }

    /// A narrow winding polygon has little area and takes much.
    @Test func theCapIsNotWalkedRound() async throws {
        var ring: [[Double]] = []
        for pass in 0..<60 {
            let y = 22.85 + Double(pass) * 0.005
            ring += pass % 2 == 0 ? [[113.5, y], [113.8, y]] : [[113.8, y], [113.5, y]]
        }
        let back = ring.reversed().map { [$0[0] + 0.000001, $0[1] + 0.000001] }
        let all = ring + back + [ring[0]]
        let body = "{\"type\":\"Polygon\",\"coordinates\":[[" + all.map { "[\($0[0]),\($0[1])]" }.joined(separator: ",") + "]]}"
        let answer = try await Hamlet.client().ask("/collections/base.building/export?f=csv", .post, body: body)
        #expect([200, 403].contains(answer.status), "\(answer.status) \(answer.text.prefix(200))")
        let small = try await Hamlet.client().ask("/collections/base.building/export?f=csv&bbox=113.68,22.99,113.69,23")
        #expect(small.status == 200)
    }

    /// CRSs that nothing is served in are not carried to, whatever the operator has pipelines for.
    @Test(arguments: ["2383", "4610", "9999", "0", "-1", "32650"]) func onlyServedCRSsAreTaken(wkid: String) async throws {
        let client = try await Hamlet.client()
        for target in ["3/query?where=1%3D1&outSR=\(wkid)", "3/query?geometry=1,1&inSR=\(wkid)", "identify?geometry=113.68,22.99&sr=\(wkid)", "find?searchText=1&layers=3&sr=\(wkid)", "export?bbox=1,1,2,2&bboxSR=\(wkid)"] {
            let answer = try await client.ask("/arcgis/rest/services/standard/MapServer/\(target)&f=json")
            #expect(answer.status == 200 && answer.text.contains("\"error\""), "\(target): \(answer.text.prefix(150))")
        }
    }

    @Test(arguments: ["1000000000", "2147483647"]) func aLimitBeyondEverythingIsCutDown(limit: String) async throws {
        let answer = try await Hamlet.client().ask("/collections/doorplate/items?limit=\(limit)")
        #expect(answer.status == 200)
        #expect(try answer.features().count <= 10_000)
    }

    @Test(arguments: ["evil.example\r\nX-Injected: 1", "evil.example/\"><script>", "a b", "<script>", "evil.example:99999999", "[::1", "user:pw@evil.example"])
    func aHostThatIsNoneIsNeverWritten(host: String) async throws {
        let shared = try await Hamlet.service.value
        let client = try RouterClient(Hamlet.context(shared.installation, shared.library) { $0.publicURL = nil })
        for target in ["/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/collections", "/tiles/standard.json", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"] {
            let answer = try await client.ask(target, headers: [HTTPField.Name("X-Forwarded-Host")!: host, HTTPField.Name("Forwarded")!: "host=\"\(host.filter { $0 != "\"" && $0 != "\r" && $0 != "\n" })\""])
            #expect(answer.status < 500 && !answer.text.contains("evil.example") && !answer.text.contains("<script>"), "\(host) \(target)")
        }
    }
}
