import FeatureStore
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import Tiling
import Wording

/// What `GetFeatureById` gives: the feature itself, without a collection around it.
struct WFSFeature {
    let chosen: WFSSelection
    let resource: String
    let desk: FeatureDesk
    let registry: any FeatureRegistry
    let documents: WFSDocuments

    func response(_ wanted: CRSReference?, _ format: WFSFormat, for request: Request) async throws -> Response {
        let crs = try WFSPage.crs(wanted, format)
        guard let number = chosen.type.number(ofResource: resource) else { throw absent }
        var selection = chosen.selection
        var query = selection.query(nil)
        query.ids = [number]
        guard try await registry.count(query) == 1 else { throw absent }
        selection.order = []
        var cursor = PageCursor(.ids([number]), skip: 0)
        var unplaced = 0
        guard let feature = try await desk.carriedRun(selection, cursor: &cursor, limit: 1, to: try CRS(crs.description), unplaced: &unplaced).first else {
            throw absent
        }
        let bytes = WFSText.one(feature, format, chosen.type, crs: crs, schemaURL: documents.schemaURL(chosen.type))
        return .tagged(bytes, type: format.rawValue, for: request)
    }

    private var absent: ServiceException {
        ServiceException(
            .notFound, locator: "ID",
            .init(zh: "没有要素“\(resource.prefix(100))”。", en: "There is no feature '\(resource.prefix(100))'."))
    }
}
