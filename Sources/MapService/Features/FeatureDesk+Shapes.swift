import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import Topology
import Wording

/// Selections with a shape: features are judged one by one by their distance or by what they share with an area.
extension FeatureDesk {
    /// A page of a selection with a shape in another CRS, east first, with the values of the selection's open fields.
    func carriedPage(
        _ selection: FeatureSelection, offset: Int, limit: Int, to crs: CRS, unplaced: inout Int
    ) async throws -> [Feature] {
        try carried(try await page(selection, offset: offset, limit: limit).features, of: selection, to: crs, unplaced: &unplaced)
    }

    /// One page of a selection with a shape, with the values of its open fields: in the selection's order, without one nearest first
    /// for a circle, else by id; and how many features the whole selection holds.
    ///
    /// Only the page's features are kept while the others are counted.
    func page(_ selection: FeatureSelection, offset: Int, limit: Int) async throws -> (matched: Int, features: [Feature]) {
        if !selection.order.isEmpty { return try await sortedPage(selection, offset: offset, limit: limit) }
        if case .circle = selection.shape { return try await nearest(selection, offset: offset, limit: limit) }
        var matched = 0
        var shown: [Feature] = []
        try await judge(selection) { feature, _ in
            if matched >= offset, shown.count < limit { shown.append(feature) }
            matched += 1
        }
        return (matched, shown)
    }

    /// The ids of a selection with a shape, ascending.
    func shapedIDs(_ selection: FeatureSelection) async throws -> [Int64] {
        var found: Set<Int64> = []
        try await judge(selection, withValues: false) { feature, _ in found.insert(feature.id) }
        return found.sorted()
    }

    private func sortedPage(
        _ selection: FeatureSelection, offset: Int, limit: Int
    ) async throws -> (matched: Int, features: [Feature]) {
        let found = try await shapedIDs(selection)
        let wanted = Array(try await sorted(found, as: selection).dropFirst(offset).prefix(limit))
        return (found.count, try await features(wanted, of: selection))
    }

    private func nearest(
        _ selection: FeatureSelection, offset: Int, limit: Int
    ) async throws -> (matched: Int, features: [Feature]) {
        var found: [(id: Int64, distance: Double)] = []
        try await judge(selection, withValues: false) { found.append(($0.id, $1)) }
        found.sort { $0.distance < $1.distance || $0.distance == $1.distance && $0.id < $1.id }
        let wanted = found.dropFirst(offset).prefix(limit).map(\.id)
        let read = try await features(wanted, of: selection)
        let byID = Dictionary(read.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return (found.count, wanted.compactMap { byID[$0] })
    }

    /// Features of a selection by their ids, in its order, with the values of its open fields; those that it does not hold are left out.
    func features(_ ids: [Int64], of selection: FeatureSelection) async throws -> [Feature] {
        var query = selection.query(nil)
        query.ids = ids
        query.order = selection.order
        return try await rows(query)
    }

    private func rows(_ query: FeatureQuery) async throws -> [Feature] {
        let page = try await registry.scan(query, into: RowPage(skip: 0))
        if let failure = page.failure { throw failure }
        return page.features
    }

    /// How long one request may have features measured one by one.
    private static let patience = Duration.seconds(20)
    private static let featuresBetweenLooks = 512
    /// Features read at a time.
    private static let runLength = 20_000

    private static func late(_ selection: FeatureSelection) -> RegistryError {
        let (id, seconds) = (selection.record.id, patience.components.seconds)
        return RegistryError(
            code: .filterTooCostly,
            message: .init(
                zh: "图层 \(id) 中此范围的要素 \(seconds) 秒内未能判完；请缩小半径或多边形",
                en: "the features of \(id) in that place were not through within \(seconds) s; ask for a smaller radius or polygon"))
    }

    /// Shows `body` every feature that has the selection's shape, with its distance in metres.
    ///
    /// - Parameter withValues: whether the features have the values of the selection's open fields, or none: of many that are
    ///   looked at few may be shown.
    private func judge(
        _ selection: FeatureSelection, withValues: Bool = true, _ body: (Feature, Double) -> Void
    ) async throws {
        let test = try shapeTest(selection)
        let deadline = ContinuousClock.now + Self.patience
        for envelope in selection.envelopes {
            var query = selection.query(envelope)
            if !withValues { query.fields = .some([]) }
            query.limit = Self.runLength
            while true {
                let run = try await rows(query)
                for start in stride(from: 0, to: run.count, by: Self.featuresBetweenLooks) {
                    if ContinuousClock.now > deadline { throw Self.late(selection) }
                    let part = run[start..<min(start + Self.featuresBetweenLooks, run.count)]
                    for (feature, distance) in zip(part, try test(part)) where distance.isFinite { body(feature, distance) }
                }
                guard run.count == Self.runLength, let last = run.last else { break }
                query.after = last.id
            }
        }
    }

    /// Those of the features that have the selection's shape.
    func shaped(_ features: [Feature], by selection: FeatureSelection) throws -> [Feature] {
        let distances = try shapeTest(selection)(features[...])
        return zip(features, distances).compactMap { $1.isFinite ? $0 : nil }
    }

    /// The distances in metres of features that belong to the selection, infinity for each that does not.
    ///
    /// Distances are measured in the city's Gauss-Krüger plane, whose scale errs by at most 0.03 per mille here.
    private func shapeTest(_ selection: FeatureSelection) throws -> (ArraySlice<Feature>) throws -> [Double] {
        guard let shape = selection.shape, let stored = selection.record.crs else { return { $0.map { _ in 0 } } }
        let toPlane = try operation(stored, .gk114)
        let intoPlane = try operation(.cgcs2000, .gk114)
        switch shape {
        case .circle(let centre, let radius):
            guard let middle = intoPlane.operation.transform(centre) else { return { $0.map { _ in .infinity } } }
            return { [topology] features in
                try Self.distances(of: features, from: middle, toPlane, topology).map { $0 <= radius ? $0 : .infinity }
            }
        case .area(let area):
            guard let place = intoPlane.operation.transform(area) else { return { $0.map { _ in .infinity } } }
            return { [topology] features in
                try features.map { feature in
                    guard let geometry = feature.geometry.flatMap({ toPlane.operation.transform($0) }) else { return .infinity }
                    return try topology.context.intersects(place, geometry) ? 0 : .infinity
                }
            }
        }
    }

    /// Points go to the plane in one call, because what a call of PROJ costs is as much as what a point does.
    private static func distances(
        of features: ArraySlice<Feature>, from middle: Coordinate, _ toPlane: Carry, _ topology: Predicates
    ) throws -> [Double] {
        var points: [Coordinate] = []
        for feature in features { if case .point(let place)? = feature.geometry { points.append(place) } }
        _ = toPlane.operation.transform(&points)
        var next = 0
        return try features.map { feature in
            if case .point? = feature.geometry {
                defer { next += 1 }
                let (x, y) = (points[next].x - middle.x, points[next].y - middle.y)
                return (x * x + y * y).squareRoot()
            }
            guard let geometry = feature.geometry.flatMap({ toPlane.operation.transform($0) }) else { return .infinity }
            return try topology.context.distance(geometry, .point(middle))
        }
    }
}
