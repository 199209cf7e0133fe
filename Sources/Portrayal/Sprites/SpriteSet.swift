import Raster

/// The icons of all sheets of a style.
struct SpriteSet: Sendable {
    /// By name, every ratio there is of it, ascending.
    private let icons: [String: [SpriteIcon]]
    let names: Set<String>

    init(_ sheets: [SpriteSheet]) {
        var icons: [String: [SpriteIcon]] = [:]
        for sheet in sheets {
            for (name, icon) in sheet.icons { icons[name, default: []].append(icon) }
        }
        self.icons = icons.mapValues { $0.sorted { $0.ratio < $1.ratio } }
        names = Set(icons.keys)
    }

    /// The icon whose ratio is the least that is not below `ratio`, else the finest there is.
    func icon(_ name: String, ratio: Float) -> SpriteIcon? {
        guard let variants = icons[name] else { return nil }
        return variants.first { $0.ratio >= ratio } ?? variants.last
    }

    /// The icon's picture for a ratio, scaled where no sheet has that ratio.
    func pixmap(_ name: String, ratio: Float) -> Pixmap? {
        guard let icon = icon(name, ratio: ratio) else { return nil }
        if icon.ratio == ratio { return icon.image }
        let scale = ratio / icon.ratio
        let width = max(1, Int((Float(icon.image.width) * scale).rounded()))
        let height = max(1, Int((Float(icon.image.height) * scale).rounded()))
        return icon.image.stretched(width: width, height: height, scale: scale, across: [], down: [])
    }
}
