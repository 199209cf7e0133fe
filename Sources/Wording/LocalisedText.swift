/// A text people read: Chinese first, English beside.
///
/// Whatever the program says to a person is worded as one of these, so that neither language can be forgotten; codes,
/// field names, file names and values stand in both alike.
public struct LocalisedText: Hashable, Sendable, Codable {
    public var zh: String
    public var en: String

    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// Both languages in one string, as documents with a single member for people carry them.
    public var both: String { "\(zh) / \(en)" }
}

extension LocalisedText: CustomStringConvertible {
    public var description: String { both }
}
