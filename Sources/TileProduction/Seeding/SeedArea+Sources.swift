import FeatureStore
import FoundationEssentials
import Reprojection
import SimpleFeatures
import Wording

extension SeedArea {
    /// The polygon features of a GeoJSON file, longitude and latitude.
    ///
    /// - Throws: `ProductionError` where there is none; `ReaderError`.
    public init(file path: String) throws {
        var polygons: [Polygon] = []
        for reader in try FeatureFile.open(path: path) {
            while let record = try reader.next() { polygons += record.feature?.geometry?.polygons ?? [] }
        }
        let box = Geometry.multiPolygon(polygons).envelope
        guard !polygons.isEmpty, box.minX >= -180, box.maxX <= 180, box.minY >= -90, box.maxY <= 90 else {
            throw Self.refusal(
                zh: "\(path) 中没有以经纬度表示的面；范围文件是含 Polygon 或 MultiPolygon 的 GeoJSON",
                en: "\(path) holds no polygon in longitude and latitude; an area is GeoJSON with Polygon or MultiPolygon")
        }
        self.init(name: path, polygons: polygons)
    }

    /// A polygon feature of a layer, such as `town:441900003`: the layer by its id or the last part of it, the feature by its id,
    /// code or name.
    ///
    /// - Throws: `ProductionError` that names what there is; `RegistryError`, `ReprojectionError`.
    public init(feature text: String, of library: MapLibrary) async throws {
        guard let colon = text.firstIndex(of: ":") else {
            throw Self.refusal(zh: "范围“\(text)”不是 图层:编号", en: "the area \"\(text)\" is no LAYER:ID")
        }
        let (name, key) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        let layer = try Self.layer(name, in: library.state)
        guard let record = layer.record, let crs = record.crs else {
            throw Self.refusal(zh: "图层 \(layer.definition.id) 没有数据", en: "layer \(layer.definition.id) has no data")
        }
        var polygons: [Polygon] = []
        for query in Self.queries(layer.definition, record, key) {
            for feature in try await library.registry.features(query) { polygons += feature.geometry?.polygons ?? [] }
            if !polygons.isEmpty { break }
        }
        guard !polygons.isEmpty else {
            let known = try await Self.examples(layer.definition, record, library.registry)
            throw Self.refusal(
                zh: "图层 \(layer.definition.id) 没有面“\(key)”；有：\(known)",
                en: "layer \(layer.definition.id) has no polygon \"\(key)\"; there are \(known)")
        }
        let operation = try CoordinateOperation(from: crs, to: .cgcs2000, policy: library.policy)
        guard case .multiPolygon(let carried)? = operation.transform(Geometry.multiPolygon(polygons)) else {
            throw Self.refusal(zh: "“\(text)”的坐标无法转换", en: "the positions of \"\(text)\" cannot be carried")
        }
        self.init(name: text, polygons: carried)
    }

    private static func layer(_ name: String, in state: LibraryState) throws(ProductionError) -> LiveLayer {
        let found = state.layers.values.filter { layer in
            let id = layer.definition.id
            return id == name || (id.hasSuffix(".\(name)") && layer.record != nil)
        }
        if let layer = found.first(where: { $0.definition.id == name }) ?? (found.count == 1 ? found.first : nil) { return layer }
        let known = state.layersInOrder.filter { $0.record?.dimension == .area }.map(\.definition.id).joined(separator: ", ")
        throw refusal(zh: "没有面图层“\(name)”；有：\(known)", en: "there is no layer of polygons \"\(name)\"; there are \(known)")
    }

    /// By id, then by every field that may identify a feature.
    private static func queries(_ definition: CatalogueLayer, _ record: LayerRecord, _ key: String) -> [FeatureQuery] {
        var queries: [FeatureQuery] = []
        for field in identifying(definition, record) {
            var values: [PropertyValue] = [.text(key)]
            if let number = Int64(key) { values.append(.integer(number)) }
            queries += values.map { FeatureQuery(layer: definition.id, filters: [PropertyFilter(field: field, value: $0)]) }
        }
        if let id = Int64(key) { queries.append(FeatureQuery(layer: definition.id, ids: [id])) }
        return queries
    }

    private static func identifying(_ definition: CatalogueLayer, _ record: LayerRecord) -> [String] {
        let names = record.schema.fields.filter { !$0.isSensitive }.map(\.name)
        return ["code", definition.nameField ?? "name"].filter(names.contains)
    }

    private static func examples(
        _ definition: CatalogueLayer, _ record: LayerRecord, _ registry: any FeatureRegistry
    ) async throws -> String {
        var query = FeatureQuery(layer: definition.id)
        query.limit = 10
        let field = identifying(definition, record).first.flatMap { name in record.schema.fields.firstIndex { $0.name == name } }
        let names = try await registry.features(query).map { feature in
            if let field, feature.values.indices.contains(field), case .text(let text) = feature.values[field] { return text }
            return "\(feature.id)"
        }
        return names.joined(separator: ", ") + (record.featureCount > names.count ? ", … (\(record.featureCount))" : "")
    }

    private static func refusal(zh: String, en: String) -> ProductionError {
        ProductionError(code: .outsideLimits, message: LocalisedText(zh: zh, en: en))
    }
}

extension Geometry {
    /// All polygons in it.
    fileprivate var polygons: [Polygon] {
        switch self {
        case .polygon(let polygon): [polygon]
        case .multiPolygon(let polygons): polygons
        case .geometryCollection(let parts): parts.flatMap(\.polygons)
        case .point, .lineString, .multiPoint, .multiLineString: []
        }
    }
}
