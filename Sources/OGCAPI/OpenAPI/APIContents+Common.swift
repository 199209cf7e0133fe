internal import Tiling
internal import Wording

extension APIContents {
    var commonOperations: [APIOperation] {
        [
            document("/", "getLandingPage", .common, "landingPage", .init(zh: "入口", en: "Landing page")),
            document("/api", "getAPI", .common, "openAPI", .init(zh: "本接口的 OpenAPI 描述", en: "The OpenAPI description of this API"), type: MediaType.openAPI),
            document("/conformance", "getConformance", .common, "confClasses", .init(zh: "符合的标准类", en: "Conformance classes")),
        ]
    }

    var collectionOperations: [APIOperation] {
        let any = APIParameter.id("collectionId", "图层标识", "The collection's id", among: collections.map(\.id))
        let open = APIParameter.id("collectionId", "图层标识", "The collection's id", among: featureCollections.map(\.id))
        return [
            document("/collections", "getCollectionsList", .features, "collections", .init(zh: "全部图层", en: "The collections")),
            document("/collections/{collectionId}", "getCollection", .features, "collection", .init(zh: "一个图层", en: "One collection"), [any]),
            document("/collections/{collectionId}/schema", "getSchema", .features, "jsonSchema", .init(zh: "要素的属性", en: "What features hold"), [open], type: MediaType.schema),
            document("/collections/{collectionId}/queryables", "getQueryables", .features, "jsonSchema", .init(zh: "可查询的属性", en: "What queries may name"), [open], type: MediaType.schema),
            document("/collections/{collectionId}/sortables", "getSortables", .features, "jsonSchema", .init(zh: "可排序的属性", en: "What answers may be sorted by"), [open], type: MediaType.schema),
            document("/functions", "getFunctions", .features, "functions", .init(zh: "过滤式可调用的函数", en: "What filters may call"), []),
        ]
    }

    /// A resource that is a document for machines and a page for people.
    func document(
        _ path: String, _ id: String, _ tag: APITag, _ schema: String, _ summary: LocalisedText, _ parameters: [APIParameter] = [],
        type: String = MediaType.json
    ) -> APIOperation {
        APIOperation(
            .get, path, id: id, tag: tag, summary, parameters: parameters + [.f()],
            responses: [.document(type, schema: schema)] + APIResponse.problems)
    }
}
