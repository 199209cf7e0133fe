import Foundation
import HTTPTypes
import Testing
import TileArchives

@testable import MapService

/// Archives as WMTS, with no data directory anywhere.
@Suite struct ArchiveWMTSTests {
    private static func folder() throws -> ArchiveFolder {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        try folder.write("air.mbtiles", kind: .png, [ArchiveFolder.address: [0x89, 0x50, 0x4E, 0x47]])
        folder.shelf.refresh()
        return folder
    }

    private static func kvp(layer: String, format: String, row: Int = 6, column: Int = 13, more: String = "STYLE=default&TILEMATRIXSET=w&TILEMATRIX=4") -> String {
        "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=\(layer)&\(more)&TILEROW=\(row)&TILECOL=\(column)&FORMAT=\(format)"
    }

    @Test func capabilitiesNameEveryArchiveWithItsFormatAndBlocks() async throws {
        let folder = try Self.folder()
        let byKey = try await folder.client.ask("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities")
        let byPath = try await folder.client.ask("/wmts/1.0.0/WMTSCapabilities.xml")
        #expect(byKey.status == 200 && byKey.type == "application/xml")
        #expect(byKey.body == byPath.body)
        for part in [
            "<ows:Identifier>town</ows:Identifier>", "<ows:Identifier>air</ows:Identifier>", "<Format>image/png</Format>",
            "<Format>application/vnd.mapbox-vector-tile</Format>", "<TileMatrixSet>w</TileMatrixSet>",
            "https://map.example/wmts/1.0.0/town/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.mvt",
            "<ows:LowerCorner>113.0 22.0</ows:LowerCorner>", "<MinTileRow>6</MinTileRow>",
        ] { #expect(byKey.text.contains(part), "\(part)") }
        #expect(!byKey.text.contains("<ows:Identifier>c</ows:Identifier>"), "archives are in Web Mercator alone")
    }

    @Test func tilesAreTheSameInEveryEncoding() async throws {
        let folder = try Self.folder()
        let plain = ArchiveFolder.vectorTile(1).plain
        for target in [
            ArchiveFolder.target, Self.kvp(layer: "town", format: "application/vnd.mapbox-vector-tile"), "/wmts/1.0.0/town/default/w/4/6/13.mvt",
            "/wmts/1.0.0/town/default/WebMercatorQuad/4/6/13.mvt",
        ] {
            let answer = try await folder.client.ask(target)
            #expect(answer.status == 200, "\(target): \(answer.text)")
            #expect(answer.body == plain, "\(target)")
        }
        let picture = try await folder.client.ask("/wmts/1.0.0/air/default/w/4/6/13.png")
        #expect(picture.body == [0x89, 0x50, 0x4E, 0x47])
        #expect(picture.type == "image/png")
    }

    @Test func whatAnArchiveDoesNotHaveIsAnExceptionOfOWS() async throws {
        let folder = try Self.folder()
        for (target, locator) in [
            (Self.kvp(layer: "village", format: "image/png"), "LAYER"), (Self.kvp(layer: "town", format: "image/png"), "FORMAT"),
            (Self.kvp(layer: "air", format: "image/png", row: 9), "TILEROW"), (Self.kvp(layer: "air", format: "image/png", column: 2), "TILECOL"),
            (Self.kvp(layer: "air", format: "image/png", more: "STYLE=night&TILEMATRIXSET=w&TILEMATRIX=4"), "STYLE"),
            (Self.kvp(layer: "air", format: "image/png", more: "STYLE=&TILEMATRIXSET=c&TILEMATRIX=4"), "TILEMATRIXSET"),
            (Self.kvp(layer: "air", format: "image/png", more: "STYLE=&TILEMATRIXSET=w&TILEMATRIX=9"), "TILEMATRIX"),
        ] {
            let answer = try await folder.client.ask(target)
            #expect(answer.status == 400, "\(target)")
            #expect(answer.text.contains("locator=\"\(locator)\""), "\(target): \(answer.text)")
        }
        #expect(try await folder.client.ask("/wmts/1.0.0/nothing").status == 404)
    }
}
