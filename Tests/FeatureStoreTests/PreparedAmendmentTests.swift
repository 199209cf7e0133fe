import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Wording

@testable import FeatureStore

/// A layer with edits gives what a file of its features, written anew, gives: the same bytes.
struct PreparedAmendmentTests {
    let directory: TemporaryDirectory
    let sets: [TileMatrixSet]

    init() throws {
        directory = try TemporaryDirectory()
        sets = try TileMatrixSetRegistry(directory: Repository.directory.appending(path: "Tiles/matrix-sets").path).sets
    }

    private static let schema = FeatureSchema(fields: [Field(name: "name", kind: .text), Field(name: "rank", kind: .integer)])

    private static let layer = CatalogueLayer(
        id: "things", title: LocalisedText(zh: "物", en: "things"), group: "overlay", geometry: "Any", order: 1,
        tiles: TilePlan(levels: LevelRange(0, 20), fields: ["name", "rank"]))

    private func prepare(_ features: [Int64: Feature], as name: String) throws -> PreparedLayer {
        let path = "\(directory.path)/\(name).prepared"
        var preparation = try LayerPreparation(
            layer: Self.layer, schema: Self.schema, source: .cgcs2000, served: ServedCRSs(sets), policy: DatumPolicy(), path: path)
        try preparation.append(features.values.sorted { $0.id < $1.id })
        _ = try preparation.finish()
        return try PreparedLayer(path: path)
    }

    /// Points, lines, areas with holes, collections, things without a place; names that few or many share.
    private func feature(_ id: Int64, _ random: inout SeededGenerator) -> Feature {
        let centre = Coordinate(x: .random(in: 113.70...113.74, using: &random), y: .random(in: 22.95...22.98, using: &random))
        func ring(_ radius: Double, _ count: Int) -> [Coordinate] {
            let ring = (0..<count).map { i in
                let angle = Double(i) / Double(count) * 2 * .pi
                let r = radius * Double.random(in: 0.7...1, using: &random)
                return Coordinate(x: centre.x + r * cos(angle), y: centre.y + r * sin(angle))
            }
            return ring + [ring[0]]
        }
        let area = Geometry.polygon(Polygon(rings: [ring(0.002, 24), ring(0.0005, 5).reversed()]))
        let line = Geometry.lineString(ring(0.004, 40))
        let geometry: Geometry? = switch Int.random(in: 0..<10, using: &random) {
        case 0...3: .point(centre)
        case 4, 5: line
        case 6, 7: area
        case 8: .geometryCollection([.point(centre), line, area])
        default: nil
        }
        return Feature(
            id: id, geometry: geometry,
            values: [.text("名\(Int.random(in: 0..<40, using: &random))"), .integer(.random(in: 0..<9, using: &random))])
    }

    private func edit(_ features: inout [Int64: Feature], _ random: inout SeededGenerator) -> Int64 {
        let id = Int64.random(in: 1...420, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0, features[id] != nil {
            features[id] = nil
        } else {
            features[id] = feature(id, &random)
        }
        return id
    }

    private func rules(_ layer: PreparedLayer, _ variant: Int) -> TileRules {
        var rules = TileRules()
        rules.tags = [TileRules.Tag(field: 0, key: "name"), TileRules.Tag(field: 1, key: "rank")]
        rules.countsByTile = true
        if variant % 2 == 1 { rules.filters = [layer.filter(field: 1) { $0 != .integer(3) }] }
        if variant / 2 == 1 { rules.densityLimit = TileRules.DensityLimit(featuresPerCell: 2, cellInUnits: 512, priorityField: 1) }
        if variant == 3 {
            rules.cutting = .wholeEdges
            rules.measuresDistances = true
        }
        return rules
    }

    private func windows(_ set: TileMatrixSet, _ layer: PreparedLayer) throws -> [TileWindow] {
        var windows: [TileWindow] = []
        for level in [9, 13, 15, 17] {
            guard let matrix = set.matrix(level: level) else { continue }
            let centre = try layer.envelope(crs: ServedCRSs.datumTwin(of: set.crs)).centre
            let column = Int((centre.x - matrix.pointOfOrigin.x) / matrix.tileSpan)
            let row = Int((matrix.pointOfOrigin.y - centre.y) / matrix.tileSpan)
            for (dx, dy) in [(0, 0), (1, 0), (-1, 1)] {
                windows.append(
                    TileWindow(
                        matrix: matrix, origin: TileAddress(level: level, row: row + dy, column: column + dx), columns: 2, extent: 4096,
                        margin: 64))
            }
        }
        return windows
    }

    private func expectEqual(_ amended: PreparedLayer, _ fresh: PreparedLayer, _ comment: Comment) throws {
        #expect(amended.contentHash == fresh.contentHash, comment)
        #expect(amended.featureCount == fresh.count, comment)
        var scratch = TileScratch()
        for set in sets {
            let crs = ServedCRSs.datumTwin(of: set.crs)
            #expect(try amended.envelope(crs: crs) == fresh.envelope(crs: crs), comment)
            for window in try windows(set, fresh) {
                #expect(try amended.count(intersecting: window.envelope, crs: crs) == fresh.count(intersecting: window.envelope, crs: crs))
                for variant in 0..<4 {
                    let (a, b) = (
                        try amended.tileLayer(name: "t", window: window, crs: crs, rules: rules(amended, variant), scratch: &scratch),
                        try fresh.tileLayer(name: "t", window: window, crs: crs, rules: rules(fresh, variant), scratch: &scratch)
                    )
                    #expect(a.layer == b.layer, "\(comment), \(set.id) \(window.origin) rules \(variant)")
                    #expect(a.leftOut == b.leftOut && a.considered == b.considered && a.leftOutByTile == b.leftOutByTile)
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func editsGiveTheBytesOfAFreshFile(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var features: [Int64: Feature] = [:]
        for id in 1...400 { features[Int64(id)] = feature(Int64(id), &random) }
        let base = try prepare(features, as: "base")
        var edited: Set<Int64> = []
        for step in 1...6 {
            for _ in 0..<(step * step) { edited.insert(edit(&features, &random)) }
            let fresh = try prepare(features, as: "fresh-\(step)")
            let delta = try prepare(features.filter { edited.contains($0.key) }, as: "delta-\(step)")
            let amended = try #require(base.amended(by: delta, replacing: edited))
            try expectEqual(amended, fresh, "seed \(seed), step \(step)")
            let path = "\(directory.path)/compacted-\(step).prepared"
            #expect(try amended.writeCompacted(to: path))
            #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: fresh.path)), "seed \(seed), step \(step)")
        }
    }

    @Test func everythingMayBeRemoved() throws {
        var random = SeededGenerator(seed: 9)
        let features = Dictionary(uniqueKeysWithValues: (1...30).map { (Int64($0), feature(Int64($0), &random)) })
        let base = try prepare(features, as: "base")
        let nothing = try prepare([:], as: "nothing")
        let amended = try #require(base.amended(by: nothing, replacing: Set(features.keys)))
        #expect(amended.featureCount == 0 && amended.contentHash == nothing.contentHash)
        #expect(try amended.envelope(crs: "EPSG:3857").isEmpty)
        let path = directory.path + "/compacted.prepared"
        #expect(try amended.writeCompacted(to: path))
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: nothing.path)))
    }

    @Test func anAmendmentOfOtherFieldsDoesNotFit() throws {
        let base = try prepare([:], as: "base")
        let path = directory.path + "/other.prepared"
        var other = Self.layer
        other.tiles.fields = ["name"]
        let preparation = try LayerPreparation(
            layer: other, schema: Self.schema, source: .cgcs2000, served: ServedCRSs(sets), policy: DatumPolicy(), path: path)
        _ = try preparation.finish()
        #expect(base.amended(by: try PreparedLayer(path: path), replacing: [1]) == nil)
    }
}
