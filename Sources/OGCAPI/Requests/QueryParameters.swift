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
    /// The query string that reads back as these parameters.
    public let encoded: String

    public init(items: [Item]) {
        self.items = items
        encoded = Self.encoded(items)
    }

    private static func encoded(_ items: [Item]) -> String {
        var text = ""
        for (place, item) in items.enumerated() {
            if place > 0 { text += "&" }
            text += PercentEncoding.encode(item.name)
            text += "="
            text += PercentEncoding.encode(item.value)
        }
        return text
    }

    /// - Parameter query: what follows the question mark; empty pairs are passed over.
    /// - Throws: for a string beyond `limits`, a broken escape, or text that is not UTF-8.
    public init(_ query: some StringProtocol, limits: Limits = Limits()) throws(ParameterError) {
        guard query.utf8.count <= limits.bytes else {
            throw ParameterError(.tooLong, name: "", expected: .init(zh: "至多 \(limits.bytes) 字节", en: "at most \(limits.bytes) bytes"))
        }
        // Every request is read here: bytes by their places, without a string a part.
        let bytes = Array(query.utf8)
        var items: [Item] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            defer { start = end + 1 }
            if end == start { continue }
            guard items.count < limits.parameters else {
                throw ParameterError(.tooLong, name: "", expected: .init(zh: "至多 \(limits.parameters) 个参数", en: "at most \(limits.parameters) parameters"))
            }
            items.append(try Self.item(bytes[start..<end]))
        }
        self.init(items: items)
    }

    private static func item(_ pair: ArraySlice<UInt8>) throws(ParameterError) -> Item {
        let sign = pair.firstIndex(of: UInt8(ascii: "="))
        let (rawName, rawValue) = (pair[..<(sign ?? pair.endIndex)], sign.map { pair[($0 + 1)...] } ?? [])
        guard let name = PercentEncoding.decode(rawName, form: true) else {
            throw ParameterError(.invalid, name: String(String(decoding: rawName, as: UTF8.self).prefix(100)), expected: .percentEncoded)
        }
        guard let value = PercentEncoding.decode(rawValue, form: true) else {
            throw ParameterError(.invalid, name: name, value: String(decoding: rawValue, as: UTF8.self), expected: .percentEncoded)
        }
        return Item(name: name, value: value)
    }

    /// The value of a parameter whose name is compared exactly; `nil` when absent.
    ///
    /// - Throws: when it is given twice with different values.
    public func value(_ name: String) throws(ParameterError) -> String? {
        // One walk and no list of what is found: a request is asked for every parameter that there could be.
        guard let first = items.firstIndex(where: { $0.name == name }) else { return nil }
        for item in items[(first + 1)...] where item.name == name && item.value != items[first].value {
            throw Self.repeated(name, items[first].value)
        }
        return items[first].value
    }

    /// The value of a parameter of a key-value-pair service, whose names have no letter case (OGC 06-121r3 clause 11.5.2).
    ///
    /// - Throws: when it is given twice with different values.
    public func value(caseInsensitive name: String) throws(ParameterError) -> String? {
        let wanted = name.lowercased()
        var found: String?
        for item in items where item.name.utf8.count == wanted.utf8.count && item.name.lowercased() == wanted {
            if let found, found != item.value { throw Self.repeated(name, found) }
            found = item.value
        }
        return found
    }

    private static func repeated(_ name: String, _ value: String) -> ParameterError {
        ParameterError(.repeated, name: name, value: value, expected: .init(zh: "只给一次", en: "it once"))
    }

    /// The same parameters without one.
    public func removing(_ name: String) -> QueryParameters { QueryParameters(items: items.filter { $0.name != name }) }

    /// The same parameters with one replaced, or added at the end.
    public func replacing(_ name: String, with value: String) -> QueryParameters {
        QueryParameters(items: items.filter { $0.name != name } + [Item(name: name, value: value)])
    }
}

extension LocalisedText {
    fileprivate static let percentEncoded = LocalisedText(zh: "百分号编码的 UTF-8 文本", en: "percent-encoded UTF-8")
}
