import Foundation
import Raster
import SimpleFeatures
import Wording

/// The sheets of an atlas, one a feature, in reading order: from the north to the south, from the west to the east.
struct GridAtlas {
    /// One sheet.
    struct Leaf {
        var outline: Geometry
        var name: String
        /// From 1; the index pages come before.
        var number: Int
    }

    let leaves: [Leaf]

    /// Pages of sheets.
    static let pageLimit = 500
    /// Metres: leaves whose middles differ less in northing stand in one row.
    private static let rowShare = 0.5
    /// Metres between boxes that still count as touching.
    private static let slackInMetres = 2.0

    /// - Throws: `tooMany`, `unknownFeature` for none.
    init(_ subjects: [(outline: Geometry, name: String)]) throws(PrintError) {
        guard !subjects.isEmpty else { throw PrintError(.unknownFeature, zh: "此范围没有可打印的要素", en: "there is no feature to print there") }
        guard subjects.count <= Self.pageLimit else {
            throw PrintError(
                .tooMany, zh: "图册共 \(subjects.count) 幅，超过上限 \(Self.pageLimit)；请用 within 缩小范围",
                en: "the atlas has \(subjects.count) sheets and may have \(Self.pageLimit); narrow it with within")
        }
        let heights = subjects.map(\.outline.envelope.height).sorted()
        let row = max(1, heights[heights.count / 2] * Self.rowShare)
        let top = subjects.map(\.outline.envelope.centre.y).max() ?? 0
        func place(_ subject: (outline: Geometry, name: String)) -> (Int, Double) {
            let centre = subject.outline.envelope.centre
            return (Int((top - centre.y) / row), centre.x)
        }
        let sorted = subjects.sorted { place($0) < place($1) }
        leaves = sorted.enumerated().map { Leaf(outline: $1.outline, name: $1.name, number: $0 + 1) }
    }

    var envelope: Envelope { leaves.reduce(into: .empty) { $0.formUnion($1.outline.envelope) } }

    /// The leaf next to one on each side, where there is one.
    func neighbours(of leaf: Leaf) -> [AtlasNeighbour] {
        let own = leaf.outline.envelope
        return AtlasNeighbour.Side.allCases.compactMap { side in
            let touching = leaves.filter { other in
                guard other.number != leaf.number, own.expanded(by: Self.slackInMetres).intersects(other.outline.envelope) else { return false }
                return side.faces(other.outline.envelope.centre, from: own.centre)
            }
            let nearest = touching.min { distance($0.outline.envelope.centre, own.centre) < distance($1.outline.envelope.centre, own.centre) }
            return nearest.map { AtlasNeighbour(side: side, name: $0.name, number: $0.number) }
        }
    }

    private func distance(_ a: Coordinate, _ b: Coordinate) -> Double { hypot(a.x - b.x, a.y - b.y) }
}

/// The sheet that goes on where one ends.
struct AtlasNeighbour {
    enum Side: CaseIterable {
        case north, east, south, west

        /// Whether a place lies on this side of another, within half a right angle.
        func faces(_ place: Coordinate, from centre: Coordinate) -> Bool {
            let (x, y) = (place.x - centre.x, place.y - centre.y)
            return switch self {
            case .north: y > 0 && y >= abs(x)
            case .south: y < 0 && -y >= abs(x)
            case .east: x > 0 && x > abs(y)
            case .west: x < 0 && -x > abs(y)
            }
        }

        var arrow: String {
            switch self {
            case .north: "▲"
            case .south: "▼"
            case .east: "▶"
            case .west: "◀"
            }
        }
    }

    var side: Side
    var name: String
    /// Of its sheet.
    var number: Int

    /// A label in the middle of the frame's side.
    func draw(_ layout: SheetLayout, _ pen: inout SheetPen) throws {
        let (map, frame, size) = (layout.map, layout.frame, layout.size)
        let text = "\(side.arrow) 接 \(number)  \(name)"
        let em = 2.3 * size
        let half = min(try pen.width(of: text, size: em), 60 * size) / 2 + 1.5 * size
        let (x, y) = map.middle
        let isUpright = side == .north || side == .south
        let across = switch side {
        case .north: (frame.top + map.top) / 2
        case .south: (frame.bottom + map.bottom) / 2
        case .west: (frame.left + map.left) / 2
        case .east: (frame.right + map.right) / 2
        }
        let depth = layout.band / 2 - 0.5 * size
        let box = isUpright
            ? PaperBox(left: x - half, top: across - depth, right: x + half, bottom: across + depth)
            : PaperBox(left: across - depth, top: y - half, right: across + depth, bottom: y + half)
        pen.fill(box, .white)
        try pen.write(
            text, x: isUpright ? x : across, y: isUpright ? across : y,
            SheetPen.Style(size: em, anchor: 0.5, runsUp: !isUpright, room: 2 * half - 2 * size))
    }
}
