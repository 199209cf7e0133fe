/// What a client prefers of a change (RFC 7240; OGC 20-002r1 clauses "Handling Preference" and "Return Resource Representation").
public struct EditPreferences: Hashable, Sendable {
    public enum Handling: String, Hashable, Sendable {
        /// What does not fit as it stands is refused.
        case strict
        /// What can be mended is mended.
        case lenient
    }

    public enum Return: String, Hashable, Sendable {
        case minimal, representation
    }

    /// `nil` where the client has no preference.
    public var handling: Handling?
    public var wanted: Return?

    /// - Parameter field: of the header `Prefer`; what is not known in it is passed over, and of two values the first counts.
    public init(_ field: String?) {
        for preference in (field ?? "").split(separator: ",") {
            let pair = (preference.split(separator: ";").first ?? "").split(separator: "=", maxSplits: 1)
                .map { $0.filter { $0 != " " && $0 != "\"" && $0 != "\t" }.lowercased() }
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "handling": handling = handling ?? Handling(rawValue: pair[1])
            case "return": wanted = wanted ?? Return(rawValue: pair[1])
            default: continue
            }
        }
    }
}
