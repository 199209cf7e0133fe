/// A value to bind, for statements where speed does not matter.
public enum SQLiteValue: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    public init(stringLiteral value: String) {
        self = .text(value)
    }

    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// Text, or NULL for `nil`.
    public init(_ text: String?) {
        self = text.map(SQLiteValue.text) ?? .null
    }
}

/// The five ways in which SQLite stores a value, whatever the column was declared as.
public enum StorageClass: Int32, Sendable {
    case integer = 1
    case real = 2
    case text = 3
    case blob = 4
    case null = 5
}

/// The name between double quotes, as every identifier that is not a literal of ours enters a statement.
public func quotedIdentifier(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "\"")) else { return "\"\(name)\"" }
    return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
