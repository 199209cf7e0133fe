import Foundation
import Testing
import Typography

@Suite struct FontCatalogueTests {
    @Test(.noto, .wenQuanYi) func scanFindsEveryFaceOfCollections() throws {
        var catalogue = FontCatalogue()
        let refused = try catalogue.scan(directory: "/usr/share/fonts")
        #expect(refused.isEmpty)
        let simplified = try #require(catalogue.font(named: "Noto Sans CJK SC Regular"))
        #expect(simplified.path == InstalledFonts.notoPath)
        #expect(simplified.faceIndex == 2)
        #expect(catalogue.font(named: "Noto Sans CJK JP Regular")?.faceIndex == 0)
        #expect(catalogue.font(named: "noto-sans  cjk_sc")?.faceIndex == 2)
        #expect(catalogue.font(named: "文泉驿微米黑")?.path == InstalledFonts.wenQuanYiPath)
        #expect(catalogue.font(named: "WenQuanYi Micro Hei Regular")?.faceIndex == 0)
        #expect(catalogue.font(named: "WenQuanYi Micro Hei Mono")?.faceIndex == 1)
    }

    @Test func aFontThatIsMissingIsNamedWithThePlacesLookedIn() throws {
        let catalogue = FontCatalogue(fonts: [FontDescription(name: "A", path: "/a.ttf", faceIndex: 0)], aliases: ["Label": "Song Ti"])
        let error = #expect(throws: TypographyError.self) { try FontStack(names: ["A", "Label"], catalogue: catalogue) }
        #expect(error?.code == .fontNotFound)
        let message = try #require(error?.message)
        #expect(message.contains("'Label' (an alias of 'Song Ti')") && message.contains("1 configured fonts") && message.contains("Install"))
    }

    @Test func aFileThatIsMissingIsNamed() throws {
        let catalogue = FontCatalogue(fonts: [FontDescription(name: "A", path: "/nowhere/a.ttf", faceIndex: 0)])
        let error = #expect(throws: TypographyError.self) { try FontStack(names: ["a"], catalogue: catalogue) }
        #expect(error?.code == .fontUnreadable)
        #expect(error?.message.contains("/nowhere/a.ttf") == true)
    }

    @Test func aFileThatIsNoFontIsNamed() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("typography-\(UUID()).ttf").path
        try Data("not a font".utf8).write(to: URL(fileURLWithPath: path))
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
        let catalogue = FontCatalogue(fonts: [FontDescription(name: "A", path: path, faceIndex: 0)])
        let error = #expect(throws: TypographyError.self) { try FontStack(names: ["A"], catalogue: catalogue) }
        #expect(error?.code == .fontUnreadable)
        #expect(error?.message.contains(path) == true)
    }

    @Test(.noto) func aFaceBeyondTheCollectionIsRefused() throws {
        let catalogue = FontCatalogue(fonts: [FontDescription(name: "A", path: InstalledFonts.notoPath, faceIndex: 99)])
        let error = #expect(throws: TypographyError.self) { try FontStack(names: ["A"], catalogue: catalogue) }
        #expect(error?.code == .fontUnreadable)
    }

    @Test(.noto, .wenQuanYi) func theConfiguredListFindsFacesByNameAndAliases() throws {
        let json = """
            {"fonts": [{"name": "Noto Sans CJK SC", "path": "opentype/noto/NotoSansCJK-Regular.ttc"}],
             "directories": ["truetype/wqy"], "aliases": {"Noto Sans Regular": "Noto Sans CJK SC Regular", "Body": "Noto Sans CJK SC"}}
            """
        let catalogue = try FontCatalogue(json: Data(json.utf8), relativeTo: "/usr/share/fonts")
        #expect(catalogue.font(named: "Noto Sans CJK SC")?.faceIndex == 2)
        #expect(catalogue.font(named: "BODY")?.faceIndex == 2)
        #expect(catalogue.font(named: "文泉驿微米黑 Regular") != nil)
    }

    @Test func aListThatDoesNotParseIsRefused() {
        let error = #expect(throws: TypographyError.self) { try FontCatalogue(json: Data("[]".utf8), relativeTo: "/") }
        #expect(error?.code == .configurationInvalid)
    }
}
