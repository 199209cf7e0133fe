internal import CCairo
import Raster

/// Draws display lists on one page.
@safe
struct PDFPage {
    private let context: OpaquePointer
    private let images: PDFImages

    init(context: OpaquePointer, images: PDFImages) {
        unsafe self.context = context
        self.images = images
    }

    func draw(_ list: DisplayList) {
        var place = list.items.startIndex
        draw(list.items, from: &place)
    }

    /// Draws until the end of the items or of a group; `place` is after it then.
    private func draw(_ items: [DisplayList.Item], from place: inout Int) {
        var isCut = false
        while place < items.count {
            let item = items[place]
            place += 1
            switch item {
            case .paint(let shapes, let paint, let rule, let opacity): draw(shapes, paint, rule, opacity)
            case .image(let image, let placement, _, let opacity): draw(image, placement, opacity)
            case .clip(let area):
                if isCut { unsafe cairo_restore(context) }
                isCut = area != nil
                if let area { cut(to: area) }
            case .beginGroup:
                unsafe cairo_push_group(context)
                draw(items, from: &place)
                unsafe cairo_pop_group_to_source(context)
                if case .endGroup(let opacity)? = place > 0 ? items[place - 1] : nil { unsafe cairo_paint_with_alpha(context, Double(opacity)) }
            case .endGroup:
                if isCut { unsafe cairo_restore(context) }
                return
            case .list(let inner, let left, let top): draw(inner, left, top)
            }
        }
        if isCut { unsafe cairo_restore(context) }
    }

    private func draw(_ list: DisplayList, _ left: Int, _ top: Int) {
        unsafe cairo_save(context)
        unsafe cairo_translate(context, Double(left), Double(top))
        unsafe cairo_rectangle(context, 0, 0, Double(list.width), Double(list.height))
        unsafe cairo_clip(context)
        draw(list)
        unsafe cairo_restore(context)
    }

    private func cut(to area: ClipArea) {
        unsafe cairo_save(context)
        unsafe cairo_new_path(context)
        for corner in area.outline { unsafe cairo_line_to(context, corner.x, corner.y) }
        unsafe cairo_close_path(context)
        unsafe cairo_clip(context)
    }

    // MARK: Shapes

    /// One shape in the sense of `DisplayList`: what overlaps is painted once, also where it lets something through.
    private func draw(_ shapes: [DisplayList.Shape], _ paint: Paint, _ rule: FillRule, _ opacity: Float) {
        let runs = PDFRun.runs(of: shapes)
        let isOneStep = runs.count < 2 || (opacity >= 1 && paint.isOpaque)
        if isOneStep {
            set(paint, opacity)
            for run in runs { draw(run, rule) }
            return
        }
        unsafe cairo_push_group(context)
        set(paint.opaque, 1)
        for run in runs { draw(run, rule) }
        unsafe cairo_pop_group_to_source(context)
        unsafe cairo_paint_with_alpha(context, Double(opacity) * paint.alpha)
    }

    private func draw(_ run: PDFRun, _ rule: FillRule) {
        unsafe cairo_new_path(context)
        for shape in run.shapes {
            switch shape {
            case .fill(let slice): add(slice, isClosed: true)
            case .stroke(let slice, let isClosed, _): add(slice, isClosed: isClosed)
            case .disc(let x, let y, let radius, let isReversed):
                let (x, y) = (Double(x) / 256, Double(y) / 256)
                unsafe cairo_new_sub_path(context)
                if isReversed {
                    unsafe cairo_arc_negative(context, x, y, Double(radius), 2 * .pi, 0)
                } else {
                    unsafe cairo_arc(context, x, y, Double(radius), 0, 2 * .pi)
                }
                unsafe cairo_close_path(context)
            }
        }
        guard let stroke = run.stroke else {
            unsafe cairo_set_fill_rule(context, rule == .evenOdd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING)
            unsafe cairo_fill(context)
            return
        }
        set(stroke)
        unsafe cairo_stroke(context)
    }

    private func add(_ slice: PathSlice, isClosed: Bool) {
        slice.forEachPart { positions in
            guard positions.count > 1 else { return }
            for (i, c) in positions.enumerated() {
                let (x, y) = (Double(c.x) / 256, Double(c.y) / 256)
                if i == 0 { unsafe cairo_move_to(context, x, y) } else { unsafe cairo_line_to(context, x, y) }
            }
            if isClosed { unsafe cairo_close_path(context) }
        }
    }

    private func set(_ stroke: Stroke) {
        unsafe cairo_set_line_width(context, Double(stroke.width))
        unsafe cairo_set_line_cap(context, stroke.cap == .round ? CAIRO_LINE_CAP_ROUND : stroke.cap == .square ? CAIRO_LINE_CAP_SQUARE : CAIRO_LINE_CAP_BUTT)
        unsafe cairo_set_line_join(context, stroke.join == .round ? CAIRO_LINE_JOIN_ROUND : stroke.join == .bevel ? CAIRO_LINE_JOIN_BEVEL : CAIRO_LINE_JOIN_MITER)
        unsafe cairo_set_miter_limit(context, Double(stroke.miterLimit))
        let isDashed = stroke.dashes.contains { $0 > 0 } && stroke.dashes.allSatisfy { $0 >= 0 && $0.isFinite }
        let dashes = isDashed ? stroke.dashes.map(Double.init) : []
        unsafe cairo_set_dash(context, dashes, Int32(dashes.count), Double(stroke.dashPhase))
    }

    // MARK: Paint

    private func set(_ paint: Paint, _ opacity: Float) {
        switch paint {
        case .colour(let colour), .linearColour(let colour):
            unsafe cairo_set_source_rgba(
                context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255,
                Double(colour.alpha) / 255 * Double(opacity))
        case .pattern(let image, let originX, let originY):
            guard let found = images.image(of: image) else { return }
            let pattern = unsafe cairo_pattern_create_for_surface(found.surface)
            var move = cairo_matrix_t()
            unsafe cairo_matrix_init_translate(&move, -Double(originX), -Double(originY))
            unsafe cairo_pattern_set_matrix(pattern, &move)
            unsafe cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REPEAT)
            unsafe cairo_set_source(context, pattern)
            unsafe cairo_pattern_destroy(pattern)
        }
    }

    private func draw(_ image: Pixmap, _ placement: ImagePlacement, _ opacity: Float) {
        guard let found = images.image(of: image) else { return }
        var way = cairo_matrix_t()
        unsafe cairo_matrix_init(
            &way, Double(placement.acrossX), Double(placement.acrossY), Double(placement.downX), Double(placement.downY),
            Double(placement.x), Double(placement.y))
        unsafe cairo_save(context)
        unsafe cairo_transform(context, &way)
        let (left, top) = (Double(max(placement.left, 0)), Double(max(placement.top, 0)))
        let (right, bottom) = (Double(min(placement.right, Float(image.width))), Double(min(placement.bottom, Float(image.height))))
        unsafe cairo_rectangle(context, left, top, max(0, right - left), max(0, bottom - top))
        unsafe cairo_clip(context)
        unsafe cairo_set_source_surface(context, found.surface, 0, 0)
        unsafe cairo_paint_with_alpha(context, Double(opacity))
        unsafe cairo_restore(context)
    }
}

/// Shapes that one operator of the page draws: fills and discs together, or lines of one kind.
struct PDFRun {
    var shapes: [DisplayList.Shape]
    /// `nil` for what is filled.
    var stroke: Stroke?

    static func runs(of shapes: [DisplayList.Shape]) -> [PDFRun] {
        var runs: [PDFRun] = []
        for shape in shapes {
            var own: Stroke?
            if case .stroke(_, _, let stroke) = shape { own = stroke }
            if let last = runs.last, last.stroke == own {
                runs[runs.count - 1].shapes.append(shape)
            } else {
                runs.append(PDFRun(shapes: [shape], stroke: own))
            }
        }
        return runs
    }
}

extension Paint {
    fileprivate var alpha: Double {
        switch self {
        case .colour(let colour), .linearColour(let colour): Double(colour.alpha) / 255
        case .pattern: 1
        }
    }

    fileprivate var isOpaque: Bool {
        switch self {
        case .colour(let colour), .linearColour(let colour): colour.alpha == 255
        case .pattern(let image, _, _): image.isOpaque
        }
    }

    fileprivate var opaque: Paint {
        switch self {
        case .colour(var colour), .linearColour(var colour):
            colour.alpha = 255
            return .colour(colour)
        case .pattern: return self
        }
    }
}
