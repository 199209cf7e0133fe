public import Tiling
public import Wording

/// An error as JSON clients read it (RFC 9457); people find Chinese first and English beside in its `title` and `detail`.
public struct ProblemDocument: Hashable, Sendable {
    public static let mediaType = "application/problem+json"

    /// A URI that names the kind of problem.
    public var type: String
    public var title: LocalisedText
    /// The HTTP status.
    public var status: Int
    /// What happened this time and what to do.
    public var detail: LocalisedText?
    /// A URI of this occurrence.
    public var instance: String?
    /// Further members, after the standard's.
    public var members: [JSONDocument.Member]

    public init(
        type: String = "about:blank", title: LocalisedText, status: Int, detail: LocalisedText? = nil, instance: String? = nil,
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
            "parameter": .string(error.name), "value": error.value.map { .string($0) }, "expected": .string(error.expected.both),
        ]
        guard case .object(let members) = extra else { preconditionFailure("a literal with names is an object") }
        self.init(
            title: error.code == .tooLong ? .requestTooLong : LocalisedText(zh: "请求参数有误", en: "Bad request parameter"),
            status: error.code == .tooLong ? 414 : 400, detail: error.message, members: members)
    }

    public func json() -> JSONDocument {
        let document: JSONDocument = [
            "type": .string(type), "title": .string(title.both), "status": .integer(status), "detail": detail.map { .string($0.both) },
            "instance": instance.map { .string($0) },
        ]
        return document.appending(members)
    }
}

extension LocalisedText {
    public static let requestTooLong = LocalisedText(zh: "请求过长", en: "Request too long")
}
