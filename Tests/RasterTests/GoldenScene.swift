import Foundation

@testable import Raster

/// A picture described in JSON: `Goldens/<case>/scene.json`, positions and lengths in pixels.
struct GoldenScene: Decodable {
    struct Item: Decodable {
        /// Outlines, each x, y, x, y, ...
        var fill: [[Double]]?
        /// Lines, each x, y, x, y, ...
        var stroke: [[Double]]?
        /// Centre x, y and radius.
        var circle: [Double]?
        /// With `circle`: the ring's width.
        var ring: Float?
        /// Rows of letters, see `pixmap(_:)`.
        var image: [String]?
        var pattern: [String]?
        var patternOrigin: [Int]?
        var at: [Double]?
        var scale: Float?
        var rotation: Float?
        var colour: String?
        var opacity: Float?
        var rule: String?
        var closed: Bool?
        var width: Float?
        var cap: String?
        var join: String?
        var miterLimit: Float?
        var dashes: [Float]?
        var dashPhase: Float?
    }

    var width: Int
    var height: Int
    var background: String?
    var items: [Item]

    func draw(on canvas: inout Canvas, offsetX: Int32 = 0, offsetY: Int32 = 0) {
        canvas.clear(background.map(Self.colour) ?? .clear)
        for item in items { Self.draw(item, on: &canvas, offsetX, offsetY) }
    }

    private static func draw(_ item: Item, on canvas: inout Canvas, _ offsetX: Int32, _ offsetY: Int32) {
        let opacity = item.opacity ?? 1
        var paint = Paint.colour(colour(item.colour ?? "#000"))
        if let rows = item.pattern {
            let origin = item.patternOrigin ?? [0, 0]
            paint = .pattern(
                pixmap(rows), originX: origin[0] + Int(offsetX >> 8), originY: origin[1] + Int(offsetY >> 8))
        }
        if let parts = item.fill {
            canvas.fill(
                slice(parts, offsetX, offsetY), rule: item.rule.flatMap(FillRule.init) ?? .nonZero, paint: paint,
                opacity: opacity)
        } else if let parts = item.stroke {
            canvas.stroke(
                slice(parts, offsetX, offsetY), closed: item.closed ?? false, stroke: stroke(item), paint: paint,
                opacity: opacity)
        } else if let circle = item.circle {
            let x = fixed(circle[0]) + offsetX
            let y = fixed(circle[1]) + offsetY
            if let ring = item.ring {
                canvas.strokeCircle(
                    centreX: x, centreY: y, radius: Float(circle[2]), width: ring, paint: paint, opacity: opacity)
            } else {
                canvas.fillCircle(centreX: x, centreY: y, radius: Float(circle[2]), paint: paint, opacity: opacity)
            }
        } else if let image = item.image, let at = item.at {
            canvas.draw(
                pixmap(image), x: fixed(at[0]) + offsetX, y: fixed(at[1]) + offsetY, scale: item.scale ?? 1,
                rotationDegrees: item.rotation ?? 0, opacity: opacity)
        }
    }

    private static func stroke(_ item: Item) -> Stroke {
        Stroke(
            width: item.width ?? 1, cap: item.cap.flatMap(LineCap.init) ?? .butt,
            join: item.join.flatMap(LineJoin.init) ?? .miter, miterLimit: item.miterLimit ?? 2,
            dashes: item.dashes ?? [], dashPhase: item.dashPhase ?? 0)
    }

    private static func slice(_ parts: [[Double]], _ offsetX: Int32, _ offsetY: Int32) -> PathSlice {
        var path = Path()
        for part in parts {
            for i in stride(from: 0, to: part.count - 1, by: 2) { path.append(x: fixed(part[i]), y: fixed(part[i + 1])) }
            path.endPart()
        }
        return PathSlice(path, offsetX: offsetX, offsetY: offsetY)
    }

    private static func fixed(_ pixels: Double) -> Int32 { Int32((pixels * 256).rounded()) }

    /// #rgb, #rrggbb or #rrggbbaa.
    static func colour(_ text: String) -> Colour {
        var digits = text.dropFirst().map { UInt8($0.hexDigitValue ?? 0) }
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        if digits.count == 6 { digits += [15, 15] }
        func byte(_ i: Int) -> UInt8 { digits[2 * i] * 16 + digits[2 * i + 1] }
        return Colour(red: byte(0), green: byte(1), blue: byte(2), alpha: byte(3))
    }

    /// K black, W white, R red, G green, B blue, Y yellow, h half black, anything else clear.
    static func pixmap(_ rows: [String]) -> Pixmap {
        let letters: [Character: String] = [
            "K": "#000", "W": "#fff", "R": "#d22", "G": "#2a2", "B": "#24d", "Y": "#fc0", "h": "#00000080",
        ]
        let words = rows.flatMap { row in row.map { letters[$0].map(colour)?.premultiplied ?? 0 } }
        return Pixmap(width: rows[0].count, height: rows.count, pixels: words)
    }
}
