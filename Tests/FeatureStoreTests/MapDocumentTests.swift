import Foundation
import Testing
import Wording

@testable import FeatureStore

/// A map may take from another whatever it does not say itself.
@Suite struct MapDocumentTests {
    private func catalogue(_ documents: [String: String]...) throws -> Catalogue {
        var catalogue = Catalogue()
        for documents in documents {
            let directory = try TemporaryDirectory()
            let maps = URL(filePath: directory.path + "/maps")
            try FileManager.default.createDirectory(at: maps, withIntermediateDirectories: true)
            for (name, json) in documents { try Data(json.utf8).write(to: maps.appending(path: name)) }
            try withExtendedLifetime(directory) { try catalogue.load(directory: directory.path) }
        }
        return catalogue
    }

    private static let day =
        #"{"id": "day", "title": {"zh": "日", "en": "Day"}, "style": "day", "matrixSets": ["w"], "includesOverlays": true, "attribution": "©", "layers": ["land", "road"]}"#
    private static let night = #"{"id": "night", "title": {"zh": "夜", "en": "Night"}, "style": "night", "basedOn": "day"}"#

    @Test func whatAMapDoesNotSayComesFromTheOneItIsBasedOn() throws {
        let maps = try catalogue(["a-night.json": Self.night, "day.json": Self.day]).maps
        let night = try #require(maps["night"])
        #expect(night.layers == ["land", "road"] && night.matrixSets == ["w"])
        #expect(night.includesOverlays && night.attribution == "©")
        #expect(night.style == "night" && night.title.zh == "夜" && night.basedOn == "day")
    }

    /// Pictures are exact unless the map says otherwise.
    @Test func aLossyPaletteIsAllowedByTheMapAlone() throws {
        let lossy = Self.day.replacing(#""includesOverlays": true"#, with: #""allowsLossyPalette": true"#)
        let exact = Self.night.replacing(#""basedOn""#, with: #""allowsLossyPalette": false, "basedOn""#)
        #expect(try catalogue(["day.json": Self.day]).maps["day"]?.allowsLossyPalette == false)
        #expect(try catalogue(["day.json": lossy, "night.json": Self.night]).maps["night"]?.allowsLossyPalette == true)
        #expect(try catalogue(["day.json": lossy, "night.json": exact]).maps["night"]?.allowsLossyPalette == false)
    }

    @Test func aLaterDirectoryChangesTheMapsBasedOnItsOwn() throws {
        let other = Self.day.replacing(#"["land", "road"]"#, with: #"["land"]"#)
        let maps = try catalogue(["day.json": Self.day, "night.json": Self.night], ["day.json": other]).maps
        #expect(maps["night"]?.layers == ["land"])
    }

    @Test(arguments: [
        (["night.json": night], ["night.json", "based on day", "no such map"]),
        (["night.json": night.replacing(#""day""#, with: #""night""#)], ["night.json", "circle"]),
        (["night.json": night.replacing(#", "basedOn": "day""#, with: "")], ["night.json", "matrixSets"]),
    ])
    func aMapWithoutItsBasisIsRefused(_ documents: [String: String], _ words: [String]) throws {
        let error = #expect(throws: CatalogueError.self) { try catalogue(documents) }
        for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
    }
}
