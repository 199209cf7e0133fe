extension Canvas {
    /// Paints what was recorded, its left top corner on this pixel, which may be outside: strips of one list join without a seam.
    ///
    /// The list itself is not cut to its size.
    public mutating func draw(_ list: DisplayList, left: Int = 0, top: Int = 0) {
        var place = list.items.startIndex
        draw(list.items, from: &place, left, top)
        clip(to: nil)
    }

    /// Draws until the end of the items or of a group; `place` is after it then.
    private mutating func draw(_ items: [DisplayList.Item], from place: inout Int, _ left: Int, _ top: Int) {
        while place < items.count {
            let item = items[place]
            place += 1
            switch item {
            case .paint(let shapes, let paint, let rule, let opacity):
                draw(shapes, paint.moved(x: left, y: top), rule, opacity, Int32(left * 256), Int32(top * 256))
            case .image(let image, var placement, let sampling, let opacity):
                placement.x += Float(left)
                placement.y += Float(top)
                draw(image, placement, sampling, opacity)
            case .clip(let area): clip(to: area?.moved(x: left, y: top, width: width, height: height))
            case .beginGroup:
                let ground = beginSurface()
                draw(items, from: &place, left, top)
                guard case .endGroup(let opacity)? = place > 0 ? items[place - 1] : nil else { return endSurface(on: ground, opacity: 1) }
                endSurface(on: ground, opacity: opacity)
            case .endGroup: return
            case .list(let inner, let x, let y): drawCut(inner, left + x, top + y)
            }
        }
    }

    private mutating func draw(
        _ shapes: [DisplayList.Shape], _ paint: Paint, _ rule: FillRule, _ opacity: Float, _ dx: Int32, _ dy: Int32
    ) {
        var seen: [DisplayList.Shape] = []
        var all: PathBounds?
        for shape in shapes {
            let shape = shape.moved(x: dx, y: dy)
            guard let bounds = shape.bounds, CoverageWindow(bounds, of: frame) != nil else { continue }
            seen.append(shape)
            all = all?.joined(bounds) ?? bounds
        }
        guard let all, opensWindow(all) else { return }
        for shape in seen {
            switch shape {
            case .fill(let slice): addFill(slice)
            case .stroke(let slice, let isClosed, let stroke): addStroke(slice, closed: isClosed, stroke: stroke)
            case .disc(let x, let y, let radius, let isReversed):
                addCircle(centreX: x, centreY: y, radius: radius, reversed: isReversed)
            }
        }
        self.paint(paint, rule: rule, opacity: opacity)
    }

    private mutating func draw(_ image: Pixmap, _ placement: ImagePlacement, _ sampling: ImageSampling, _ opacity: Float) {
        if placement.isUpright, let x = Int(exactly: placement.x), let y = Int(exactly: placement.y), sampling == .nearest {
            return draw(image, left: x, top: y, opacity: opacity)
        }
        guard placement.touches(width: width, height: height) else { return }
        draw(image, at: placement, sampling: sampling, opacity: opacity)
    }

    /// On a canvas of its own, so that nothing reaches beyond the list's size.
    private mutating func drawCut(_ list: DisplayList, _ left: Int, _ top: Int) {
        let (x, y) = (max(left, 0), max(top, 0))
        let (endX, endY) = (min(left + list.width, width), min(top + list.height, height))
        guard endX > x, endY > y else { return }
        var part = Canvas(width: endX - x, height: endY - y)
        part.draw(list, left: left - x, top: top - y)
        draw(part.pixmap(), left: x, top: y)
    }
}

extension Paint {
    fileprivate func moved(x: Int, y: Int) -> Paint {
        guard case .pattern(let pixmap, let originX, let originY) = self else { return self }
        return .pattern(pixmap, originX: originX + x, originY: originY + y)
    }
}

extension PathBounds {
    fileprivate func joined(_ other: PathBounds) -> PathBounds {
        PathBounds(
            left: min(left, other.left), top: min(top, other.top), right: max(right, other.right), bottom: max(bottom, other.bottom))
    }
}

extension ClipArea {
    fileprivate func moved(x: Int, y: Int, width: Int, height: Int) -> ClipArea {
        ClipArea(outline: outline.map { ($0.x + Double(x), $0.y + Double(y)) }, width: width, height: height)
    }
}

extension ImagePlacement {
    /// Whether picture pixels are device pixels, whole and unturned.
    fileprivate var isUpright: Bool { acrossX == 1 && acrossY == 0 && downX == 0 && downY == 1 && left == 0 && top == 0 }

    fileprivate func touches(width: Int, height: Int) -> Bool {
        let box = box
        return box.right > 0 && box.bottom > 0 && box.left < Float(width) && box.top < Float(height)
    }
}
