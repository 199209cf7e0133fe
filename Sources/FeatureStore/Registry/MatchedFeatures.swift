/// How many features a query matches in all, with their ids where they had to be searched for.
public enum MatchedFeatures: Sendable {
    /// Further ones are read by ascending id.
    case count(Int)
    /// All of them, in the query's order.
    case ids([Int64])

    public var count: Int {
        switch self {
        case .count(let count): count
        case .ids(let ids): ids.count
        }
    }
}
