import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling
import Typography
import Wording

@testable import TileProduction

/// A font that cannot draw the data is an error that names the font and the character; never a blank.
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

    @Test func aCharacterThatNoFontHasIsNamed() async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("公厕😀"))
        let error = try #require(try await picture(data))
        #expect(error.code == .portrayal)
        #expect(error.message.en.contains("U+1F600") && error.message.en.contains("WenQuanYi Micro Hei"), "\(error.message)")
        #expect(error.message.en.contains("overlay:signs:label"), "\(error.message)")
    }

    /// One sign that cannot be written must not take the level's other pictures with it.
    @Test func picturesElsewhereAreDrawnAllTheSame() async throws {
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("公厕😀"))
        var address = try #require(try data.set("w").matrix(level: 16)?.address(containing: Self.mercator))
        address.column += 5
        let tile = try await data.service(metatile: 1).tile(
            .init(map: "standard", matrixSet: "w", address: address, format: .png(ratio: 1)))
        #expect(!tile.body.isEmpty && !tile.isProvisional)
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

    @Test func aFontWithoutGlyphsIsNamedWithTheCharacter() async throws {
        let path = try ScratchDirectory.make() + "/empty.ttf"
        try Data(EmptyFont.bytes).write(to: URL(filePath: path))
        let list = Self.fonts([
            Self.names[0]: path, Self.names[1]: MapFont.path, Self.names[2]: MapFont.path, Self.names[3]: path,
        ])
        let data = try await TestData.made(layer: "signs", geoJSON: Self.points("滘"), files: ["fonts.json": list])
        let error = try #require(try await picture(data))
        #expect(error.code == .portrayal)
        #expect(error.message.en.contains("Workmap Sans Regular"), "\(error.message)")
        #expect(error.message.en.contains("U+6ED8") || error.message.en.contains(path), "\(error.message)")
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
