import FeatureStore
import Foundation
import HTTPTypes
import Reprojection
import SimpleFeatures
import Testing
import TileProduction
import Tiling
import VectorTiles

@testable import MapService

/// Features are made, replaced, changed in part and removed over HTTP, and are seen so by every door at once
/// (OGC API - Features part 4, draft 20-002r1).
@Suite struct FeatureEditTests {
    /// Longitude and latitude of a feature's point.
    private func position(_ town: EditedTown, _ target: String, _ query: String = "") async throws -> [Double] {
        let geometry = try await town.client.ask("/collections/\(target)\(query)").json()["geometry"] as? [String: Any]
        return try #require(geometry?["coordinates"] as? [Double])
    }

    @Test func aNewFeatureIsSeenEverywhereAtOnce() async throws {
        let town = try await EditedTown()
        let tile = "/tiles/standard/16/53463/28464.mvt"
        let before = try await town.client.ask(tile)
        let made = try await town.ask(.post, "charging/items", EditedTown.station("丁站", more: #","spaces":7,"rate":2,"open":false"#))
        #expect(made.status == 201 && made.body.isEmpty, "\(made.text)")
        let location = try #require(made.headers[.location])
        #expect(location == "https://map.example/collections/charging/items/4")
        let item = try await town.client.ask("/collections/charging/items/4")
        #expect(item.status == 200 && item.headers[.eTag] == made.headers[.eTag])
        let properties = try #require(try item.json()["properties"] as? [String: Any])
        #expect(properties["name"] as? String == "丁站" && properties["spaces"] as? Int == 7 && properties["rate"] as? Double == 2)
        #expect(properties["open"] as? Bool == false && properties["keeper"] == nil)
        #expect(try await position(town, "charging/items/4") == [113.685, 22.995])
        let page = try await town.client.ask("/collections/charging/items").json()
        #expect(page["numberMatched"] as? Int == 4)
        #expect(try await town.client.ask("/collections/charging/items?name=\(PercentEncoded.text("丁站"))").features().count == 1)
        let after = try await town.client.ask(tile, headers: [.ifNoneMatch: before.headers[.eTag] ?? ""])
        #expect(after.status == 200)
        let layer = try #require(try VectorTileDecoder.decode(try after.unpacked()).first { $0.name == "charging" })
        #expect(layer.features.count == 4 && layer.values.contains(.text("丁站")))
        #expect(try await town.client.ask("/search?q=\(PercentEncoded.text("丁站"))").features().count == 1)
    }

    /// Layers whose polygons share borders are drawn anew as a whole, and are waited for.
    @Test func sharedBordersAreSeenAtOnce() async throws {
        let town = try await EditedTown()
        let cell = { (x: Double) in "[[[\(x),22.993],[\(x + 0.002),22.993],[\(x + 0.002),22.995],[\(x),22.995],[\(x),22.993]]]" }
        let features = [113.684, 113.686].enumerated().map { place, x in
            #"{"type":"Feature","id":\#(place + 1),"geometry":{"type":"Polygon","coordinates":\#(cell(x))},"properties":{"code":"44190\#(place)","gridName":"网格\#(place)"}}"#
        }
        let path = town.installation.directory.path + "/grid.geojson"
        try #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        _ = try await town.installation.importLayer(LayerImportRequest(layer: "grid.basic", files: [path]))
        try await town.library.prepareAll()
        let tile = "/tiles/standard/16/53463/28464.mvt"
        #expect(try await town.client.ask(tile).status == 200)
        for name in ["甲格", "乙格"] {
            #expect(try await town.ask(.patch, "grid.basic/items/1", #"{"properties":{"gridName":"\#(name)"}}"#).status == 204)
            let layer = try #require(try VectorTileDecoder.decode(try await town.client.ask(tile).unpacked()).first { $0.name == "grid.basic" })
            #expect(layer.values.contains(.text(name)), "\(layer.values)")
        }
    }

    @Test func aFeatureIsReplacedAndWhatNobodyReadsIsKept() async throws {
        let town = try await EditedTown()
        let put = try await town.ask(.put, "charging/items/2", EditedTown.station("乙乙", more: #","spaces":9"#))
        #expect(put.status == 204 && put.body.isEmpty && put.headers[.eTag] != nil, "\(put.text)")
        let properties = try await town.properties("charging/items/2")
        #expect(properties["name"] as? String == "乙乙" && properties["spaces"] as? Int == 9)
        #expect(properties["rate"] is NSNull && properties["open"] is NSNull, "what the body leaves out has no value any more")
        #expect(try await town.stored("charging", 2, "keeper") == .text("张三1"), "a field that the client cannot read is kept")
        let nowhere = #"{"type":"Feature","id":2,"geometry":null,"properties":null}"#
        #expect(try await town.ask(.put, "charging/items/2", nowhere).status == 204)
        let bare = try await town.client.ask("/collections/charging/items/2").json()
        #expect(bare["geometry"] is NSNull)
        #expect(try await town.stored("charging", 2, "keeper") == .text("张三1"))
    }

    @Test func aFeatureIsChangedInPart() async throws {
        let town = try await EditedTown()
        let place = try await position(town, "charging/items/1")
        #expect(try await town.ask(.patch, "charging/items/1", #"{"properties":{"spaces":12,"rate":null}}"#).status == 204)
        let properties = try await town.properties("charging/items/1")
        #expect(properties["spaces"] as? Int == 12 && properties["rate"] is NSNull && properties["name"] as? String == "甲站")
        #expect(try await position(town, "charging/items/1") == place, "the place stays where nothing is said of it")
        let moved = #"{"geometry":{"type":"Point","coordinates":[113.6871,22.9962]}}"#
        #expect(try await town.ask(.patch, "charging/items/1", moved).status == 204)
        #expect(try await position(town, "charging/items/1") == [113.6871, 22.9962])
        #expect(try await town.properties("charging/items/1")["spaces"] as? Int == 12)
        #expect(try await town.ask(.patch, "charging/items/1", #"{"geometry":null}"#).status == 204)
        #expect(try await town.client.ask("/collections/charging/items/1").json()["geometry"] is NSNull)
        #expect(try await town.ask(.patch, "charging/items/1", #"{"properties":null}"#).status == 204)
        #expect(try await town.properties("charging/items/1").values.allSatisfy { $0 is NSNull })
        #expect(try await town.stored("charging", 1, "keeper") == .text("张三0"))
    }

    @Test func aPatchThatSaysNothingChangesNothing() async throws {
        let town = try await EditedTown()
        let version = try #require(try await town.installation.registry.layer("charging")).version
        let tag = try await town.tag("charging/items/1")
        let answer = try await town.ask(.patch, "charging/items/1", #"{"type":"Feature","id":1,"links":[]}"#)
        #expect(answer.status == 204 && answer.headers[.eTag] == tag)
        #expect(try await town.installation.registry.layer("charging")?.version == version)
    }

    @Test func aFeatureIsRemoved() async throws {
        let town = try await EditedTown()
        #expect(try await town.ask(.delete, "charging/items/2").status == 204)
        #expect(try await town.client.ask("/collections/charging/items/2").status == 404)
        #expect(try await town.client.ask("/collections/charging/items").json()["numberMatched"] as? Int == 2)
        let again = try await town.ask(.delete, "charging/items/2")
        #expect(again.status == 404)
        try expectProblem(again)
    }

    /// What is not there any more is not found under an id that somebody else was given.
    @Test func anIdIsNeverGivenTwice() async throws {
        let town = try await EditedTown()
        #expect(try await town.ask(.delete, "charging/items/3").status == 204)
        let made = try await town.ask(.post, "charging/items", EditedTown.station("丁站"))
        #expect(made.headers[.location] == "https://map.example/collections/charging/items/4")
        #expect(try await town.client.ask("/collections/charging/items/3").status == 404)
    }

    /// The service gives ids (/per/create-replace-delete/rid).
    @Test func theIdOfANewFeatureIsNotTheClients() async throws {
        let town = try await EditedTown()
        for id in ["1", "77", #""abc""#] {
            let body = EditedTown.station("丁站").replacing(#"{"type":"Feature","#, with: #"{"type":"Feature","id":\#(id),"#)
            let made = try await town.ask(.post, "charging/items", body)
            #expect(made.status == 201 && made.headers[.location]?.hasSuffix("/\(id)") == false, "\(made.text)")
        }
        #expect(try await town.properties("charging/items/1")["name"] as? String == "甲站")
    }

    @Test func whatAFeatureWasIsKept() async throws {
        let town = try await EditedTown()
        let record = try #require(try await town.installation.registry.layer("charging"))
        #expect(try await town.ask(.patch, "charging/items/1", #"{"properties":{"name":"新站"}}"#).status == 204)
        var query = FeatureQuery(layer: "charging", ids: [1])
        query.state = .version(record.version)
        let former = try #require(try await town.installation.registry.features(query).first)
        #expect(former.values[try #require(record.schema.index(of: "name"))] == .text("甲站"))
        #expect(try await town.installation.registry.identifiersEdited(in: "charging", since: record.version) == [1])
    }

    // MARK: CRSs

    /// The same place sent in every CRS that is offered, in the axis order of its authority, is stored within a millimetre of the
    /// place itself.
    @Test(arguments: OfferedCRS.identifiers) func aPlaceMayBeSentInEveryCRS(identifier: CRSIdentifier) async throws {
        let town = try await EditedTown()
        let crs = try CRS(identifier.description)
        let operation = try CoordinateOperation(from: .cgcs2000, to: crs, policy: town.installation.policy)
        let carried = operation.transform(Coordinate(x: 113.6873, y: 22.9957))
        let place = try #require(carried)
        let isNorthFirst = identifier.isNorthFirst == true
        let sent = isNorthFirst ? "[\(place.y),\(place.x)]" : "[\(place.x),\(place.y)]"
        for header in [identifier.uri, "<\(identifier.uri)>"] {
            let made = try await town.ask(.post, "charging/items", EditedTown.station("丁站", at: sent), [FeatureRoutes.contentCRS: header])
            #expect(made.status == 201, "\(header): \(made.text)")
            let target = try #require(made.headers[.location]).replacing("https://map.example/collections/", with: "")
            let stored = try await position(town, target)
            #expect(abs(stored[0] - 113.6873) < 1e-8 && abs(stored[1] - 22.9957) < 1e-8, "\(identifier.uri): \(stored)")
            let back = try await position(town, target, "?crs=\(identifier.uri)")
            let expected = isNorthFirst ? [place.y, place.x] : [place.x, place.y]
            let tolerance = crs.isGeographic ? 1e-8 : 1e-3
            #expect(abs(back[0] - expected[0]) <= tolerance && abs(back[1] - expected[1]) <= tolerance, "\(identifier.uri): \(back)")
        }
    }

    @Test func aLayerOfAPlaneTakesDegrees() async throws {
        let town = try await EditedTown()
        let item = try await town.client.ask("/collections/plots/items/1").json()
        let geometry = try #require(item["geometry"] as? [String: Any])
        let text = String(decoding: try JSONSerialization.data(withJSONObject: geometry), as: UTF8.self)
        let made = try await town.ask(.post, "plots/items", #"{"type":"Feature","geometry":\#(text),"properties":{"name":"地块"}}"#)
        #expect(made.status == 201, "\(made.text)")
        func ring(_ id: Int) async throws -> [[Double]] {
            let answer = try await town.client.ask("/collections/plots/items/\(id)?crs=http://www.opengis.net/def/crs/EPSG/0/4547").json()
            return try #require((((answer["geometry"] as? [String: Any])?["coordinates"]) as? [[[Double]]])?.first)
        }
        for (a, b) in zip(try await ring(1), try await ring(3)) {
            #expect(abs(a[0] - b[0]) <= 2e-3 && abs(a[1] - b[1]) <= 2e-3, "\(a) \(b)")
        }
    }

    /// A layer of polygons stays one where a collection of one polygon is sent.
    @Test func aCollectionOfOneKeepsTheLayersKind() async throws {
        let town = try await EditedTown()
        let square = EditedTown.square(300).replacing("Polygon", with: "MultiPolygon").replacing("[[[", with: "[[[[").replacing("]]]", with: "]]]]")
        // 4547 is north first.
        let swapped = square.replacing(/\[(\d[\d.]*),(\d[\d.]*)\]/) { "[\($0.2),\($0.1)]" }
        let made = try await town.ask(
            .post, "plots/items", #"{"type":"Feature","geometry":\#(swapped),"properties":{}}"#,
            [FeatureRoutes.contentCRS: "<http://www.opengis.net/def/crs/EPSG/0/4547>"])
        #expect(made.status == 201, "\(made.text)")
        #expect(try await town.installation.registry.layer("plots")?.geometry == .only(.polygon))
    }

    /// A layer of any geometries takes any, whatever it has had so far.
    @Test func theCatalogueSaysWhatALayerHolds() async throws {
        let town = try await EditedTown()
        let area = #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[113.68,22.99],[113.681,22.99],[113.681,22.991],[113.68,22.99]]]},"properties":{"name":"场"}}"#
        #expect(try await town.ask(.post, "facility/items", area).status == 201)
        #expect(try await town.client.ask("/collections/facility/items").json()["numberMatched"] as? Int == 2)
        #expect(try await town.ask(.post, "charging/items", area.replacing("场", with: "站")).status == 422)
    }

    // MARK: Preferences

    @Test func aClientMayPreferTheFeatureBack() async throws {
        let town = try await EditedTown()
        let prefer = try #require(HTTPField.Name("Prefer"))
        let made = try await town.ask(.post, "charging/items", EditedTown.station("丁站"), [prefer: "return=representation"])
        #expect(made.status == 201 && made.type == "application/geo+json" && made.header("Preference-Applied") == "return=representation")
        let item = try await town.client.ask("/collections/charging/items/4")
        #expect(made.body == item.body && made.headers[.eTag] == item.headers[.eTag])
        let patched = try await town.ask(.patch, "charging/items/4", #"{"properties":{"spaces":1}}"#, [prefer: "return=representation"])
        #expect(try patched.status == 200 && (patched.json()["properties"] as? [String: Any])?["spaces"] as? Int == 1)
        let minimal = try await town.ask(.put, "charging/items/4", EditedTown.station("丁站"), [prefer: "return=minimal"])
        #expect(minimal.status == 204 && minimal.body.isEmpty && minimal.headers[.eTag] != nil)
    }

    /// What an import would mend is refused as it stands, and mended and told where the client prefers it.
    @Test func whatCanBeMendedIsMendedOnlyWhereItIsWanted() async throws {
        let town = try await EditedTown()
        let prefer = try #require(HTTPField.Name("Prefer"))
        let bowtie = #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[113.68,22.99],[113.681,22.991],[113.681,22.99],[113.68,22.991],[113.68,22.99]]]},"properties":{"name":"结","area":"12.5","colour":"red"}}"#
        let refused = try await town.ask(.post, "plots/items", bowtie.replacing(#","area":"12.5","colour":"red""#, with: ""), [prefer: "handling=strict"])
        #expect(refused.status == 422 && refused.header("Preference-Applied") == "handling=strict")
        try expectProblem(refused)
        #expect((try refused.json()["errors"] as? [[String: Any]])?.first?["key"] as? String == "self-intersection")
        #expect(try await town.client.ask("/collections/plots/items").json()["numberMatched"] as? Int == 2)
        let mended = try await town.ask(.post, "plots/items", bowtie, [prefer: "handling=lenient"])
        #expect(mended.status == 201 && mended.header("Preference-Applied") == "handling=lenient", "\(mended.text)")
        let report = try mended.json()
        #expect((report["repairs"] as? [[String: Any]])?.first?["key"] as? String == "self-intersection")
        #expect((report["notices"] as? [[String: Any]])?.contains { $0["key"] as? String == "field-unknown" } == true)
        let item = try await town.client.ask("/collections/plots/items/3").json()
        #expect((item["geometry"] as? [String: Any])?["type"] as? String == "MultiPolygon")
        #expect((item["properties"] as? [String: Any])?["area"] as? Double == 12.5)
    }

    // MARK: The query that shares the address

    @Test func aPolygonIsStillAQuery() async throws {
        let town = try await EditedTown()
        let polygon = #"{"type":"Polygon","coordinates":[[[113.68,22.99],[113.69,22.99],[113.69,23.0],[113.68,23.0],[113.68,22.99]]]}"#
        for headers in [HTTPFields(), [.authorization: "Bearer \(EditedTown.token)", .contentType: "application/geo+json"]] {
            let found = try await town.client.ask("/collections/charging/items?limit=2", .post, headers: headers, body: polygon)
            #expect(try found.status == 200 && found.json()["numberMatched"] as? Int == 3)
        }
    }

    @Test func aLayerMayBeChangedByTheCommandMeanwhile() async throws {
        let town = try await EditedTown()
        // The service does not know of it yet.
        _ = try await town.installation.registry.edit("charging", [.remove(3)], version: nil)
        let made = try await town.ask(.post, "charging/items", EditedTown.station("丁站"))
        #expect(made.status == 201, "\(made.text)")
        #expect(try await town.client.ask("/collections/charging/items").json()["numberMatched"] as? Int == 3)
        _ = try await town.installation.registry.edit("charging", [.remove(2)], version: nil)
        #expect(try await town.ask(.put, "charging/items/2", EditedTown.station("乙站")).status == 404)
    }
}
