import Foundation
import Testing

@testable import Raster

/// Every folder of `Goldens` is a case: what `scene.json` draws must equal `expected.png` in every pixel.
///
/// `WORKMAP_BLESS=1` rewrites the expected pictures and fails the run, so that nobody blesses by accident. A failure
/// leaves what was drawn, and the difference (white where equal), under `.build/goldens/<case>`.
@Suite struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    static let output = folder.appending(path: "../../../.build/goldens").standardizedFileURL

    static let cases: [String] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        } catch {
            return ["no Goldens folder: \(error)"]
        }
    }()

    static func scene(_ name: String) throws -> GoldenScene {
        let data = try Data(contentsOf: folder.appending(path: "\(name)/scene.json"))
        return try JSONDecoder().decode(GoldenScene.self, from: data)
    }

    @Test(arguments: cases)
    func sceneIsAsExpected(name: String) throws {
        let scene = try Self.scene(name)
        var canvas = Canvas(width: scene.width, height: scene.height)
        scene.draw(on: &canvas)
        let actual = canvas.pixmap()
        let file = Self.folder.appending(path: "\(name)/expected.png")
        if ProcessInfo.processInfo.environment["WORKMAP_BLESS"] == "1" {
            try Self.write(actual, to: file)
            Issue.record("blessed \(name); run again without WORKMAP_BLESS")
            return
        }
        let expected = try PNGDecoder.decode([UInt8](Data(contentsOf: file)))
        guard expected != actual else { return }
        let place = Self.output.appending(path: name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Self.write(actual, to: place.appending(path: "actual.png"))
        if let difference = Self.difference(expected, actual) {
            try Self.write(difference, to: place.appending(path: "difference.png"))
        }
        Issue.record("\(name) is drawn differently; see \(place.path)")
    }

    private static func write(_ pixmap: Pixmap, to file: URL) throws {
        let options = PNGOptions(level: 9, palette: .exactElseTruecolour)
        try Data(PNGEncoder.encode(pixmap, options: options)).write(to: file)
    }

    private static func difference(_ a: Pixmap, _ b: Pixmap) -> Pixmap? {
        guard a.width == b.width, a.height == b.height else { return nil }
        let words = zip(a.pixels, b.pixels).map { $0 == $1 ? UInt32.max : ($0 ^ $1) | 0xFF00_0000 }
        return Pixmap(width: a.width, height: a.height, pixels: words)
    }
}
