import Raster

/// The icon of a symbol: the box it fills, and the pieces of the picture that fill it.
struct ClientIcon {
    let sprite: SpriteIcon
    /// Logical pixels round the anchored position, before `icon-size`.
    var box: PixelBox
    private let isFitted: Bool

    init(_ sprite: SpriteIcon, _ format: SymbolFormat) {
        self.sprite = sprite
        isFitted = false
        let (width, height) = (Float(sprite.image.width) / sprite.ratio, Float(sprite.image.height) / sprite.ratio)
        let left = format.iconOffset.x - width * format.iconAnchor.across
        let top = format.iconOffset.y - height * format.iconAnchor.down
        box = PixelBox(left: left, top: top, right: left + width, bottom: top + height)
    }

    /// The icon stretched round a text (`icon-text-fit`).
    ///
    /// - Parameters:
    ///   - text: logical pixels round the anchored position.
    ///   - padding: top, right, bottom, left in logical pixels.
    init(_ sprite: SpriteIcon, _ format: SymbolFormat, around text: PixelBox, fit: String, padding: [Float]) {
        self.sprite = sprite
        isFitted = true
        let (width, height) = (Float(sprite.image.width) / sprite.ratio, Float(sprite.image.height) / sprite.ratio)
        let pad = padding.count == 4 ? padding : [0, 0, 0, 0]
        var (left, right) = (text.left - pad[3], text.right + pad[1])
        if fit == "height" {
            left = (text.left + text.right - width) / 2
            right = left + width
        }
        var (top, bottom) = (text.top - pad[0], text.bottom + pad[2])
        if fit == "width" {
            top = (text.top + text.bottom - height) / 2
            bottom = top + height
        }
        let (x, y) = format.iconOffset
        box = PixelBox(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
    }

    /// What the icon covers for its neighbours, logical pixels before `icon-size`.
    var collisionBox: PixelBox {
        guard let content = sprite.content, isFitted else { return box }
        let ratio = sprite.ratio
        return PixelBox(
            left: box.left - content[0] / ratio, top: box.top - content[1] / ratio,
            right: box.right + (Float(sprite.image.width) - content[2]) / ratio,
            bottom: box.bottom + (Float(sprite.image.height) - content[3]) / ratio)
    }

    /// A line across the picture, in its pixels, and where it comes, in device pixels from the anchored position.
    private struct Cut {
        var source: Float
        var target: Float
    }

    /// - Parameters:
    ///   - size: `icon-size`.
    ///   - ratio: device pixels a logical pixel.
    func pieces(x: Float, y: Float, turn: Rotation, size: Float, ratio: Float) -> [ImagePlacement] {
        let content = isFitted ? sprite.content : nil
        let across = cuts(
            size: sprite.image.width, spans: sprite.stretchAcross, content: content.map { ($0[0], $0[2]) },
            low: box.left, high: box.right, iconSize: size, ratio)
        let down = cuts(
            size: sprite.image.height, spans: sprite.stretchDown, content: content.map { ($0[1], $0[3]) }, low: box.top,
            high: box.bottom, iconSize: size, ratio)
        var out: [ImagePlacement] = []
        for i in 1..<across.count {
            for j in 1..<down.count {
                let (left, right, top, bottom) = (across[i - 1], across[i], down[j - 1], down[j])
                guard right.source > left.source, bottom.source > top.source else { continue }
                let widen = (right.target - left.target) / (right.source - left.source)
                let heighten = (bottom.target - top.target) / (bottom.source - top.source)
                let corner = turn.applied(left.target - left.source * widen, top.target - top.source * heighten)
                out.append(
                    ImagePlacement(
                        x: x + corner.x, y: y + corner.y, across: turn.applied(widen, 0), down: turn.applied(0, heighten),
                        left: left.source, top: top.source, right: right.source, bottom: bottom.source))
            }
        }
        return out
    }

    private func cuts(
        size: Int, spans: [[Float]], content: (Float, Float)?, low: Float, high: Float, iconSize: Float,
        _ ratio: Float
    ) -> [Cut] {
        let whole = Float(size)
        let stretches = isFitted && !(sprite.stretchAcross.isEmpty && sprite.stretchDown.isEmpty)
        let zones = spans.isEmpty ? [[0, whole]] : spans
        let elastic = zones.reduce(Float(0)) { $0 + $1[1] - $1[0] }
        let rigid = whole - elastic
        var (offset, elasticContent, rigidOffset, rigidContent) = (Float(0), elastic, Float(0), rigid)
        if let content {
            func within(_ a: Float, _ b: Float) -> Float {
                zones.reduce(0) { $0 + max(0, min($1[1], b) - max($1[0], a)) }
            }
            offset = within(0, content.0)
            elasticContent = within(content.0, content.1)
            rigidOffset = content.0 - offset
            rigidContent = content.1 - content.0 - elasticContent
        }
        // What does not stretch does not shrink either.
        let least = high > low ? rigidContent / sprite.ratio / (high - low) : 0
        let scale = max(iconSize, isFitted ? least : 0) * ratio
        func cut(_ fixed: Float, _ stretch: Float) -> Cut {
            let em = low + (high - low) * (stretch - offset) / max(elasticContent, .leastNormalMagnitude)
            let pixels = fixed - rigidOffset - rigidContent * stretch / max(elastic, .leastNormalMagnitude)
            return Cut(source: fixed + stretch, target: em * scale + pixels / sprite.ratio * ratio)
        }
        guard stretches else { return [cut(0, -1), cut(0, whole + 1)] }
        var out = [cut(-1, 0)]
        var passed: Float = 0
        for zone in zones {
            out.append(cut(zone[0] - passed, passed))
            let next = passed + zone[1] - zone[0]
            out.append(cut(zone[0] - passed, next))
            passed = next
        }
        out.append(cut(rigid + 1, elastic))
        return out
    }
}
