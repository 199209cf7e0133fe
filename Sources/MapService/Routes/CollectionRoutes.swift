import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// What there is: collections with their schemas and import reports.
struct CollectionRoutes {
    let service: ServiceContext

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/collections") { request, _ in try collections(request) }
        router.get("/collections/{collection}") { request, context in try collection(request, try layer(context)) }
        router.get("/collections/{collection}/schema") { request, context in
            try schema(request, context, .schema)
        }
        router.get("/collections/{collection}/queryables") { request, context in
            try schema(request, context, .queryables)
        }
        router.get("/collections/{collection}/sortables") { request, context in
            try schema(request, context, .sortables)
        }
        router.get("/functions") { request, _ in
            let asked = try DocumentRequest(request, service.settings)
            return asked.answer(FunctionsDocument.own.json(), title: .init(zh: "过滤函数", en: "Functions of filters"), steps: [])
        }
        router.get("/collections/{collection}/report") { request, context in try report(request, context) }
    }

    private func layer(_ context: ServiceRequestContext) throws -> LiveLayer {
        let id = PercentEncoding.decode(try context.parameters.require("collection")) ?? ""
        guard let layer = service.library.state.layers[id] else {
            throw ProblemError.notFound(
                zh: "没有图层 \(id)；全部见 /collections",
                en: "there is no collection \(id); /collections lists them")
        }
        return layer
    }

    private static let title = LocalisedText(zh: "图层", en: "Collections")

    private func collections(_ request: Request) throws -> Response {
        let asked = try DocumentRequest(request, service.settings)
        let layers = service.library.state.collections
        var document = CollectionsDocument(collections: layers.map { self.document($0, base: asked.base) }, links: asked.links)
        document.crs = OfferedCRS.identifiers
        return asked.answer(document.json()) { asked in
            HTMLPage(
                title: Self.title, steps: asked.steps([]), alternates: asked.alternates,
                body: CollectionPages.list(layers, base: asked.base))
        }
    }

    private func collection(_ request: Request, _ layer: LiveLayer) throws -> Response {
        let asked = try DocumentRequest(request, service.settings)
        var document = document(layer, base: asked.base)
        document.links = asked.links + document.links
        let title = LocalisedText(zh: layer.definition.title.zh, en: layer.definition.title.en)
        return asked.answer(document.json(), title: title, steps: [CollectionPages.step(asked.base)])
    }

    private func document(_ layer: LiveLayer, base: String) -> CollectionDocument {
        let definition = layer.definition
        let url = "\(base)/collections/\(PercentEncoding.encode(definition.id))"
        var links = [Link(href: url, rel: "collection", type: MediaType.json, title: "本图层 / This collection")]
        if definition.isServedByFeature, layer.record != nil {
            links += [
                Link(href: url + "/items", rel: "items", type: MediaType.geoJSON, title: "要素 / Features"),
                Link(href: url + "/items?f=html", rel: "items", type: MediaType.html, title: "要素（网页） / Features for people"),
                Link(href: url + "/queryables", rel: Link.Relation.queryables, type: MediaType.schema),
                Link(href: url + "/sortables", rel: Link.Relation.sortables, type: MediaType.schema),
                Link(href: url + "/schema", rel: Link.Relation.schema, type: MediaType.schema),
                Link(href: url + "/versions", rel: "version-history", type: MediaType.json),
            ]
        }
        links += [
            Link(href: url + "/tiles", rel: Link.Relation.tilesetsVector, type: MediaType.json, title: "矢量瓦片 / Vector tiles"),
            Link(href: url + "/map/tiles", rel: Link.Relation.tilesetsMap, type: MediaType.json, title: "地图瓦片 / Map tiles"),
            Link(href: url + "/map", rel: Link.Relation.map, type: MediaType.png, title: "地图 / A map"),
        ]
        let bounds = layer.geographicEnvelope
        // A CRS that features are not given in may not be named (OGC 18-058r1 requirement 4).
        let stored = layer.record?.crs.flatMap { CRSIdentifier($0.id) }.flatMap { OfferedCRS.identifiers.contains($0) ? $0 : nil }
        var document = CollectionDocument(
            id: definition.id, title: definition.title.zh, bounds: bounds.isEmpty ? nil : bounds,
            crs: OfferedCRS.identifiers, storageCRS: stored, links: links)
        document.interval = layer.record.map { .init(begin: $0.importedAt, end: nil) }
        document.description = definition.maintainer.map { "\(definition.title.en);维护 maintained by \($0)" } ?? definition.title.en
        document.members = members(layer)
        return document
    }

    /// What the portal shows beside the standard's members.
    private func members(_ layer: LiveLayer) -> [JSONDocument.Member] {
        let definition = layer.definition
        let fields = layer.record?.schema.fields.filter(layer.isOpen) ?? []
        let document: JSONDocument = [
            "titleEn": .string(definition.title.en), "group": .string(definition.group), "order": .integer(definition.order),
            "state": .string(layer.state.key), "stateMessage": layer.state.message.map { .string($0) },
            "featureCount": .integer(layer.record?.featureCount ?? 0),
            "importedAt": layer.record.map { .string($0.importedAt) }, "version": layer.record.map { .integer(Int($0.version)) },
            "geometry": .string(definition.geometry), "nameField": definition.nameField.map { .string($0) },
            "levels": .array([.integer(definition.tiles.levels.first), .integer(definition.tiles.levels.last)]),
            "access": .string(definition.access.rawValue), "servedByFeature": .boolean(definition.isServedByFeature),
            "hasReport": .boolean(layer.record?.reportJSON != nil),
            "fields": .array(fields.map { field in
                [
                    "name": .string(field.name), "title": .string(layer.title(of: field.name)),
                    "kind": .string(field.kind.rawValue),
                ]
            }),
        ]
        guard case .object(let members) = document else { return [] }
        return members
    }

    private func schema(_ request: Request, _ context: ServiceRequestContext, _ purpose: SchemaDocument.Purpose) throws -> Response {
        let selection = try FeatureSelection(layer: try layer(context).definition.id, in: service.library.state)
        let asked = try DocumentRequest(request, service.settings, offering: Representation.schemas + [.html])
        let title = selection.layer.definition.title
        var document = SchemaDocument(
            id: asked.url, title: title.zh, schema: selection.openSchema, hasGeometry: selection.record.geometry != .none,
            dimension: selection.record.dimension, purpose: purpose)
        document.isEditable = EditableLayers(settings: service.settings.editing, library: service.library).answer(for: selection.layer)
        let heading =
            switch purpose {
            case .schema: LocalisedText(zh: "\(title.zh)的属性", en: "Schema of \(title.en)")
            case .queryables: LocalisedText(zh: "\(title.zh)可查询的属性", en: "Queryables of \(title.en)")
            case .sortables: LocalisedText(zh: "\(title.zh)可排序的属性", en: "Sortables of \(title.en)")
            }
        return asked.answer(
            document.json(), title: heading, steps: CollectionPages.steps(selection.layer, asked.base))
    }

    private func report(_ request: Request, _ context: ServiceRequestContext) throws -> Response {
        let layer = try layer(context)
        guard let report = layer.record?.reportJSON else {
            throw ProblemError.notFound(
                zh: "图层 \(layer.definition.id) 未曾导入，没有导入报告",
                en: "\(layer.definition.id) was not imported, so there is no report")
        }
        return .json(Array(report.utf8), for: request)
    }
}

extension FunctionsDocument {
    /// What filters may call here.
    static let own = FunctionsDocument(
        functions: FilterFunction.allCases.map { function in
            let explanation = function.explanation
            return Function(
                name: function.rawValue, description: .init(zh: explanation.zh, en: explanation.en),
                arguments: function.arguments.map(\.schemaName), result: function.result.schemaName)
        })
}

extension FilterType {
    fileprivate var schemaName: String {
        switch self {
        case .text: "string"
        case .number: "number"
        case .boolean: "boolean"
        case .instant: "datetime"
        case .any: "string"
        }
    }
}
