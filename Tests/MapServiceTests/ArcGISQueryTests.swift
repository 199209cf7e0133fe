import ArcGISREST
import FeatureStore
import Foundation
import HTTPTypes
import Raster
import SimpleFeatures
import Testing
import TileProduction

@testable import MapService

/// Queries, exports, identify and find of ArcGIS REST through the router.
@Suite struct ArcGISQueryTests {
    private static let base = "/arcgis/rest/services/standard/MapServer"

    private static func number(of layer: String) async throws -> Int {
        let state = try await Hamlet.client().service.library.state
        let map = try ArcGISMap("standard", in: state)
        return try #require(map.layers.firstIndex { $0.definition.id == layer })
    }

    private static func query(_ layer: String, _ parameters: [String: String], method: HTTPRequest.Method = .get) async throws -> [String: Any] {
        let path = "\(base)/\(try await number(of: layer))/query"
        var components = URLComponents()
        components.queryItems = (["f": "json"].merging(parameters) { $1 }).map { URLQueryItem(name: $0.key, value: $0.value) }
        let encoded = (components.percentEncodedQuery ?? "").replacing("+", with: "%2B")
        let client = try await Hamlet.client()
        let answer = method == .get
            ? try await client.ask("\(path)?\(encoded)")
            : try await client.ask(path, .post, headers: [.contentType: "application/x-www-form-urlencoded"], body: encoded)
        #expect(answer.status == 200)
        return try answer.json()
    }

    private static func features(_ document: [String: Any]) -> [[String: Any]] { document["features"] as? [[String: Any]] ?? [] }
    private static func ids(_ document: [String: Any]) -> [Int] {
        features(document).compactMap { ($0["attributes"] as? [String: Any])?["OBJECTID"] as? Int }
    }
    private static func code(_ document: [String: Any]) -> Int? { (document["error"] as? [String: Any])?["code"] as? Int }

    @Test func everythingComesInPages() async throws {
        let count = try #require(try await Self.query("doorplate", ["where": "1=1", "returnCountOnly": "true"])["count"] as? Int)
        let all = try #require(try await Self.query("doorplate", ["where": "1=1", "returnIdsOnly": "true"])["objectIds"] as? [Int])
        #expect(count > 20 && all.count == count && all == all.sorted())
        var paged: [Int] = []
        for offset in stride(from: 0, to: count, by: 37) {
            let page = try await Self.query("doorplate", ["where": "1=1", "resultOffset": "\(offset)", "resultRecordCount": "37", "outFields": "*"])
            #expect((page["exceededTransferLimit"] as? Bool ?? false) == (offset + 37 < count))
            paged += Self.ids(page)
        }
        #expect(paged == all)
    }

    @Test func aPageSaysItsFieldsAndItsPlace() async throws {
        let page = try await Self.query("base.building", ["resultRecordCount": "3", "outFields": "*", "outSR": "4490"])
        #expect((page["spatialReference"] as? [String: Any])?["wkid"] as? Int == 4490)
        #expect(page["geometryType"] as? String == "esriGeometryPolygon" && page["objectIdFieldName"] as? String == "OBJECTID")
        let fields = (page["fields"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        let first = try #require(Self.features(page).first)
        #expect(Set(fields) == Set(((first["attributes"] as? [String: Any]) ?? [:]).keys))
        let rings = try #require((first["geometry"] as? [String: Any])?["rings"] as? [[[Double]]])
        #expect(rings[0].count >= 4 && (113...114).contains(rings[0][0][0]) && (22...24).contains(rings[0][0][1]), "east first, whatever the CRS")
        // Clockwise.
        let area = zip(rings[0], rings[0].dropFirst()).reduce(0) { $0 + ($1.0[0] - 113) * ($1.1[1] - 22) - ($1.1[0] - 113) * ($1.0[1] - 22) }
        #expect(area < 0)
    }

    @Test func conditionsAreThoseOfSQL() async throws {
        let all = try await Self.query("base.building", ["where": "1=1", "outFields": "*", "returnGeometry": "false"])
        func floors(_ feature: [String: Any]) -> Double? { (feature["attributes"] as? [String: Any])?["floors"] as? Double }
        let high = try await Self.query("base.building", ["where": "floors > 5 AND floors IS NOT NULL", "outFields": "floors", "returnGeometry": "false"])
        #expect(Self.ids(high).sorted() == Self.features(all).filter { (floors($0) ?? 0) > 5 }.compactMap { ($0["attributes"] as? [String: Any])?["OBJECTID"] as? Int }.sorted())
        #expect(!Self.ids(high).isEmpty && Self.features(high).allSatisfy { $0["geometry"] == nil })
        let some = Array(Self.ids(all).prefix(3))
        let list = some.map(String.init).joined(separator: ",")
        #expect(try await Self.ids(Self.query("base.building", ["objectIds": list])) == some)
        #expect(try await Self.ids(Self.query("base.building", ["where": "OBJECTID IN (\(list))"])) == some)
        #expect(try await Self.ids(Self.query("base.building", ["where": "objectid >= \(some[1]) AND OBJECTID <= \(some[2])"])) == Array(some[1...]))
        let sorted = try await Self.query("base.building", ["where": "1=1", "orderByFields": "floors DESC", "outFields": "floors", "resultRecordCount": "20"])
        let values = Self.features(sorted).compactMap(floors)
        #expect(values.count > 5 && zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
        let towns = try await Self.query("admin.town", ["where": "name LIKE '道%' AND UPPER(name) <> 'X'", "outFields": "name", "outSR": "4526"])
        #expect(Self.features(towns).count == 1)
    }

    @Test func placesAreAskedInEveryCRS() async throws {
        let inside = ["geometry": "{\"xmin\":113.683,\"ymin\":22.993,\"xmax\":113.686,\"ymax\":22.995,\"spatialReference\":{\"wkid\":4490}}", "geometryType": "esriGeometryEnvelope"]
        let expected = try await Self.ids(Self.query("base.building", inside))
        let ogc = try await Hamlet.client().ask("/collections/base.building/items?limit=2000&filter=S_INTERSECTS(geometry,BBOX(113.683,22.993,113.686,22.995))").features()
        #expect(!expected.isEmpty && expected == ogc.compactMap { $0["id"] as? Int })
        #expect(try await Self.ids(Self.query("base.building", ["geometry": "113.683,22.993,113.686,22.995", "geometryType": "esriGeometryEnvelope", "inSR": "4326"])) == expected)
        let posted = try await Self.query("base.building", inside, method: .post)
        #expect(Self.ids(posted) == expected)
        // Esri's contains: the features that the geometry holds whole.
        let whole = try await Self.ids(Self.query("base.building", inside.merging(["spatialRel": "esriSpatialRelContains"]) { $1 }))
        #expect(!whole.isEmpty && Set(whole).isSubset(of: expected))
        let near = try await Self.ids(Self.query("doorplate", ["geometry": "\(Hamlet.centre.longitude),\(Hamlet.centre.latitude)", "geometryType": "esriGeometryPoint", "inSR": "4490", "distance": "150", "units": "esriSRUnit_Meter"]))
        let circle = try await Hamlet.client().ask("/collections/doorplate/items?limit=2000&center=\(Hamlet.centre.longitude),\(Hamlet.centre.latitude)&radius=150").features()
        #expect(!near.isEmpty && near == circle.compactMap { $0["id"] as? Int })
    }

    @Test func numbersAreCountedByGroup() async throws {
        let statistics = #"[{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"n"},{"statisticType":"max","onStatisticField":"floors","outStatisticFieldName":"top"},{"statisticType":"avg","onStatisticField":"floors","outStatisticFieldName":"mean"}]"#
        let whole = try await Self.query("base.building", ["outStatistics": statistics])
        let row = try #require(Self.features(whole).first?["attributes"] as? [String: Any])
        let count = try #require(try await Self.query("base.building", ["returnCountOnly": "true"])["count"] as? Int)
        #expect(row["n"] as? Int == count)
        let top = try #require(row["top"] as? Double), mean = try #require(row["mean"] as? Double)
        #expect(top >= mean && mean > 0)
        let grouped = try await Self.query("base.building", ["outStatistics": statistics, "groupByFieldsForStatistics": "floors"])
        let rows = Self.features(grouped).compactMap { $0["attributes"] as? [String: Any] }
        #expect(rows.reduce(0) { $0 + ($1["n"] as? Int ?? 0) } == count && rows.count > 2)
        let extent = try await Self.query("base.building", ["returnExtentOnly": "true", "returnCountOnly": "true", "outSR": "4490"])
        let box = try #require(extent["extent"] as? [String: Any])
        #expect(extent["count"] as? Int == count && (113...114).contains(box["xmin"] as? Double ?? 0))
        let distinct = try await Self.query("base.building", ["returnDistinctValues": "true", "outFields": "floors", "returnGeometry": "false"])
        #expect(Self.features(distinct).count == rows.count)
    }

    @Test func geoJSONIsGiven() async throws {
        let document = try await Self.query("base.building", ["f": "geojson", "resultRecordCount": "2", "outFields": "floors"])
        #expect(document["type"] as? String == "FeatureCollection" && Self.features(document).count == 2)
        let ogc = try await Hamlet.client().ask("/collections/base.building/items?limit=1").features()
        #expect((Self.features(document)[0]["id"] as? Int) == (ogc[0]["id"] as? Int))
    }

    // MARK: Protocol buffers and grids

    private static func bytes(_ layer: String, _ query: String) async throws -> [UInt8] {
        let answer = try await Hamlet.client().ask("\(base)/\(try await number(of: layer))/query?f=pbf&\(query)")
        #expect(answer.status == 200 && answer.type == "application/x-protobuf")
        return try answer.unpacked()
    }

    @Test func everyResultHasItsProtocolBuffer() async throws {
        let count = try #require(try await Self.query("base.building", ["returnCountOnly": "true"])["count"] as? Int)
        #expect(try await Self.bytes("base.building", "returnCountOnly=true") == EsriProtocolBuffer.count(count))
        let ids = try #require(try await Self.query("base.building", ["returnIdsOnly": "true"])["objectIds"] as? [Int])
        #expect(try await Self.bytes("base.building", "returnIdsOnly=true") == EsriProtocolBuffer.ids(ids.map(Int64.init)))
        let whole = try await Self.bytes("base.building", "outFields=*"), bare = try await Self.bytes("base.building", "outFields=*&returnGeometry=false")
        #expect(bare.count < whole.count * 3 / 4)
        let statistics = "outStatistics=%5B%7B%22statisticType%22:%22count%22,%22onStatisticField%22:%22OBJECTID%22%7D%5D"
        #expect(try await Self.bytes("base.building", statistics).count > 10)
        // The same question twice is one answer.
        let client = try await Hamlet.client()
        let target = "\(Self.base)/\(try await Self.number(of: "street"))/query?f=pbf"
        let tag = try #require(try await client.ask(target).header("ETag"))
        #expect(try await client.ask(target, headers: [.ifNoneMatch: tag]).status == 304)
    }

    @Test func aGridIsWhatTheClientAskedFor() async throws {
        let box = try #require(try await Self.query("base.building", ["returnExtentOnly": "true", "outSR": "102100"])["extent"] as? [String: Any])
        let grid = #"{"mode":"view","originPosition":"upperLeft","tolerance":0.5,"extent":{"xmin":\#(box["xmin"] ?? 0),"ymin":\#(box["ymin"] ?? 0),"xmax":\#(box["xmax"] ?? 0),"ymax":\#(box["ymax"] ?? 0),"spatialReference":{"wkid":102100}}}"#
        let exact = try await Self.query("base.building", ["outSR": "102100"])
        let quantised = try await Self.query("base.building", ["outSR": "102100", "quantizationParameters": grid])
        let transform = try #require(quantised["transform"] as? [String: Any])
        let scale = try #require(transform["scale"] as? [Double]), translate = try #require(transform["translate"] as? [Double])
        #expect(scale == [0.5, 0.5] && translate[0] == box["xmin"] as? Double && translate[1] == box["ymax"] as? Double)
        #expect(Self.ids(exact) == Self.ids(quantised) && !Self.ids(exact).isEmpty)
        for (a, b) in zip(Self.features(exact), Self.features(quantised)) {
            guard let rings = (b["geometry"] as? [String: Any])?["rings"] as? [[[Double]]] else { continue }
            let own = try #require((a["geometry"] as? [String: Any])?["rings"] as? [[[Double]]]).flatMap { $0 }
            for ring in rings {
                var (x, y) = (0.0, 0.0)
                for step in ring {
                    x += step[0]
                    y += step[1]
                    let place = (translate[0] + x * 0.5, translate[1] - y * 0.5)
                    #expect(own.contains { abs($0[0] - place.0) <= 0.2501 && abs($0[1] - place.1) <= 0.2501 })
                }
            }
        }
        // An extent in another CRS is carried; lines that are too fine lose positions.
        let degrees = try await Self.query("base.building", ["outSR": "102100", "quantizationParameters": #"{"tolerance":1,"extent":{"xmin":113,"ymin":22,"xmax":114,"ymax":23,"spatialReference":{"wkid":4490}}}"#])
        let corner = try #require((degrees["transform"] as? [String: Any])?["translate"] as? [Double])
        #expect(abs(corner[0] - 113 * 111_319.490793) < 1)
        func positions(_ document: [String: Any]) -> Int {
            Self.features(document).reduce(0) { $0 + (($1["geometry"] as? [String: Any])?["paths"] as? [[[Double]]] ?? []).joined().count }
        }
        let streets = try await Self.query("street", ["outSR": "102100"]), rough = try await Self.query("street", ["outSR": "102100", "maxAllowableOffset": "50"])
        #expect(positions(rough) < positions(streets) && positions(rough) > 0)
    }

    @Test func aTileThatIsTooFullSaysSo() async throws {
        let full = try await Self.query("base.building", ["resultType": "tile", "resultRecordCount": "2", "returnExceededLimitFeatures": "false"])
        #expect(Self.features(full).isEmpty && full["exceededTransferLimit"] as? Bool == true)
        let part = try await Self.query("base.building", ["resultType": "tile", "resultRecordCount": "2"])
        #expect(Self.features(part).count == 2)
    }

    @Test func sensitiveFieldsAreUnknown() async throws {
        let state = try await Hamlet.client().service.library.state
        for layer in state.layersInOrder where layer.definition.isServedByFeature {
            guard let record = layer.record, let hidden = record.schema.fields.first(where: { !layer.isOpen($0) }) else { continue }
            for parameters in [["where": "\(hidden.name) IS NOT NULL"], ["outFields": hidden.name], ["orderByFields": hidden.name], ["groupByFieldsForStatistics": hidden.name, "outStatistics": #"[{"statisticType":"count","onStatisticField":"OBJECTID"}]"#]] {
                #expect(try await Self.code(Self.query(layer.definition.id, parameters)) == 400, "\(layer.definition.id) \(parameters)")
            }
        }
        let persons = try await Self.number(of: "population")
        let answer = try await Hamlet.client().ask("\(Self.base)/\(persons)/query?where=1%3D1&f=json").json()
        #expect(Self.code(answer) == 403)
    }

    @Test(arguments: [
        ["where": "floors >"], ["where": "nope = 1"], ["where": "floors = 'x'"], ["where": "1=1; DROP TABLE x"], ["where": "name = 'x"],
        ["geometry": "1,2,3"], ["geometry": "{\"rings\":[]}"], ["outSR": "2000"], ["outFields": "nope"], ["orderByFields": "nope"], ["f": "xml"],
        ["f": "pbf", "returnExtentOnly": "true"], ["f": "pbf", "where": "nope = 1"], ["quantizationParameters": "x"], ["maxAllowableOffset": "-1"],
        ["resultRecordCount": "x"], ["outStatistics": "x"], ["outStatistics": #"[{"statisticType":"sum","onStatisticField":"name"}]"#],
        ["geometry": "113,22", "distance": "1e9"], ["objectIds": "x"],
    ]) func badQueriesAreAnsweredInEsrisWords(parameters: [String: String]) async throws {
        let document = try await Self.query("base.building", parameters)
        #expect(Self.code(document) == 400, "\(document)")
    }

    @Test(arguments: ["/arcgis/rest/services/nope/MapServer/0/query", "\(base)/999/query", "\(base)/x/query", "\(base)/-1/query"])
    func unknownPlacesAre404(target: String) async throws {
        #expect(try await Self.code(Hamlet.client().ask("\(target)?f=json").json()) == 404)
    }

    // MARK: export, identify, find

    @Test func exportsAreTheMapsPictures() async throws {
        let client = try await Hamlet.client()
        let box = "bbox=12655000,2632000,12655600,2632600&bboxSR=102100&imageSR=102100&size=300,300"
        let image = try await client.ask("\(Self.base)/export?\(box)&format=png32&f=image")
        #expect(image.type == "image/png")
        let wms = try await client.ask("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=standard&STYLES=&FORMAT=image/png&CRS=EPSG:3857&BBOX=12655000,2632000,12655600,2632600&WIDTH=300&HEIGHT=300")
        #expect(image.body == wms.body)
        let document = try await client.ask("\(Self.base)/export?\(box)&f=json").json()
        #expect(document["width"] as? Int == 300 && (document["href"] as? String)?.hasSuffix("f=image") == true)
        // The box takes the shape of the picture.
        let wide = try await client.ask("\(Self.base)/export?bbox=113.68,22.99,113.69,23.00&bboxSR=4490&imageSR=4490&size=400,200&f=json").json()
        let extent = try #require(wide["extent"] as? [String: Any])
        let width = (extent["xmax"] as? Double ?? 0) - (extent["xmin"] as? Double ?? 0), height = (extent["ymax"] as? Double ?? 0) - (extent["ymin"] as? Double ?? 0)
        #expect(abs(width / height - 2) < 1e-6)
        let buildings = try await Self.number(of: "base.building")
        let one = try await client.ask("\(Self.base)/export?\(box)&layers=show:\(buildings)&transparent=true&f=image")
        #expect(try PNGDecoder.decode(one.body).pixels.contains(0))
    }

    @Test(arguments: ["", "bbox=1,2,3", "bbox=3,3,1,1", "bbox=0,0,1,1&size=0,0", "bbox=0,0,1,1&size=99999,1", "bbox=0,0,1,1&format=tiff", "bbox=0,0,1,1&imageSR=2000", "bbox=0,0,1,1&layers=show:99", "bbox=0,0,1,1&layers=dance"])
    func badExportsAreAnswered(query: String) async throws {
        let code = try await Self.code(Hamlet.client().ask("\(Self.base)/export?\(query)&f=json").json())
        #expect(code == 400 || code == 404)
    }

    @Test func whatLiesThereIsIdentified() async throws {
        let client = try await Hamlet.client()
        let building = try #require(try await client.ask("/collections/base.building/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/3857").features().first)
        let p = try #require(FeatureRoutesTests.firstPosition(building))
        let place = "geometry=\(p[0]),\(p[1])&geometryType=esriGeometryPoint&sr=102100&tolerance=3&mapExtent=\(p[0] - 100),\(p[1] - 100),\(p[0] + 100),\(p[1] + 100)&imageDisplay=400,400,96"
        let all = try await client.ask("\(Self.base)/identify?\(place)&layers=all&f=json").json()
        let results = try #require(all["results"] as? [[String: Any]])
        let number = try await Self.number(of: "base.building")
        let own = results.first { $0["layerId"] as? Int == number && ($0["attributes"] as? [String: Any])?["OBJECTID"] as? String == (building["id"] as? Int).map(String.init) }
        #expect(own != nil && (own?["geometry"] as? [String: Any])?["rings"] != nil)
        let top = try await client.ask("\(Self.base)/identify?\(place)&layers=top&f=json").json()["results"] as? [[String: Any]] ?? []
        #expect(Set(top.compactMap { $0["layerId"] as? Int }).count == 1)
    }

    @Test func namesAreFound() async throws {
        let client = try await Hamlet.client()
        let towns = try await Self.number(of: "admin.town")
        let text = "道滘".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let results = try await client.ask("\(Self.base)/find?searchText=\(text)&layers=\(towns)&f=json").json()["results"] as? [[String: Any]] ?? []
        #expect(results.count == 1 && results[0]["value"] as? String == "道滘镇" && results[0]["foundFieldName"] as? String == "name")
        let exact = try await client.ask("\(Self.base)/find?searchText=\(text)&contains=false&layers=\(towns)&f=json").json()["results"] as? [[String: Any]] ?? []
        #expect(exact.isEmpty)
        let percent = try await client.ask("\(Self.base)/find?searchText=%25&layers=\(towns)&f=json").json()["results"] as? [[String: Any]] ?? []
        #expect(percent.isEmpty, "a sign of patterns is text here")
    }
}
