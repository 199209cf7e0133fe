public import Wording

/// A request parameter that cannot be honoured.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable, CaseIterable {
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
    public let expected: LocalisedText

    public init(_ code: Code, name: String, value: String? = nil, expected: LocalisedText) {
        self.code = code
        self.name = name
        self.value = value.map { String($0.prefix(100)) }
        self.expected = expected
    }

    /// One sentence for the person who sent the request.
    public var message: LocalisedText {
        let (zh, en) =
            switch code {
            case .missing: ("缺少参数“\(name)”", "Parameter '\(name)' is missing")
            case .invalid: ("参数“\(name)”的值“\(value ?? "")”无效", "Parameter '\(name)' is '\(value ?? "")'")
            case .unknown: ("此处没有参数“\(name)”", "Parameter '\(name)' is not known here")
            case .repeated: ("参数“\(name)”重复且取值不同", "Parameter '\(name)' is given more than once")
            case .tooLong: ("查询字符串过长", "The query string is too long")
            }
        return LocalisedText(zh: "\(zh)；应为\(expected.zh)。", en: "\(en); expected \(expected.en).")
    }

    public var description: String { message.both }
}

extension LocalisedText {
    /// What a parameter that counts is expected to be.
    static func wholeNumber(from least: Int) -> LocalisedText {
        LocalisedText(zh: "不小于 \(least) 的整数", en: "a whole number from \(least)")
    }
}
