public import Raster

/// Packs icons into one sprite sheet: the same icons give the same bytes.
public struct SpriteBuilder: Sendable {
    var descriptions: [IconDescription] = []
    private var pictures: [SpriteIcon] = []

    public init() {}

    public mutating func add(_ description: IconDescription) { descriptions.append(description) }

    /// Adds a finished picture; it is scaled where a sheet of another ratio is asked for.
    public mutating func add(_ icon: SpriteIcon) { pictures.append(icon) }

    /// Every icon at a ratio, sorted by name.
    public func icons(ratio: Float) -> [SpriteIcon] {
        var out = descriptions.map { $0.icon(ratio: ratio) }
        for picture in Self.best(pictures, ratio: ratio) {
            let scale = ratio / picture.ratio
            guard scale != 1 else {
                out.append(picture)
                continue
            }
            let width = max(1, Int((Float(picture.image.width) * scale).rounded()))
            let height = max(1, Int((Float(picture.image.height) * scale).rounded()))
            out.append(
                SpriteIcon(
                    name: picture.name,
                    image: picture.image.stretched(width: width, height: height, scale: scale, across: [], down: []),
                    ratio: ratio, content: picture.content?.map { $0 * scale },
                    stretchAcross: picture.stretchAcross.map { $0.map { $0 * scale } },
                    stretchDown: picture.stretchDown.map { $0.map { $0 * scale } }, isDistances: picture.isDistances))
        }
        return out.sorted { $0.name < $1.name }
    }

    /// Of each name the picture with the least ratio that is not below `ratio`, else the finest.
    private static func best(_ pictures: [SpriteIcon], ratio: Float) -> [SpriteIcon] {
        Dictionary(grouping: pictures, by: \.name).values.compactMap { variants in
            let ascending = variants.sorted { $0.ratio < $1.ratio }
            return ascending.first { $0.ratio >= ratio } ?? ascending.last
        }
    }

    /// The picture and the index of a sheet at a ratio: rows of icons, the tallest first, one pixel apart.
    public func sheet(ratio: Float) -> (picture: Pixmap, index: String) {
        let icons = icons(ratio: ratio)
        let order = icons.indices.sorted {
            let (a, b) = (icons[$0].image, icons[$1].image)
            return a.height != b.height ? a.height > b.height : $0 < $1
        }
        let area = icons.reduce(0) { $0 + ($1.image.width + 1) * ($1.image.height + 1) }
        let widest = icons.map(\.image.width).max() ?? 1
        let side = max(widest, Int(Double(area).squareRoot() * 1.15), 1)
        var places = [(x: Int, y: Int)](repeating: (0, 0), count: icons.count)
        var (x, y, row) = (0, 0, 0)
        for i in order {
            let image = icons[i].image
            if x + image.width > side {
                (x, y, row) = (0, y + row + 1, 0)
            }
            places[i] = (x, y)
            x += image.width + 1
            row = max(row, image.height)
        }
        var picture = Pixmap(width: side, height: max(y + row, 1))
        var members: [String: JSONValue] = [:]
        for (i, icon) in icons.enumerated() {
            for line in 0..<icon.image.height {
                for column in 0..<icon.image.width {
                    picture.pixels[(places[i].y + line) * side + places[i].x + column] =
                        icon.image.pixels[line * icon.image.width + column]
                }
            }
            members[icon.name] = .object(entry(icon, places[i]))
        }
        return (picture, JSONValue.object(members).description)
    }

    private func entry(_ icon: SpriteIcon, _ place: (x: Int, y: Int)) -> [String: JSONValue] {
        func list(_ v: [Float]) -> JSONValue { .array(v.map { .number(Double($0)) }) }
        var out: [String: JSONValue] = [
            "x": .number(Double(place.x)), "y": .number(Double(place.y)), "width": .number(Double(icon.image.width)),
            "height": .number(Double(icon.image.height)), "pixelRatio": .number(Double(icon.ratio)),
        ]
        if icon.isDistances { out["sdf"] = .boolean(true) }
        if let content = icon.content { out["content"] = list(content) }
        if !icon.stretchAcross.isEmpty { out["stretchX"] = .array(icon.stretchAcross.map(list)) }
        if !icon.stretchDown.isEmpty { out["stretchY"] = .array(icon.stretchDown.map(list)) }
        return out
    }
}
