import HTTPTypes
import OGCAPI
import Raster
import Testing
import Typography

@testable import MapService

@Suite struct StyleRoutesTests {
    @Test func theStyleLeadsToTilesSpritesAndGlyphsOfThisService() async throws {
        let client = try await Hamlet.client()
        let style = try await client.ask("/styles/standard/style.json").json()
        #expect(style["version"] as? Int == 8)
        #expect(style["sprite"] as? String == "https://map.example/sprites/standard")
        #expect(style["glyphs"] as? String == "https://map.example/fonts/{fontstack}/{range}.pbf")
        let sources = try #require(style["sources"] as? [String: [String: Any]])
        let urls = sources.values.compactMap { $0["url"] as? String }
        #expect(urls == ["https://map.example/tiles/standard.json"])
    }

    @Test func everyIconOfTheStyleLiesInsideTheSheetAtBothRatios() async throws {
        let client = try await Hamlet.client()
        for (suffix, ratio) in [("", 1), ("@2x", 2)] {
            let index = try await client.ask("/sprites/standard\(suffix).json").json()
            let picture = try PNGDecoder.decode(try await client.ask("/sprites/standard\(suffix).png").body)
            #expect(index.count > 50)
            for (name, icon) in index {
                let icon = try #require(icon as? [String: Any])
                let place = try ["x", "y", "width", "height"].map { try #require(icon[$0] as? Int, "\(name) \($0)") }
                #expect(icon["pixelRatio"] as? Int == ratio)
                #expect(place[0] + place[2] <= picture.width && place[1] + place[3] <= picture.height)
            }
        }
    }

    /// 道 and 滘 lie in U+9053 and U+6ED8; every font stack of the style can be asked for them.
    @Test func everyFontStackOfTheStyleHasItsGlyphRanges() async throws {
        let client = try await Hamlet.client()
        let style = try await client.ask("/styles/standard/style.json").json()
        let layers = try #require(style["layers"] as? [[String: Any]])
        let stacks = Set(layers.compactMap { (($0["layout"] as? [String: Any])?["text-font"] as? [String])?.joined(separator: ",") })
        #expect(!stacks.isEmpty)
        for stack in stacks {
            let path = PercentEncoding.encode(stack)
            for (range, scalar) in [("28160-28415", 0x6ED8), ("36864-37119", 0x9053)] {
                let answer = try await client.ask("/fonts/\(path)/\(range).pbf")
                #expect(answer.status == 200 && answer.type == "application/x-protobuf")
                let glyphs = try GlyphRange.decode(try answer.unpacked())
                #expect(glyphs.glyphs.contains { $0.scalar == UInt32(scalar) }, "\(stack) lacks U+\(String(scalar, radix: 16))")
            }
        }
    }

    /// 𠀋 (U+2000B) and the last block there is: characters beyond the first 65,536 are asked for like all others.
    @Test func rangesBeyondTheBasicPlaneAreServed() async throws {
        let client = try await Hamlet.client()
        let answer = try await client.ask("/fonts/Workmap%20Sans%20Bold/131072-131327.pbf")
        #expect(answer.status == 200 && answer.type == "application/x-protobuf")
        let range = try GlyphRange.decode(try answer.unpacked())
        let glyph = try #require(range.glyphs.first { $0.scalar == 0x2000B })
        #expect(glyph.bitmap.contains { $0 >= 192 })
        #expect(try await client.ask("/fonts/Workmap%20Sans%20Bold/1113856-1114111.pbf").status == 200)
        #expect(try await client.ask("/fonts/Workmap%20Sans%20Bold/1114112-1114367.pbf").status == 404)
    }

    @Test func spritesComeAtThreeRatios() async throws {
        let client = try await Hamlet.client()
        for (ending, ratio) in [("", 1), ("@2x", 2), ("@3x", 3)] {
            let index = try await client.ask("/sprites/standard\(ending).json").json()
            let plate = try #require(index["plate"] as? [String: Any])
            #expect(plate["pixelRatio"] as? Int == ratio)
            #expect(try await client.ask("/sprites/standard\(ending).png").type == "image/png")
        }
    }

    @Test(arguments: [
        "/fonts/No%20Such%20Font/0-255.pbf", "/fonts/workmap%20sans%20regular/0-100.pbf", "/fonts/workmap%20sans%20regular/1-256.pbf",
        "/fonts/workmap%20sans%20regular/x.pbf", "/sprites/none.png", "/sprites/standard.gif", "/styles/none/style.json",
    ]) func unknownStylesSpritesAndRangesAre404(target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 404)
        try expectProblem(answer)
    }

    @Test func documentsAre304AndGzipped() async throws {
        let client = try await Hamlet.client()
        let first = try await client.ask("/styles/standard/style.json", headers: [.acceptEncoding: "gzip, br"])
        #expect(first.headers[.contentEncoding] == "gzip")
        let plain = try await client.ask("/styles/standard/style.json")
        #expect(try first.unpacked() == plain.body)
        let tag = try #require(first.headers[.eTag])
        #expect(try await client.ask("/styles/standard/style.json", headers: [.ifNoneMatch: tag]).status == 304)
    }
}
