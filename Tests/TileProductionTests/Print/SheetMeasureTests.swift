import Foundation
import Reprojection
import SimpleFeatures
import Testing
import Wording

@testable import TileProduction

/// Measures of sheets that need no map.
@Suite struct SheetMeasureTests {
    @Test(arguments: Paper.allCases, [false, true]) func everythingHasItsPlaceOnThePaper(paper: Paper, isLandscape: Bool) {
        let layout = SheetLayout(paper: paper, isLandscape: isLandscape, ratio: 4)
        // ISO 216: every size is the next larger one folded, and √2 as long as wide.
        #expect(abs(paper.longSide / paper.shortSide - 2.0.squareRoot()) < 0.005)
        #expect(layout.width == (isLandscape ? paper.longSide : paper.shortSide))
        let boxes = [layout.frame, layout.legend, layout.arrow, layout.footer, layout.title]
        for (i, box) in boxes.enumerated() {
            #expect(box.left > 0 && box.top > 0 && box.right < layout.width && box.bottom < layout.height && box.width > 0 && box.height > 0)
            for other in boxes[(i + 1)...] {
                let apart = box.right <= other.left + 0.1 || other.right <= box.left + 0.1 || box.bottom <= other.top + 0.1 || other.bottom <= box.top + 0.1
                #expect(apart, "\(box) \(other)")
            }
        }
        // Most of the paper is map.
        #expect(layout.map.width * layout.map.height > 0.42 * layout.width * layout.height)
        #expect(abs(layout.map.width * layout.pixelsPerMillimetre - Double(layout.mapPixels.width)) < 1e-6)
    }

    @Test(arguments: [500, 777, 1000, 2000, 2500, 5000, 10_000]) func aSheetIsTrueToScale(denominator: Int) throws {
        let layout = SheetLayout(paper: .a3, isLandscape: true, ratio: 4)
        let view = SheetView(centre: Coordinate(x: 467_000, y: 2_545_000), denominator: denominator, layout: layout)
        let (a, b) = (view.paper(Coordinate(x: 467_000, y: 2_545_000)), view.paper(Coordinate(x: 467_010, y: 2_545_020)))
        #expect(abs((b.x - a.x) * Double(denominator) - 10_000) < 1e-6 && abs((a.y - b.y) * Double(denominator) - 20_000) < 1e-6)
        // The corner of the plane's part lies on the corner of the neat line.
        let corner = view.paper(Coordinate(x: view.envelope.minX, y: view.envelope.minY))
        #expect(abs(corner.x - layout.map.left) < 1e-9 && abs(corner.y - layout.map.bottom) < 1e-6)
        let interval = SheetFrame(view: view, plane: try SheetPlane(policy: DatumPolicy())).interval
        let onPaper = interval / Double(denominator) * 1000
        #expect((39...101).contains(onPaper), "\(interval) m are \(onPaper) mm")
    }

    /// Against PROJ: metres of the plane to metres on the ellipsoid, and the direction of the meridian.
    @Test(arguments: [(113.3, 22.7), (113.7, 23.0), (114.0, 22.5), (114.6, 23.9)]) func factorAndConvergenceAreThoseOfTheProjection(lon: Double, lat: Double) throws {
        let operation = try CoordinateOperation(from: .cgcs2000, to: .gk114, policy: DatumPolicy())
        let step = 0.001
        let (first, second) = (operation.transform(Coordinate(x: lon, y: lat)), operation.transform(Coordinate(x: lon, y: lat + step)))
        let (here, north) = (try #require(first), try #require(second))
        // Metres of a degree of the meridian on the ellipsoid of CGCS2000.
        let (a, f) = (6_378_137.0, 1 / 298.257222101)
        let e2 = f * (2 - f)
        let sine = sin((lat + step / 2) * .pi / 180)
        let meridian = a * (1 - e2) / pow(1 - e2 * sine * sine, 1.5) * step * .pi / 180
        let (dx, dy) = (north.x - here.x, north.y - here.y)
        #expect(abs(hypot(dx, dy) / meridian - SheetPlane.scaleFactor(easting: here.x)) < 1e-6)
        // True north as seen from the plane's lies as far to the west as the plane's from true north to the east.
        #expect(abs(-atan2(dx, dy) * 180 / .pi - SheetPlane.convergence(Coordinate(x: lon, y: lat))) < 0.001)
    }

    @Test(arguments: [500, 1000, 1500, 2000, 5000, 10_000], [0.85, 1, 1.8]) func scaleBarsHaveRoundLengths(denominator: Int, size: Double) {
        let bar = ScaleBar(denominator: denominator, scaleFactor: 1.00002, size: size)
        let total = bar.paper(bar.segment) * 5
        #expect(total <= 72.01 * size && total > 28 * size, "\(total) mm")
        let digits = bar.segment / pow(10, floor(log10(bar.segment)))
        #expect([1, 2, 2.5, 5].contains { abs($0 - digits) < 1e-9 })
        // Lengths on the ground are longer on paper by the factor.
        #expect(abs(bar.paper(Double(denominator)) - 1000.02) < 1e-9)
    }

    @Test func numbersAreWrittenAsOnMaps() {
        #expect(ScaleBar(denominator: 500, scaleFactor: 1, size: 1).numeric == "1:500")
        #expect(ScaleBar(denominator: 10_000, scaleFactor: 1, size: 1).numeric == "1:10 000")
        #expect(SexagesimalAngle(113.999_999_9).text == "114°00′00.0″")
        #expect(SexagesimalAngle(22.504_17).text == "22°30′15.0″")
    }

    @Test(arguments: [
        (SheetOrder(map: "m", paper: .a4, denominator: 499, place: .centre(Coordinate(x: 113, y: 23))), PrintError.Code.scale),
        (SheetOrder(map: "m", paper: .a4, denominator: 10_001, place: .centre(Coordinate(x: 113, y: 23))), .scale),
        (SheetOrder(map: "m", paper: .a4, denominator: nil, place: .centre(Coordinate(x: 113, y: 23))), .scale),
        (SheetOrder(map: "m", paper: .a4, denominator: 500, place: .centre(Coordinate(x: 113, y: 23)), title: String(repeating: "图", count: 81)), .text),
        (SheetOrder(map: "m", paper: .a4, denominator: 500, place: .centre(Coordinate(x: 113, y: 23)), approvalNumber: "a\nb"), .text),
    ]) func ordersThatNoSheetComesOfAreRefused(order: SheetOrder, code: PrintError.Code) {
        do throws(PrintError) {
            try order.check()
            Issue.record("\(order) was taken")
        } catch {
            #expect(error.code == code && error.message.zh != error.message.en)
        }
    }

    @Test func anAtlasReadsLikeAPageAndKnowsItsNeighbours() throws {
        func cell(_ column: Double, _ row: Double) -> Geometry {
            let (x, y) = (column * 100, row * 100)
            let ring = [(x, y), (x + 100, y), (x + 100, y + 100), (x, y + 100), (x, y)].map { Coordinate(x: $0.0, y: $0.1) }
            return .polygon(Polygon(rings: [ring]))
        }
        var cells: [(outline: Geometry, name: String)] = []
        for row in 0..<3 { for column in 0..<4 { cells.append((cell(Double(column), Double(row)), "r\(row)c\(column)")) } }
        let atlas = try GridAtlas(cells.reversed())
        #expect(atlas.leaves.map(\.name).prefix(5) == ["r2c0", "r2c1", "r2c2", "r2c3", "r1c0"])
        #expect(atlas.leaves.map(\.number) == Array(1...12))
        let middle = try #require(atlas.leaves.first { $0.name == "r1c1" })
        let around = Dictionary(uniqueKeysWithValues: atlas.neighbours(of: middle).map { ($0.side, $0.name) })
        #expect(around == [.north: "r2c1", .south: "r0c1", .east: "r1c2", .west: "r1c0"])
        let corner = try #require(atlas.leaves.first)
        #expect(Set(atlas.neighbours(of: corner).map(\.side)) == [.east, .south])
        #expect(throws: PrintError.self) { try GridAtlas([]) }
        let many = (0...GridAtlas.pageLimit).map { (outline: cell(Double($0), 0), name: "\($0)") }
        #expect(throws: PrintError.self) { try GridAtlas(many) }
    }
}
