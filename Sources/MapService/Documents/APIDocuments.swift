import FeatureStore
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// The description of the service's API, made from what is served at the moment.
struct APIDocuments {
    let service: ServiceContext

    /// Of the API: changes when a path or a parameter does.
    private static let version = "1.0.0"

    func description(base: String) -> APIDescription {
        let city = service.installation.city
        return APIDescription(
            title: "\(city.name.zh)标准作业图 / Standard work map of \(city.name.en)",
            description: "OGC API Common、Features、Tiles、Maps、Styles。未知参数一律以 400 拒绝。 / OGC API Common, Features, Tiles, Maps and Styles. A parameter that is not known is refused with 400.",
            version: Self.version, baseURL: base, operations: contents.operations)
    }

    private var contents: APIContents {
        let state = service.library.state
        var contents = APIContents()
        contents.collections = state.collections.map { layer in
            let schema = layer.definition.isServedByFeature ? layer.record.map { $0.schema.open(of: layer) } : nil
            return .init(id: layer.definition.id, title: layer.definition.title.zh, schema: schema)
        }
        contents.crs = OfferedCRS.identifiers
        contents.defaultLimit = FeatureRoutes.defaultLimit
        contents.maximumLimit = FeatureRoutes.maximumLimit
        contents.fileFormats = ExportFormat.allCases.filter { $0 != .geoJSON }.map { Representation($0.rawValue, $0.mediaType) }
        contents.mapCRS = PictureCRS.offered(in: state.sets).map(\.identifier)
        contents.longestMapSide = PictureView.sideLimit
        contents.maps = state.maps.keys.sorted()
        contents.centre = service.installation.city.box.centre
        contents.print = .init(
            papers: Paper.allCases.map(\.rawValue), scales: SheetOrder.denominators, resolutions: PrintFormat.resolutions, longestTitle: SheetOrder.textLimit)
        contents.matrixSets = state.sets.sets.map(\.id)
        contents.styles = StyleDocuments.styled(state).compactMap { $0.style?.id }
        contents.pictureTypes = ["image/png", "image/jpeg", "image/webp"].filter { type in
            state.maps.values.contains { $0.offeredFormats.contains(type) }
        }
        return contents
    }
}

extension LibraryState {
    /// Layers that are collections of features, from the bottom of the map to its top.
    var collections: [LiveLayer] { layersInOrder.filter { !$0.definition.isImagery } }
}
