import Compression
import Foundation
import Raster
import TestSupport
import Testing

@testable import Documents

/// What a PDF holds, read from its bytes.
@Suite struct PDFWriterTests {
    private static let information = PDFInformation(title: "图幅 Sheet", subject: "A4", author: "测试", date: "2026-11-27T00:00:00Z")

    private static func list(_ draw: (inout Canvas) -> Void) -> DisplayList {
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: 2100, height: 2970)
        draw(&canvas)
        return canvas.endRecording()
    }

    private static func square(_ left: Int32, _ side: Int32) -> PathSlice {
        let (a, b) = (left * 256, (left + side) * 256)
        return PathSlice(Path(coordinates: [a, a, b, a, b, b, a, b], partEnds: [4]))
    }

    private static func document(_ pages: [DisplayList]) throws -> [UInt8] {
        var file: [UInt8] = []
        let writer = PDFWriter(information) { file += $0 }
        for page in pages { try writer.add(page, widthInMillimetres: 210, heightInMillimetres: 297, pixelsPerMillimetre: 10) }
        try writer.finish()
        return file
    }

    /// The file as text, its packed streams unpacked.
    private static func text(_ file: [UInt8]) -> String {
        var text = ""
        var rest = file[...]
        while let start = rest.firstRange(of: Array("stream\n".utf8)), let end = rest[start.upperBound...].firstRange(of: Array("\nendstream".utf8)) {
            text += String(decoding: rest[..<start.lowerBound], as: UTF8.self)
            let packed = Array(rest[start.upperBound..<end.lowerBound])
            if let bytes = try? Decompressor().decompress(packed, format: .zlib, limit: 1 << 26) { text += String(decoding: bytes, as: UTF8.self) }
            rest = rest[end.upperBound...]
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    @Test func pagesHaveTheirSizeAndShapesTheirPlace() throws {
        let page = Self.list { $0.fill(Self.square(100, 1000), paint: .colour(Colour(red: 255, green: 0, blue: 0))) }
        let text = Self.text(try Self.document([page]))
        #expect(text.contains("/MediaBox [ 0 0 595.275591 841.889764 ]"))
        // 10 mm from the left and the top, 100 mm a side: points, y up, to a 256th.
        let numbers = try #require(text.firstMatch(of: /([\d.]+) ([\d.]+) (-?[\d.]+) (-?[\d.]+) re f/))
        let (x, y, width, height) = (Double(numbers.1) ?? 0, Double(numbers.2) ?? 0, Double(numbers.3) ?? 0, Double(numbers.4) ?? 0)
        let point = 72 / 25.4
        #expect(abs(x - 10 * point) < 0.005 && abs(abs(width) - 100 * point) < 0.01 && abs(abs(height) - 100 * point) < 0.01)
        #expect(abs(y + max(0, height) - (297 - 10) * point) < 0.01 || abs(y - 10 * point) < 0.01)
    }

    @Test func linesStayLines() throws {
        let page = Self.list { canvas in
            let line = PathSlice(Path(coordinates: [256, 256, 25_600, 256, 25_600, 51_200], partEnds: [3]))
            canvas.stroke(line, stroke: Stroke(width: 10, cap: .round, join: .round, dashes: [30, 20]), paint: .colour(.black))
        }
        let text = Self.text(try Self.document([page]))
        // A millimetre wide, dashes of three and two.
        #expect(text.contains(/10 w/) || text.contains(/2\.8346\d* w/), "\(text.prefix(1500))")
        #expect(text.contains(/1 J/) && text.contains(/1 j/) && text.contains(/\[ ?\S+ \S+ ?\] \S+ d/))
        #expect(!text.contains("/Subtype /Image"))
    }

    @Test func aPictureIsKeptOnce() throws {
        let icon = Pixmap(width: 8, height: 8, pixels: (0..<64).map { 0x8000_0000 | $0 % 128 })
        let page = Self.list { canvas in for i in 0..<50 { canvas.draw(icon, left: i * 20, top: i * 30) } }
        let text = Self.text(try Self.document([page, page]))
        // The picture and its alpha.
        #expect(text.matches(of: /\/Subtype \/Image/).count == 2)
        #expect(text.matches(of: /\ Do/).count >= 50)
    }

    @Test func imageryIsKeptAsJPEG() throws {
        var image = Pixmap(width: 640, height: 480)
        for i in image.pixels.indices {
            let (column, row) = (UInt32(i % 640), UInt32(i / 640))
            image.pixels[i] = 0xFF00_0000 | (column / 3) << 8 | row / 2
        }
        let page = Self.list { canvas in
            let place = ImagePlacement(x: 100, y: 200, across: (2, 0), down: (0, 2), left: 0, top: 0, right: 640, bottom: 480)
            canvas.draw(image, at: place, sampling: .linear)
        }
        let file = try Self.document([page])
        let text = Self.text(file)
        #expect(text.contains("/DCTDecode") && text.contains("/Width 640") && !text.contains("/SMask"))
        #expect(file.count < image.pixels.count)
    }

    @Test func theSameListsGiveTheSameBytes() throws {
        let page = Self.list { canvas in
            let ground = canvas.beginSurface()
            canvas.fill(Self.square(100, 400), paint: .colour(Colour(red: 10, green: 90, blue: 200, alpha: 128)))
            canvas.endSurface(on: ground, opacity: 0.5)
            canvas.strokeCircle(centreX: 90_000, centreY: 90_000, radius: 50, width: 8, paint: .colour(.black))
        }
        let file = try Self.document([page, page])
        #expect(try Self.document([page, page]) == file)
        let text = Self.text(file)
        #expect(text.contains("/CreationDate (20261127") && text.contains("/Count 2"))
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        struct Full: Error {}
        let writer = PDFWriter(Self.information) { _ in throw Full() }
        let page = Self.list { $0.fill(Self.square(0, 9), paint: .colour(.black)) }
        #expect(throws: DocumentError.self) {
            try writer.add(page, widthInMillimetres: 210, heightInMillimetres: 297, pixelsPerMillimetre: 10)
            try writer.finish()
        }
    }
}
