import Foundation
import Raster

/// An icon described as shapes, so that it can be drawn at any ratio.
///
/// A JSON object: `width` and `height` in logical pixels, `shapes` from bottom to top, and, where text may stand on the
/// icon, `content` (left, top, right, bottom), `stretchX` and `stretchY` (lists of spans). A shape is an object with
/// `fill` and/or `stroke` (CSS colours), `strokeWidth`, `opacity`, `role` (`edge` for what parts the icon from the ground,
/// which variants of a style colour on its own), and one of
/// `circle: [x, y, radius]`, `rectangle: [x, y, width, height]` with `cornerRadius`,
/// `polygon: [[x, y, x, y, …], …]` (rings, even-odd), `line: [x, y, x, y, …]`.
public struct IconDescription: Sendable {
    public let name: String
    /// Logical pixels.
    public let width: Double
    public let height: Double
    var shapes: [IconShape]
    let content: [Float]?
    let stretchAcross: [[Float]]
    let stretchDown: [[Float]]

    /// - Throws: `invalidJSON`, or `invalidSprite` naming the icon and the shape.
    public init(name: String, json: [UInt8]) throws(PortrayalError) {
        self.name = name
        guard case .object(let root) = try JSONReader.value(of: json), let width = root["width"]?.number,
            let height = root["height"]?.number, (1...512).contains(width), (1...512).contains(height)
        else {
            throw PortrayalError(
                .invalidSprite, "icon \"\(name)\": expected an object with \"width\" and \"height\" of 1...512 pixels")
        }
        let known: Set<String> = ["width", "height", "shapes", "content", "stretchX", "stretchY"]
        if let stranger = root.keys.sorted().first(where: { !known.contains($0) }) {
            throw PortrayalError(.invalidSprite, "icon \"\(name)\": unknown property \"\(stranger)\"")
        }
        self.width = width
        self.height = height
        var shapes: [IconShape] = []
        for (i, shape) in (root["shapes"]?.array ?? []).enumerated() {
            shapes.append(try IconShape(shape, "icon \"\(name)\", shapes[\(i)]"))
        }
        self.shapes = shapes
        func floats(_ json: JSONValue?) -> [Float] { (json?.array ?? []).compactMap(\.number).map { Float($0) } }
        let content = floats(root["content"])
        self.content = content.count == 4 ? content : nil
        stretchAcross = (root["stretchX"]?.array ?? []).map { floats($0) }.filter { $0.count == 2 && $0[0] < $0[1] }
        stretchDown = (root["stretchY"]?.array ?? []).map { floats($0) }.filter { $0.count == 2 && $0[0] < $0[1] }
    }

    /// The icon drawn at a ratio of device pixels a logical pixel.
    public func icon(ratio: Float) -> SpriteIcon {
        let w = max(1, Int((Float(width) * ratio).rounded(.up)))
        let h = max(1, Int((Float(height) * ratio).rounded(.up)))
        var canvas = Canvas(width: w, height: h)
        for shape in shapes { shape.draw(&canvas, ratio: ratio) }
        return SpriteIcon(
            name: name, image: canvas.pixmap(), ratio: ratio, content: content?.map { $0 * ratio },
            stretchAcross: stretchAcross.map { $0.map { $0 * ratio } },
            stretchDown: stretchDown.map { $0.map { $0 * ratio } })
    }
}

/// One shape of an icon.
struct IconShape: Sendable {
    enum Outline: Sendable {
        case circle([Double])
        case rectangle([Double], cornerRadius: Double)
        case polygon([[Double]])
        case line([Double])
    }
    enum Role: String, Sendable {
        case edge
    }
    let outline: Outline
    let role: Role?
    var fill: Colour?
    var stroke: Colour?
    let strokeWidth: Float
    let opacity: Float

    init(_ json: JSONValue, _ place: String) throws(PortrayalError) {
        guard case .object(let members) = json else {
            throw PortrayalError(.invalidSprite, "\(place): object expected, \(json.typeName) found")
        }
        let known: Set<String> = [
            "circle", "rectangle", "cornerRadius", "polygon", "line", "fill", "stroke", "strokeWidth", "opacity",
            "role",
        ]
        if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw PortrayalError(.invalidSprite, "\(place): unknown property \"\(stranger)\"")
        }
        func numbers(_ json: JSONValue?, _ count: Int?) -> [Double]? {
            guard let list = json?.array else { return nil }
            let v = list.compactMap(\.number)
            return v.count == list.count && (count == nil || v.count == count) ? v : nil
        }
        func colour(_ member: String) throws(PortrayalError) -> Colour? {
            guard let json = members[member] else { return nil }
            guard let text = json.text, let colour = StyleColour(css: text) else {
                throw PortrayalError(.invalidSprite, "\(place).\(member): color expected, \(json.description) found")
            }
            return Colour(colour)
        }
        if let v = numbers(members["circle"], 3) {
            outline = .circle(v)
        } else if let v = numbers(members["rectangle"], 4) {
            outline = .rectangle(v, cornerRadius: members["cornerRadius"]?.number ?? 0)
        } else if let rings = members["polygon"]?.array?.compactMap({ numbers($0, nil) }), !rings.isEmpty {
            outline = .polygon(rings)
        } else if let v = numbers(members["line"], nil), v.count >= 4 {
            outline = .line(v)
        } else {
            throw PortrayalError(
                .invalidSprite,
                "\(place): expected one of circle [x, y, radius], rectangle [x, y, width, height], polygon [[x, y, …]], "
                    + "line [x, y, …]")
        }
        role = members["role"]?.text.flatMap { Role(rawValue: $0) }
        if let json = members["role"], role == nil {
            throw PortrayalError(.invalidSprite, "\(place).role: \"edge\" expected, \(json.description) found")
        }
        fill = try colour("fill")
        stroke = try colour("stroke")
        strokeWidth = Float(members["strokeWidth"]?.number ?? 1)
        opacity = Float(members["opacity"]?.number ?? 1)
    }

    func draw(_ canvas: inout Canvas, ratio: Float) {
        var path = Path()
        var isClosed = true
        let scale = Double(ratio) * Double(PixelGeometry.unitsPerPixel)
        func add(_ x: Double, _ y: Double) {
            path.append(x: Int32((x * scale).rounded()), y: Int32((y * scale).rounded()))
        }
        switch outline {
        case .circle(let v):
            let corners = 64
            for i in 0..<corners {
                let angle = 2 * Double.pi * Double(i) / Double(corners)
                add(v[0] + v[2] * cos(angle), v[1] + v[2] * sin(angle))
            }
            path.endPart()
        case .rectangle(let v, let radius):
            let r = min(radius, v[2] / 2, v[3] / 2)
            let centres = [
                (v[0] + v[2] - r, v[1] + r), (v[0] + v[2] - r, v[1] + v[3] - r), (v[0] + r, v[1] + v[3] - r),
                (v[0] + r, v[1] + r),
            ]
            for (corner, centre) in centres.enumerated() {
                for step in 0...(r > 0 ? 12 : 0) {
                    let angle = (Double(corner) - 1 + Double(step) / 12) * Double.pi / 2
                    add(centre.0 + r * cos(angle), centre.1 + r * sin(angle))
                }
            }
            path.endPart()
        case .polygon(let rings):
            for ring in rings {
                for i in stride(from: 0, to: ring.count - 1, by: 2) { add(ring[i], ring[i + 1]) }
                path.endPart()
            }
        case .line(let v):
            isClosed = false
            for i in stride(from: 0, to: v.count - 1, by: 2) { add(v[i], v[i + 1]) }
            path.endPart()
        }
        if let fill, isClosed {
            canvas.fill(PathSlice(path), rule: .evenOdd, paint: .colour(fill), opacity: opacity)
        }
        if let stroke {
            canvas.stroke(
                PathSlice(path), closed: isClosed, stroke: Stroke(width: strokeWidth * ratio, cap: .round, join: .round),
                paint: .colour(stroke), opacity: opacity)
        }
    }
}
