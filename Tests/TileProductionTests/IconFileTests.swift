import Foundation
import Portrayal
import Raster
import Testing

@testable import TileProduction

/// Icons from SVG and PNG files, at every ratio that clients ask for.
@Suite struct IconFileTests {
    private static let disc = ##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="12"><circle cx="10" cy="6" r="5" fill="#d01020"/></svg>"##

    private func sprites(_ files: [(String, [UInt8])]) throws(PortrayalError) -> SpriteBuilder {
        var sprites = SpriteBuilder()
        for (name, data) in files { try IconFile(path: "/styles/plain/icons/" + name).add(data, to: &sprites) }
        return sprites
    }

    private func index(_ sprites: SpriteBuilder, _ ratio: Float) throws -> [String: [String: Any]] {
        let sheet = sprites.sheet(ratio: ratio)
        return try #require(try JSONSerialization.jsonObject(with: Data(sheet.index.utf8)) as? [String: [String: Any]])
    }

    @Test func aDrawingIsDrawnAtEachRatio() throws {
        let sprites = try sprites([("disc.svg", Array(Self.disc.utf8))])
        for ratio in [1, 2, 3] {
            let icon = try #require(sprites.icons(ratio: Float(ratio)).first)
            #expect(icon.name == "disc" && icon.image.width == 20 * ratio && icon.image.height == 12 * ratio && !icon.isDistances)
            #expect(icon.image[10 * ratio, 6 * ratio] == 0xFF20_10D0 && icon.image[0, 0] == 0)
            let entry = try #require(try index(sprites, Float(ratio))["disc"])
            #expect(entry["pixelRatio"] as? Double == Double(ratio) && entry["width"] as? Double == Double(20 * ratio) && entry["sdf"] == nil)
        }
    }

    /// The outline of a half plane and its distances are known.
    @Test(arguments: [1, 2, 3]) func distancesAreThoseOfGlyphs(ratio: Int) throws {
        let half = #"<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><rect x="12" y="-90" width="90" height="300"/></svg>"#
        let sprites = try sprites([("half.sdf.svg", Array(half.utf8))])
        let icon = try #require(sprites.icons(ratio: Float(ratio)).first)
        #expect(icon.name == "half" && icon.isDistances && icon.image.width == 24 * ratio + 6)
        for x in (3 + 12 * ratio - 5)..<(3 + 12 * ratio + 2) {
            let distance = Double(3 + 12 * ratio) - (Double(x) + 0.5)
            let expected = min(max(255 - 255 * (distance / 8 + 0.25), 0), 255)
            let value = Double(icon.image[x, icon.image.height / 2] >> 24)
            #expect(abs(value - expected) <= 3, "\(x): \(value), not \(expected)")
        }
        #expect(try index(sprites, Float(ratio))["half"]?["sdf"] as? Bool == true)
    }

    @Test func ofSeveralPicturesTheOneOfTheRatioIsTaken() throws {
        func png(_ side: Int, _ word: UInt32) -> [UInt8] {
            PNGEncoder.encode(Pixmap(width: side, height: side, pixels: [UInt32](repeating: word, count: side * side)), options: .stored)
        }
        let sprites = try sprites([("dot.png", png(8, 0xFF00_00FF)), ("dot@2x.png", png(16, 0xFF00_FF00)), ("field.sdf.png", png(8, 0x8080_8080))])
        for (ratio, word, side) in [(1, 0xFF00_00FF, 8), (2, 0xFF00_FF00, 16), (3, 0xFF00_FF00, 24)] as [(Float, UInt32, Int)] {
            let icons = sprites.icons(ratio: ratio)
            #expect(icons.map(\.name) == ["dot", "field"])
            #expect(icons[0].image.width == side && icons[0].image.uniformPixel == word, "\(ratio)")
            #expect(icons[1].isDistances)
        }
    }

    @Test(arguments: [
        ("cut.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\""), ("text.svg", "no drawing at all"),
        ("other.svg", "<html></html>"), ("sizeless.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\"/>"),
        ("huge.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90000\" height=\"20\"/>"),
        ("wide.sdf.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000\" height=\"20\"/>"), ("picture.png", "not a PNG"),
    ])
    func badFilesAreNamedWithTheCause(file: String, content: String) throws {
        let error = try #require(#expect(throws: PortrayalError.self) { try sprites([(file, Array(content.utf8))]) })
        #expect(error.code == .invalidSprite)
        #expect(error.message.contains("/styles/plain/icons/" + file), "\(error.message)")
        #expect(error.message.contains("icon \"\(file.split(separator: ".")[0])\""), "\(error.message)")
    }

    /// A drawing that points to a file of the machine gets nothing of it.
    @Test func nothingOutsideTheDrawingIsLoaded() throws {
        let link = #"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="8"><image xlink:href="file:///usr/share/pixmaps/debian-logo.png" width="8" height="8"/></svg>"#
        let icon = try #require(try sprites([("link.svg", Array(link.utf8))]).icons(ratio: 1).first)
        #expect(icon.image.uniformPixel == 0)
    }
}
