import CQL2
import FeatureStore
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Layers as feature types: those whose features may be shown one by one.
struct WFSTypes {
    let state: LibraryState

    /// From the bottom of the map to its top.
    var layers: [LiveLayer] { state.layersInOrder.filter { $0.definition.isServedByFeature && $0.record != nil } }

    /// With their prefix.
    var qualifiedNames: [String] { layers.map { "\(GMLFeatureType.prefix):\(GMLName.element($0.definition.id))" } }

    /// - Parameter name: without its prefix.
    /// - Throws: an exception for a type that is not offered; `locator` says which parameter named it.
    func selection(_ name: String, locator: String = "TYPENAMES") throws -> FeatureSelection {
        guard let layer = layers.first(where: { GMLName.element($0.definition.id) == name }) else {
            let excerpt = name.prefix(100)
            throw ServiceException(
                .invalidParameterValue, locator: locator,
                .init(
                    zh: "没有要素类型“\(excerpt)”；全部见 GetCapabilities 的 FeatureTypeList。",
                    en: "There is no feature type '\(excerpt)'; FeatureTypeList of GetCapabilities has all."))
        }
        return try FeatureSelection(layer: layer.definition.id, in: state)
    }

    /// Of ids that say their type themselves.
    func selection(ofResources ids: [String], locator: String = "RESOURCEID") throws -> FeatureSelection {
        let names = Set(ids.map { Self.typeName(ofResource: $0) })
        guard names.count == 1, let name = names.first else {
            throw ServiceException(
                .optionNotSupported, locator: locator,
                .init(zh: "一次请求的标识应属同一要素类型。", en: "The ids of a request belong to one feature type."))
        }
        return try selection(name, locator: locator)
    }

    /// What precedes the number.
    private static func typeName(ofResource id: String) -> String {
        let plain = id.split(separator: ":").last.map(String.init) ?? id
        guard let dot = plain.lastIndex(of: ".") else { return plain }
        return String(plain[..<dot])
    }
}

extension FeatureSelection {
    /// What identifiers are called in bound filters.
    static let resourceIdentifier = "gml:id"

    /// The type with all properties that may be shown.
    var gmlType: GMLFeatureType {
        let kind: GeometryKind? = if case .only(let kind) = record.geometry { kind } else { nil }
        var schema = openSchema
        for place in schema.fields.indices { schema.fields[place].title = layer.title(of: schema.fields[place].name) }
        return GMLFeatureType(id: record.id, schema: schema, hasGeometry: record.crs != nil && record.geometry != .none, kind: kind)
    }

    /// What filters may name.
    func vocabulary(_ type: GMLFeatureType) -> FESVocabulary {
        let name = FilterCompiler.geometryNames.first { record.schema.index(of: $0) == nil }
        return FESVocabulary(
            type: type.name, properties: type.properties.map { .init(element: $0.element, name: $0.field.name, kind: $0.field.kind) },
            geometry: type.geometry.flatMap { own in name.map { (own.element, $0) } }, identifierName: Self.resourceIdentifier,
            defaultCRS: WFSCapabilities.defaultCRS)
    }
}
