import FeatureStore
import FoundationEssentials
import OGCAPI
import TileProduction
import Tiling
import Wording

/// What WFS says about the layers.
struct WFSDocuments {
    let service: ServiceContext
    let state: LibraryState
    let baseURL: String

    private var types: WFSTypes { WFSTypes(state: state) }

    /// - Throws: an exception for a client that knows of a state to come.
    func capabilities(_ wanted: WFSCapabilitiesRequest) throws(ServiceException) -> [UInt8] {
        let city = service.installation.city.name
        var document = WFSCapabilities(
            title: city.zh + "标准作业图", providerName: city.zh, baseURL: baseURL,
            updateSequence: types.layers.compactMap(\.record?.version).max() ?? 0, countDefault: FeatureRoutes.maximumLimit,
            otherCRS: OfferedCRS.identifiers.filter { $0 != WFSCapabilities.defaultCRS }, types: types.layers.map(description))
        document.abstract = "Standard work map of \(city.en)"
        document.sections = wanted.sections
        guard let known = wanted.updateSequence else { return document.xml() }
        guard let number = Int64(known), number <= document.updateSequence else {
            throw ServiceException(
                .invalidUpdateSequence, locator: "UPDATESEQUENCE",
                .init(
                    zh: "UPDATESEQUENCE“\(known.prefix(100))”应为不大于 \(document.updateSequence) 的整数。",
                    en: "UPDATESEQUENCE '\(known.prefix(100))': expected a whole number of at most \(document.updateSequence)."))
        }
        return document.xml(isShort: number == document.updateSequence)
    }

    private func description(_ layer: LiveLayer) -> WFSCapabilities.FeatureType {
        let definition = layer.definition
        return WFSCapabilities.FeatureType(
            name: "\(GMLFeatureType.prefix):\(GMLName.element(definition.id))", title: definition.title.zh, abstract: definition.title.en,
            hasGeometry: layer.record.map { $0.crs != nil && $0.geometry != .none } ?? false, bounds: layer.geographicEnvelope,
            metadataURL: "\(baseURL)/collections/\(PercentEncoding.encode(definition.id))")
    }

    /// - Parameter names: without prefixes; `nil` for all types.
    func schema(_ names: [String]?) throws -> GMLSchema {
        var all: [GMLFeatureType] = []
        for name in names ?? types.layers.map({ GMLName.element($0.definition.id) }) {
            let type = try types.selection(name).gmlType
            if !all.contains(where: { $0.name == type.name }) { all.append(type) }
        }
        return GMLSchema(types: all)
    }

    func schemaURL(_ type: GMLFeatureType) -> String {
        "\(baseURL)/wfs?SERVICE=WFS&VERSION=\(WFSRequest.version)&REQUEST=DescribeFeatureType&TYPENAMES=\(GMLFeatureType.prefix):\(PercentEncoding.encode(type.name))"
    }

    var storedQueries: WFSStoredQueries { WFSStoredQueries(types: types.qualifiedNames) }

    func storedQueryDescriptions(_ ids: [String]?) throws(ServiceException) -> [UInt8] {
        if let other = ids?.first(where: { $0 != WFSRequest.featureByID }) {
            throw ServiceException(
                .invalidParameterValue, locator: "STOREDQUERY_ID",
                .init(
                    zh: "没有存储查询“\(other.prefix(100))”；只有 \(WFSRequest.featureByID)。",
                    en: "There is no stored query '\(other.prefix(100))'; the only one is \(WFSRequest.featureByID)."))
        }
        return storedQueries.descriptions()
    }

    static func now() -> String { Date().formatted(.iso8601) }
}
