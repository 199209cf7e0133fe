/// One fault of a style document, or one remark on it.
public struct StyleIssue: Sendable, Equatable, CustomStringConvertible {
    /// Where, as `layers[3].paint.line-width[2]`; the number counts from 0.
    public var path: String
    /// What was found and what was expected, in the words of the style specification.
    public var message: String
    /// The same in Chinese; of an expression only that it is not by the specification.
    public var chinese: String

    public init(path: String, message: String, chinese: String = "不合规范") {
        self.path = path
        self.message = message
        self.chinese = chinese
    }

    public var description: String {
        message.hasPrefix(chinese) ? "\(path): \(message)" : "\(path): \(chinese) / \(message)"
    }
}

extension StyleIssue {
    /// A value of another type than the specification has.
    static func expected(_ wanted: String, _ found: JSONValue, at path: String) -> StyleIssue {
        StyleIssue(
            path: path, message: "\(wanted) expected, \(found.typeName) found",
            chinese: "应为 \(wanted)，实为 \(found.typeName)")
    }

    /// A word that is none of those allowed.
    static func expected(oneOf words: [String], _ found: JSONValue, at path: String) -> StyleIssue {
        let list = words.joined(separator: ", ")
        return StyleIssue(
            path: path, message: "expected one of [\(list)], \(found.description) found",
            chinese: "应为 [\(list)] 之一，实为 \(found.description)")
    }

    static func missing(_ name: String, at path: String) -> StyleIssue {
        StyleIssue(path: path, message: "missing required property \"\(name)\"", chinese: "缺少必需的“\(name)”")
    }

    static func unknown(_ name: String, at path: String) -> StyleIssue {
        StyleIssue(path: path, message: "unknown property \"\(name)\"", chinese: "没有“\(name)”这个属性")
    }

    static func length(_ wanted: Int, _ found: Int, at path: String) -> StyleIssue {
        StyleIssue(
            path: path, message: "array length \(wanted) expected, length \(found) found",
            chinese: "数组应有 \(wanted) 项，实有 \(found) 项")
    }

    static func below(_ minimum: Double, _ value: Double, at path: String) -> StyleIssue {
        let (value, limit) = (ExpressionValue.text(of: value), ExpressionValue.text(of: minimum))
        return StyleIssue(
            path: path, message: "\(value) is less than the minimum value \(limit)", chinese: "\(value) 小于最小值 \(limit)")
    }

    static func above(_ maximum: Double, _ value: Double, at path: String) -> StyleIssue {
        let (value, limit) = (ExpressionValue.text(of: value), ExpressionValue.text(of: maximum))
        return StyleIssue(
            path: path, message: "\(value) is greater than the maximum value \(limit)", chinese: "\(value) 大于最大值 \(limit)")
    }

    /// The same at a place inside something larger.
    func under(_ parent: String) -> StyleIssue {
        var issue = self
        issue.path = parent + path
        return issue
    }

    /// The same with the value that stands at its place in `json`, unless the message quotes it already.
    ///
    /// - Parameter place: the place inside `json`, as `[2][1]`.
    func showing(_ json: JSONValue, at place: String = "") -> StyleIssue {
        guard let value = json.value(at: place) else { return self }
        let text = value.description
        if message.contains(text) { return self }
        var issue = self
        issue.message += "; the value is \(text.prefix(80))"
        issue.chinese += "；现值 \(text.prefix(80))"
        return issue
    }
}

extension JSONValue {
    /// What stands at a place inside this value, as `[2].stops[1]`; the value itself for an empty one.
    fileprivate func value(at place: String) -> JSONValue? {
        var value = self
        for step in place.split(whereSeparator: { "[].".contains($0) }) {
            switch value {
            case .array(let items):
                guard let i = Int(step), items.indices.contains(i) else { return nil }
                value = items[i]
            case .object(let members):
                guard let member = members[String(step)] else { return nil }
                value = member
            default: return nil
            }
        }
        return value
    }
}
