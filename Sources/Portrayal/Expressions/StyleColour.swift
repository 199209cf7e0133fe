import Foundation

/// A colour of the style language.
///
/// A colour that is wholly transparent still has its components: mixed with another it tints the way between them.
public struct StyleColour: Hashable, Sendable {
    /// Red, green, blue in sRGB, 0...1, as a designer writes them.
    private var components: SIMD3<Double>
    /// 0 (transparent) to 1 (opaque).
    public var alpha: Double

    public static let black = StyleColour(straight: [0, 0, 0], alpha: 1)
    public static let white = StyleColour(straight: [1, 1, 1], alpha: 1)
    public static let transparent = StyleColour(straight: [0, 0, 0], alpha: 0)

    /// Components 0...1, not multiplied by `alpha`.
    init(straight c: [Double], alpha: Double) {
        components = SIMD3(c[0], c[1], c[2])
        self.alpha = alpha
    }

    /// The three components without the alpha in them.
    var straight: [Double] { [components.x, components.y, components.z] }

    /// Multiplied by `alpha`, 0...1.
    public var red: Double { components.x * alpha }
    /// Multiplied by `alpha`, 0...1.
    public var green: Double { components.y * alpha }
    /// Multiplied by `alpha`, 0...1.
    public var blue: Double { components.z * alpha }

    /// As `rgba(255,0,0,1)`, the text the language's `to-string` gives.
    public var text: String {
        let c = straight.map { ExpressionValue.text(of: ($0 * 255).rounded()) }
        return "rgba(\(c[0]),\(c[1]),\(c[2]),\(ExpressionValue.text(of: alpha)))"
    }

    /// A CSS colour (CSS Color 3, with 4- and 8-digit hexadecimals and space-separated functions), or `nil`.
    public init?(css text: String) {
        let text = text.trimmingCharacters(in: .whitespaces).lowercased()
        if text == "transparent" {
            self = .transparent
        } else if let code = Self.named[text] {
            let c = [code >> 16, code >> 8 & 255, code & 255].map { Double($0) / 255 }
            self.init(straight: c, alpha: 1)
        } else if text.hasPrefix("#") {
            self.init(hexadecimal: text.dropFirst())
        } else {
            self.init(function: text)
        }
    }

    private init?(hexadecimal digits: Substring) {
        var v: [Double] = []
        for c in digits {
            guard let d = c.hexDigitValue, c.isASCII else { return nil }
            v.append(Double(d))
        }
        switch v.count {
        case 3, 4: v = v.map { $0 * 17 / 255 }
        case 6, 8:
            v = stride(from: 0, to: v.count, by: 2).map { (i: Int) -> Double in
                let byte: Double = v[i] * 16 + v[i + 1]
                return byte / 255
            }
        default: return nil
        }
        self.init(straight: Array(v[0..<3]), alpha: v.count > 3 ? v[3] : 1)
    }

    private init?(function text: String) {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
        let name = text[..<open].trimmingCharacters(in: .whitespaces)
        let body = text[text.index(after: open)...].dropLast()
        let parts: [Substring]
        if body.contains(",") {
            parts = body.split(separator: ",", omittingEmptySubsequences: false)
        } else {
            parts = body.replacingOccurrences(of: "/", with: " ").split(separator: " ").map { Substring($0) }
        }
        guard parts.count == 3 || parts.count == 4 else { return nil }
        let fields = parts.map { $0.trimmingCharacters(in: .whitespaces) }
        let alpha = fields.count == 4 ? Self.amount(fields[3], percentOf: 1) : 1
        guard let alpha else { return nil }
        switch name {
        case "rgb", "rgba":
            let c = fields[0..<3].compactMap { Self.amount($0, percentOf: 255) }
            guard c.count == 3 else { return nil }
            self.init(straight: c.map { min(max($0 / 255, 0), 1) }, alpha: min(max(alpha, 0), 1))
        case "hsl", "hsla":
            let hue = fields[0].hasSuffix("deg") ? String(fields[0].dropLast(3)) : fields[0]
            guard let h = Double(hue), fields[1].hasSuffix("%"), fields[2].hasSuffix("%"),
                let s = Self.amount(fields[1], percentOf: 1), let l = Self.amount(fields[2], percentOf: 1)
            else { return nil }
            self.init(
                straight: Self.rgb(hue: h, saturation: min(max(s, 0), 1), lightness: min(max(l, 0), 1)),
                alpha: min(max(alpha, 0), 1))
        default: return nil
        }
    }

    private static func amount(_ text: String, percentOf whole: Double) -> Double? {
        if text.hasSuffix("%") { return Double(text.dropLast()).map { $0 / 100 * whole } }
        return Double(text)
    }

    private static func rgb(hue: Double, saturation s: Double, lightness l: Double) -> [Double] {
        let h = (hue.truncatingRemainder(dividingBy: 360) + 360).truncatingRemainder(dividingBy: 360)
        return [0.0, 8, 4].map { n in
            let k = (n + h / 30).truncatingRemainder(dividingBy: 12)
            return l - s * min(l, 1 - l) * max(-1, min(k - 3, 9 - k, 1))
        }
    }
}
