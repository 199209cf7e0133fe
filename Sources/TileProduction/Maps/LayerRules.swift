import FeatureStore
import SimpleFeatures
public import Tiling

/// A layer's tile plan, compiled once to the values of its prepared file.
struct LayerRules: Sendable {
    private struct Compiled: Sendable {
        var rule: LevelRule
        var filters: [PreparedFilter]
        var priorityField: Int?
    }

    private let plan: TilePlan
    private let compiled: [Compiled]
    private let fields: [String]

    init(plan: TilePlan, prepared: PreparedLayer?) {
        self.plan = plan
        fields = prepared?.fields ?? []
        guard let prepared else {
            compiled = []
            return
        }
        compiled = plan.rules.map { rule in
            let conditions = (rule.where ?? [:]).sorted { $0.key < $1.key }
            let filters = conditions.compactMap { name, values -> PreparedFilter? in
                guard let field = prepared.fields.firstIndex(of: name) else { return nil }
                let accepted = Set(values.map(\.value))
                return prepared.filter(field: field) { accepted.contains($0) }
            }
            return Compiled(
                rule: rule, filters: filters,
                priorityField: rule.density?.priority.flatMap { prepared.fields.firstIndex(of: $0) })
        }
    }

    /// What of the layer goes into a window, or `nil` where the plan does not show it.
    ///
    /// - Parameters:
    ///   - level: nominal.
    ///   - unitsPerPixel: window units in a pixel of a 256 px tile.
    func vectorRules(level: Int, unitsPerPixel: Double) -> TileRules? {
        guard plan.levels.contains(level) else { return nil }
        var rules = baseRules(level: level, unitsPerPixel: unitsPerPixel)
        let carried = plan.rule(level: level)?.fields ?? plan.fields
        rules.tags = tags(carried)
        // A vector tile is drawn up to two levels beyond its own, so its vertices are finer than its pixels.
        rules.toleranceInUnits = unitsPerPixel / 16
        rules.cutting = .atMargin
        return rules
    }

    /// - Parameter wanted: the fields that the style reads; `nil` for all that tiles may carry.
    func rasterRules(level: Int, unitsPerPixel: Double, wanted: Set<String>?) -> TileRules? {
        guard plan.levels.contains(level) else { return nil }
        var rules = baseRules(level: level, unitsPerPixel: unitsPerPixel)
        rules.tags = tags(wanted.map { wanted in fields.filter(wanted.contains) } ?? plan.fields)
        rules.toleranceInUnits = unitsPerPixel * 0.25
        rules.cutting = .wholeEdges
        return rules
    }

    private func baseRules(level: Int, unitsPerPixel: Double) -> TileRules {
        var rules = TileRules()
        guard let found = compiled.first(where: { $0.rule.levels.contains(level) }) else { return rules }
        rules.filters = found.filters
        if let area = found.rule.minimumAreaInPixels {
            rules.leastAreaInSquareUnits = area * unitsPerPixel * unitsPerPixel
        }
        if let length = found.rule.minimumLengthInPixels { rules.leastLengthInUnits = length * unitsPerPixel }
        if let density = found.rule.density {
            rules.densityLimit = TileRules.DensityLimit(
                featuresPerCell: max(1, density.limit),
                cellInUnits: max(1, Int32(density.cellInPixels * unitsPerPixel)), priorityField: found.priorityField)
        }
        return rules
    }

    private func tags(_ names: [String]) -> [TileRules.Tag] {
        names.compactMap { name in
            fields.firstIndex(of: name).map { TileRules.Tag(field: $0, key: name) }
        }
    }
}

extension TileMatrix {
    /// The level of the Web Mercator ladder whose scale is nearest: what tile plans and styles speak of.
    ///
    /// - Parameter metresPerUnit: of the matrix set's CRS.
    public func nominalLevel(metresPerUnit: Double) -> Int {
        let metresPerPixel = cellSize * metresPerUnit * Double(tileSize) / Double(StandardGrid.tileSizeInPixels)
        let world = 2 * StandardGrid.webMercatorHalfWorldInMetres / Double(StandardGrid.tileSizeInPixels)
        return Int((world / metresPerPixel).logarithmToBase2.rounded())
    }

    /// The zoom of the style language, which counts from a world of one 512 px tile.
    ///
    /// - Parameter metresPerUnit: of the matrix set's CRS.
    func styleZoom(metresPerUnit: Double) -> Double { Double(nominalLevel(metresPerUnit: metresPerUnit) - 1) }
}

extension Double {
    /// Exact for powers of two, which is what the ladder is made of.
    fileprivate var logarithmToBase2: Double {
        let exponent = Double(self.exponent)
        // Linear within the octave: rounding to a level needs no more.
        return exponent + (significand - 1)
    }
}
