import SimpleFeatures
import Tiling

/// What an expression may ask while it runs.
struct EvaluationContext {
    /// `nil` where no zoom is known: asking for it is a failure.
    var zoom: Double?
    var feature: FeatureAccess = .none
    var globalState: [String: ExpressionValue] = [:]
    /// Names of the images the sprites hold; `nil` means that every image counts as there.
    var images: Set<String>?
    var elevation: Double?
    var heatmapDensity: Double?
    var lineProgress: Double?
    /// What a cluster property has added up so far.
    var accumulated: ExpressionValue = .null
    /// Where the feature's units lie; `nil` where that is not known.
    var grid: FeatureGrid?
}

/// Where the properties of the feature at hand come from.
enum FeatureAccess {
    case none
    case record(
        properties: [String: ExpressionValue], id: ExpressionValue, geometry: String, state: [String: ExpressionValue],
        shape: GridShape? = nil)
    /// A feature of a layer, by index.
    case tile(TileLayer, Int)

    func property(_ name: String) -> ExpressionValue? {
        switch self {
        case .none: return nil
        case .record(let properties, _, _, _, _): return properties[name]
        case .tile(let layer, let index):
            let tags = layer.features[index].tags
            for t in stride(from: tags.lowerBound, to: tags.upperBound, by: 2)
            where layer.keys[Int(layer.tags[t])] == name {
                return ExpressionValue(layer.values[Int(layer.tags[t + 1])])
            }
            return nil
        }
    }

    var properties: [String: ExpressionValue] {
        switch self {
        case .none: return [:]
        case .record(let properties, _, _, _, _): return properties
        case .tile(let layer, let index):
            var out: [String: ExpressionValue] = [:]
            let tags = layer.features[index].tags
            for t in stride(from: tags.lowerBound, to: tags.upperBound, by: 2) {
                out[layer.keys[Int(layer.tags[t])]] = ExpressionValue(layer.values[Int(layer.tags[t + 1])])
            }
            return out
        }
    }

    var id: ExpressionValue {
        switch self {
        case .none: .null
        case .record(_, let id, _, _, _): id
        case .tile(let layer, let index):
            layer.features[index].id == 0 ? .null : .number(Double(layer.features[index].id))
        }
    }

    var geometryType: ExpressionValue {
        switch self {
        case .none: .null
        case .record(_, _, let geometry, _, _): .string(geometry)
        case .tile(let layer, let index):
            switch layer.features[index].kind {
            case .point: .string("Point")
            case .line: .string("LineString")
            case .polygon: .string("Polygon")
            }
        }
    }

    var shape: GridShape? {
        switch self {
        case .none: return nil
        case .record(_, _, _, _, let shape): return shape
        case .tile(let layer, let index):
            let feature = layer.features[index]
            let parts = feature.parts.map { part in
                let range = layer.coordinateRange(part: part)
                return stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
                    GridPosition(x: Int64(layer.coordinates[$0]), y: Int64(layer.coordinates[$0 + 1]))
                }
            }
            return GridShape(kind: feature.kind, parts: parts)
        }
    }

    func state(_ name: String) -> ExpressionValue {
        if case .record(_, _, _, let state, _) = self { state[name] ?? .null } else { .null }
    }
}

extension ExpressionValue {
    init(_ value: PropertyValue) {
        switch value {
        case .null: self = .null
        case .boolean(let b): self = .boolean(b)
        case .integer(let n): self = .number(Double(n))
        case .real(let n): self = .number(n)
        case .text(let s): self = .string(s)
        }
    }
}
