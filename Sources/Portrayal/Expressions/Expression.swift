/// A compiled expression: a typed tree without closures.
///
/// `var` nodes do not exist: the parser puts the bound expression in their place.
indirect enum Expression: Sendable {
    case literal(ExpressionValue)
    case call(ExpressionFunction, [Expression])
    /// A property of the feature under a name known when the style was compiled.
    case property(String)
    case hasProperty(String)
    case globalState(String)
    case compare(Comparison)
    case branch([(test: Expression, output: Expression)], otherwise: Expression)
    case match(Match)
    case coalesce([Expression])
    case step(input: Expression, stops: [Double], outputs: [Expression])
    case interpolate(Interpolation)
    case assertion(ExpressionType, [Expression])
    case coercion(ExpressionType, [Expression])
    case list([Expression])
    case format([FormatPart])
    case collator(isCaseSensitive: Expression, isDiacriticSensitive: Expression, locale: Expression?)
    case numberFormat(NumberFormat)
    /// Text with `{name}` tokens: pieces of text and property names by turns, text first.
    case tokens([String])
    /// Whether the feature lies in the geometry's polygons.
    case within(PlacedGeometry)
    /// Metres from the feature to the geometry.
    case distance(PlacedGeometry)

    struct Comparison: Sendable {
        enum Operator: String, Sendable, CaseIterable {
            case equal = "=="
            case notEqual = "!="
            case less = "<"
            case lessOrEqual = "<="
            case greater = ">"
            case greaterOrEqual = ">="

            var isOrder: Bool { self != .equal && self != .notEqual }
        }
        var comparison: Operator
        var left: Expression
        var right: Expression
        var collator: Expression?
        /// Whether a side's type is known only when the expression runs.
        var isUntyped: Bool
    }

    struct Match: Sendable {
        var input: Expression
        /// Label to index in `outputs`.
        var labels: [ExpressionValue: Int]
        var outputs: [Expression]
        var otherwise: Expression
        var isNumeric: Bool
    }

    struct Interpolation: Sendable {
        enum Curve: Sendable, Hashable {
            case linear
            case exponential(Double)
            case bezier(Double, Double, Double, Double)
        }
        var curve: Curve
        var space: ColourSpace
        var type: ExpressionType
        var input: Expression
        /// Strictly ascending.
        var stops: [Double]
        /// As many as `stops`.
        var outputs: [Expression]
    }

    struct FormatPart: Sendable {
        var content: Expression
        var scale: Expression?
        var font: Expression?
        var colour: Expression?
        var verticalAlign: String?
    }

    struct NumberFormat: Sendable {
        var number: Expression
        var locale: Expression?
        var currency: Expression?
        var unit: Expression?
        var minimumFractionDigits: Expression?
        var maximumFractionDigits: Expression?
    }

    var literalValue: ExpressionValue? { if case .literal(let v) = self { v } else { nil } }
}

/// The functions whose arguments are all evaluated before the call (but for `all` and `any`).
enum ExpressionFunction: String, Sendable {
    case error
    case typeof
    case toRGBA = "to-rgba"
    case rgb, rgba
    case get, has
    case featureState = "feature-state"
    case properties
    case geometryType = "geometry-type"
    case id, zoom
    case heatmapDensity = "heatmap-density"
    case elevation
    case lineProgress = "line-progress"
    case accumulated
    case plus = "+"
    case times = "*"
    case minus = "-"
    case divide = "/"
    case remainder = "%"
    case ln2, pi, e
    case power = "^"
    case sqrt, log10, ln, log2, sin, cos, tan, asin, acos, atan, min, max, abs, round, floor, ceil
    case not = "!"
    case all, any
    case isSupportedScript = "is-supported-script"
    case upcase, downcase, concat, join, split
    case resolvedLocale = "resolved-locale"
    case at
    case isIn = "in"
    case indexOf = "index-of"
    case slice, length
    case image
}

/// Why an expression gave no value for one feature.
struct ExpressionFailure: Error, Hashable, Sendable {
    var message: String
}
