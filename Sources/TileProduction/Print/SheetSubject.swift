import FeatureStore
import Reprojection
import SimpleFeatures

/// What a sheet is about, as the registry gives it.
struct SheetSubject: Sendable {
    /// In the CRS beside it.
    var geometry: Geometry
    var crs: CRS
    var name: String?
    var id: Int64

    /// Features that a search may bring before it is refused.
    static let limit = 2000
}

extension LibraryState {
    /// - Throws: `unknownFeature` for a layer that is not there or whose features are not shown one by one.
    func printable(_ layer: String) throws(PrintError) -> (LiveLayer, LayerRecord, CRS) {
        guard let live = layers[layer], let record = live.record, let crs = record.crs else {
            throw PrintError(.unknownFeature, zh: "没有图层 \(layer)", en: "there is no layer \(layer)")
        }
        guard live.definition.isServedByFeature else {
            throw PrintError(
                .unknownFeature, zh: "图层 \(layer) 仅以汇总数上图", en: "layer \(layer) is shown as aggregates only")
        }
        return (live, record, crs)
    }
}

/// Finds features for sheets.
struct SubjectSearch {
    let state: LibraryState
    let registry: any FeatureRegistry

    /// The feature with this id; else the one with this code; else one with this name.
    ///
    /// - Throws: `PrintError`, `RegistryError`.
    func subject(_ wanted: SheetOrder.FeatureName) async throws -> SheetSubject {
        let (layer, record, _) = try state.printable(wanted.layer)
        var tries: [(inout FeatureQuery) -> Void] = []
        if let id = Int64(wanted.id) { tries.append { $0.ids = [id] } }
        for field in ["code", layer.definition.nameField ?? "name"] {
            // A field that nobody may read is not searched either: an answer would tell of it.
            guard let index = record.schema.index(of: field), layer.isOpen(record.schema.fields[index]) else { continue }
            tries.append { $0.filters = [PropertyFilter(field: field, value: .text(wanted.id))] }
        }
        for narrow in tries {
            var found = try await subjects(of: wanted.layer, limit: 1, narrow)
            if let first = found.popLast() { return first }
        }
        throw PrintError(
            .unknownFeature, zh: "图层 \(wanted.layer) 没有编号、代码或名称为“\(wanted.id)”的要素",
            en: "layer \(wanted.layer) has no feature with the id, code or name \"\(wanted.id)\"")
    }

    /// All features of a layer, or those with a position in a box of the layer's CRS, by id.
    ///
    /// - Throws: `tooMany`.
    func subjects(of layer: String, in box: Envelope?) async throws -> [SheetSubject] {
        let found = try await subjects(of: layer, limit: SheetSubject.limit + 1) { $0.envelope = box }
        guard found.count <= SheetSubject.limit else {
            throw PrintError(
                .tooMany, zh: "图层 \(layer) 在此范围超过 \(SheetSubject.limit) 个要素；请缩小范围",
                en: "layer \(layer) has more than \(SheetSubject.limit) features there; name a smaller area")
        }
        return found
    }

    private func subjects(of layer: String, limit: Int, _ narrow: (inout FeatureQuery) -> Void) async throws -> [SheetSubject] {
        let (live, record, crs) = try state.printable(layer)
        var query = FeatureQuery(layer: layer)
        query.limit = limit
        query.exclusions = live.definition.withheld.map { PropertyExclusion(field: $0.field, values: $0.values.map(\.value)) }
        let name = record.schema.index(of: live.definition.nameField ?? "name")
        let isOpen = name.map { live.isOpen(record.schema.fields[$0]) } ?? false
        query.fields = .some(isOpen ? name.map { [$0] } ?? [] : [])
        narrow(&query)
        return try await registry.features(query).compactMap { feature in
            guard let geometry = feature.geometry, !geometry.envelope.isEmpty else { return nil }
            var title: String?
            if let name, isOpen, name < feature.values.count, case .text(let text) = feature.values[name], !text.isEmpty { title = text }
            return SheetSubject(geometry: geometry, crs: crs, name: title, id: feature.id)
        }
    }
}
