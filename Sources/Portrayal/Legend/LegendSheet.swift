public import Raster
import Tiling
public import Typography
public import Wording

/// Sets the rows of a legend in columns on one sheet. Texts and pictures are drawn by the map's renderer.
public struct LegendSheet {
    /// Which of the two languages a title is written in; both beside each other by default.
    public enum Language: String, Sendable, CaseIterable {
        case zh, en
    }

    /// A line of the sheet.
    private struct Line {
        var text: String
        var swatch: Pixmap?
        /// How deep under its row.
        var depth = 0

        var isHeading: Bool { swatch == nil }
        var height: Int { max((swatch?.height ?? LegendSheet.headingHeight) + LegendSheet.gap, LegendSheet.lineHeight) }
    }

    private static let (margin, gap, indent) = (14, 4, 18)
    private static let (lineHeight, headingHeight, titleHeight) = (32, 30, 40)
    private static let columnWidth = 350
    private static let (columnLimit, preferredHeight) = (4, 720)
    /// Stands in for imagery under labels that have no ground of their own.
    private static let imageryGround = Colour(red: 0x59, green: 0x66, blue: 0x58, alpha: 255)

    private let title: String
    private let lines: [Line]
    private let ground: Colour
    private let fontStack: [String]

    /// - Parameters:
    ///   - groups: titles of the groups of layers, by id.
    ///   - ground: what the map paints where there is nothing.
    ///   - fontStack: names of the catalogue.
    public init(
        title: LocalisedText, rows: [LegendRow], groups: [String: LocalisedText], language: Language?, ground: Colour,
        fontStack: [String]
    ) {
        func written(_ title: LocalisedText) -> String {
            switch language {
            case .zh: title.zh
            case .en: title.en
            case nil: title.zh == title.en ? title.zh : "\(title.zh)  \(title.en)"
            }
        }
        func lines(of classes: [LegendClass], depth: Int) -> [Line] {
            classes.flatMap { entry in
                [Line(text: written(entry.title), swatch: entry.swatch, depth: depth)]
                    + lines(of: entry.classes, depth: depth + 1)
            }
        }
        var all: [Line] = []
        var group: String?
        for row in rows {
            if row.layer.group != group {
                group = row.layer.group
                all.append(Line(text: written(groups[row.layer.group] ?? LocalisedText(zh: row.layer.group, en: row.layer.group))))
            }
            all.append(Line(text: written(row.layer.title), swatch: row.swatch))
            all += lines(of: row.classes, depth: 1)
        }
        self.title = written(title)
        self.lines = all
        self.ground = ground.alpha == 0 ? Self.imageryGround : ground
        self.fontStack = fontStack
    }

    /// The sheet as a picture: the same rows give the same pixels.
    ///
    /// - Throws: `missingFont`, `unreadableGlyph`; `invalidRequest` for a sheet wider or higher than a picture can be.
    public func draw(fonts: FontCatalogue) throws(PortrayalError) -> Pixmap {
        let columns = inColumns()
        let width = columns.count * Self.columnWidth + Self.margin
        let height = 2 * Self.margin + Self.titleHeight + (columns.map { $0.reduce(0) { $0 + $1.height } }.max() ?? 0)
        let extent = Int32(max(width, height)) * PixelGeometry.unitsPerPixel
        var texts = TileLayer(name: "text", extent: extent)
        var pictures = TileLayer(name: "picture", extent: extent)
        var icons: [SpriteIcon] = []
        texts.append(.point, ["text": .string(title), "size": .number(18)], [(Self.margin, Self.margin + Self.titleHeight / 2)])
        for (i, column) in columns.enumerated() {
            var y = Self.margin + Self.titleHeight
            for line in column {
                var x = i * Self.columnWidth + Self.margin + line.depth * Self.indent
                let middle = y + line.height / 2
                if let swatch = line.swatch {
                    let name = "swatch-\(icons.count)"
                    icons.append(SpriteIcon(name: name, image: swatch, ratio: 1))
                    pictures.append(.point, ["icon": .string(name)], [(x, middle)])
                    x += swatch.width + 10
                }
                texts.append(.point, ["text": .string(line.text), "size": .number(line.isHeading ? 15 : 12.5)], [(x, middle)])
                y += line.height
            }
        }
        let renderer = StyleRenderer(style: try Style(document()), sprites: [SpriteSheet(icons: icons)], fonts: fonts)
        var scratch = RenderScratch()
        let sheet = try LegendSwatch.render(renderer, [pictures, texts], side: max(width, height), level: 1, &scratch)
        return sheet.cropped(x: 0, y: 0, width: width, height: height)
    }

    /// As many columns as keep the sheet about as wide as high; a heading never ends one.
    private func inColumns() -> [[Line]] {
        let total = lines.reduce(0) { $0 + $1.height }
        let count = min(max((total + Self.preferredHeight - 1) / Self.preferredHeight, 1), Self.columnLimit)
        let limit = (total + count - 1) / count
        var columns: [[Line]] = [[]]
        var height = 0
        for (i, line) in lines.enumerated() {
            let next = line.isHeading && i + 1 < lines.count ? lines[i + 1].height : 0
            if height + line.height / 2 + next > limit, columns.count < count, height > 0 {
                columns.append([])
                height = 0
            }
            columns[columns.count - 1].append(line)
            height += line.height
        }
        return columns
    }

    private func document() throws(PortrayalError) -> JSONValue {
        let brightness = 299 * Int(ground.red) + 587 * Int(ground.green) + 114 * Int(ground.blue)
        let ink = brightness > 128_000 ? "#222B33" : "#E8EDF2"
        let fonts = JSONValue.array(fontStack.map { .string($0) }).description
        let colour = "rgb(\(ground.red), \(ground.green), \(ground.blue))"
        return try JSONValue(json: Array("""
            {"version": 8, "sources": {"legend": {"type": "vector"}}, "layers": [
              {"id": "ground", "type": "background", "paint": {"background-color": "\(colour)"}},
              {"id": "picture", "type": "symbol", "source": "legend", "source-layer": "picture",
               "layout": {"icon-image": ["get", "icon"], "icon-anchor": "left", "icon-allow-overlap": true}},
              {"id": "text", "type": "symbol", "source": "legend", "source-layer": "text",
               "layout": {"text-field": ["get", "text"], "text-size": ["to-number", ["get", "size"]], "text-anchor": "left",
                          "text-max-width": 60, "text-font": \(fonts), "text-allow-overlap": true},
               "paint": {"text-color": "\(ink)"}}]}
            """.utf8))
    }
}
