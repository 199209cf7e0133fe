/// Whose features may be changed over HTTP, and on which terms. Whoever changes one needs the operator's token.
public struct EditSettings: Sendable, Hashable {
    public enum Layers: Sendable, Hashable {
        case none
        case all
        /// By id.
        case some(Set<String>)

        /// - Parameter text: ids with commas between, or `all`; `nil` where it names nothing.
        public init?(_ text: String) {
            let names = text.split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
            guard !names.isEmpty else { return nil }
            self = names == ["all"] ? .all : .some(Set(names))
        }
    }

    public var layers = Layers.none
    /// Whether a change of a feature has to say which state of it is meant (428 without `If-Match`).
    public var demandsIfMatch = false

    public init() {}

    var isOn: Bool { layers != .none }
}
