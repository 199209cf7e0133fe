import FeatureStore
import Foundation
import HTTPTypes
import TestSupport
import Testing
import TileProduction

@testable import MapService

@Suite struct FeatureRoutesTests {
    private static let buildings = "/collections/base.building/items"

    @Test func aPageSaysHowManyThereAreAndWhereTheNextOneIs() async throws {
        let client = try await Hamlet.client()
        let answer = try await client.ask("\(Self.buildings)?limit=7")
        #expect(answer.status == 200 && answer.type == "application/geo+json")
        #expect(answer.header("Content-Crs") == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>")
        let page = try answer.json()
        #expect(page["numberReturned"] as? Int == 7)
        let matched = try #require(page["numberMatched"] as? Int)
        #expect(matched == (try await client.service.installation.registry.layer("base.building"))?.featureCount)
        let links = try #require(page["links"] as? [[String: Any]])
        let next = try #require(links.first { $0["rel"] as? String == "next" }?["href"] as? String)
        #expect(next == "https://map.example\(Self.buildings)?limit=7&offset=7")
    }

    @Test func followingNextLinksGivesEveryFeatureOnce() async throws {
        let client = try await Hamlet.client()
        var target: String? = "/collections/base.water/items?limit=100"
        var seen: [Int] = []
        var pages = 0
        while let wanted = target, pages < 20 {
            let page = try await client.ask(wanted).json()
            seen += try #require(page["features"] as? [[String: Any]]).compactMap { $0["id"] as? Int }
            let links = page["links"] as? [[String: Any]] ?? []
            let next = links.first { $0["rel"] as? String == "next" }?["href"] as? String
            target = next.map { String($0.dropFirst("https://map.example".count)) }
            pages += 1
        }
        let count = try #require(try await client.service.installation.registry.layer("base.water")).featureCount
        #expect(pages == (count + 99) / 100)
        #expect(seen.count == count && Set(seen).count == count)
    }

    /// Beyond one run the answer is streamed; nothing may be lost or doubled at the seams.
    @Test func aStreamedPageHoldsEveryFeature() async throws {
        let client = try await Hamlet.client()
        let generated = try await Hamlet.generatedCount(of: "base.building")
        #expect(generated == 1875, "seed 441900; more than one run of features is streamed")
        let report = try await client.ask("/collections/base.building/report").json()
        #expect(report["featuresStored"] as? Int == generated && report["recordsRejected"] as? Int == 0)
        let answer = try await client.ask("\(Self.buildings)?limit=10000")
        let ids = try answer.features().compactMap { $0["id"] as? Int }
        #expect(ids.count == generated)
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        #expect(try answer.json()["numberReturned"] as? Int == generated)
        #expect(try answer.json()["numberMatched"] as? Int == generated)
    }

    /// Deep pages begin at marks that earlier ones have left, in whatever order they are asked for.
    @Test func aDeepPageHoldsWhatTheWholeHasThere() async throws {
        let client = try await Hamlet.client()
        let all = try await client.ask("\(Self.buildings)?limit=10000").features().compactMap { $0["id"] as? Int }
        for offset in [1500, 300, 1024, 1874, 256, 255, 700, 1500, 511, 1700, 1875, 300] {
            let page = try await client.ask("\(Self.buildings)?limit=5&offset=\(offset)").features().compactMap { $0["id"] as? Int }
            #expect(page == Array(all.dropFirst(offset).prefix(5)), "offset \(offset)")
        }
    }

    /// A layer's own CRS knows nothing of the far side of the earth; a box that reaches there is about the rest of it.
    @Test(arguments: [
        ("bbox=-180,-90,180,90", 1875), ("bbox=0,0,180,90", 1875), ("bbox=-180,-90,0,90", 0), ("bbox=170,-80,120,80", 1875), ("bbox=170,-80,100,80", 0),
        ("bbox=-90,-180,90,180&bbox-crs=EPSG:4490", 1875), ("bbox=-20037508,-20037508,20037508,20037508&bbox-crs=EPSG:3857", 1875),
        ("bbox=100,-90,100,90", 0),
    ]) func aBoxMayReachRoundTheEarth(query: String, count: Int) async throws {
        let answer = try await Hamlet.client().ask("\(Self.buildings)?limit=1&\(query)")
        #expect(try answer.status == 200 && answer.json()["numberMatched"] as? Int == count, "\(answer.text.prefix(200))")
    }

    /// Lines that pass a box's corner are not in it, nor is what only the envelope of its turned outline meets.
    @Test(arguments: 0..<12) func aBoxHoldsWhatReallyMeetsIt(seed: UInt64) async throws {
        let client = try await Hamlet.client()
        var random = SeededGenerator(seed: seed)
        let (west, south) = (113.52 + random.unit() * 0.6, 22.71 + random.unit() * 0.35)
        let (width, height) = (0.002 + random.unit() * 0.1, 0.002 + random.unit() * 0.1)
        let all = try await client.ask("/collections/base.road.main/items?limit=10000").features()
        let answer = try await client.ask("/collections/base.road.main/items?limit=10000&bbox=\(west),\(south),\(west + width),\(south + height)")
        let found = Set(try answer.features().compactMap { $0["id"] as? Int })
        /// Lines that meet the box grown by so many degrees.
        func meeting(_ margin: Double) -> Set<Int> {
            let box = (west - margin, south - margin, west + width + margin, south + height + margin)
            return Set(all.filter { Self.paths($0["geometry"]).contains { Self.meets($0, box) } }.compactMap { $0["id"] as? Int })
        }
        // A straight edge of one CRS bends by some centimetres in another.
        #expect(found.isSuperset(of: meeting(-2e-6)) && found.isSubset(of: meeting(2e-6)), "seed \(seed)")
        #expect(try answer.json()["numberMatched"] as? Int == found.count)
    }

    private static func paths(_ geometry: Any?) -> [[[Double]]] {
        let object = geometry as? [String: Any]
        if let path = object?["coordinates"] as? [[Double]] { return [path] }
        return object?["coordinates"] as? [[[Double]]] ?? []
    }

    /// Whether a part of the path lies in the box: each segment cut by its four sides.
    private static func meets(_ path: [[Double]], _ box: (Double, Double, Double, Double)) -> Bool {
        zip(path, path.dropFirst()).contains { a, b in
            var (start, end) = (0.0, 1.0)
            for (from, step, low, high) in [(a[0], b[0] - a[0], box.0, box.2), (a[1], b[1] - a[1], box.1, box.3)] {
                if step == 0 {
                    if from < low || from > high { return false }
                } else {
                    let (one, other) = ((low - from) / step, (high - from) / step)
                    (start, end) = (max(start, min(one, other)), min(end, max(one, other)))
                }
            }
            return start <= end
        }
    }

    @Test func aBoxSelectsTheSameInEveryCRSAndOrder() async throws {
        let client = try await Hamlet.client()
        let epsg = "http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F"
        let boxes = [
            "bbox=113.680,22.995,113.684,22.999",
            "bbox=22.995,113.680,22.999,113.684&bbox-crs=\(epsg)4490",
            "bbox=22.995,113.680,22.999,113.684&bbox-crs=\(epsg)4326",
        ]
        var found: [Set<Int>] = []
        for box in boxes {
            found.append(Set(try await client.ask("\(Self.buildings)?\(box)&limit=10000").features().compactMap { $0["id"] as? Int }))
        }
        #expect(found[0].count > 10)
        #expect(found.allSatisfy { $0 == found[0] })
        let all = try await client.ask("\(Self.buildings)?limit=10000").features().count
        #expect(found[0].count < all)
    }

    @Test func aBoxInGaussKruegerIsNorthFirst() async throws {
        let client = try await Hamlet.client()
        let crs = "http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F4547"
        let answer = try await client.ask("\(Self.buildings)?bbox=2543800,467400,2544400,467900&bbox-crs=\(crs)&crs=\(crs)&limit=500")
        let features = try answer.features()
        #expect(features.count > 5)
        #expect(answer.header("Content-Crs") == "<http://www.opengis.net/def/crs/EPSG/0/4547>")
        let first = try #require(Self.firstPosition(features[0]))
        #expect((2_543_000...2_545_500).contains(first[0]) && (467_000...468_500).contains(first[1]))
    }

    @Test func theSameFeatureIsOnTheSameGroundInEveryCRS() async throws {
        let client = try await Hamlet.client()
        func position(_ crs: String) async throws -> [Double] {
            let answer = try await client.ask("\(Self.buildings)/1?crs=http://www.opengis.net/def/crs/\(crs)")
            return try #require(Self.firstPosition(try answer.json()))
        }
        let lonLat = try await position("OGC/1.3/CRS84")
        let latLon = try await position("EPSG/0/4490")
        #expect(latLon == [lonLat[1], lonLat[0]])
        let plane = try await position("EPSG/0/4547")
        let zoned = try await position("EPSG/0/4526")
        #expect(plane[0] == zoned[0])
        #expect(abs(zoned[1] - plane[1] - 38_000_000) < 0.001, "zone 38 prefixes the easting")
        let mercator = try await position("EPSG/0/3857")
        #expect(abs(mercator[0] - lonLat[0] * 6_378_137 * .pi / 180) < 0.002)
    }

    @Test func propertyFiltersAreTypedAndAllHold() async throws {
        let client = try await Hamlet.client()
        let five = try await client.ask("\(Self.buildings)?floors=5&limit=10000").features()
        #expect(!five.isEmpty)
        #expect(five.allSatisfy { ($0["properties"] as? [String: Any])?["floors"] as? Int == 5 })
        let kind = try #require((five[0]["properties"] as? [String: Any])?["kind"] as? String)
        let both = try await client.ask("\(Self.buildings)?floors=5&kind=\(PercentEncoded.text(kind))&limit=10000").json()
        let matched = try #require(both["numberMatched"] as? Int)
        #expect(matched == five.count { ($0["properties"] as? [String: Any])?["kind"] as? String == kind })
    }

    @Test func oneFeatureByItsId() async throws {
        let client = try await Hamlet.client()
        let answer = try await client.ask("\(Self.buildings)/1")
        #expect(answer.status == 200 && answer.type == "application/geo+json")
        #expect(try answer.json()["id"] as? Int == 1)
        for id in ["987654321", "abc"] {
            let missing = try await client.ask("\(Self.buildings)/\(id)")
            #expect(missing.status == 404)
            try expectProblem(missing)
        }
    }

    @Test func anUnchangedPageIs304() async throws {
        let client = try await Hamlet.client()
        let tag = try #require(try await client.ask("\(Self.buildings)?limit=3").headers[.eTag])
        #expect(tag.hasPrefix("W/"))
        #expect(try await client.ask("\(Self.buildings)?limit=3", headers: [.ifNoneMatch: tag]).status == 304)
        #expect(try await client.ask("\(Self.buildings)?limit=4", headers: [.ifNoneMatch: tag]).status == 200)
    }

    @Test func aPageIsGzippedForWhoeverTakesIt() async throws {
        let client = try await Hamlet.client()
        let packed = try await client.ask("\(Self.buildings)?limit=50", headers: [.acceptEncoding: "gzip"])
        #expect(packed.headers[.contentEncoding] == "gzip")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(try packed.unpacked())) as? [String: Any])
        #expect((object["features"] as? [Any])?.count == 50)
    }

    @Test func headOfAPageHasNoBody() async throws {
        let answer = try await Hamlet.client().ask("\(Self.buildings)?limit=3", .head)
        #expect(answer.status == 200 && answer.body.isEmpty && answer.type == "application/geo+json")
    }

    static func firstPosition(_ feature: [String: Any]) -> [Double]? {
        var value = (feature["geometry"] as? [String: Any])?["coordinates"]
        while let list = value as? [Any], !(list.first is Double) { value = list.first }
        return value as? [Double]
    }
}

enum PercentEncoded {
    static func text(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7F}"))) ?? ""
    }
}
