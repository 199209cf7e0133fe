import Raster
import Tiling

/// The features of a layer that pass a filter, with what each draws with, in drawing order.
struct FeatureSelection<Paint> {
    /// Feature index and its paint.
    private(set) var items: [(feature: Int, paint: Paint)] = []

    /// - Parameters:
    ///   - sortKey: name of the property that orders features, lowest first; equal ones keep their order.
    ///   - make: the paint of a feature, computed once for all features with the same values.
    init(
        _ layer: ZoomedLayer, _ data: TileLayer, _ frame: RenderFrame, sortKey: String?,
        where accepts: (TileGeometryKind) -> Bool, make: (EvaluationContext) -> Paint?
    ) {
        var filters = ClassCache<Bool>(layer.filter?.inputs ?? ExpressionInputs(), data)
        var paints = ClassCache<Paint?>(layer.inputs, data)
        var keys = ClassCache<Double>(layer.inputs, data)
        let sorts = sortKey.map(layer.gives) ?? false
        var order: [Double] = []
        items.reserveCapacity(data.features.count)
        for i in data.features.indices where accepts(data.features[i].kind) {
            if let filter = layer.filter {
                let passes = filters.value(i, data) { filter.value(frame.context(data, i)).isTrue }
                if !passes { continue }
            }
            guard let paint = paints.value(i, data, make: { make(frame.context(data, i)) }) else { continue }
            items.append((i, paint))
            if sorts, let sortKey {
                order.append(
                    keys.value(i, data) { layer.optionalNumber(sortKey, frame.context(data, i)) ?? 0 })
            }
        }
        if sorts {
            let sorted = items.indices.sorted { order[$0] != order[$1] ? order[$0] < order[$1] : $0 < $1 }
            items = sorted.map { items[$0] }
        }
    }
}

extension FeatureSelection where Paint: Equatable {
    /// Brings the items of one paint side by side, paints in a given order.
    ///
    /// Items of one paint become one shape. Were they left in the order of the data, a feature of another paint
    /// between them, perhaps far away, would part the shape and change its smooth edges where it overlaps itself.
    mutating func gather(inOrder precedes: (Paint, Paint) -> Bool) {
        var distinct: [Paint] = []
        var classes: [Int] = []
        classes.reserveCapacity(items.count)
        for item in items {
            if let last = classes.last, distinct[last] == item.paint {
                classes.append(last)
            } else if let known = distinct.firstIndex(of: item.paint) {
                classes.append(known)
            } else {
                classes.append(distinct.count)
                distinct.append(item.paint)
            }
            // So many paints have few features each, and looking for them would cost more than it is worth.
            if distinct.count > Self.paintLimit { return }
        }
        guard distinct.count > 1 else { return }
        let order = distinct.indices.sorted { a, b in
            if precedes(distinct[a], distinct[b]) { return true }
            return !precedes(distinct[b], distinct[a]) && a < b
        }
        var members = [[(feature: Int, paint: Paint)]](repeating: [], count: distinct.count)
        for (item, place) in zip(items, classes) { members[place].append(item) }
        items = order.flatMap { members[$0] }
    }

    private static var paintLimit: Int { 128 }
}

extension Paint {
    /// A number to order paints by; patterns go first.
    var orderKey: UInt32 {
        guard case .colour(let c) = self else { return 0 }
        return UInt32(c.red) << 24 | UInt32(c.green) << 16 | UInt32(c.blue) << 8 | UInt32(c.alpha)
    }
}
