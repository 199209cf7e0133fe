import Foundation

/// The space that `interpolate`, `interpolate-hcl` and `interpolate-lab` mix colours in.
enum ColourSpace: Sendable {
    case rgb, hcl, lab
}

extension StyleColour {
    /// The colour `t` of the way from this one to `other`.
    func mixed(with other: StyleColour, _ t: Double, in space: ColourSpace) -> StyleColour {
        func mix(_ a: Double, _ b: Double) -> Double { a + t * (b - a) }
        let alpha = mix(self.alpha, other.alpha)
        switch space {
        case .rgb:
            let (a, b) = (straight, other.straight)
            return StyleColour(straight: (0..<3).map { mix(a[$0], b[$0]) }, alpha: alpha)
        case .lab:
            let (a, b) = (lab, other.lab)
            return StyleColour(straight: Self.rgb(lab: (0..<3).map { mix(a[$0], b[$0]) }), alpha: alpha)
        case .hcl:
            let (a, b) = (hcl, other.hcl)
            var hue = Double.nan
            var chroma: Double?
            if !a[0].isNaN && !b[0].isNaN {
                var d = b[0] - a[0]
                if b[0] > a[0] && d > 180 { d -= 360 } else if b[0] < a[0] && b[0] + 360 - a[0] < 180 { d += 360 }
                hue = a[0] + t * d
            } else if !a[0].isNaN {
                hue = a[0]
                if b[2] == 1 || b[2] == 0 { chroma = a[1] }
            } else if !b[0].isNaN {
                hue = b[0]
                if a[2] == 1 || a[2] == 0 { chroma = b[1] }
            }
            let c = chroma ?? mix(a[1], b[1])
            let l = mix(a[2], b[2])
            let r = hue.isNaN ? 0 : hue * .pi / 180
            return StyleColour(straight: Self.rgb(lab: [l, cos(r) * c, sin(r) * c]), alpha: alpha)
        }
    }

    /// CIE L*a*b* (D50), L* 0...100.
    private var lab: [Double] {
        let c = straight.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        func f(_ t: Double) -> Double {
            let d = 6.0 / 29
            return t > d * d * d ? cbrt(t) : t / (3 * d * d) + 4.0 / 29
        }
        let y = f((0.2225045 * c[0] + 0.7168786 * c[1] + 0.0606169 * c[2]) / 1)
        let x = c[0] == c[1] && c[1] == c[2] ? y : f((0.4360747 * c[0] + 0.3850649 * c[1] + 0.1430804 * c[2]) / 0.96422)
        let z = c[0] == c[1] && c[1] == c[2] ? y : f((0.0139322 * c[0] + 0.0971045 * c[1] + 0.7141733 * c[2]) / 0.82521)
        let l = 116 * y - 16
        return [l < 0 ? 0 : l, 500 * (x - y), 200 * (y - z)]
    }

    /// Hue in degrees (NaN for greys), chroma, lightness.
    private var hcl: [Double] {
        let v = lab
        let chroma = (v[1] * v[1] + v[2] * v[2]).squareRoot()
        let hue = (chroma * 10000).rounded() != 0 ? atan2(v[2], v[1]) * 180 / .pi : .nan
        return [hue < 0 ? hue + 360 : hue, chroma, v[0]]
    }

    private static func rgb(lab v: [Double]) -> [Double] {
        func g(_ t: Double) -> Double {
            let d = 6.0 / 29
            return t > d ? t * t * t : 3 * d * d * (t - 4.0 / 29)
        }
        let y = (v[0] + 16) / 116
        let (X, Y, Z) = (0.96422 * g(y + v[1] / 500), g(y), 0.82521 * g(y - v[2] / 200))
        let c = [
            3.1338561 * X - 1.6168667 * Y - 0.4906146 * Z, -0.9787684 * X + 1.9161415 * Y + 0.0334540 * Z,
            0.0719453 * X - 0.2289914 * Y + 1.4052427 * Z,
        ]
        return c.map { v in
            let s = v <= 0.00304 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055
            return min(max(s, 0), 1)
        }
    }
}
