import SimpleFeatures
import Testing

@testable import Reprojection

@Suite struct ChinaOffsetTests {
    struct Published: Decodable {
        struct Vector: Decodable { let wgs_lat, wgs_lng, gcj_lat, gcj_lng: Double, place: String }
        struct Transforms: Decodable { let input, bd09togcj02, gcj02tobd09, wgs84togcj02: [Double] }
        let eviltransform: [Vector]
        let wandergis_coordtransform: Transforms
    }
    struct Pairs: Decodable {
        struct Pair: Decodable { let wgs, gcj: [Double] }
        let points: [Pair]
    }

    static func near(_ a: Coordinate?, _ b: Coordinate, within tolerance: Double) -> Bool {
        guard let a else { return false }
        return abs(a.x - b.x) < tolerance && abs(a.y - b.y) < tolerance
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    func reproducesPublishedVectors() throws {
        let published = try Corpora.json("gcj02/published_vectors.json", as: Published.self)
        for vector in published.eviltransform {
            let wgs = Coordinate(x: vector.wgs_lng, y: vector.wgs_lat)
            let gcj = Coordinate(x: vector.gcj_lng, y: vector.gcj_lat)
            #expect(Self.near(ChinaOffset.gcj02(of: wgs), gcj, within: 1e-9), "\(vector.place)")
            #expect(Self.near(ChinaOffset.removingGCJ02(from: gcj), wgs, within: 1e-9), "\(vector.place)")
        }
        let peer = published.wandergis_coordtransform
        let at = { (pair: [Double]) in Coordinate(x: pair[0], y: pair[1]) }
        let input = at(peer.input)
        #expect(Self.near(ChinaOffset.gcj02(of: input), at(peer.wgs84togcj02), within: 1e-9))
        #expect(Self.near(ChinaOffset.bd09(ofGCJ02: input), at(peer.gcj02tobd09), within: 1e-9))
        #expect(Self.near(ChinaOffset.approximateGCJ02(ofBD09: input), at(peer.bd09togcj02), within: 1e-9))
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    func reproducesRandomPairs() throws {
        let pairs = try Corpora.json("gcj02/dongguan_random.json", as: Pairs.self).points
        #expect(pairs.count >= 100)
        for (i, pair) in pairs.enumerated() {
            let (wgs, gcj) = (Coordinate(x: pair.wgs[0], y: pair.wgs[1]), Coordinate(x: pair.gcj[0], y: pair.gcj[1]))
            #expect(Self.near(ChinaOffset.gcj02(of: wgs), gcj, within: 1e-9), "pair \(i)")
            #expect(Self.near(ChinaOffset.removingGCJ02(from: gcj), wgs, within: 1e-9), "pair \(i)")
        }
    }

    @Test(arguments: PlaceVector.all)
    func reproducesTheDomainVectors(place: PlaceVector) {
        #expect(Self.near(ChinaOffset.gcj02(of: place.degrees), place.gcj02, within: 1.1e-9))
        #expect(Self.near(ChinaOffset.bd09(of: place.degrees), place.bd09, within: 1.1e-9))
    }

    @Test func inversesComeHome() {
        var generator = SplitMix(seed: 84)
        for _ in 0..<10_000 {
            let c = Coordinate(x: .random(in: 75...135, using: &generator), y: .random(in: 4...53, using: &generator))
            #expect(Self.near(ChinaOffset.removingGCJ02(from: ChinaOffset.gcj02(of: c)), c, within: 1e-10), "\(c)")
            #expect(Self.near(ChinaOffset.removingBD09(from: ChinaOffset.bd09(of: c)), c, within: 1e-10), "\(c)")
        }
    }

    @Test func outsideChinaNothingMoves() {
        let paris = Coordinate(x: 2.35, y: 48.85)
        #expect(ChinaOffset.gcj02(of: paris) == paris)
        #expect(ChinaOffset.removingGCJ02(from: paris) == paris)
        #expect(ChinaOffset.removingBD09(from: Coordinate(x: .nan, y: 1)) == nil)
    }
}
