import Foundation
import Wording

/// What is said around the map: title, marks, scale, coordinate system, date and origin of the data.
struct SheetMargin {
    let layout: SheetLayout
    let title: LocalisedText
    /// What stands before the English title in small: the map, where the title is a feature's.
    let subtitle: LocalisedText?
    let approvalNumber: String?
    let isForPublic: Bool
    /// Page and pages of an atlas.
    let page: (number: Int, count: Int)?
    let notes: [String]
    let maker: String

    func draw(_ pen: inout SheetPen) throws {
        try drawTitle(&pen)
        if !isForPublic { try drawMark(&pen) }
        try drawFooter(&pen)
    }

    private func drawTitle(_ pen: inout SheetPen) throws {
        let (size, box) = (layout.size, layout.title)
        let room = box.width - 2 * Self.markWidth * size - 4 * size
        let x = box.middle.x
        try pen.write(title.zh, x: x, y: box.top + 4.6 * size, SheetPen.Style(size: 6.2 * size, isBold: true, anchor: 0.5, room: room))
        var second = title.en == title.zh ? "" : title.en
        if let subtitle { second += (second.isEmpty ? "" : "  ·  ") + subtitle.zh + "  " + subtitle.en }
        try pen.write(second, x: x, y: box.top + 10.4 * size, SheetPen.Style(size: 2.8 * size, colour: SheetPen.faint, anchor: 0.5, room: room))
    }

    private static let markWidth = 30.0

    /// The mark of what must not leave the offices that it is for.
    private func drawMark(_ pen: inout SheetPen) throws {
        let (size, page) = (layout.size, layout.title)
        let box = PaperBox(left: page.right - Self.markWidth * size, top: page.top, right: page.right, bottom: page.top + 10.4 * size)
        pen.frame(box, width: 0.5 * size, SheetPen.warning)
        try pen.write(
            "内部用图", x: box.middle.x, y: box.top + 3.9 * size,
            SheetPen.Style(size: 4.6 * size, isBold: true, colour: SheetPen.warning, anchor: 0.5))
        try pen.write(
            "FOR INTERNAL USE ONLY", x: box.middle.x, y: box.top + 8 * size,
            SheetPen.Style(size: 1.9 * size, colour: SheetPen.warning, anchor: 0.5, room: box.width - 2 * size))
    }

    private func drawFooter(_ pen: inout SheetPen) throws {
        let (size, box) = (layout.size, layout.footer)
        let third = box.width / 3
        for (i, note) in notes.enumerated() {
            try pen.write(
                note, x: box.left, y: box.top + (2 + 3.4 * Double(i)) * size,
                SheetPen.Style(size: 2.1 * size, colour: SheetPen.faint, room: third - 4 * size))
        }
        var right: [(String, Bool)] = []
        if let approvalNumber { right.append(("审图号 Map approval: \(approvalNumber)", true)) }
        right.append((maker, false))
        if let page { right.append(("第 \(page.number) 页，共 \(page.count) 页  Page \(page.number) of \(page.count)", false)) }
        for (i, (text, isStrong)) in right.enumerated() {
            try pen.write(
                text, x: box.right, y: box.top + (2 + 3.6 * Double(i)) * size,
                SheetPen.Style(
                    size: (isStrong ? 2.6 : 2.1) * size, isBold: isStrong, colour: isStrong ? SheetPen.ink : SheetPen.faint, anchor: 1,
                    room: third - 4 * size))
        }
    }
}
