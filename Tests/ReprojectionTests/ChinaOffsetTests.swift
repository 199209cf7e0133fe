import SimpleFeatures
import TestSupport
import Testing

@testable import Reprojection

@Suite struct ChinaOffsetTests {
    /// A position and where the published formula puts it.
    struct Pair: Sendable, CustomTestStringConvertible {
        let name: String
        let wgs, gcj: Coordinate
        var testDescription: String { name }
    }

    private struct Published: Decodable {
        struct Vector: Decodable { let wgs_lat, wgs_lng, gcj_lat, gcj_lng: Double, place: String }
        struct Transforms: Decodable { let input, bd09togcj02, gcj02tobd09, wgs84togcj02: [Double] }
        let eviltransform: [Vector]
        let wandergis_coordtransform: Transforms
    }
    private struct Pairs: Decodable {
        struct Pair: Decodable { let wgs, gcj: [Double] }
        let points: [Pair]
    }

    static let published = Corpora.cases(of: Published.self, "gcj02/published_vectors.json") { document in
        document.eviltransform.map {
            Pair(
                name: $0.place, wgs: Coordinate(x: $0.wgs_lng, y: $0.wgs_lat), gcj: Coordinate(x: $0.gcj_lng, y: $0.gcj_lat))
        }
    }
    static let random = Corpora.cases(of: Pairs.self, "gcj02/dongguan_random.json") { document in
        document.points.enumerated().map { number, pair in
            Pair(
                name: "random \(number): \(pair.wgs[0]) \(pair.wgs[1])", wgs: Coordinate(x: pair.wgs[0], y: pair.wgs[1]),
                gcj: Coordinate(x: pair.gcj[0], y: pair.gcj[1]))
        }
    }

    static func near(_ a: Coordinate?, _ b: Coordinate, within tolerance: Double) -> Bool {
        guard let a else { return false }
        return abs(a.x - b.x) < tolerance && abs(a.y - b.y) < tolerance
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    func theCorpusIsWhole() { #expect(Self.published.count == 3 && Self.random.count == 100) }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"), arguments: published + random)
    func reproducesTheCorpusPair(_ pair: Pair) {
        #expect(Self.near(ChinaOffset.gcj02(of: pair.wgs), pair.gcj, within: 1e-9))
        #expect(Self.near(ChinaOffset.removingGCJ02(from: pair.gcj), pair.wgs, within: 1e-9))
    }

    @Test(
        .enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"),
        arguments: ["wgs84togcj02", "gcj02tobd09", "bd09togcj02"])
    func agreesWithThePublishedTransform(_ name: String) throws {
        let peer = try Corpora.decode(Published.self, "gcj02/published_vectors.json").wandergis_coordtransform
        let at = { (pair: [Double]) in Coordinate(x: pair[0], y: pair[1]) }
        let (ours, theirs) =
            switch name {
            case "wgs84togcj02": (ChinaOffset.gcj02(of: at(peer.input)), peer.wgs84togcj02)
            case "gcj02tobd09": (ChinaOffset.bd09(ofGCJ02: at(peer.input)), peer.gcj02tobd09)
            default: (ChinaOffset.approximateGCJ02(ofBD09: at(peer.input)), peer.bd09togcj02)
            }
        #expect(Self.near(ours, at(theirs), within: 1e-9))
    }

    @Test(arguments: PlaceVector.all)
    func reproducesTheDomainVectors(place: PlaceVector) {
        #expect(Self.near(ChinaOffset.gcj02(of: place.degrees), place.gcj02, within: 1.1e-9))
        #expect(Self.near(ChinaOffset.bd09(of: place.degrees), place.bd09, within: 1.1e-9))
    }

    @Test func inversesComeHome() {
        var generator = SeededGenerator(seed: 84)
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
