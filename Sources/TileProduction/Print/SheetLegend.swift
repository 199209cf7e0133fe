import FeatureStore
import Generalisation
import Portrayal
import Raster
import SimpleFeatures
import Tiling
import Typography
import Wording

/// The legend of the map's style at one level, from which each sheet takes what it shows.
final class SheetLegend {
    private let maker: MakerBox
    private let rows: [LegendRow]
    private let ratio: Int
    private var swatches: [Pixmap: DisplayList] = [:]

    /// Holds a maker, which cannot be copied.
    private final class MakerBox {
        var maker: LegendMaker
        init(_ maker: consuming LegendMaker) { self.maker = maker }
    }

    /// A line of the legend.
    private struct Line {
        var title: LocalisedText
        var swatch: DisplayList
        var depth: Int
    }

    /// - Parameters:
    ///   - level: nominal.
    ///   - ratio: of the sheet; swatches are recorded at the nearest whole one.
    init(of map: LiveMap, style: LiveStyle, fonts: FontCatalogue, level: Int, ratio: Double) throws {
        let sheets = [1, 2, 3, 4].map { SpriteSheet(icons: style.sprites.icons(ratio: Float($0))) }
        maker = MakerBox(try LegendMaker(document: style.document, sheets: sheets, fonts: fonts))
        let layers = map.layers.map { LegendLayer(id: $0.definition.id, title: $0.definition.title, group: $0.definition.group) }
        var groups: [String] = []
        for layer in layers where !groups.contains(layer.group) { groups.append(layer.group) }
        rows = try maker.maker.rows(of: groups.flatMap { group in layers.filter { $0.group == group } }, level: level)
        self.ratio = max(1, Int(ratio.rounded()))
    }

    /// Draws what the features of a sheet are of.
    ///
    /// - Parameters:
    ///   - features: of the sheet's map, `units` wide and high.
    func draw(_ features: [TileLayer], within units: (width: Int32, height: Int32), in box: PaperBox, size: Double, _ pen: inout SheetPen) throws {
        var lines: [Line] = []
        for row in rows {
            let shown = features.filter { Self.isDerived($0.name, from: row.layer.id) && !$0.features.isEmpty }
            guard shown.contains(where: { row.isFilled || $0.marks(units) }) else { continue }
            if let swatch = try swatch(row.swatch) { lines.append(Line(title: row.layer.title, swatch: swatch, depth: 0)) }
            try add(row.classes, depth: 1, shown, to: &lines)
        }
        try lay(lines, in: box, size: size, &pen)
    }

    private static func isDerived(_ sourceLayer: String, from layer: String) -> Bool {
        [layer, AggregateLayer.name(of: layer), LabelPointLayer.name(of: layer)].contains(sourceLayer)
    }

    private func add(_ classes: [LegendClass], depth: Int, _ shown: [TileLayer], to lines: inout [Line]) throws {
        for own in classes {
            let isThere = shown.contains { $0.has(own.value, of: own.field) }
            if isThere, let swatch = try swatch(own.swatch) { lines.append(Line(title: own.title, swatch: swatch, depth: depth)) }
            try add(own.classes, depth: depth + (isThere ? 1 : 0), shown, to: &lines)
        }
    }

    private func swatch(_ picture: Pixmap) throws -> DisplayList? {
        if let known = swatches[picture] { return known }
        guard let made = try maker.maker.recording(of: picture, ratio: ratio) else { return nil }
        swatches[picture] = made
        return made
    }

    /// Millimetres of a column that shortens no title.
    private static let columnWidths = [46.0, 34, 25]

    private func lay(_ lines: [Line], in box: PaperBox, size: Double, _ pen: inout SheetPen) throws {
        try pen.write("图 例  Legend", x: box.left + 3 * size, y: box.top + 4 * size, SheetPen.Style(size: 3.2 * size, isBold: true))
        let room = PaperBox(left: box.left + 3 * size, top: box.top + 8 * size, right: box.right - 2 * size, bottom: box.bottom - 4 * size)
        let heights = lines.map { max(pen.size(of: $0.swatch).height, 4 * size) + 0.6 * size }
        // As wide columns as hold everything.
        let counts = Self.columnWidths.map { max(1, Int((room.width / ($0 * size)).rounded(.down))) }
        let count = counts.first { Self.places(heights, room, columns: $0).count == lines.count } ?? counts[counts.count - 1]
        let places = Self.balanced(heights, room, columns: count)
        let columns = try (0..<count).map { number in
            try Column(lines.indices.filter { $0 < places.count && places[$0].column == number }.map { lines[$0] }, size, pen)
        }
        let wanted = columns.reduce(0) { $0 + $1.width }
        var left = room.left
        for (number, column) in columns.enumerated() {
            let width = wanted > room.width ? column.width * room.width / wanted : column.width + (room.width - wanted) / Double(count)
            for (i, place) in places.enumerated() where place.column == number {
                try draw(lines[i], column, PaperBox(left: left, top: place.top, right: left + width, bottom: place.top + heights[i]), size, &pen)
            }
            left += width
        }
        // No longer than what is in it, but as wide as its place.
        var frame = box
        frame.bottom = min(box.bottom, (zip(places, heights).map { $0.top + $1 }.max() ?? room.top) + 4 * size)
        pen.frame(frame, width: 0.25 * size)
        let rest = lines.count - places.count
        guard rest > 0 else { return }
        try pen.write(
            "另 \(rest) 类从略  \(rest) more classes left out", x: room.right, y: frame.bottom - 2.2 * size,
            SheetPen.Style(size: 2 * size, colour: SheetPen.faint, anchor: 1))
    }

    /// Millimetres of lines that stand under one another.
    private struct Column {
        var swatch = 0.0
        var width = 0.0

        init(_ lines: [Line], _ size: Double, _ pen: borrowing SheetPen) throws {
            for line in lines {
                swatch = max(swatch, pen.size(of: line.swatch).width)
                let zh = try pen.width(of: line.title.zh, size: SheetLegend.em(line) * size)
                let en = try pen.width(of: line.title.en, size: SheetLegend.smallEm * size)
                width = max(width, max(zh, en) + Double(line.depth) * SheetLegend.indent * size)
            }
            if !lines.isEmpty { width += swatch + 3.5 * size }
        }
    }

    private static let (indent, smallEm) = (1.5, 1.6)
    private static func em(_ line: Line) -> Double { line.depth == 0 ? 2.5 : 2.2 }

    private func draw(_ line: Line, _ column: Column, _ box: PaperBox, _ size: Double, _ pen: inout SheetPen) throws {
        let swatch = pen.size(of: line.swatch)
        let left = box.left + Double(line.depth) * Self.indent * size
        pen.add(line.swatch, x: left + (column.swatch - swatch.width) / 2, y: box.top + (box.height - swatch.height) / 2)
        let x = left + column.swatch + 1.5 * size
        let (y, room) = (box.middle.y, box.right - x - size)
        let style = SheetPen.Style(size: Self.em(line) * size, room: room)
        guard line.title.en != line.title.zh else { return try pen.write(line.title.zh, x: x, y: y, style) }
        try pen.write(line.title.zh, x: x, y: y - 0.9 * size, style)
        try pen.write(line.title.en, x: x, y: y + 1.4 * size, SheetPen.Style(size: Self.smallEm * size, colour: SheetPen.faint, room: room))
    }

    /// The same in columns of about one height, where that leaves nothing out.
    private static func balanced(_ heights: [Double], _ room: PaperBox, columns: Int) -> [(column: Int, top: Double)] {
        let whole = places(heights, room, columns: columns)
        guard columns > 1, whole.count == heights.count else { return whole }
        var shorter = room
        shorter.bottom = room.top + heights.reduce(0, +) / Double(columns)
        while shorter.bottom < room.bottom {
            let tried = places(heights, shorter, columns: columns)
            if tried.count == heights.count { return tried }
            shorter.bottom += (heights.min() ?? 1) / 2
        }
        return whole
    }

    /// Where the first lines come that there is room for.
    private static func places(_ heights: [Double], _ room: PaperBox, columns: Int) -> [(column: Int, top: Double)] {
        var places: [(column: Int, top: Double)] = []
        var (column, top) = (0, room.top)
        for height in heights {
            if top + height > room.bottom { (column, top) = (column + 1, room.top) }
            guard column < columns else { break }
            places.append((column, top))
            top += height
        }
        return places
    }
}

extension TileLayer {
    /// Whether a point, a line or a border lies in a window that begins at 0: areas that cover it all have none there.
    fileprivate func marks(_ units: (width: Int32, height: Int32)) -> Bool {
        let window = ClipBox(minX: 0, minY: 0, maxX: units.width, maxY: units.height)
        return features.contains { feature in
            feature.parts.contains { part in
                let positions = coordinateRange(part: part)
                let count = positions.count / 2
                func position(_ i: Int) -> GridPosition {
                    GridPosition(x: coordinates[positions.lowerBound + 2 * i], y: coordinates[positions.lowerBound + 2 * i + 1])
                }
                if feature.kind == .point { return (0..<count).contains { window.contains(x: position($0).x, y: position($0).y) } }
                let edges = feature.kind == .polygon ? count : count - 1
                return (0..<max(0, edges)).contains { window.meets(position($0), position(($0 + 1) % count)) }
            }
        }
    }

    /// Whether a feature has this value, as a legend writes it; of numbers, which legends divide into ranges, whether there is any.
    fileprivate func has(_ value: String, of field: String) -> Bool {
        guard let key = keys.firstIndex(of: field) else { return false }
        let isNumber = Double(value) != nil
        return stride(from: 0, to: tags.count, by: 2).contains { i in
            guard Int(tags[i]) == key else { return false }
            switch values[Int(tags[i + 1])] {
            case .text(let text): return text == value
            case .integer(let number): return isNumber || String(number) == value
            case .real: return isNumber
            case .boolean(let flag): return String(flag) == value
            case .null: return false
            }
        }
    }
}
