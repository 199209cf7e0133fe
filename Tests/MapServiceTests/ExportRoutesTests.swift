import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import SimpleFeatures
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// Features as files, by HTTP.
@Suite struct ExportRoutesTests {
    private static let doors = "/collections/doorplate"

    private static func saved(_ answer: Answer, _ ending: String) throws -> String {
        let path = try ScratchDirectory.make() + "/export.\(ending)"
        try Data(answer.body).write(to: URL(filePath: path))
        return path
    }

    /// What GDAL reads of an answer.
    private static func read(_ answer: Answer, _ format: ExportFormat) throws -> GDAL.Reading {
        let path = try saved(answer, format.fileEnding)
        switch format {
        case .shapefile: return try GDAL.read("/vsizip/" + path)
        case .csv: return try GDAL.read(path, ["-oo", "X_POSSIBLE_NAMES=经度,东坐标", "-oo", "Y_POSSIBLE_NAMES=纬度,北坐标", "-oo", "GEOM_POSSIBLE_NAMES=WKT"])
        default: return try GDAL.read(path)
        }
    }

    @Test(.enabled(if: GDAL.isPresent, "skipped: GDAL (gdal-bin) is not installed"), arguments: ExportFormat.allCases)
    func everyFormatHoldsWhatTheItemsHold(_ format: ExportFormat) async throws {
        let client = try await Hamlet.client()
        let items = try await client.ask("\(Self.doors)/items?limit=10000").features()
        let answer = try await client.ask("\(Self.doors)/export?f=\(format.rawValue)")
        #expect(answer.status == 200 && answer.type.hasPrefix(format.mediaType))
        let found = try Self.read(answer, format)
        try #require(found.features.count == items.count, "\(found.remarks)")
        var wanted: [String: [Double]] = [:]
        for item in items {
            let properties = item["properties"] as? [String: Any]
            let code = try #require(properties?["plateId"] as? String)
            wanted[code] = (item["geometry"] as? [String: Any])?["coordinates"] as? [Double]
        }
        for index in found.features.indices {
            let place = try #require((found.properties(index)["plateId"] as? String).flatMap { wanted[$0] })
            let ordinates = found.ordinates(index)
            #expect(zip(ordinates, place).allSatisfy { abs($0 - $1) < 1e-8 } && ordinates.count == 2)
        }
    }

    @Test func aFileHasTheLayersTitleForAName() async throws {
        let client = try await Hamlet.client()
        let answer = try await client.ask("/collections/base.building/export?f=csv")
        #expect(answer.status == 200)
        let disposition = try #require(answer.header("Content-Disposition"))
        #expect(disposition == "attachment; filename=\"base.building.csv\"; filename*=UTF-8''%E5%BB%BA%E7%AD%91%E7%89%A9_base.building.csv")
        #expect(answer.type == "text/csv; charset=UTF-8; header=present")
        #expect(answer.header("Content-Crs") == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>")
        #expect(answer.header("Cache-Control") == "no-store")
        let head = try await client.ask("/collections/base.building/export?f=gpkg", .head)
        #expect(head.status == 200 && head.body.isEmpty && head.type == "application/geopackage+sqlite3")
    }

    @Test func aPageHasTheAuthoritysOrderAndAFileHasEastFirst() async throws {
        let client = try await Hamlet.client()
        let crs = "crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F4490"
        func first(_ target: String) async throws -> [Double] {
            let answer = try await client.ask(target)
            let line = try #require(answer.text.split(separator: "\n").first)
            let feature = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return (feature?["geometry"] as? [String: Any])?["coordinates"] as? [Double] ?? []
        }
        let page = try await first("\(Self.doors)/items?f=ndjson&limit=1&\(crs)")
        let file = try await first("\(Self.doors)/export?f=ndjson&\(crs)")
        #expect(page.count == 2 && page[0] < 24 && page[1] > 113)
        #expect(file == page.reversed())
        let collection = try await client.ask("\(Self.doors)/export?f=geojson&\(crs)").json()
        let named = (collection["crs"] as? [String: Any])?["properties"] as? [String: Any]
        #expect(named?["name"] as? String == "urn:ogc:def:crs:EPSG::4490")
    }

    @Test(arguments: ["ndjson", "csv"]) func aPageIsCutByLimitAndOffset(_ format: String) async throws {
        let client = try await Hamlet.client()
        func lines(_ query: String) async throws -> [Substring] {
            try await client.ask("\(Self.doors)/items?f=\(format)\(query)").text.split { $0.isNewline }.filter { !$0.hasPrefix("\u{FEFF}") }
        }
        let all = try await lines("&limit=20")
        #expect(all.count == 20)
        #expect(try await lines("&limit=5&offset=7") == Array(all[7..<12]))
        let around = "&lon=\(Hamlet.centre.longitude)&lat=\(Hamlet.centre.latitude)&radius=300"
        let near = try await lines("&limit=10000\(around)")
        let matched = try #require(try await client.ask("\(Self.doors)/items?limit=1\(around)").json()["numberMatched"] as? Int)
        #expect(near.count == matched && matched > 3)
        #expect(try await lines("&limit=2&offset=1\(around)") == Array(near[1..<3]))
    }

    @Test func anExportHonoursEverySelectionOfItems() async throws {
        let client = try await Hamlet.client()
        let (x, y) = (Hamlet.centre.longitude, Hamlet.centre.latitude)
        for query in ["bbox=\(x - 0.002),\(y - 0.002),\(x + 0.002),\(y + 0.002)", "lon=\(x)&lat=\(y)&radius=250", "kind=%E5%8E%82%E6%88%BF", "filter=floors%20%3E%205", "filter=floors%20%3E%203&lon=\(x)&lat=\(y)&radius=400", "sortby=-floors"] {
            let ids = try await client.ask("/collections/base.building/items?limit=10000&\(query)").features().compactMap { $0["id"] as? Int }
            let exported = try await client.ask("/collections/base.building/export?f=geojson&\(query)").features().compactMap { $0["id"] as? Int }
            #expect(!ids.isEmpty && exported.sorted() == ids.sorted(), "\(query)")
            if query.hasPrefix("sortby") { #expect(exported == ids) }
        }
        let polygon = #"{"type":"Polygon","coordinates":[[[\#(x),\#(y)],[\#(x + 0.003),\#(y)],[\#(x + 0.001),\#(y + 0.004)],[\#(x),\#(y)]]]}"#
        let items = try await client.ask("/collections/base.building/items?limit=10000", .post, body: polygon).features().count
        let file = try await client.ask("/collections/base.building/export", .post, body: polygon).features().count
        #expect(file == items && file > 0)
    }

    @Test(arguments: [
        "f=dwg", "f=csv&encoding=GBK", "f=shp&encoding=GB18030", "f=geojson&encoding=GBK", "f=csv&encoding=latin1", "f=csv&excel=1", "limit=5", "offset=1",
        "f=csv&crs=EPSG:2000", "bbox=1,2,3", "nosuchfield=1", "f=csv&f=shp", "f=%FF",
    ])
    func whatCannotBeHonouredIsRefusedByName(_ query: String) async throws {
        let answer = try await Hamlet.client().ask("\(Self.doors)/export?\(query)")
        #expect(answer.status == 400 && answer.type == "application/problem+json", "\(answer.status) \(answer.text.prefix(300))")
        #expect(try answer.json()["parameter"] is String)
    }

    @Test func sensitiveFieldsAndAggregatedLayersStay() async throws {
        let client = try await Hamlet.client()
        for layer in client.service.library.state.layersInOrder {
            guard let record = layer.record, !layer.definition.isImagery else { continue }
            let answer = try await client.ask("/collections/\(layer.definition.id)/export?f=ndjson&bbox=113.68,22.99,113.69,23.0")
            guard layer.definition.isServedByFeature else {
                #expect(answer.status == 403)
                continue
            }
            #expect(answer.status == 200, "\(layer.definition.id): \(answer.text.prefix(200))")
            for field in record.schema.fields where !layer.isOpen(field) { #expect(!answer.text.contains("\"\(field.name)\":")) }
        }
    }

    // MARK: The cap

    @Test func aLayerOfSurveyedDataLeavesByTheSquareKilometre() async throws {
        let client = try await Hamlet.client()
        let all = try await client.ask("/collections/base.road.main/export?f=csv")
        #expect(all.status == 403)
        let detail = try #require(try all.json()["detail"] as? String)
        #expect(detail.contains("25") && detail.contains("bbox") && detail.contains("km²"))
        // Five kilometres a side are 25 km² and a little: too much; four are not.
        func square(_ kilometres: Double) -> String {
            let (x, y) = (Hamlet.centre.longitude, Hamlet.centre.latitude)
            let (dx, dy) = (kilometres / 2 / 102.6, kilometres / 2 / 110.75)
            return "bbox=\(x - dx),\(y - dy),\(x + dx),\(y + dy)"
        }
        for (side, status) in [(4.9, 200), (5.1, 403)] {
            for target in ["export?f=csv", "items?f=csv&limit=1", "export?f=geojson"] {
                #expect(try await client.ask("/collections/base.road.main/\(target)&\(square(side))").status == status, "\(target) \(side)")
            }
        }
        let around = "lon=\(Hamlet.centre.longitude)&lat=\(Hamlet.centre.latitude)"
        #expect(try await client.ask("/collections/base.road.main/export?\(around)&radius=2800").status == 200)
        #expect(try await client.ask("/collections/base.road.main/export?\(around)&radius=2830").status == 403)
        #expect(try await client.ask("/collections/base.road.main/items?limit=1").status == 200, "pages of GeoJSON are as they were")
        #expect(try await client.ask("/collections/admin.village/export?f=csv").status == 200, "only surveyed layers are capped")
    }

    @Test func theOperatorSetsTheCap() async throws {
        let shared = try await Hamlet.service.value
        for (cap, status) in [(0.5, 403), (nil, 200)] as [(Double?, Int)] {
            let client = try RouterClient(Hamlet.context(shared.installation, shared.library) { $0.exportSquareKilometres = cap })
            #expect(try await client.ask("/collections/base.road.main/export?f=ndjson").status == status)
        }
    }

    // MARK: Scratch files

    private static func leftovers(_ service: ServiceContext) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: service.installation.directory.exportDirectory)) ?? []
    }

    @Test func placesAreBoundedAndGivenBack() async throws {
        let directory = try ScratchDirectory.make()
        let room = ExportScratchRoom(directory: directory)
        var places: [ExportScratch] = []
        for _ in 0..<ExportScratchRoom.placeCount { places.append(try room.place()) }
        #expect(throws: ProblemError.self) { try room.place() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == places.count)
        places.removeAll()
        _ = try room.place()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }

    @Test func whatAKilledProcessLeftIsCleared() throws {
        let directory = try ScratchDirectory.make()
        // Beyond every process number that Linux gives.
        let dead = directory + "/4194305.ABC"
        let process = ProcessInfo.processInfo.processIdentifier
        let alive = directory + "/\(process).\(ExportScratchRoom.run).DEF"
        let former = directory + "/\(process).\(UUID().uuidString).DEF"
        for path in [dead, alive, former] { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        _ = ExportScratchRoom(directory: directory)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [URL(filePath: alive).lastPathComponent])
    }

    @Test func aClientThatGoesAwayLeavesNoScratchFile() async throws {
        let shared = try await Hamlet.service.value
        let service = Hamlet.context(shared.installation, shared.library)
        try await LoopbackServer.run(service) { port, _ in
            for format in ["gpkg", "shp", "fgb", "ndjson"] {
                let request = "GET /collections/facility/export?f=\(format) HTTP/1.1\r\nHost: map.example\r\n\r\n"
                // The connection is closed when the first bytes of the body are there.
                let bytes = try await RawConnection.exchange(port: port, sending: request) { $0.count > 600 }
                #expect(bytes.starts(with: Array("HTTP/1.1 200".utf8)))
            }
            // Both places are free again, and the next file is whole.
            let request = "GET /collections/facility/export?f=gpkg HTTP/1.1\r\nHost: map.example\r\nConnection: close\r\n\r\n"
            let parts = ResponseStream.parts(of: try await RawConnection.exchange(port: port, sending: request) { _ in false })
            #expect(parts.first?.status == 200 && parts.first?.body.starts(with: Array("SQLite format 3".utf8)) == true)
        }
        #expect(Self.leftovers(service).isEmpty)
    }
}
