import Foundation

/// A rectangle on paper, in millimetres from the left and the top.
struct PaperBox: Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
    var middle: (x: Double, y: Double) { ((left + right) / 2, (top + bottom) / 2) }

    func inset(by distance: Double) -> PaperBox {
        PaperBox(left: left + distance, top: top + distance, right: right - distance, bottom: bottom - distance)
    }
}

/// Where things come on a sheet.
///
/// The title on top; the map in its frame; the legend to the right of it on a landscape sheet and below on a portrait one; what
/// else is said at the bottom.
struct SheetLayout {
    let width: Double
    let height: Double
    /// Of texts and marks, against those of an A3 sheet.
    let size: Double
    let pixelsPerMillimetre: Double
    /// Device pixels of the map, on whole ones so that the frame lies where the map ends.
    let mapPixels: (left: Int, top: Int, width: Int, height: Int)
    let title: PaperBox
    let legend: PaperBox
    let arrow: PaperBox
    let footer: PaperBox
    /// Millimetres between the neat line and the outer frame, where coordinates stand.
    let band: Double

    static let pixelsPerInch = 96.0
    static let millimetresPerInch = 25.4

    init(paper: Paper, isLandscape: Bool, ratio: Double) {
        width = isLandscape ? paper.longSide : paper.shortSide
        height = isLandscape ? paper.shortSide : paper.longSide
        size = paper.enlargement
        pixelsPerMillimetre = ratio * Self.pixelsPerInch / Self.millimetresPerInch
        let (edge, gap) = (9 * size, 3 * size)
        band = 6.5 * size
        let (titleHeight, footerHeight) = (15 * size, 17 * size)
        let page = PaperBox(left: edge, top: edge * 0.8, right: width - edge, bottom: height - edge * 0.8)
        footer = PaperBox(left: page.left, top: page.bottom - footerHeight, right: page.right, bottom: page.bottom)
        title = PaperBox(left: page.left, top: page.top, right: page.right, bottom: page.top + titleHeight)
        var frame = PaperBox(left: page.left, top: title.bottom, right: page.right, bottom: footer.top - gap)
        if isLandscape {
            let panel = 56 * size
            frame.right -= panel + gap
            arrow = PaperBox(left: frame.right + gap, top: frame.top, right: page.right, bottom: frame.top + 30 * size)
            legend = PaperBox(left: frame.right + gap, top: arrow.bottom + gap, right: page.right, bottom: frame.bottom)
        } else {
            let panel = max(48, 36 * size)
            frame.bottom -= panel + gap
            arrow = PaperBox(
                left: page.right - 34 * size, top: frame.bottom + gap, right: page.right, bottom: frame.bottom + gap + panel)
            legend = PaperBox(left: page.left, top: arrow.top, right: arrow.left - gap, bottom: arrow.bottom)
        }
        let map = frame.inset(by: band)
        let scale = pixelsPerMillimetre
        let (left, top) = (Int((map.left * scale).rounded()), Int((map.top * scale).rounded()))
        mapPixels = (left, top, Int((map.right * scale).rounded()) - left, Int((map.bottom * scale).rounded()) - top)
    }

    /// The neat line.
    var map: PaperBox {
        let scale = pixelsPerMillimetre
        return PaperBox(
            left: Double(mapPixels.left) / scale, top: Double(mapPixels.top) / scale,
            right: Double(mapPixels.left + mapPixels.width) / scale, bottom: Double(mapPixels.top + mapPixels.height) / scale)
    }

    var frame: PaperBox { map.inset(by: -band) }

    /// Device pixels of the paper.
    var pixels: (width: Int, height: Int) {
        (Int((width * pixelsPerMillimetre).rounded()), Int((height * pixelsPerMillimetre).rounded()))
    }
}
