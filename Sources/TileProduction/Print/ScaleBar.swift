import Foundation
import Raster

/// The scale as a number and as a bar of lengths on the ground.
struct ScaleBar {
    let denominator: Int
    /// Metres of the plane to one on the ground.
    let scaleFactor: Double
    let size: Double

    private static let steps = [1.0, 2.0, 2.5, 5.0, 10.0]
    private static let segments = 4
    /// Millimetres of the longest bar on an A3 sheet.
    private static let longest = 72.0
    private static let parts = 5

    /// Metres on the ground to a segment.
    var segment: Double {
        let wanted = Self.longest * size / Double(Self.segments + 1) / 1000 * Double(denominator)
        let power = pow(10, floor(log10(wanted)))
        return power * (Self.steps.last { $0 * power <= wanted } ?? 1)
    }

    /// Millimetres on paper of metres on the ground.
    func paper(_ metres: Double) -> Double { metres * scaleFactor / Double(denominator) * 1000 }

    /// `1:2 000`.
    var numeric: String {
        let digits = String(denominator)
        return "1:" + (digits.count > 3 ? digits.dropLast(3) + " " + digits.suffix(3) : digits[...])
    }

    func draw(middle: Double, top: Double, _ pen: inout SheetPen) throws {
        let length = paper(segment)
        let zero = middle - length * Double(Self.segments - 1) / 2
        let (upper, lower) = (top + 9.4 * size, top + 11 * size)
        try pen.write(numeric, x: middle, y: top + 2.6 * size, SheetPen.Style(size: 4.6 * size, isBold: true, anchor: 0.5))
        let small = length / Double(Self.parts)
        for part in 0..<Self.parts where part.isMultiple(of: 2) {
            pen.fill(box(zero - length + small * Double(part), small, upper, lower), SheetPen.ink)
        }
        for i in 0..<Self.segments where !i.isMultiple(of: 2) {
            pen.fill(box(zero + length * Double(i), length, upper, lower), SheetPen.ink)
        }
        pen.frame(box(zero - length, length * Double(Self.segments + 1), upper, lower), width: 0.15 * size)
        pen.lines((0...Self.segments).map { i in
            let x = zero + length * Double(i)
            return [(x, upper - 0.8 * size), (x, lower)]
        }, width: 0.15 * size)
        let isKilometres = segment * Double(Self.segments) >= 2000
        let style = SheetPen.Style(size: 2.2 * size, anchor: 0.5)
        for i in -1...Self.segments {
            let metres = abs(Double(i)) * segment / (isKilometres ? 1000 : 1)
            let number = metres == metres.rounded() ? "\(Int(metres))" : "\(metres)"
            let isLast = i == Self.segments
            try pen.write(number, x: zero + length * Double(i), y: upper - 2.2 * size, style)
            guard isLast else { continue }
            let room = try pen.width(of: number, size: 2.2 * size) / 2 + 0.8 * size
            try pen.write(
                isKilometres ? "千米 km" : "米 m", x: zero + length * Double(i) + room, y: upper - 2.2 * size, SheetPen.Style(size: 2.2 * size))
        }
        let centimetre = Double(denominator) / 100
        let ground = centimetre == centimetre.rounded() ? "\(Int(centimetre))" : "\(centimetre)"
        try pen.write(
            "图上 1 厘米相当于实地 \(ground) 米  1 cm on paper is \(ground) m", x: middle, y: lower + 2.6 * size,
            SheetPen.Style(size: 2 * size, colour: SheetPen.faint, anchor: 0.5))
    }

    private func box(_ x: Double, _ width: Double, _ top: Double, _ bottom: Double) -> PaperBox {
        PaperBox(left: x, top: top, right: x + width, bottom: bottom)
    }
}
