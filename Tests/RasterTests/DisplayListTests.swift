import TestSupport
import Testing

@testable import Raster

/// What is recorded paints as what is painted at once, on one canvas or in strips.
@Suite struct DisplayListTests {
    private static let size = (width: 120, height: 90)

    private static func shape(_ random: inout SeededGenerator, _ canvas: inout Canvas) {
        func number(_ range: ClosedRange<Int32>) -> Int32 { Int32.random(in: range, using: &random) }
        let colour = Colour(
            red: UInt8.random(in: 0...255, using: &random), green: UInt8.random(in: 0...255, using: &random),
            blue: UInt8.random(in: 0...255, using: &random), alpha: UInt8.random(in: 60...255, using: &random))
        var path = Path()
        for _ in 0..<Int.random(in: 3...7, using: &random) { path.append(x: number(-4000...36_000), y: number(-4000...28_000)) }
        path.endPart()
        let slice = PathSlice(path, offsetX: number(-300...300), offsetY: number(-300...300))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: canvas.fill(slice, rule: .nonZero, paint: .colour(colour))
        case 1: canvas.fill(slice, rule: .evenOdd, paint: .linearColour(colour), opacity: 0.5)
        case 2:
            let stroke = Stroke(width: 3, cap: .round, join: .round, dashes: Bool.random(using: &random) ? [7, 4] : [], dashPhase: 2)
            canvas.addStroke(slice, closed: Bool.random(using: &random), stroke: stroke)
            canvas.addFill(PathSlice(path, offsetX: 900))
            canvas.paint(.colour(colour), opacity: 0.8)
        case 3: canvas.fillCircle(centreX: number(0...30_000), centreY: number(0...22_000), radius: 9, paint: .colour(colour))
        case 4: canvas.strokeCircle(centreX: number(0...30_000), centreY: number(0...22_000), radius: 12, width: 3, paint: .colour(colour))
        case 5: canvas.draw(pattern, left: Int(number(-5...115)), top: Int(number(-5...85)), opacity: 0.7)
        case 6: canvas.fill(slice, paint: .pattern(pattern, originX: 3, originY: -2))
        default:
            canvas.clip(to: ClipArea(outline: [(10, 5), (100, 20), (60, 80)], width: size.width, height: size.height))
            canvas.fill(slice, paint: .colour(colour))
            canvas.clip(to: nil)
        }
    }

    private static let pattern = Pixmap(width: 5, height: 4, pixels: (0..<20).map { 0xFF00_0000 | UInt32($0) * 0x0009_0703 })

    private static func paint(_ canvas: inout Canvas, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<12 { shape(&random, &canvas) }
        let ground = canvas.beginSurface()
        for _ in 0..<4 { shape(&random, &canvas) }
        canvas.endSurface(on: ground, opacity: 0.6)
        for _ in 0..<3 { shape(&random, &canvas) }
    }

    private static func recorded(seed: UInt64) -> DisplayList {
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: size.width, height: size.height)
        paint(&canvas, seed: seed)
        return canvas.endRecording()
    }

    @Test(arguments: UInt64(1)...40) func aListPaintsWhatWasAskedFor(seed: UInt64) {
        var direct = Canvas(width: Self.size.width, height: Self.size.height)
        Self.paint(&direct, seed: seed)
        var replayed = Canvas(width: Self.size.width, height: Self.size.height)
        replayed.draw(Self.recorded(seed: seed))
        #expect(replayed.pixmap() == direct.pixmap())
    }

    @Test(arguments: UInt64(1)...20) func stripsJoin(seed: UInt64) {
        let list = Self.recorded(seed: seed)
        let whole = list.painted(left: 0, top: 0, width: Self.size.width, height: Self.size.height)
        for (left, top, width, height) in [(0, 0, 50, 90), (50, 0, 70, 31), (50, 31, 70, 59)] {
            #expect(list.painted(left: left, top: top, width: width, height: height) == whole.cropped(x: left, y: top, width: width, height: height))
        }
    }

    @Test func aListInAListIsCutToItsSize() {
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: 10, height: 10)
        canvas.fill(PathSlice(Path(coordinates: [-5120, -5120, 12_800, -5120, 12_800, 12_800, -5120, 12_800], partEnds: [4])), paint: .colour(.black))
        let inner = canvas.endRecording()
        canvas.beginRecording(width: 30, height: 30)
        canvas.add(inner, left: 8, top: 12)
        let picture = canvas.endRecording().painted(left: 0, top: 0, width: 30, height: 30)
        let black = (0..<900).filter { picture.pixels[$0] == 0xFF00_0000 }.map { ($0 % 30, $0 / 30) }
        #expect(black.count == 100 && black.allSatisfy { (8..<18).contains($0.0) && (12..<22).contains($0.1) })
    }

    @Test func aCanvasPaintsAgainAfterARecording() {
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: 20_000, height: 20_000)
        Self.paint(&canvas, seed: 7)
        #expect(!canvas.endRecording().items.isEmpty)
        canvas.reset(width: Self.size.width, height: Self.size.height)
        Self.paint(&canvas, seed: 3)
        var fresh = Canvas(width: Self.size.width, height: Self.size.height)
        Self.paint(&fresh, seed: 3)
        #expect(canvas.pixmap() == fresh.pixmap())
    }

    @Test func whatOnlyPixelsShowIsRecordedAsAPicture() throws {
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: 60, height: 40)
        canvas.draw(SoftDisc(radius: 8, blur: 0.5, fill: .black), centreX: 30 * 256, centreY: 20 * 256)
        let picture = canvas.endRecording().painted(left: 0, top: 0, width: 60, height: 40)
        var direct = Canvas(width: 60, height: 40)
        direct.clear(.white)
        direct.draw(SoftDisc(radius: 8, blur: 0.5, fill: .black), centreX: 30 * 256, centreY: 20 * 256)
        #expect(zip(picture.pixels, direct.pixmap().pixels).allSatisfy { abs(Int($0 & 255) - Int($1 & 255)) <= 1 })
    }

    /// Wider than a canvas, higher than a strip.
    @Test func aPNGInStripsIsThePicture() throws {
        var canvas = Canvas(width: 1, height: 1)
        canvas.beginRecording(width: 8300, height: 530)
        var path = Path()
        for i in 0..<40 { path.append(x: Int32(i * 55_000), y: Int32(i * 37_777 % 135_000)) }
        path.endPart()
        canvas.stroke(PathSlice(path), stroke: Stroke(width: 5), paint: .colour(Colour(red: 200, green: 30, blue: 60)))
        canvas.fillCircle(centreX: 8192 * 256, centreY: 512 * 256, radius: 15, paint: .colour(.black), opacity: 0.5)
        let list = canvas.endRecording()
        var file: [UInt8] = []
        try list.writePNG(dotsPerInch: 200) { file += $0 }
        let read = try PNGDecoder.decode(file)
        #expect(read.width == 8300 && read.height == 530)
        #expect(read.cropped(x: 8150, y: 490, width: 100, height: 40) == list.painted(left: 8150, top: 490, width: 100, height: 40))
        #expect(read.cropped(x: 0, y: 0, width: 700, height: 530) == list.painted(left: 0, top: 0, width: 700, height: 530))
    }
}
