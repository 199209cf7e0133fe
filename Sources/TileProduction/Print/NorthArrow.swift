import Foundation
import Raster

/// Which way the plane's north is, and how far from it true north.
struct NorthArrow {
    /// Degrees from true north to the plane's, eastwards.
    let convergence: Double
    let size: Double

    /// Degrees: below that nobody could draw the difference.
    private static let leastStated = 0.1

    func draw(in box: PaperBox, _ pen: inout SheetPen) throws {
        let x = box.middle.x
        let top = box.top + 6 * size
        let (half, length) = (3.6 * size, 14 * size)
        try pen.write("N", x: x, y: box.top + 3 * size, SheetPen.Style(size: 4.4 * size, isBold: true, anchor: 0.5))
        let (tip, notch) = ((x, top), (x, top + length * 0.74))
        pen.fill([tip, (x + half, top + length), notch], SheetPen.ink)
        pen.fill([tip, (x - half, top + length), notch], .white)
        pen.line([tip, (x + half, top + length), notch, (x - half, top + length)], width: 0.18 * size, closed: true)
        try pen.write(
            "坐标北 Grid north", x: x, y: top + length + 2.6 * size,
            SheetPen.Style(size: 2.2 * size, anchor: 0.5, room: box.width))
        guard abs(convergence) > Self.leastStated else { return }
        try pen.write(
            "子午线收敛角 Convergence \(String(format: "%+.2f", convergence))°", x: x, y: top + length + 5.8 * size,
            SheetPen.Style(size: 1.9 * size, colour: SheetPen.faint, anchor: 0.5, room: box.width))
    }
}
