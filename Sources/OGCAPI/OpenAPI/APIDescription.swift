public import Tiling
internal import Wording

/// The description of a whole API (OpenAPI 3.0.3; OGC 17-069r4 requirement class "OpenAPI 3.0").
public struct APIDescription: Hashable, Sendable {
    public var title: String
    public var description: String
    /// Of the API, not of its data.
    public var version: String
    /// Without a slash at the end.
    public var baseURL: String
    public var operations: [APIOperation]
    /// Schemas beside those that every description has.
    public var schemas: [JSONDocument.Member] = []

    public init(title: String, description: String, version: String, baseURL: String, operations: [APIOperation]) {
        self.title = title
        self.description = description
        self.version = version
        self.baseURL = baseURL
        self.operations = operations
    }

    public func json() -> JSONDocument {
        [
            "openapi": "3.0.3",
            "info": ["title": .string(title), "description": .string(description), "version": .string(version)],
            "servers": [["url": .string(baseURL)]],
            "tags": .array(tags.map { ["name": .string($0.rawValue), "description": .string($0.title.both)] }),
            "paths": .object(paths),
            "components": ["schemas": .object(APISchemas.all + schemas), "securitySchemes": securitySchemes],
        ]
    }

    /// What the operator's token is called.
    static let tokenName = "adminToken"

    private var securitySchemes: JSONDocument? {
        guard operations.contains(where: { $0.access != .open }) else { return nil }
        return .object([.init(name: Self.tokenName, value: ["type": "http", "scheme": "bearer"])])
    }

    private var tags: [APITag] { APITag.allCases.filter { tag in operations.contains { $0.tag == tag } } }

    /// In the order of their first operation.
    private var paths: [JSONDocument.Member] {
        var order: [String] = []
        var methods: [String: [JSONDocument.Member]] = [:]
        for operation in operations {
            if methods[operation.path] == nil { order.append(operation.path) }
            methods[operation.path, default: []].append(.init(name: operation.method.rawValue, value: operation.json()))
        }
        return order.map { .init(name: $0, value: .object(methods[$0] ?? [])) }
    }
}
