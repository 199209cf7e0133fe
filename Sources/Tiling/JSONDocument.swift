/// A JSON document in the order it will be written, so that the same value always gives the same bytes (RFC 8259).
///
/// Literals build it: `["title": "一张图", "limit": 10, "next": nil]` is an object of two members, because a member
/// whose value is `nil` is left out.
public enum JSONDocument: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// Written as `null` when it is not finite.
    case number(Double)
    case string(String)
    case array([JSONDocument])
    case object([Member])

    /// One name and value of an object.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONDocument

        public init(name: String, value: JSONDocument) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONDocument: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(arrayLiteral elements: JSONDocument...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONDocument?)...) {
        self = .object(elements.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }
}

extension JSONDocument {
    /// The first member called `name` of an object; `nil` for anything else.
    public subscript(name: String) -> JSONDocument? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// An array of strings.
    public static func strings(_ values: [String]) -> JSONDocument { .array(values.map { .string($0) }) }

    /// An array of numbers.
    public static func numbers(_ values: [Double]) -> JSONDocument { .array(values.map { .number($0) }) }

    /// The object with `other` members after its own; anything but an object stays as it is.
    public func appending(_ other: [Member]) -> JSONDocument {
        guard case .object(let members) = self else { return self }
        return .object(members + other)
    }

    /// UTF-8 without a byte order mark.
    ///
    /// - Parameter indent: spaces a level; `nil` writes one line without blanks.
    public func bytes(indent: Int? = nil) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(1024)
        write(to: &out, indent: indent, depth: 0)
        return out
    }
}
