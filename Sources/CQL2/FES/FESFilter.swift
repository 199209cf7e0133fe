public import Markup
public import SimpleFeatures
public import Tiling

/// A filter of the Filter Encoding Standard 2.0 (OGC 09-026r2), read into the expression that the other encodings are read into.
///
/// Elements count by their local names. What version 1.1 calls otherwise, `PropertyName` and `FeatureId`, is understood too.
public struct FESFilter: Hashable, Sendable {
    public var expression: CQL2Expression
    /// Of the expression's geometries, whose positions are east first; `nil` where there is none.
    public var crs: CRSIdentifier?
    /// What every feature that fits has to meet, in `crs`, east first; `nil` where that is not bounded.
    public var box: Envelope?

    /// - Parameters:
    ///   - element: `Filter`.
    ///   - area: all positions within a distance, in metres, of a geometry whose positions are east first in a CRS; `nil` where it has
    ///     no place.
    public init(
        _ element: MarkupElement, _ vocabulary: FESVocabulary, limits: CQL2Limits = CQL2Limits(),
        area: @escaping (Geometry, Double, CRSIdentifier) throws(FESError) -> Geometry?
    ) throws(FESError) {
        guard element.name == "Filter" else {
            let found = FESError.excerpt(element.name)
            throw FESError(.syntax, zh: "过滤式应以 Filter 元素开始，而此处为 \(found)", en: "a filter begins with the element Filter, not \(found)")
        }
        var reader = FESReader(vocabulary, limits: limits, area: area)
        expression = try reader.filter(element)
        crs = reader.geometries.crs
        box = Self.box(of: expression)
    }

    /// Of spatial conditions that have to hold, whatever else does.
    private static func box(of expression: CQL2Expression) -> Envelope? {
        switch expression {
        case .and(let terms):
            terms.compactMap { box(of: $0) }.reduce(nil) { known, next in
                guard let known else { return next }
                return Envelope(
                    minX: max(known.minX, next.minX), minY: max(known.minY, next.minY), maxX: min(known.maxX, next.maxX), maxY: min(known.maxY, next.maxY))
            }
        case .spatial(let relation, _, .geometry(let literal)) where relation != .disjoint: literal.geometry.envelope
        case .spatial(let relation, _, .box(let n)) where relation != .disjoint && n.count == 4 && n[0] <= n[2]:
            Envelope(minX: n[0], minY: n[1], maxX: n[2], maxY: n[3])
        default: nil
        }
    }
}
