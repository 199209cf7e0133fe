import Raster
import Tiling

/// The features of a layer that pass a filter, with what each draws with, in drawing order.
struct FeatureSelection<Paint> {
    /// A feature by its index, and the place of its paint in `paints`.
    struct Item {
        var feature: Int
        var paint: Int
    }

    private(set) var items: [Item] = []
    /// Each once for all features with the same values, in the order in which features came to need them.
    private(set) var paints: [Paint] = []

    /// - Parameters:
    ///   - sortKey: name of the property that orders features, lowest first; equal ones keep their order.
    ///   - make: the paint of a feature, computed once for all features with the same values.
    init(
        _ layer: ZoomedLayer, _ data: TileLayer, _ frame: RenderFrame, sortKey: String?,
        where accepts: (TileGeometryKind) -> Bool, make: (EvaluationContext) -> Paint?
    ) {
        var filters = ClassCache<Bool>(layer.filter?.inputs ?? ExpressionInputs(), data)
        var places = ClassCache<Int?>(layer.inputs, data)
        var keys = ClassCache<Double>(layer.inputs, data)
        let sorts = sortKey.map(layer.gives) ?? false
        var order: [Double] = []
        items.reserveCapacity(data.features.count)
        for i in data.features.indices where accepts(data.features[i].kind) {
            if let filter = layer.filter {
                let passes = filters.value(i, data) { filter.value(frame.context(data, i)).isTrue }
                if !passes { continue }
            }
            guard let place = places.value(i, data, make: { add(make(frame.context(data, i))) }) else { continue }
            items.append(Item(feature: i, paint: place))
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

    private mutating func add(_ paint: Paint?) -> Int? {
        guard let paint else { return nil }
        paints.append(paint)
        return paints.count - 1
    }

    func paint(of item: Item) -> Paint { paints[item.paint] }
}

extension FeatureSelection where Paint: Equatable {
    /// Brings the items of one paint side by side, paints in a given order.
    ///
    /// Items of one paint become one shape. Were they left in the order of the data, a feature of another paint
    /// between them, perhaps far away, would part the shape and change its smooth edges where it overlaps itself.
    mutating func gather(inOrder precedes: (Paint, Paint) -> Bool) {
        var distinct: [Int] = []
        var firsts: [Int] = []
        firsts.reserveCapacity(paints.count)
        for place in paints.indices {
            if let known = distinct.first(where: { paints[$0] == paints[place] }) {
                firsts.append(known)
            } else {
                firsts.append(place)
                distinct.append(place)
            }
            // So many paints have few features each, and looking for them would cost more than it is worth.
            if distinct.count > Self.paintLimit { return }
        }
        for i in items.indices { items[i].paint = firsts[items[i].paint] }
        guard distinct.count > 1 else { return }
        let order = distinct.sorted { a, b in
            if precedes(paints[a], paints[b]) { return true }
            return !precedes(paints[b], paints[a]) && a < b
        }
        var members = [[Item]](repeating: [], count: paints.count)
        for item in items { members[item.paint].append(item) }
        items = order.flatMap { members[$0] }
    }

    /// Items side by side with one paint, from bottom to top.
    var runs: [(paint: Paint, items: ArraySlice<Item>)] {
        var runs: [(paint: Paint, items: ArraySlice<Item>)] = []
        var start = 0
        while start < items.count {
            let first = items[start].paint
            var end = start + 1
            while end < items.count, items[end].paint == first || paints[items[end].paint] == paints[first] { end += 1 }
            runs.append((paints[first], items[start..<end]))
            start = end
        }
        return runs
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
