import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling
import Typography
import Wording

@testable import TileProduction

/// A font that is missing is an error that names it; a character that is missing leaves its label out, and that is told.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: MapFont.path), "skipped: fonts-wqy-microhei not installed"))
struct MissingFontTests {
    static let names = ["Workmap Sans Regular", "Workmap Sans Bold", "Workmap Serif Regular", "Workmap Fallback"]

    private static func points(_ name: String) -> String {
        #"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "\#(name)"}, "geometry": {"type": "Point", "coordinates": [113.75, 22.95]}}]}"#
    }

    private static func fonts(_ paths: [String: String]) -> String {
        let entries = paths.sorted { $0.key < $1.key }.map {
            #"{"name": "\#($0.key)", "path": "\#($0.value)", "faceIndex": 0}"#
        }
        return #"{"fonts": [\#(entries.joined(separator: ","))]}"#
    }

    private func picture(_ data: TestData) async throws -> ProductionError? {
        let address = try #require(try data.set("w").matrix(level: 16)?.address(containing: Self.mercator))
        return await #expect(throws: ProductionError.self) {
            try await data.service(metatile: 1).tile(
                .init(map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1)))
        }
    }

    /// Longitude 113.75, latitude 22.95 in EPSG:3857.
    private static let mercator = Coordinate(x: 12_662_592.1, y: 2_625_973.1)

    private func tile(_ data: TestData, metatile: Int = 1, isExplained: Bool = false) async throws -> EncodedTile {
        let address = try #require(try data.set("w").matrix(level: 16)?.address(containing: Self.mercator))
        let request = TileService.Request(map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1))
        guard isExplained else { return try await data.service(metatile: metatile).tile(request) }
        let (tile, record) = try await data.service(metatile: metatile).explain(request)
        let text = TileExplanation(request: request, tile: tile, record: record).text
        #expect(text.contains("no-glyph  1"), "\(text)")
        return tile
    }

    @Test(arguments: ["公厕😀", "\u{E000}", "\u{30000}公厕"])
    func aLabelOfACharacterThatNoFontHasIsLeftOutAndCounted(_ name: String) async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points(name))
        let made = try await tile(data)
        #expect(!made.body.isEmpty && made.leftOut["no-glyph"] == 1, "\(made.leftOutText)")
        #expect(try await tile(data, metatile: 4).leftOut["no-glyph"] == 1)
        let explained = try await tile(data, isExplained: true)
        #expect(explained.body == made.body && explained.leftOut == made.leftOut)
    }

    @Test(arguments: ["公厕\u{FE0F}", "公\u{200D}厕", "公\u{200B}厕"])
    func charactersThatDrawNothingAreNotMissed(_ name: String) async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points(name))
        let (made, plain) = (try await tile(data), try await tile(try await TestData.made(layer: "signs", geoJSON: Self.points("公厕"))))
        #expect(made.leftOut["no-glyph"] == nil && made.body == plain.body)
    }

    /// The gutter's way and the plan's leave out the same.
    @Test func withoutAPlanTheCountIsTheSame() async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("公厕😀"))
        let set = try data.set("w")
        let address = try #require(set.matrix(level: 16)?.address(containing: Self.mercator))
        let producer = TileProducer(map: try data.map, set: set, bench: WorkerBench())
        var recorder = ProductionRecorder()
        let planned = try producer.rasterTiles(
            around: address, format: .png(ratio: 1), metatile: 2, labels: try producer.labels(level: 16, ratio: 1),
            recorder: &recorder)
        let alone = try producer.rasterTiles(around: address, format: .png(ratio: 1), metatile: 2, recorder: &recorder)
        #expect(planned.mapValues(\.leftOut) == alone.mapValues(\.leftOut))
        #expect(planned.mapValues(\.body) == alone.mapValues(\.body))
        #expect(planned[address]?.leftOut["no-glyph"] == 1 && planned.values.reduce(0) { $0 + ($1.leftOut["no-glyph"] ?? 0) } == 1)
    }

    /// One sign that cannot be written takes no other picture with it.
    @Test func picturesElsewhereAreDrawnAllTheSame() async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("公厕😀"))
        var address = try #require(try data.set("w").matrix(level: 16)?.address(containing: Self.mercator))
        address.column += 5
        let tile = try await data.service(metatile: 1).tile(
            .init(map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1)))
        #expect(!tile.body.isEmpty && !tile.isProvisional && tile.leftOut["no-glyph"] == nil)
    }

    @Test func aTextWithinTheFontIsDrawn() async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("道滘公厕"))
        let address = try #require(try data.set("w").matrix(level: 16)?.address(containing: Self.mercator))
        let tile = try await data.service(metatile: 1).tile(
            .init(map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1)))
        #expect(!tile.body.isEmpty)
    }

    @Test func aFontFileThatIsMissingStopsTheStart() throws {
        let directory = try ScratchDirectory.make()
        let list = #"{"fonts": [{"name": "Workmap Sans Regular", "path": "/nowhere/sans.ttf"}]}"#
        try Data(list.utf8).write(to: URL(filePath: directory + "/fonts.json"))
        let error = #expect(throws: TypographyError.self) {
            try Installation(data: directory, share: DemoHamlet.repository)
        }
        #expect(error?.code == .fontUnreadable)
        #expect(error?.message.contains("/nowhere/sans.ttf") == true, "\(error?.message ?? "")")
    }

    @Test func aFontThatTheStyleNamesAndTheListLacksIsToldBeforeTheFirstTile() async throws {
        let listed = Dictionary(uniqueKeysWithValues: Self.names.filter { !$0.contains("Serif") }.map { ($0, MapFont.path) })
        let data = try await TestData.made(
            layer: "signs", geoJSON: Self.points("公厕"), files: ["fonts.json": Self.fonts(listed)])
        let reason = try #require(data.library.state.styleFailures["standard"])
        #expect(reason.contains("Workmap Serif Regular"), "\(reason)")
        #expect(try data.map.style == nil)
        #expect(try await picture(data)?.code == .portrayal)
    }

    @Test func aFontWithoutGlyphsWritesNoLabel() async throws {
        let path = try ScratchDirectory.make() + "/empty.ttf"
        try Data(EmptyFont.bytes).write(to: URL(filePath: path))
        let list = Self.fonts([
            Self.names[0]: path, Self.names[1]: MapFont.path, Self.names[2]: MapFont.path, Self.names[3]: path,
        ])
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("滘"), files: ["fonts.json": list])
        #expect(try await tile(data).leftOut["no-glyph"] == 1)
    }
}

/// A TrueType file with one empty glyph and a character map that maps nothing.
enum EmptyFont {
    static let bytes: [UInt8] = {
        let head: [UInt16] = [
            1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000, 0, 8, 2, 0, 0,
        ]
        let tables: [(String, [UInt8])] = [
            ("cmap", words([0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0])),
            ("glyf", [0, 0, 0, 0]),
            ("head", words(head)),
            ("hhea", words([1, 0, 800, 0xFF38, 0, 500, 0, 0, 500, 1, 0, 0, 0, 0, 0, 0, 0, 1])),
            ("hmtx", words([500, 0])),
            ("loca", words([0, 0])),
            ("maxp", words([1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
        ]
        var offset = 12 + 16 * tables.count
        var directory = words([1, 0, UInt16(tables.count), 64, 2, 48])
        var body: [UInt8] = []
        for (name, content) in tables {
            let padded = content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
            directory += Array(name.utf8) + long(0) + long(offset) + long(content.count)
            body += padded
            offset += padded.count
        }
        return directory + body
    }()

    private static func words(_ values: [UInt16]) -> [UInt8] { values.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }

    private static func long(_ value: Int) -> [UInt8] {
        [UInt8(value >> 24 & 255), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }
}

/// One of the Debian fonts that `Styles/fonts.json` names.
enum MapFont {
    static let path = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
}
