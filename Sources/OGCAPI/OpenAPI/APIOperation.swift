public import Tiling
public import Wording

/// One method at one path of an API, as its OpenAPI document describes it (OpenAPI 3.0.3, operation object).
public struct APIOperation: Hashable, Sendable {
    public enum Method: String, Hashable, Sendable {
        case get, post, put, patch, delete
    }

    public var method: Method
    /// With path parameters in braces, such as `/collections/{collectionId}`.
    public var path: String
    /// Unique within the document.
    public var id: String
    public var tag: APITag
    public var summary: LocalisedText
    public var parameters: [APIParameter]
    public var responses: [APIResponse]
    /// A request body by media type, with its schema; `nil` for none.
    public var body: APIResponse.Content?

    public init(
        _ method: Method = .get, _ path: String, id: String, tag: APITag, _ summary: LocalisedText, parameters: [APIParameter] = [],
        responses: [APIResponse]
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.tag = tag
        self.summary = summary
        self.parameters = parameters
        self.responses = responses
    }

    func json() -> JSONDocument {
        let content = body.map { body -> JSONDocument in
            ["required": true, "content": .object([.init(name: body.mediaType, value: ["schema": body.schema])])]
        }
        return [
            "operationId": .string(id), "tags": .strings([tag.rawValue]), "summary": .string(summary.both),
            "parameters": parameters.isEmpty ? nil : .array(parameters.map { $0.json() }), "requestBody": content,
            "responses": .object(responses.map { .init(name: String($0.status), value: $0.json()) }),
        ]
    }
}

/// Which standard an operation belongs to.
public enum APITag: String, Hashable, Sendable, CaseIterable {
    case common = "Common"
    case features = "Features"
    case tiles = "Tiles"
    case maps = "Maps"
    case styles = "Styles"

    var title: LocalisedText {
        switch self {
        case .common: LocalisedText(zh: "入口与说明", en: "Entrance and descriptions")
        case .features: LocalisedText(zh: "要素", en: "Features")
        case .tiles: LocalisedText(zh: "瓦片", en: "Tiles")
        case .maps: LocalisedText(zh: "地图", en: "Maps")
        case .styles: LocalisedText(zh: "样式", en: "Styles")
        }
    }
}

/// A parameter of an operation.
public struct APIParameter: Hashable, Sendable {
    public enum Place: String, Hashable, Sendable {
        case query, path, header
    }

    public var name: String
    public var place: Place
    public var description: LocalisedText
    /// With its bounds and its enumerated values.
    public var schema: JSONDocument
    /// Whether values of a list stand in one parameter with commas between them.
    public var isList: Bool
    /// A value that gives something to see.
    public var example: JSONDocument?

    public init(
        _ name: String, in place: Place = .query, _ description: LocalisedText, schema: JSONDocument, isList: Bool = false, example: JSONDocument? = nil
    ) {
        self.name = name
        self.place = place
        self.description = description
        self.schema = schema
        self.isList = isList
        self.example = example
    }

    func json() -> JSONDocument {
        [
            "name": .string(name), "in": .string(place.rawValue), "description": .string(description.both),
            "required": .boolean(place == .path), "schema": schema, "style": isList ? "form" : nil, "explode": isList ? false : nil,
            "example": example,
        ]
    }
}

/// What an operation may answer.
public struct APIResponse: Hashable, Sendable {
    public struct Content: Hashable, Sendable {
        public var mediaType: String
        public var schema: JSONDocument

        public init(_ mediaType: String, _ schema: JSONDocument) {
            self.mediaType = mediaType
            self.schema = schema
        }
    }

    public var status: Int
    public var description: LocalisedText
    public var content: [Content]
    /// Header names with what they say.
    public var headers: [JSONDocument.Member] = []

    public init(_ status: Int, _ description: LocalisedText, content: [Content] = []) {
        self.status = status
        self.description = description
        self.content = content
    }

    func json() -> JSONDocument {
        let types = content.map { JSONDocument.Member(name: $0.mediaType, value: ["schema": $0.schema]) }
        return [
            "description": .string(description.both), "headers": headers.isEmpty ? nil : .object(headers),
            "content": content.isEmpty ? nil : .object(types),
        ]
    }
}

extension APIResponse {
    static let html = Content(MediaType.html, ["type": "string"])

    /// A document for machines and the page for people.
    public static func document(_ type: String = MediaType.json, schema: String) -> APIResponse {
        var content = [Content(type, .schema(schema)), html]
        if type != MediaType.json { content.insert(Content(MediaType.json, .schema(schema)), at: 1) }
        return APIResponse(200, .init(zh: "成功", en: "Success"), content: content)
    }

    public static func picture(_ types: [String]) -> APIResponse {
        APIResponse(
            200, .init(zh: "成功", en: "Success"), content: types.map { Content($0, ["type": "string", "format": "binary"]) })
    }

    public static let noContent = APIResponse(204, .init(zh: "空瓦片", en: "An empty tile"))

    /// A refusal, which is always a problem document (RFC 9457).
    public static func problem(_ status: Int) -> APIResponse {
        APIResponse(
            status, reasons[status] ?? LocalisedText(zh: "错误", en: "Error"),
            content: [Content(ProblemDocument.mediaType, .schema("problem"))])
    }

    /// What every resource may answer with instead: a bad parameter, nothing there, no such form, too long, and our own fault.
    public static let problems = [400, 404, 406, 414, 500, 503].map(problem)

    private static let reasons = [
        400: LocalisedText(zh: "请求参数有误", en: "A parameter is unknown or its value cannot be honoured"),
        403: LocalisedText(zh: "不予开放", en: "Not open"), 404: LocalisedText(zh: "没有此资源", en: "There is no such resource"),
        405: LocalisedText(zh: "不支持此方法", en: "The method is not taken"),
        406: LocalisedText(zh: "无法提供所要的格式", en: "No form that the client takes is offered"),
        409: LocalisedText(zh: "图层已被更新", en: "The layer has changed meanwhile"),
        410: LocalisedText(zh: "历史已不保留", en: "The history is no longer kept"),
        412: LocalisedText(zh: "要素已被改动", en: "The feature has changed meanwhile"),
        413: LocalisedText(zh: "请求体过大", en: "The body is too large"), 414: LocalisedText(zh: "请求过长", en: "The request is too long"),
        500: LocalisedText(zh: "服务内部错误", en: "Internal error"), 503: LocalisedText(zh: "暂时无法提供", en: "Not to be had at the moment"),
    ]
}

extension JSONDocument {
    /// A reference to one of the document's schemas.
    static func schema(_ name: String) -> JSONDocument { ["$ref": .string("#/components/schemas/\(name)")] }
}
