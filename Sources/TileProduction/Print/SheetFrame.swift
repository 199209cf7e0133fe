import Foundation
import SimpleFeatures

/// The neat line with the kilometre grid of the plane, its numbers along the frame, and the corners in degrees.
struct SheetFrame {
    let view: SheetView
    let plane: SheetPlane

    /// Grid lines are about this far apart on paper, in millimetres: ten centimetres, as on sheets of the national series.
    private static let spacing = 100.0
    private static let steps = [1.0, 2.0, 5.0, 10.0]

    private var layout: SheetLayout { view.layout }

    /// Metres between grid lines: the round number nearest below what makes ten centimetres.
    var interval: Double {
        let wanted = Self.spacing / 1000 * Double(view.denominator)
        let power = pow(10, floor(log10(wanted)))
        return power * (Self.steps.last { $0 * power <= wanted * 1.001 } ?? 1)
    }

    func draw(_ pen: inout SheetPen) throws {
        let (map, frame, size) = (layout.map, layout.frame, layout.size)
        pen.frame(frame, width: 0.7 * size)
        try drawGrid(&pen)
        pen.frame(map, width: 0.2 * size)
        try drawCorners(&pen)
    }

    private func ordinates(_ low: Double, _ high: Double) -> [Double] {
        let first = Int((low / interval).rounded(.up))
        let last = Int((high / interval).rounded(.down))
        return first <= last ? (first...last).map { Double($0) * interval } : []
    }

    private func drawGrid(_ pen: inout SheetPen) throws {
        let (map, frame, size) = (layout.map, layout.frame, layout.size)
        let (columns, rows) = (ordinates(view.envelope.minX, view.envelope.maxX), ordinates(view.envelope.minY, view.envelope.maxY))
        let (arm, tick) = (2.5 * size, 2 * size)
        var lines: [[(Double, Double)]] = []
        for x in columns.map({ view.paper(Coordinate(x: $0, y: 0)).x }) {
            lines += [[(x, frame.top), (x, map.top + tick)], [(x, map.bottom - tick), (x, frame.bottom)]]
            for y in rows.map({ view.paper(Coordinate(x: 0, y: $0)).y }) {
                lines += [[(x - arm, y), (x + arm, y)], [(x, y - arm), (x, y + arm)]]
            }
        }
        for y in rows.map({ view.paper(Coordinate(x: 0, y: $0)).y }) {
            lines += [[(frame.left, y), (map.left + tick, y)], [(map.right - tick, y), (frame.right, y)]]
        }
        pen.lines(lines, width: 0.12 * size)
        // Next to a corner stand its degrees.
        let corner = 21 * size
        var style = SheetPen.Style(size: 2.3 * size)
        for easting in columns {
            let x = view.paper(Coordinate(x: easting, y: 0)).x
            guard x > map.left + corner, x < map.right - corner - 10 * size else { continue }
            for y in [(frame.top + map.top) / 2, (frame.bottom + map.bottom) / 2] {
                try pen.write(number(easting), x: x + 0.8 * size, y: y, style)
            }
        }
        style.runsUp = true
        for northing in rows {
            let y = view.paper(Coordinate(x: 0, y: northing)).y
            guard y > map.top + corner + 10 * size, y < map.bottom - corner else { continue }
            for x in [(frame.left + map.left) / 2, (frame.right + map.right) / 2] {
                try pen.write(number(northing), x: x, y: y - 0.8 * size, style)
            }
        }
    }

    /// Kilometres with as many decimals as the grid needs.
    private func number(_ metres: Double) -> String {
        let decimals = interval >= 1000 ? 0 : interval >= 100 ? 1 : interval >= 10 ? 2 : 3
        return String(format: "%.\(decimals)f", metres / 1000)
    }

    private func drawCorners(_ pen: inout SheetPen) throws {
        let (map, frame, size) = (layout.map, layout.frame, layout.size)
        let box = view.envelope
        for (x, isRight) in [(box.minX, false), (box.maxX, true)] {
            for (y, isTop) in [(box.minY, false), (box.maxY, true)] {
                guard let degrees = plane.degrees(Coordinate(x: x, y: y)) else { continue }
                var style = SheetPen.Style(size: 2.1 * size, colour: SheetPen.faint)
                style.anchor = isRight ? 1 : 0
                try pen.write(
                    SexagesimalAngle(degrees.x).text, x: isRight ? map.right - size : map.left + size,
                    y: isTop ? (frame.top + map.top) / 2 : (frame.bottom + map.bottom) / 2, style)
                style.runsUp = true
                style.anchor = isTop ? 1 : 0
                try pen.write(
                    SexagesimalAngle(degrees.y).text, x: isRight ? (frame.right + map.right) / 2 : (frame.left + map.left) / 2,
                    y: isTop ? map.top + size : map.bottom - size, style)
            }
        }
    }
}

/// An angle in degrees, minutes and tenths of a second.
struct SexagesimalAngle {
    let text: String

    init(_ degrees: Double) {
        let tenths = Int((abs(degrees) * 36_000).rounded())
        let (d, m, s) = (tenths / 36_000, tenths / 600 % 60, tenths % 600)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        text = "\(degrees < 0 ? "-" : "")\(d)°\(two(m))′\(two(s / 10)).\(s % 10)″"
    }
}
