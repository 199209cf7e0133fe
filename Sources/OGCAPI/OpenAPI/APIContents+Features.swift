internal import SimpleFeatures
internal import Tiling
internal import Wording

extension APIContents {
    /// The operations on the features of one collection, whose own properties are parameters.
    func itemOperations(_ collection: Collection) -> [APIOperation] {
        guard let schema = collection.schema else { return [] }
        let path = "/collections/\(PercentEncoding.encode(collection.id))/items"
        let feature = APISchemas.feature(Self.properties(schema))
        let page = Self.features(MediaType.geoJSON, APISchemas.featureCollection(of: feature))
        var whole = APIOperation(
            .get, path, id: "getItems.\(collection.id)", tag: .features, .init(zh: "\(collection.title)的要素", en: "Features of \(collection.id)"),
            parameters: itemParameters(schema), responses: [page] + Self.problems)
        var inside = whole
        inside.method = .post
        inside.id = "postItems.\(collection.id)"
        inside.summary = .init(zh: "\(collection.title)在所发多边形内的要素", en: "Features of \(collection.id) in the polygon that is sent")
        inside.body = .init(MediaType.geoJSON, .schema("polygon"))
        inside.responses.append(.problem(413))
        inside.parameters.removeAll { $0.name == "f" }
        inside.responses[0].content.removeAll { $0.mediaType == MediaType.html }
        if collection.isEditable { takeFeatures(&inside, schema) }
        whole.parameters.append(.f(["json", "html"] + fileFormats.map(\.name)))
        whole.responses[0].content += fileFormats.map { .init($0.mediaType, ["type": "string", "format": "binary"]) }
        let one = APIOperation(
            .get, path + "/{featureId}", id: "getItem.\(collection.id)", tag: .features,
            .init(zh: "\(collection.title)的一个要素", en: "One feature of \(collection.id)"),
            parameters: [Self.featureID, crsParameter("crs"), Self.datetime, .f()],
            responses: [Self.features(MediaType.geoJSON, feature)] + Self.problems)
        return [whole, inside, one] + (collection.isEditable ? editOperations(collection, schema, feature: feature) : [])
    }

    /// The parameters of a page of features, but for `f`.
    func itemParameters(_ schema: FeatureSchema) -> [APIParameter] {
        [
            APIParameter(
                "limit", .init(zh: "至多多少个；更大的值按上限处理", en: "How many at most; a greater value counts as the maximum"),
                schema: ["type": "integer", "minimum": 1, "maximum": .integer(maximumLimit), "default": .integer(defaultLimit)]),
            APIParameter(
                "offset", .init(zh: "跳过多少个", en: "How many to pass over"),
                schema: ["type": "integer", "minimum": 0, "maximum": 2_147_483_647, "default": 0]),
            APIParameter(
                "bbox", .init(zh: "范围：西、南、东、北，按 bbox-crs 的轴次序", en: "A box: west, south, east, north, in the axis order of bbox-crs"),
                schema: ["type": "array", "minItems": 4, "maxItems": 6, "items": ["type": "number"]], isList: true),
            crsParameter("bbox-crs"), crsParameter("crs"), Self.datetime,
        ] + filterParameters(schema) + Self.circle + schema.fields.filter { !$0.isSensitive && !Self.reserved.contains($0.name) }.map(Self.parameter)
    }

    /// Names that mean something else than a property.
    private static let reserved: Set<String> = [
        "bbox", "bbox-crs", "limit", "offset", "crs", "datetime", "center", "lon", "lat", "radius", "f", "filter",
        "filter-lang", "filter-crs", "sortby",
    ]

    private func filterParameters(_ schema: FeatureSchema) -> [APIParameter] {
        let languages = ItemsQuery.Filter.Language.allCases.map(\.rawValue)
        return [
            APIParameter(
                "filter", .init(zh: "CQL2 过滤式；可用的属性见 queryables", en: "A CQL2 filter; the queryables say what it may name"),
                schema: ["type": "string", "minLength": 1]),
            APIParameter(
                "filter-lang", .init(zh: "过滤式的写法", en: "How the filter is written"),
                schema: ["type": "string", "enum": .strings(languages), "default": .string(languages[0])]),
            crsParameter("filter-crs"),
            APIParameter(
                "sortby", .init(zh: "排序的属性，前加 + 或 -", en: "What to sort by, with + or - before each"),
                schema: [
                    "type": "array", "minItems": 1, "maxItems": 8, "uniqueItems": true,
                    "items": ["type": "string", "enum": .strings(schema.fields.filter { !$0.isSensitive }.flatMap { [$0.name, "+\($0.name)", "-\($0.name)"] })],
                ], isList: true),
        ]
    }

    private func crsParameter(_ name: String) -> APIParameter {
        let meaning: LocalisedText =
            switch name {
            case "crs": .init(zh: "结果的坐标系", en: "The CRS of the answer")
            case "filter-crs": .init(zh: "过滤式中几何的坐标系", en: "The CRS of the filter's geometries")
            default: .init(zh: "bbox 的坐标系", en: "The CRS of bbox")
            }
        return APIParameter(
            name, meaning,
            schema: [
                "type": "string", "format": "uri", "enum": .strings(crs.map(\.uri)), "default": .string(CRSIdentifier.crs84.uri),
            ])
    }

    static let featureID = APIParameter(
        "featureId", in: .path, .init(zh: "要素标识", en: "The feature's id"), schema: ["type": "integer", "format": "int64"])

    private static let datetime = APIParameter(
        "datetime", .init(zh: "时刻、日期或时段：给出当时的要素", en: "An instant, a date or an interval: the features as they were then"),
        schema: ["type": "string"])

    private static let circle: [APIParameter] = [
        APIParameter(
            "center", .init(zh: "圆心“经度,纬度”，与 radius 同用", en: "A centre as longitude,latitude, with radius"),
            schema: ["type": "array", "minItems": 2, "maxItems": 2, "items": ["type": "number"]], isList: true),
        APIParameter("lon", .init(zh: "圆心经度", en: "The centre's longitude"), schema: ["type": "number", "minimum": -180, "maximum": 180]),
        APIParameter("lat", .init(zh: "圆心纬度", en: "The centre's latitude"), schema: ["type": "number", "minimum": -90, "maximum": 90]),
        APIParameter("radius", .init(zh: "半径，米", en: "The radius in metres"), schema: ["type": "number", "minimum": 0, "maximum": 1_000_000]),
    ]

    private static func parameter(_ field: Field) -> APIParameter {
        APIParameter(
            field.name, .init(zh: "\(field.title ?? field.name)等于此值", en: "\(field.name) has this value"), schema: kind(field, isNullable: false))
    }

    private static func properties(_ schema: FeatureSchema) -> JSONDocument {
        let fields = schema.fields.filter { !$0.isSensitive }.map { JSONDocument.Member(name: $0.name, value: kind($0, isNullable: true)) }
        return ["type": "object", "properties": .object(fields)]
    }

    static func kind(_ field: Field, isNullable: Bool) -> JSONDocument {
        let type =
            switch field.kind {
            case .boolean: "boolean"
            case .integer: "integer"
            case .real: "number"
            case .text, .date, .dateTime: "string"
            }
        return ["type": .string(type), "nullable": isNullable ? true : nil]
    }

    private static func features(_ type: String, _ schema: JSONDocument) -> APIResponse {
        var response = APIResponse(200, .init(zh: "成功", en: "Success"), content: [.init(type, schema), APIResponse.html])
        response.headers = [
            .init(
                name: "Content-Crs",
                value: ["description": "坐标系 / The CRS of the coordinates", "schema": ["type": "string"]])
        ]
        return response
    }

    /// A collection may be closed, replaced meanwhile, or its history gone.
    private static let problems = APIResponse.problems + [403, 409, 410].map { .problem($0) }
}
