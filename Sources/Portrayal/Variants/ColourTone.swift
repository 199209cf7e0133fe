/// A change of every colour by one rule: paler, and between a darkest and a lightest tone.
struct ColourTone: Hashable, Sendable {
    /// 0 makes grey, 1 leaves colours as saturated as they are.
    var saturation: Double
    /// Where black goes, 0 (black) to 1 (white).
    var darkest: Double
    /// Where white goes, 0 (black) to 1 (white).
    var lightest: Double

    /// The colour in this tone; its alpha stays.
    func toned(_ colour: StyleColour) -> StyleColour {
        let c = colour.straight
        let luma = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]  // ITU-R BT.601
        let toned = c.map { darkest + (lightest - darkest) * (luma + saturation * ($0 - luma)) }
        return StyleColour(straight: toned.map { min(max($0, 0), 1) }, alpha: colour.alpha)
    }
}
