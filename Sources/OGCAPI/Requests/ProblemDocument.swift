public import Tiling

/// An error as JSON clients read it (RFC 9457).
public struct ProblemDocument: Hashable, Sendable {
    public static let mediaType = "application/problem+json"

    /// A URI that names the kind of problem.
    public var type: String
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What happened this time and what to do.
    public var detail: String?
    /// A URI of this occurrence.
    public var instance: String?
    /// Further members, after the standard's.
    public var members: [JSONDocument.Member]

    public init(
        type: String = "about:blank", title: String, status: Int, detail: String? = nil, instance: String? = nil,
        members: [JSONDocument.Member] = []
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.members = members
    }

    /// What a bad parameter is answered with: status 400, and the parameter's name, value and expectation as members.
    public init(_ error: ParameterError) {
        let extra: JSONDocument = [
            "parameter": .string(error.name), "value": error.value.map { .string($0) }, "expected": .string(error.expected),
        ]
        guard case .object(let members) = extra else { preconditionFailure("a literal with names is an object") }
        self.init(
            title: error.code == .tooLong ? "Request too long" : "Bad request parameter",
            status: error.code == .tooLong ? 414 : 400, detail: error.message, members: members)
    }

    public func json() -> JSONDocument {
        let document: JSONDocument = [
            "type": .string(type), "title": .string(title), "status": .integer(status), "detail": detail.map { .string($0) },
            "instance": instance.map { .string($0) },
        ]
        return document.appending(members)
    }
}
