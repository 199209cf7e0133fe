import Raster

/// What a variant makes of icons that are described as shapes. Icons that are pictures keep their colours.
struct IconRecolouring: Hashable, Sendable {
    /// Of shapes whose role is `edge`, which part an icon from the ground; `nil` treats them as all others.
    var edge: StyleColour?
    var rules: [ColourRule]

    /// - Throws: `invalidSprite` naming the icon and the colour that no rule knows.
    func recoloured(_ colour: Colour, role: IconShape.Role?, icon: String, variant: String) throws(PortrayalError) -> Colour {
        let old = StyleColour(
            straight: [colour.red, colour.green, colour.blue].map { Double($0) / 255 }, alpha: Double(colour.alpha) / 255)
        if role == .edge, let edge { return Colour(edge) }
        for rule in rules {
            if let new = rule.replacement(of: old) { return Colour(new) }
        }
        throw PortrayalError(
            .invalidSprite,
            "variant \"\(variant)\": colour \(old.written) of icon \"\(icon)\" has no replacement; add it to the palette of \"icons\"")
    }
}

extension IconDescription {
    /// The icon as a variant of the style has it.
    ///
    /// - Throws: `invalidSprite` for a colour that the variant has no replacement for.
    public func recoloured(by variant: StyleVariant) throws(PortrayalError) -> IconDescription {
        guard let icons = variant.icons else { return self }
        var copy = self
        for i in shapes.indices {
            if let fill = shapes[i].fill {
                copy.shapes[i].fill = try icons.recoloured(fill, role: shapes[i].role, icon: name, variant: variant.id)
            }
            if let stroke = shapes[i].stroke {
                copy.shapes[i].stroke = try icons.recoloured(stroke, role: shapes[i].role, icon: name, variant: variant.id)
            }
        }
        return copy
    }
}

extension SpriteBuilder {
    /// The same icons as a variant of the style has them.
    ///
    /// - Throws: `invalidSprite` for a colour that the variant has no replacement for.
    public func recoloured(by variant: StyleVariant) throws(PortrayalError) -> SpriteBuilder {
        var copy = self
        copy.descriptions = []
        for description in descriptions { copy.descriptions.append(try description.recoloured(by: variant)) }
        return copy
    }
}
