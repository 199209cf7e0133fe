import FeatureStore
import Hummingbird
import OGCAPI
import TileProduction
import Tiling
import Wording

/// Which features of which layers may be changed now, and the methods that their addresses take.
struct EditableLayers {
    let settings: EditSettings
    /// `nil` for a service that has no layers.
    let library: MapLibrary?

    /// Of a service that nobody may change.
    static let none = EditableLayers(settings: EditSettings(), library: nil)

    static let featureTypes = [MediaType.geoJSON, MediaType.json]
    static let patchType = "application/merge-patch+json"

    /// Whether clients may change features of a layer; `nil` where they may change none of any.
    func answer(for layer: LiveLayer) -> Bool? { settings.isOn ? isEditable(layer) : nil }

    private func layer(_ id: String) -> LiveLayer? { library?.state.layers[id] }

    func isEditable(_ id: String) -> Bool { layer(id).map(isEditable) ?? false }

    func isEditable(_ layer: LiveLayer) -> Bool {
        let id = layer.definition.id
        guard layer.definition.isServedByFeature, layer.record != nil else { return false }
        switch settings.layers {
        case .none: return false
        case .all: return true
        case .some(let names): return names.contains(id)
        }
    }

    /// - Throws: 404 for an unknown layer, 405 for one of images and for one that is not opened, 403 for one that is shown as
    ///   aggregates only.
    func check(_ id: String) throws(ProblemError) {
        guard let layer = layer(id) else {
            throw ProblemError.notFound(
                zh: "没有图层 \(id)；全部见 /collections", en: "there is no collection \(id); /collections lists them")
        }
        if layer.definition.isImagery {
            throw Self.refusal(
                405, zh: "影像图层 \(id) 不能逐要素编辑；请用 workmap import 导入影像",
                en: "\(id) is a layer of imagery, which is not edited by feature; import images with workmap import")
        }
        guard layer.definition.isServedByFeature else {
            throw Self.refusal(
                403, zh: "图层 \(id) 属 \(layer.definition.access.rawValue) 级，仅以汇总数上图，不能经 HTTP 编辑",
                en: "\(id) is of class \(layer.definition.access.rawValue), shown as aggregates only, and not edited over HTTP")
        }
        guard isEditable(layer) else {
            throw Self.refusal(
                405, zh: "图层 \(id) 未开放编辑；可由管理员以 serve --writable 开放，或用 workmap edit 编辑",
                en: "\(id) is not open for editing; its operator may open it with serve --writable, or edit it with workmap edit")
        }
    }

    private static func refusal(_ status: Int, zh: String, en: String) -> ProblemError {
        ProblemError(status, .init(zh: "此图层不可编辑", en: "Not editable"), .init(zh: zh, en: en))
    }

    /// What an address of features takes.
    struct Methods {
        var allowed: String
        /// Header fields that say in which forms changes are taken: name and value.
        var accepts: [(name: String, value: String)] = []
    }

    /// - Parameter path: of the request, percent-encoded.
    /// - Returns: `nil` for any address but those of features that may be changed.
    func methods(at path: String) -> Methods? {
        guard settings.isOn else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard (4...5).contains(parts.count), parts[0].isEmpty, parts[1] == "collections", parts[3] == "items",
            let id = PercentEncoding.decode(String(parts[2])), isEditable(id)
        else { return nil }
        let types = Self.featureTypes.joined(separator: ", ")
        return parts.count == 4
            ? Methods(allowed: "GET, HEAD, POST, OPTIONS", accepts: [("Accept-Post", types)])
            : Methods(allowed: "GET, HEAD, PUT, PATCH, DELETE, OPTIONS", accepts: [("Accept-Patch", Self.patchType), ("Accept-Put", types)])
    }
}
