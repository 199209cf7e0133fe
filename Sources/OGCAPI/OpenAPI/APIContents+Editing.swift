internal import SimpleFeatures
internal import Tiling
internal import Wording

extension APIContents {
    private static let patchType = "application/merge-patch+json"

    /// The operations that change one feature (OGC API - Features part 4, draft 20-002r1).
    func editOperations(_ collection: Collection, _ schema: FeatureSchema, feature: JSONDocument) -> [APIOperation] {
        let path = "/collections/\(PercentEncoding.encode(collection.id))/items/{featureId}"
        func operation(_ method: APIOperation.Method, _ verb: String, _ summary: LocalisedText) -> APIOperation {
            var operation = APIOperation(
                method, path, id: "\(verb)Item.\(collection.id)", tag: .features, summary,
                parameters: [Self.featureID] + Self.conditions, responses: [Self.done] + Self.problemsOfChanges)
            operation.access = .token
            return operation
        }
        var replace = operation(.put, "put", .init(zh: "替换\(collection.title)的一个要素", en: "Replace a feature of \(collection.id)"))
        replace.body = .init(MediaType.geoJSON, Self.body(schema, isWhole: true))
        var patch = operation(.patch, "patch", .init(zh: "改动\(collection.title)的一个要素的部分内容", en: "Change parts of a feature of \(collection.id)"))
        patch.body = .init(Self.patchType, Self.body(schema, isWhole: false))
        let answer = Self.representation(200, .init(zh: "已改动，所求的内容", en: "Changed, with what was preferred"), feature)
        add(answer, to: &replace)
        add(answer, to: &patch)
        return [replace, patch, operation(.delete, "delete", .init(zh: "删除\(collection.title)的一个要素", en: "Remove a feature of \(collection.id)"))]
    }

    /// Lets the operation that takes the polygon of a query take a new feature, too.
    func takeFeatures(_ operation: inout APIOperation, _ schema: FeatureSchema) {
        operation.access = .tokenForSome
        operation.summary = .init(
            zh: operation.summary.zh + "；发送要素则加入该要素（须带令牌）", en: operation.summary.en + "; or adds the feature that is sent, with the token")
        operation.body = .init(MediaType.geoJSON, ["oneOf": [.schema("polygon"), Self.body(schema, isWhole: true)]])
        operation.parameters += [Self.contentCRS, Self.prefer]
        // Empty, unless the client prefers otherwise: which a description of bodies cannot say.
        var created = APIResponse(201, .init(zh: "已加入；按 Prefer 返回要素或修复报告", en: "Added; with the feature, or the report of what was mended, where Prefer says so"))
        created.headers = [Self.tag]
        created.headers.append(.init(name: "Location", value: ["description": "新要素的地址 / Where the new feature is", "schema": ["type": "string"]]))
        let known = operation.responses.map(\.status)
        operation.responses += [created] + Self.problemsOfChanges.filter { !known.contains($0.status) }
    }

    private func add(_ answer: APIResponse, to operation: inout APIOperation) {
        operation.parameters += [Self.contentCRS, Self.prefer]
        operation.responses.insert(answer, at: 0)
    }

    private static let problemsOfChanges = [400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 422, 428, 500, 503, 507].map(APIResponse.problem)

    private static let tag: JSONDocument.Member = .init(
        name: "ETag", value: ["description": "改动后的实体标签 / The entity tag after the change", "schema": ["type": "string"]])

    private static let done: APIResponse = {
        var response = APIResponse(204, .init(zh: "已改动", en: "Changed"))
        response.headers = [tag]
        return response
    }()

    /// The feature, or the account of what was mended.
    private static func representation(_ status: Int, _ text: LocalisedText, _ feature: JSONDocument) -> APIResponse {
        var response = APIResponse(status, text, content: [.init(MediaType.geoJSON, feature), .init(MediaType.json, ["type": "object"])])
        response.headers = [tag]
        return response
    }

    private static func body(_ schema: FeatureSchema, isWhole: Bool) -> JSONDocument {
        let fields = schema.fields.filter { !$0.isSensitive }.map { JSONDocument.Member(name: $0.name, value: kind($0, isNullable: true)) }
        return [
            "type": "object", "required": isWhole ? ["type", "geometry", "properties"] : nil,
            "properties": [
                "type": ["type": "string", "enum": ["Feature"]],
                "geometry": ["nullable": true, "type": "object", "allOf": [.schema("geometry")]],
                "properties": ["type": "object", "nullable": true, "properties": .object(fields), "additionalProperties": false],
            ],
        ]
    }

    // MARK: Header fields

    private static func field(_ name: String, _ zh: String, _ en: String) -> APIParameter {
        APIParameter(name, in: .header, .init(zh: zh, en: en), schema: ["type": "string"])
    }

    private static let conditions = [
        field("If-Match", "读取该要素时得到的 ETag", "The ETag that reading the feature gave"),
        field("If-None-Match", "要素不得有此 ETag", "An ETag that the feature must not have"),
        field("If-Unmodified-Since", "图层此后未被改动", "The layer has not been changed since"),
    ]

    private static let contentCRS = field("Content-Crs", "所发坐标的坐标系，轴次序从其定义；默认 CRS84", "The CRS of the positions that are sent, in its axis order; CRS84 by default")

    private static let prefer = field(
        "Prefer", "handling=strict（默认）或 lenient；return=representation 返回要素", "handling=strict (the default) or lenient; return=representation for the feature")
}
