import Raster

/// Pictures made to a size, so that a board of the same size is stretched once.
struct StretchedImages {
    private struct Key: Hashable {
        var name: String
        var stretch: PlacedSymbol.Stretch
        var ratio: Float
    }

    private var images: [Key: Pixmap] = [:]

    private static let limit = 2_000

    mutating func removeAll() { images.removeAll() }

    /// The picture that an icon shows; `nil` where no sheet holds it.
    mutating func picture(of icon: PlacedSymbol.Icon, in sprites: SpriteSet, ratio: Float) -> Pixmap? {
        guard let stretch = icon.stretch else { return sprites.icon(icon.name, ratio: ratio)?.image }
        let key = Key(name: icon.name, stretch: stretch, ratio: ratio)
        if let known = images[key] { return known }
        guard let sprite = sprites.icon(icon.name, ratio: ratio) else { return nil }
        let image = sprite.image.stretched(
            width: stretch.width, height: stretch.height, scale: stretch.scale, across: sprite.stretchAcross,
            down: sprite.stretchDown)
        if images.count >= Self.limit { images.removeAll(keepingCapacity: true) }
        images[key] = image
        return image
    }
}
