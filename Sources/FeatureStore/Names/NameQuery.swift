/// How well a feature's names answer what was typed, best first.
public enum NameMatch: Int, Sendable, CaseIterable {
    /// One of them is what was typed.
    case whole
    /// One of them begins with the first word.
    case beginning
    /// They hold every word.
    case part
}

/// What somebody types to find a place: words that all have to stand in its names.
public struct NameQuery: Hashable, Sendable {
    private let words: [[Unicode.Scalar]]
    /// All words as one.
    private let joined: [Unicode.Scalar]

    /// More words than an address has parts.
    public static let mostWords = 8

    /// - Returns: `nil` when the text holds nothing but blanks, or more than `mostWords` words.
    public init?(_ text: String) {
        words = NameText.words(of: text)
        guard !words.isEmpty, words.count <= Self.mostWords else { return nil }
        joined = Array(words.joined())
    }

    /// How a feature with these names is found; `nil` when it is not.
    public func match(_ names: [String]) -> NameMatch? {
        let names = names.map(NameText.joined)
        if names.contains(joined) { return .whole }
        guard words.allSatisfy({ word in names.contains { $0.holds(word) } }) else { return nil }
        return names.contains { $0.starts(with: words[0]) } ? .beginning : .part
    }

    /// The full-text expression for features that are found at least as well as this.
    func expression(_ match: NameMatch) -> String {
        switch match {
        case .whole: return NameTerms.phrase(joined, atBeginning: true, toEnd: true)
        case .beginning, .part:
            var phrases = words.map { NameTerms.phrase($0, atBeginning: false, toEnd: false) }
            if match == .beginning { phrases[0] = NameTerms.phrase(words[0], atBeginning: true, toEnd: false) }
            return phrases.joined(separator: " AND ")
        }
    }
}
