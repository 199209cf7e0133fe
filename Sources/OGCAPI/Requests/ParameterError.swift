/// A request parameter that cannot be honoured.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        case missing
        case invalid
        case unknown
        case repeated
        case tooLong
    }

    public let code: Code
    /// As the request spells it; empty when the query string itself is meant.
    public let name: String
    /// What the request says, cut to 100 characters; `nil` where it says nothing.
    public let value: String?
    /// What would have been accepted.
    public let expected: String

    public init(_ code: Code, name: String, value: String? = nil, expected: String) {
        self.code = code
        self.name = name
        self.value = value.map { String($0.prefix(100)) }
        self.expected = expected
    }

    /// One sentence for the person who sent the request.
    public var message: String {
        switch code {
        case .missing: "Parameter '\(name)' is missing; expected \(expected)."
        case .invalid: "Parameter '\(name)' is '\(value ?? "")'; expected \(expected)."
        case .unknown: "Parameter '\(name)' is not known here; expected \(expected)."
        case .repeated: "Parameter '\(name)' is given more than once; expected \(expected)."
        case .tooLong: "The query string is too long; expected \(expected)."
        }
    }

    public var description: String { message }
}
