import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Wording

@testable import FeatureStore

/// Opening a prepared layer costs the same at any size: it touches the header and the schema and nothing else.
struct PreparedLayerOpeningTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func prepare(_ count: Int) throws -> String {
        let path = directory.path + "/points-\(count).prepared"
        let schema = FeatureSchema(fields: [Field(name: "name", kind: .text), Field(name: "rank", kind: .integer)])
        let layer = CatalogueLayer(
            id: "points", title: LocalisedText(zh: "点", en: "points"), group: "overlay", geometry: "Point", order: 1,
            tiles: TilePlan(levels: LevelRange(0, 20), fields: ["name", "rank"]))
        var preparation = try LayerPreparation(
            layer: layer, schema: schema, source: .cgcs2000, served: ServedCRSs([]), policy: DatumPolicy(), path: path)
        var random = SeededGenerator(seed: UInt64(count))
        for n in 1...count {
            let place = Coordinate(x: .random(in: 113.6...114.1, using: &random), y: .random(in: 22.8...23.1, using: &random))
            try preparation.append([Feature(id: Int64(n), geometry: .point(place), values: [.text("点\(n)"), .integer(Int64(n % 9))])])
        }
        _ = try preparation.finish()
        return path
    }

    /// Bytes of the file that are mapped into this process and have been touched; `nil` where it is not mapped.
    private func touchedBytes(of path: String) throws -> Int? {
        // Read through a handle: the file says that it is empty.
        let handle = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
        let maps = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        try handle.close()
        var isOurs = false
        var total: Int?
        for line in maps.split(separator: "\n") {
            // A mapping begins with its addresses, what is said about it with a word and a colon.
            if line.split(separator: " ", maxSplits: 1).first?.contains("-") == true { isOurs = line.hasSuffix(path) }
            if isOurs, line.hasPrefix("Rss:"), let kilobytes = line.split(separator: " ").compactMap({ Int($0) }).first {
                total = (total ?? 0) + kilobytes << 10
            }
        }
        return total
    }

    /// The kernel maps up to 64 KiB around every place that is touched.
    private static let fewPages = 4 * (64 << 10)

    @Test(arguments: [10, 1_000, 200_000])
    func touchesAFewPagesWhateverTheSize(count: Int) throws {
        let path = try prepare(count)
        let layer = try PreparedLayer(path: path)
        let touched = try #require(try touchedBytes(of: path), "the file is not mapped")
        #expect(layer.count == count)
        #expect(touched <= Self.fewPages, "\(touched) bytes of \(layer.file.length)")
        if count == 200_000 { #expect(layer.file.length > 16 * Self.fewPages) }
        // Reading all of it shows that the measure measures.
        try layer.verify()
        let whole = try #require(try touchedBytes(of: path))
        #expect(whole >= layer.file.length)
    }

    @Test func doesNotLookAtWhatTheSectionsHold() throws {
        let path = try prepare(5_000)
        let sound = try PreparedLayer(path: path)
        var bytes = try Data(contentsOf: URL(filePath: path))
        let start = sound.places.ids
        for index in start..<bytes.count { bytes[index] ^= 0xA5 }
        try bytes.write(to: URL(filePath: path))
        let spoilt = try PreparedLayer(path: path)
        #expect(spoilt.count == 5_000 && spoilt.fields == sound.fields && spoilt.contentHash == sound.contentHash)
        #expect(throws: PreparedLayerError.self) { try spoilt.verify() }
    }
}
