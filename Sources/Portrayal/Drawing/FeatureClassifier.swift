import Tiling

/// Puts features with the same values of chosen properties into one class, so that an expression over those
/// properties runs once a class and not once a feature.
///
/// Only indices into the layer's dictionary are compared: no text is touched.
struct FeatureClassifier {
    /// Indices into the layer's keys; names the layer does not have are left out, as they never differ.
    private let keys: [UInt32]
    private let needsKind: Bool
    private let isUnique: Bool
    private var pairs: [UInt64: Int] = [:]

    init(_ inputs: ExpressionInputs, _ layer: TileLayer) {
        needsKind = inputs.needsGeometryKind
        isUnique = inputs.needsAllProperties || inputs.needsID || inputs.needsGeometry
        keys = layer.keys.indices.filter { inputs.properties.contains(layer.keys[$0]) }.map { UInt32($0) }
    }

    /// The class of a feature; classes are small numbers from 0, not without gaps.
    mutating func classIndex(_ index: Int, _ layer: TileLayer) -> Int {
        if isUnique { return index }
        let feature = layer.features[index]
        let kind = needsKind ? Int(feature.kind.rawValue) : 0
        if keys.isEmpty { return kind }
        let first = Self.value(of: keys[0], feature, layer)
        var id = needsKind ? first * 4 + kind : first
        for (stage, key) in keys.enumerated().dropFirst() {
            // The stage is part of the pair, so that a number of one stage never passes for one of another.
            let value = Self.value(of: key, feature, layer) | stage << 26
            let pair = UInt64(id) << 32 | UInt64(value)
            if let known = pairs[pair] {
                id = known
            } else {
                id = pairs.count
                pairs[pair] = id
            }
        }
        return id
    }

    /// The value index after 0 for "none".
    private static func value(of key: UInt32, _ feature: TileFeature, _ layer: TileLayer) -> Int {
        var t = feature.tags.lowerBound
        while t < feature.tags.upperBound {
            if layer.tags[t] == key { return Int(layer.tags[t + 1]) + 1 }
            t += 2
        }
        return 0
    }
}

/// Values computed once a class.
struct ClassCache<Value> {
    private var classifier: FeatureClassifier
    private var values: [Value?] = []

    init(_ inputs: ExpressionInputs, _ layer: TileLayer) {
        classifier = FeatureClassifier(inputs, layer)
    }

    mutating func value(_ index: Int, _ layer: TileLayer, make: () -> Value) -> Value {
        let at = classifier.classIndex(index, layer)
        if at < values.count, let known = values[at] { return known }
        while values.count <= at { values.append(nil) }
        let value = make()
        values[at] = value
        return value
    }
}
