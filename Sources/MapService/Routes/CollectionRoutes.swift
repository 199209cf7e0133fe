import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// What there is: landing page, conformance, collections with their schemas and import reports, matrix sets.
struct CollectionRoutes {
    let service: ServiceContext

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/conformance") { request, _ in
            let classes =
                ConformanceDeclaration.common + ConformanceDeclaration.features + ConformanceDeclaration.queryables
                + ConformanceDeclaration.filters + ConformanceDeclaration.cql2 + ConformanceDeclaration.tiles
            return Response.json(ConformanceDeclaration(classes: classes).json().bytes(), for: request)
        }
        router.get("/collections") { request, _ in collections(request) }
        router.get("/collections/{collection}") { request, context in
            let layer = try layer(context)
            return Response.json(document(layer, base: request.baseURL(service.settings)).json().bytes(), for: request)
        }
        router.get("/collections/{collection}/schema") { request, context in
            try schema(request, context, .schema)
        }
        router.get("/collections/{collection}/queryables") { request, context in
            try schema(request, context, .queryables)
        }
        router.get("/collections/{collection}/sortables") { request, context in
            try schema(request, context, .sortables)
        }
        router.get("/functions") { request, _ in Response.json(FunctionsDocument.own.json().bytes(), for: request) }
        router.get("/collections/{collection}/report") { request, context in try report(request, context) }
        router.get("/tileMatrixSets") { request, _ in
            let document = TileMatrixSetsDocument(
                sets: service.library.state.sets.sets, baseURL: request.baseURL(service.settings))
            return Response.json(document.json().bytes(), for: request)
        }
        router.get("/tileMatrixSets/{set}") { request, context in
            let id = try context.parameters.require("set")
            guard let set = service.library.state.sets[id] else {
                throw ProblemError.notFound(
                    zh: "没有瓦片矩阵集 \(id)；全部见 /tileMatrixSets",
                    en: "there is no tile matrix set \(id); /tileMatrixSets lists them")
            }
            return Response.json(set.json().bytes(), for: request)
        }
    }

    /// The OGC API landing page, for clients that ask `/` for JSON.
    func landingPage(_ request: Request) -> Response {
        let base = request.baseURL(service.settings)
        let page = LandingPage(
            title: service.installation.city.name.zh + "标准作业图",
            description: "Standard work map of \(service.installation.city.name.en)",
            links: [
                Link(href: base + "/", rel: "self", type: MediaType.json),
                Link(href: base + "/conformance", rel: "conformance", type: MediaType.json),
                Link(href: base + "/collections", rel: "data", type: MediaType.json),
                Link(href: base + "/functions", rel: Link.Relation.functions, type: MediaType.json),
                Link(href: base + "/tileMatrixSets", rel: Link.Relation.tilingSchemes, type: MediaType.json),
                Link(href: base + "/wmts/1.0.0/WMTSCapabilities.xml", rel: "alternate", type: "application/xml", title: "WMTS 1.0.0"),
            ])
        return .json(page.json().bytes(), for: request)
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

    private func collections(_ request: Request) -> Response {
        let base = request.baseURL(service.settings)
        let layers = service.library.state.layersInOrder.filter { $0.definition.geometry != "Raster" }
        let document = CollectionsDocument(
            collections: layers.map { self.document($0, base: base) },
            links: [Link(href: base + "/collections", rel: "self", type: MediaType.json)])
        return .json(document.json().bytes(), for: request)
    }

    private func document(_ layer: LiveLayer, base: String) -> CollectionDocument {
        let definition = layer.definition
        let url = "\(base)/collections/\(PercentEncoding.encode(definition.id))"
        var links = [Link(href: url, rel: "self", type: MediaType.json)]
        if definition.isServedByFeature, layer.record != nil {
            links += [
                Link(href: url + "/items", rel: "items", type: MediaType.geoJSON),
                Link(href: url + "/queryables", rel: Link.Relation.queryables, type: MediaType.schema),
                Link(href: url + "/sortables", rel: Link.Relation.sortables, type: MediaType.schema),
                Link(href: url + "/schema", rel: Link.Relation.schema, type: MediaType.schema),
                Link(href: url + "/versions", rel: "version-history", type: MediaType.json),
            ]
        }
        let bounds = layer.geographicEnvelope
        var document = CollectionDocument(
            id: definition.id, title: definition.title.zh, bounds: bounds.isEmpty ? nil : bounds,
            crs: OfferedCRS.identifiers, storageCRS: layer.record?.crs.flatMap { CRSIdentifier($0.id) }, links: links)
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
        let url = "\(request.baseURL(service.settings))\(request.uri.path)"
        let document = SchemaDocument(
            id: url, title: selection.layer.definition.title.zh, schema: selection.openSchema,
            dimension: selection.record.dimension, purpose: purpose)
        return .json(document.json().bytes(), type: MediaType.schema, for: request)
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
