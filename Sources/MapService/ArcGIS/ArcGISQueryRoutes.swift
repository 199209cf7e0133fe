import ArcGISREST
import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// `/{layer}/query` of a map service: features, counts, ids, extents and statistics.
struct ArcGISQueryRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    /// Features of one answer; more are told by `exceededTransferLimit`.
    static let maximumRecordCount = EsriMapService.largestAnswer

    func add(to router: Router<ServiceRequestContext>) {
        let path: RouterPath = "/arcgis/rest/services/{map}/MapServer/{layer}/query"
        router.get(path) { request, context in try await answer(request, context) }
        router.post(path) { request, context in try await answer(request, context) }
    }

    private func answer(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        try await ArcGISAnswer.answering(request) { parameters in
            let state = service.library.state
            let map = try ArcGISMap(PercentEncoding.decode(try context.parameters.require("map")) ?? "", in: state)
            let (_, layer) = try map.layer(try context.parameters.require("layer"))
            let query = try EsriQuery { parameters[$0] }
            if query.form == .pbf, let callback = parameters["callback"] { throw EsriCallback.refusal(callback) }
            return try await answer(query, layer, state)
        }
    }

    private func answer(_ query: EsriQuery, _ layer: LiveLayer, _ state: LibraryState) async throws -> ArcGISContent {
        let desk = desks.next
        let selection = try await ArcGISSelection.selection(query, of: layer, in: state, desk: desk)
        let registry = service.installation.registry
        let results = ArcGISResults(query: query, selection: selection, desk: desk, registry: registry)
        let isBuffer = query.form == .pbf
        switch query.result {
        case .features: return try await results.features()
        case .distinct: return table(try await results.distinct(), isBuffer)
        case .count:
            let count = try await results.matchedCount()
            return isBuffer ? .buffer(EsriProtocolBuffer.count(count)) : .json(["count": .integer(count)] as JSONDocument)
        case .ids:
            let ids = try await results.matchedIDs()
            if isBuffer { return .buffer(EsriProtocolBuffer.ids(ids)) }
            let document: JSONDocument = [
                "objectIdFieldName": .string(EsriFeatureWriter.idField), "objectIds": .array(ids.map { .integer(Int($0)) }),
            ]
            return .json(document)
        case .extent:
            // Esri's schema has no message for a box.
            guard !isBuffer else { throw EsriError.parameter("f", "pbf", expected: .init(zh: "json（范围没有 pbf 形式）", en: "json: an extent has no form in pbf")) }
            return .json(try await results.extent())
        case .statistics(let statistics, let groups): return table(try await results.statistics(statistics, by: groups), isBuffer)
        }
    }

    private func table(_ document: JSONDocument, _ isBuffer: Bool) -> ArcGISContent {
        isBuffer ? .buffer(EsriProtocolBuffer.table(document)) : .json(document)
    }
}
