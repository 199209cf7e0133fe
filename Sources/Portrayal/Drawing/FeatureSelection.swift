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
