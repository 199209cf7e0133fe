internal import Wording

/// The names and values of a query string, percent-decoded, in the order of the request.
///
/// `+` is read as a blank, as HTML forms and browsers write it.
public struct QueryParameters: Hashable, Sendable {
    /// How far a request may go.
    public struct Limits: Hashable, Sendable {
        public var bytes: Int
        public var parameters: Int

        public init(bytes: Int = 16_384, parameters: Int = 200) {
            self.bytes = bytes
            self.parameters = parameters
        }
    }

    public struct Item: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public let items: [Item]

    public init(items: [Item]) {
        self.items = items
    }

    /// - Parameter query: what follows the question mark; empty pairs are passed over.
    /// - Throws: for a string beyond `limits`, a broken escape, or text that is not UTF-8.
    public init(_ query: some StringProtocol, limits: Limits = Limits()) throws(ParameterError) {
        guard query.utf8.count <= limits.bytes else {
            throw ParameterError(.tooLong, name: "", expected: .init(zh: "至多 \(limits.bytes) 字节", en: "at most \(limits.bytes) bytes"))
        }
        var items: [Item] = []
        for pair in query.split(separator: "&") {
            guard items.count < limits.parameters else {
                throw ParameterError(.tooLong, name: "", expected: .init(zh: "至多 \(limits.parameters) 个参数", en: "at most \(limits.parameters) parameters"))
            }
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], form: true) else {
                throw ParameterError(.invalid, name: String(parts[0].prefix(100)), expected: .percentEncoded)
            }
            guard let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", form: true) else {
                throw ParameterError(.invalid, name: name, value: String(parts[1]), expected: .percentEncoded)
            }
            items.append(Item(name: name, value: value))
        }
        self.items = items
    }

    /// The value of a parameter whose name is compared exactly; `nil` when absent.
    ///
    /// - Throws: when it is given twice with different values.
    public func value(_ name: String) throws(ParameterError) -> String? {
        try only(items.filter { $0.name == name }, name)
    }

    /// The value of a parameter of a key-value-pair service, whose names have no letter case (OGC 06-121r3 clause 11.5.2).
    ///
    /// - Throws: when it is given twice with different values.
    public func value(caseInsensitive name: String) throws(ParameterError) -> String? {
        let wanted = name.lowercased()
        return try only(items.filter { $0.name.lowercased() == wanted }, name)
    }

    private func only(_ found: [Item], _ name: String) throws(ParameterError) -> String? {
        guard let first = found.first else { return nil }
        guard found.allSatisfy({ $0.value == first.value }) else {
            throw ParameterError(.repeated, name: name, value: first.value, expected: .init(zh: "只给一次", en: "it once"))
        }
        return first.value
    }

    /// The query string that reads back as these parameters.
    public var encoded: String {
        items.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
    }

    /// The same parameters with one replaced, or added at the end.
    public func replacing(_ name: String, with value: String) -> QueryParameters {
        var items = items.filter { $0.name != name }
        items.append(Item(name: name, value: value))
        return QueryParameters(items: items)
    }
}

extension LocalisedText {
    fileprivate static let percentEncoded = LocalisedText(zh: "百分号编码的 UTF-8 文本", en: "percent-encoded UTF-8")
}
