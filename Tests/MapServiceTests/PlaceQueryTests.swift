import Foundation
import HTTPTypes
import Testing

@testable import MapService

/// Point in polygon, radius, within a polygon that is sent.
@Suite struct PlaceQueryTests {
    @Test func aRadiusOfZeroAsksWhatCoversThePoint() async throws {
        let client = try await Hamlet.client()
        let place = "center=\(Hamlet.centre.longitude),\(Hamlet.centre.latitude)&radius=0"
        for layer in ["admin.town", "admin.village", "grid.basic"] {
            let features = try await client.ask("/collections/\(layer)/items?\(place)").features()
            #expect(features.count == 1, "\(layer) covers every point once")
        }
        let town = try await client.ask("/collections/admin.town/items?\(place)").features()
        #expect((town[0]["properties"] as? [String: Any])?["name"] as? String == "道滘镇")
    }

    @Test func aRadiusGivesEverythingNearbyNearestFirst() async throws {
        let client = try await Hamlet.client()
        let centre = Hamlet.centre
        let answer = try await client.ask("/collections/doorplate/items?lon=\(centre.longitude)&lat=\(centre.latitude)&radius=150&limit=1000")
        let distances = try answer.features().map { feature in
            Self.metres(try #require(FeatureRoutesTests.firstPosition(feature)), centre)
        }
        #expect(distances.count > 3)
        #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 <= $1 + 0.05 })
        #expect(distances.allSatisfy { $0 <= 150.05 })
        let all = try await client.ask("/collections/doorplate/items?limit=10000").features()
        let expected = try all.count { Self.metres(try #require(FeatureRoutesTests.firstPosition($0)), centre) <= 149.95 }
        #expect(distances.count { $0 <= 149.95 } == expected)
        #expect(try answer.json()["numberMatched"] as? Int == distances.count)
    }

    @Test func pagesOfARadiusFollowEachOther() async throws {
        let client = try await Hamlet.client()
        let place = "center=\(Hamlet.centre.longitude),\(Hamlet.centre.latitude)&radius=600"
        func ids(_ paging: String) async throws -> [Int] {
            try await client.ask("/collections/base.building/items?\(place)&\(paging)").features().compactMap { $0["id"] as? Int }
        }
        let whole = try await ids("limit=20")
        #expect(whole.count == 20)
        let halves = try await ids("limit=10") + ids("limit=10&offset=10")
        #expect(whole == halves)
    }

    @Test func aPolygonThatIsSentSelectsWhatTouchesIt() async throws {
        let client = try await Hamlet.client()
        let ring = [[113.680, 22.995], [113.684, 22.995], [113.682, 22.999], [113.680, 22.995]]
        let body = #"{"type":"Polygon","coordinates":[\#(ring)]}"#
        let answer = try await client.ask(
            "/collections/doorplate/items?limit=10000", .post, headers: [.contentType: "application/geo+json"], body: body)
        #expect(answer.status == 200)
        let found = Set(try answer.features().compactMap { $0["id"] as? Int })
        let all = try await client.ask("/collections/doorplate/items?limit=10000").features()
        let inside = Set(try all.filter { Self.isInside(try #require(FeatureRoutesTests.firstPosition($0)), ring) }.compactMap { $0["id"] as? Int })
        #expect(!inside.isEmpty)
        #expect(found == inside)
        let paged = try await client.ask("/collections/doorplate/items?limit=2", .post, body: body).json()
        #expect(paged["numberMatched"] as? Int == inside.count && paged["numberReturned"] as? Int == 2)
    }

    /// On the ellipsoid's local radii, good to millimetres over a few hundred metres.
    private static func metres(_ position: [Double], _ centre: (longitude: Double, latitude: Double)) -> Double {
        let phi = centre.latitude * .pi / 180
        let a = 6_378_137.0, e2 = 0.006_694_380_022_90
        let w = (1 - e2 * sin(phi) * sin(phi)).squareRoot()
        let north = a * (1 - e2) / (w * w * w), east = a / w * cos(phi)
        let dx = (position[0] - centre.longitude) * .pi / 180 * east
        let dy = (position[1] - centre.latitude) * .pi / 180 * north
        return (dx * dx + dy * dy).squareRoot()
    }

    /// Even-odd rule.
    private static func isInside(_ p: [Double], _ ring: [[Double]]) -> Bool {
        var inside = false
        for (a, b) in zip(ring, ring.dropFirst()) where (a[1] > p[1]) != (b[1] > p[1]) {
            if p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] { inside.toggle() }
        }
        return inside
    }
}
