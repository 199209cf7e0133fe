import Foundation
import Raster
import Reprojection
import SimpleFeatures
import Synchronization
import TestSupport
import Testing

@testable import TileProduction

/// Sheets of a layer with one square of two hundred metres, measured on paper.
@Suite struct PrintServiceTests {
    private static let corner = Coordinate(x: 467_000, y: 2_545_000)
    private static let side = 200.0
    private static let square = SheetOrder.FeatureName(layer: "grid.basic", id: "测试格")

    private static let data = Task { () throws -> TestData in
        let operation = try CoordinateOperation(from: .gk114, to: .cgcs2000, policy: DatumPolicy())
        func ring(_ column: Double) throws -> String {
            let (x, y) = (corner.x + column * side, corner.y)
            let ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
            return try ring.map { position in
                let carried = operation.transform(Coordinate(x: position.0, y: position.1))
                let c = try #require(carried)
                return "[\(c.x), \(c.y)]"
            }.joined(separator: ", ")
        }
        let features = try [(0.0, "测试格"), (1, "邻格")].map { column, name in
            #"{"type": "Feature", "properties": {"gridName": "\#(name)", "code": "\#(name)"}, "geometry": {"type": "Polygon", "coordinates": [[\#(try ring(column))]]}}"#
        }
        return try await TestData.made(
            layer: "grid.basic", geoJSON: #"{"type": "FeatureCollection", "features": [\#(features.joined(separator: ","))]}"#)
    }

    private static func service() async throws -> PrintService {
        let data = try await data.value
        return PrintService(library: data.library, installation: data.installation, queueLimit: 4)
    }

    private static func order(
        _ paper: Paper = .a4, landscape: Bool = false, scale: Int? = 2000, title: String? = nil, approval: String? = nil, isForPublic: Bool = false
    ) -> SheetOrder {
        SheetOrder(
            map: "standard", paper: paper, isLandscape: landscape, denominator: scale, place: .feature(square), title: title,
            approvalNumber: approval, isForPublic: isForPublic)
    }

    /// The columns and rows between the middles of the lines that mark the feature.
    private static func marked(_ picture: Pixmap) throws -> (width: Double, height: Double) {
        func isMark(_ word: UInt32) -> Bool {
            let (red, green, blue) = (Int(word & 255), Int(word >> 8 & 255), Int(word >> 16 & 255))
            return abs(red - 200) < 24 && abs(green - 30) < 40 && abs(blue - 110) < 30
        }
        var columns = [Int](repeating: 0, count: picture.width)
        var rows = [Int](repeating: 0, count: picture.height)
        for y in 0..<picture.height { for x in 0..<picture.width where isMark(picture[x, y]) { columns[x] += 1; rows[y] += 1 } }
        func span(_ counts: [Int]) throws -> Double {
            let limit = try #require(counts.max()) / 2
            try #require(limit > 50, "the outline is marked")
            let lines = counts.indices.filter { counts[$0] > limit }
            let (first, last) = (try #require(lines.first), try #require(lines.last))
            // Each line is some pixels wide.
            let firstEnd = first + (lines.enumerated().first { $0.element != first + $0.offset }?.offset ?? 1) - 1
            let lastStart = last - (lines.reversed().enumerated().first { $0.element != last - $0.offset }?.offset ?? 1) + 1
            return Double(last + lastStart - first - firstEnd) / 2
        }
        return (try span(columns), try span(rows))
    }

    @Test(arguments: [(Paper.a1, 500, 96), (.a3, 1000, 96), (.a4, 1234, 150)])
    func aPNGIsTrueToScale(paper: Paper, denominator: Int, dpi: Int) async throws {
        var order = Self.order(paper, scale: denominator)
        order.isLandscape = denominator == 500
        let file = try await Self.service().sheet(order, as: .png(dotsPerInch: dpi))
        let picture = try PNGDecoder.decode(file.body)
        let (long, short) = (Int((paper.longSide / 25.4 * Double(dpi)).rounded()), Int((paper.shortSide / 25.4 * Double(dpi)).rounded()))
        #expect(picture.width == (order.isLandscape ? long : short) && picture.height == (order.isLandscape ? short : long))
        let (width, height) = try Self.marked(picture)
        let expected = Self.side / Double(denominator) / 0.0254 * Double(dpi)
        #expect(abs(width - expected) <= 1 && abs(height - expected) <= 1, "\(width) x \(height), not \(expected)")
    }

    /// Poppler, which shares no code with this program, draws the PDF.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftoppm"), "skipped: poppler-utils not installed"),
        arguments: [(Paper.a4, 1500), (.a3, 1000)])
    func aPDFIsTrueToScale(paper: Paper, denominator: Int) async throws {
        let file = try await Self.service().sheet(Self.order(paper, scale: denominator), as: .pdf)
        let directory = try ScratchDirectory.make()
        try Data(file.body).write(to: URL(filePath: directory + "/sheet.pdf"))
        try Self.run("/usr/bin/pdftoppm", ["-r", "200", "-png", directory + "/sheet.pdf", directory + "/page"])
        let page = try #require(FileManager.default.contents(atPath: directory + "/page-1.png"))
        let (width, height) = try Self.marked(try PNGDecoder.decode([UInt8](page)))
        let expected = Self.side / Double(denominator) / 0.0254 * 200
        #expect(abs(width - expected) <= 1 && abs(height - expected) <= 1, "\(width) x \(height), not \(expected)")
        // Texts are outlines, the map is no picture, and this one has no icons: there is neither a font nor an image.
        #expect(try Self.run("/usr/bin/pdffonts", [directory + "/sheet.pdf"]).split(separator: "\n").count <= 2)
        let images = try Self.run("/usr/bin/pdfimages", ["-list", directory + "/sheet.pdf"]).split(separator: "\n").dropFirst(2)
        #expect(images.isEmpty, "\(images)")
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments)")
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: Paper.allCases, [false, true]) func everyPaperIsPrinted(paper: Paper, isLandscape: Bool) async throws {
        let service = try await Self.service()
        let file = try await service.sheet(Self.order(paper, landscape: isLandscape), as: .pdf)
        #expect(file.mediaType == "application/pdf" && file.body.starts(with: Array("%PDF-1.5".utf8)))
        let (width, height) = isLandscape ? (paper.longSide, paper.shortSide) : (paper.shortSide, paper.longSide)
        let box = String(decoding: file.body, as: UTF8.self).firstMatch(of: /\/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]/)
        let sides = try #require(box)
        #expect(abs((Double(sides.1) ?? 0) / 72 * 25.4 - width) < 0.001 && abs((Double(sides.2) ?? 0) / 72 * 25.4 - height) < 0.001)
        // The same order gives the same bytes, from another service, too.
        #expect(try await Self.service().sheet(Self.order(paper, landscape: isLandscape), as: .pdf).body == file.body)
    }

    /// Red is the mark's own colour on the sheet's upper right.
    private static func hasMark(_ file: PrintedFile) throws -> Bool {
        let picture = try PNGDecoder.decode(file.body)
        let corner = picture.cropped(x: picture.width * 7 / 10, y: 0, width: picture.width * 3 / 10, height: picture.height / 12)
        return corner.pixels.filter { $0 == SheetPen.warning.premultiplied }.count > 100
    }

    @Test func sheetsAreMarkedForInternalUse() async throws {
        let service = try await Self.service()
        let format = PrintFormat.png(dotsPerInch: 96)
        #expect(try Self.hasMark(try await service.sheet(Self.order(), as: format)))
        #expect(try Self.hasMark(try await service.sheet(Self.order(approval: "粤S(2026)001号"), as: format)))
        // Nobody takes the mark away without an approval.
        #expect(try Self.hasMark(try await service.sheet(Self.order(isForPublic: true), as: format)))
        #expect(try Self.hasMark(try await service.sheet(Self.order(approval: "粤S(2026)001号", isForPublic: true), as: format)) == false)
    }

    @Test func withoutAScaleTheFeatureFillsThePaper() async throws {
        let service = try await Self.service()
        let chosen = try await service.sheet(Self.order(scale: nil), as: .pdf)
        // 200 m do not fit A4 at 1:1000, where its map is 184 mm wide.
        #expect(chosen.body == (try await service.sheet(Self.order(scale: 2000), as: .pdf)).body)
        #expect(chosen.body != (try await service.sheet(Self.order(scale: 5000), as: .pdf)).body)
    }

    @Test func whatCannotBePrintedIsSaid() async throws {
        let service = try await Self.service()
        func code(_ order: SheetOrder, _ format: PrintFormat = .pdf) async throws -> PrintError.Code? {
            do {
                _ = try await service.sheet(order, as: format)
                return nil
            } catch let error as PrintError {
                return error.code
            }
        }
        #expect(try await code(Self.order(scale: 500)) == .place)
        #expect(try await code(Self.order(), .png(dotsPerInch: 301)) == .resolution)
        for name in ["nope:1", "grid.basic:nope", "grid.basic:999999", "population:1"] {
            var order = Self.order()
            order.place = .feature(try #require(SheetOrder.FeatureName(name)))
            #expect(try await code(order) == .unknownFeature, "\(name)")
        }
        for centre in [Coordinate(x: 0, y: 0), Coordinate(x: -113, y: 23), Coordinate(x: 113, y: -60), Coordinate(x: 90, y: 90)] {
            var order = Self.order()
            order.place = .centre(centre)
            #expect(try await code(order) == .place, "\(centre)")
        }
        var unknown = Self.order()
        unknown.map = "nope"
        await #expect(throws: ProductionError.self) { try await service.sheet(unknown, as: .pdf) }
        #expect(SheetOrder.FeatureName("grid.basic") == nil && SheetOrder.FeatureName(":") == nil)
    }

    @Test func anAtlasHasAnIndexAndAPageAFeature() async throws {
        let service = try await Self.service()
        let bytes = Mutex<[UInt8]>([])
        let pages = try await service.atlas(Self.order(landscape: true, scale: 1000), of: "grid.basic", within: nil) { more in
            bytes.withLock { $0 += more }
        }
        #expect(pages == 3)
        let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
        #expect(text.matches(of: /\/Type \/Page\b/).count == 3 && text.contains("/Count 3"))
        let own = try await service.atlas(Self.order(landscape: true), of: "grid.basic", within: Self.square) { _ in }
        #expect(own == 2)
        await #expect(throws: PrintError.self) { try await service.atlas(Self.order(), of: "doorplate", within: nil) { _ in } }
        struct Full: Error {}
        await #expect(throws: (any Error).self) { try await service.atlas(Self.order(), of: "grid.basic", within: nil) { _ in throw Full() } }
    }
}
