import Foundation
import Raster
import SimpleFeatures
import Wording

/// The first pages of an atlas: where its sheets lie, and their names.
struct AtlasIndex {
    let atlas: GridAtlas
    let press: SheetPress
    let title: LocalisedText

    private static let rowHeight = 4.2
    private static let columnWidth = 62.0

    private var layout: SheetLayout { press.layout }
    private var size: Double { layout.size }
    /// What names may take, a page with the overview and a page without.
    private var whole: PaperBox {
        PaperBox(left: layout.title.left, top: layout.title.bottom, right: layout.title.right, bottom: layout.footer.top - 3 * size)
    }
    private var overview: PaperBox {
        var box = whole
        if layout.width > layout.height { box.right = box.left + box.width * 0.62 } else { box.bottom = box.top + box.height * 0.6 }
        return box
    }
    private var firstList: PaperBox {
        var box = whole
        if layout.width > layout.height { box.left = overview.right + 4 * size } else { box.top = overview.bottom + 4 * size }
        return box
    }

    private func columns(_ box: PaperBox) -> Int { max(1, Int(box.width / (Self.columnWidth * size))) }
    private func rows(_ box: PaperBox) -> Int { max(1, Int(box.height / (Self.rowHeight * size))) }
    private func capacity(_ box: PaperBox) -> Int { columns(box) * rows(box) }

    var pageCount: Int {
        let rest = atlas.leaves.count - capacity(firstList)
        return 1 + (rest > 0 ? (rest + capacity(whole) - 1) / capacity(whole) : 0)
    }

    /// - Parameter number: of the index page, from 0.
    func page(_ number: Int, of count: Int) throws -> DisplayList {
        var pen = SheetPen(pixels: layout.pixels, pixelsPerMillimetre: layout.pixelsPerMillimetre, fonts: press.fonts)
        pen.fill(PaperBox(left: 0, top: 0, right: layout.width, bottom: layout.height), .white)
        let first = capacity(firstList)
        if number == 0 {
            try drawOverview(&pen)
            try list(atlas.leaves.prefix(first), in: firstList, &pen)
        } else {
            try list(atlas.leaves.dropFirst(first + (number - 1) * capacity(whole)).prefix(capacity(whole)), in: whole, &pen)
        }
        let margin = SheetMargin(
            layout: layout, title: LocalisedText(zh: title.zh + " 图幅索引", en: "Index of sheets"), subtitle: nil,
            approvalNumber: press.approvalNumber, isForPublic: press.order.isForPublic && press.approvalNumber != nil,
            page: (number + 1, count), notes: [], maker: "")
        try margin.draw(&pen)
        return pen.finish()
    }

    private func list(_ leaves: ArraySlice<GridAtlas.Leaf>, in box: PaperBox, _ pen: inout SheetPen) throws {
        let (rows, columns) = (rows(box), columns(box))
        let width = box.width / Double(columns)
        for (i, leaf) in leaves.enumerated() {
            let x = box.left + Double(i / rows) * width
            let y = box.top + (Double(i % rows) + 0.5) * Self.rowHeight * size
            try pen.write("\(leaf.number)", x: x + 8 * size, y: y, SheetPen.Style(size: 2.4 * size, isBold: true, anchor: 1))
            try pen.write(leaf.name, x: x + 10 * size, y: y, SheetPen.Style(size: 2.4 * size, room: width - 12 * size))
        }
    }

    private func drawOverview(_ pen: inout SheetPen) throws {
        let box = overview
        pen.frame(box, width: 0.5 * size)
        let room = box.inset(by: 4 * size)
        let all = atlas.envelope
        // Millimetres to a metre of the plane.
        let scale = min(room.width / max(all.width, 1), room.height / max(all.height, 1))
        let (x, y) = room.middle
        func place(_ c: Coordinate) -> (Double, Double) {
            (x + (c.x - all.centre.x) * scale, y - (c.y - all.centre.y) * scale)
        }
        for leaf in atlas.leaves {
            leaf.outline.forEachPath { path in
                pen.fill(path.map(place), Colour(red: 0xEE, green: 0xF2, blue: 0xF5))
            }
        }
        for leaf in atlas.leaves {
            var parts: [[(Double, Double)]] = []
            leaf.outline.forEachPath { parts.append($0.map(place)) }
            pen.lines(parts, width: 0.25 * size)
        }
        for leaf in atlas.leaves {
            let envelope = leaf.outline.envelope
            let (x, y) = place(envelope.centre)
            let em = min(3 * size, max(1.2 * size, envelope.width * scale * 0.35))
            try pen.write("\(leaf.number)", x: x, y: y, SheetPen.Style(size: em, isBold: true, anchor: 0.5))
        }
    }
}
