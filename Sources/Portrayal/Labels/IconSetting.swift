import Raster

/// Sets the icon of a symbol: its picture, fitted to the text where asked, and the box it takes.
struct IconSetting {
    let common: SymbolLayerFormat
    let frame: RenderFrame

    /// - Parameter text: the box of the symbol's text; `nil` without one.
    /// - Returns: `nil` where the symbol has no icon or no sheet holds it.
    func icon(
        _ format: SymbolFormat, at anchor: (x: Float, y: Float), _ turn: Rotation, around text: PixelBox?,
        _ scratch: inout RenderScratch
    ) -> (icon: PlacedSymbol.Icon, box: PixelBox)? {
        guard let name = format.icon else { return nil }
        guard let sprite = frame.sprites.icon(name, ratio: frame.ratio) else {
            scratch.statistics.missingImages.insert(name)
            return nil
        }
        if let text, common.iconFit != "none" { return fitted(sprite, format, to: text) }
        let scale = format.iconSize * frame.ratio / sprite.ratio
        let (width, height) = (Float(sprite.image.width) * scale, Float(sprite.image.height) * scale)
        let shift = format.iconSize * frame.ratio
        let x = anchor.x + format.iconOffset.x * shift + (0.5 - format.iconAnchor.across) * width + common.iconTranslation.x
        let y = anchor.y + format.iconOffset.y * shift + (0.5 - format.iconAnchor.down) * height + common.iconTranslation.y
        let degrees = format.iconRotationInDegrees + (common.iconFollowsLine ? turn.degrees : 0)
        let box = PixelBox(left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2)
            .turned(degrees: degrees, aboutX: x, y: y).grown(by: format.iconPadding)
        let icon = PlacedSymbol.Icon(
            name: name, stretch: nil, x: PlacedSymbol.units(x), y: PlacedSymbol.units(y), scale: scale, degrees: degrees, opacity: format.iconOpacity,
            shade: shade(sprite, format))
        return (icon, box)
    }

    private func shade(_ sprite: SpriteIcon, _ format: SymbolFormat) -> IconShade? {
        sprite.isDistances ? IconShade(format, scale: format.iconSize * frame.ratio) : nil
    }

    /// The picture stretched so that its content box holds the text (`icon-text-fit`).
    private func fitted(
        _ sprite: SpriteIcon, _ format: SymbolFormat, to text: PixelBox
    ) -> (icon: PlacedSymbol.Icon, box: PixelBox) {
        let scale = format.iconSize * frame.ratio / sprite.ratio
        let natural = (width: Float(sprite.image.width) * scale, height: Float(sprite.image.height) * scale)
        let padding = common.iconFitPadding.count == 4 ? common.iconFitPadding : [0, 0, 0, 0]
        let content = sprite.content ?? [0, 0, Float(sprite.image.width), Float(sprite.image.height)]
        let frameAround = (
            left: content[0] * scale + padding[3], top: content[1] * scale + padding[0],
            right: (Float(sprite.image.width) - content[2]) * scale + padding[1],
            bottom: (Float(sprite.image.height) - content[3]) * scale + padding[2]
        )
        let fitsWidth = common.iconFit != "height"
        let fitsHeight = common.iconFit != "width"
        let width = fitsWidth ? max(text.right - text.left + frameAround.left + frameAround.right, natural.width) : natural.width
        let height = fitsHeight ? max(text.bottom - text.top + frameAround.top + frameAround.bottom, natural.height) : natural.height
        let x = (text.left + text.right + frameAround.right - frameAround.left) / 2
        let y = (text.top + text.bottom + frameAround.bottom - frameAround.top) / 2
        let box = PixelBox(left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2)
        let icon = PlacedSymbol.Icon(
            name: sprite.name,
            stretch: PlacedSymbol.Stretch(width: max(1, Int(width.rounded())), height: max(1, Int(height.rounded())), scale: scale),
            x: PlacedSymbol.units(x), y: PlacedSymbol.units(y), scale: 1, degrees: 0,
            opacity: format.iconOpacity, shade: shade(sprite, format))
        return (icon, box.grown(by: format.iconPadding))
    }
}
