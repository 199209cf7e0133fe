internal import SimpleFeatures
internal import Wording

/// The conditions that a request sets on the state of its target (RFC 9110 section 13).
public struct EntityConditions: Hashable, Sendable {
    /// An entity tag without its quotes.
    public struct Tag: Hashable, Sendable {
        public var opaque: String
        public var isWeak: Bool
    }

    /// What `If-Match` or `If-None-Match` names.
    public enum Tags: Hashable, Sendable {
        /// `*`: whatever there is.
        case any
        case list([Tag])
    }

    public var ifMatch: Tags?
    public var ifNoneMatch: Tags?
    /// Seconds since 1970; `nil` also for what is no date, which is passed over as the RFC has it.
    public var ifUnmodifiedSince: Int64?

    /// Tags that one field may name.
    private static let tagLimit = 100

    /// - Throws: `ParameterError` for fields that are no lists of entity tags.
    public init(ifMatch: String?, ifNoneMatch: String?, ifUnmodifiedSince: String?) throws(ParameterError) {
        if let ifMatch { self.ifMatch = try Self.tags(ifMatch, "If-Match") }
        if let ifNoneMatch { self.ifNoneMatch = try Self.tags(ifNoneMatch, "If-None-Match") }
        self.ifUnmodifiedSince = ifUnmodifiedSince.flatMap(Self.second)
    }

    /// The field whose condition an existing target does not meet, in the order of RFC 9110 section 13.2.2; `nil` where all hold.
    ///
    /// - Parameters:
    ///   - lastChange: of the target or later, seconds since 1970; heeded where no `If-Match` says more.
    ///   - isCurrent: whether a strong tag is one of the target as it is.
    public func failing(lastChange: Int64?, isCurrent: (String) -> Bool) -> String? {
        switch ifMatch {
        case .any: break
        case .list(let tags): if !tags.contains(where: { !$0.isWeak && isCurrent($0.opaque) }) { return "If-Match" }
        case nil: if let ifUnmodifiedSince, let lastChange, lastChange > ifUnmodifiedSince { return "If-Unmodified-Since" }
        }
        switch ifNoneMatch {
        case .any: return "If-None-Match"
        case .list(let tags): return tags.contains(where: { isCurrent($0.opaque) }) ? "If-None-Match" : nil
        case nil: return nil
        }
    }

    private static func tags(_ text: String, _ name: String) throws(ParameterError) -> Tags {
        let trimmed = text.drop { $0 == " " || $0 == "\t" }
        if trimmed.first == "*", trimmed.dropFirst().allSatisfy({ $0 == " " || $0 == "\t" }) { return .any }
        var tags: [Tag] = []
        var rest = trimmed
        while !rest.isEmpty {
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\""), tags.count < tagLimit else {
                throw ParameterError(
                    .invalid, name: name, value: text,
                    expected: .init(
                        zh: "带引号的实体标签，以逗号分隔，至多 \(tagLimit) 个，如 \"5d41-40\"，或 *",
                        en: "entity tags in quotes with commas between, \(tagLimit) at most, such as \"5d41-40\", or *"))
            }
            tags.append(Tag(opaque: String(rest[rest.index(after: rest.startIndex)..<end]), isWeak: isWeak))
            rest = rest[rest.index(after: end)...].drop { $0 == " " || $0 == "\t" || $0 == "," }
        }
        return .list(tags)
    }

    /// The second that an IMF-fixdate names, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    static func second(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])), let day = Int64(parts[1]),
            let year = Int64(parts[3]), (0...9999).contains(year), let date = CivilDate(year: year, month: Int64(month + 1), day: day)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false).compactMap { Int64($0) }
        guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2]) else { return nil }
        return date.daysSince1970 * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }
}
