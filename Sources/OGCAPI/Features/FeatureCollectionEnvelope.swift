internal import Tiling

/// What surrounds the features of a streamed GeoJSON feature collection: write `opening`, the features with commas
/// between them, then `closing`.
///
/// Counts and links that are known late go into the closing, so that the first feature can leave at once.
public struct FeatureCollectionEnvelope: Hashable, Sendable {
    /// How many features the query selects, however many of them are returned; `nil` when it is not counted.
    public var numberMatched: Int?
    /// RFC 3339, UTC.
    public var timeStamp: String?
    public var links: [Link]

    public init(numberMatched: Int? = nil, timeStamp: String? = nil, links: [Link] = []) {
        self.numberMatched = numberMatched
        self.timeStamp = timeStamp
        self.links = links
    }

    public static let opening: [UInt8] = Array(#"{"type":"FeatureCollection","features":["#.utf8)

    /// What follows the last feature.
    ///
    /// - Parameter numberReturned: features written.
    public func closing(numberReturned: Int) -> [UInt8] {
        let members: JSONDocument = [
            "numberMatched": numberMatched.map { .integer($0) }, "numberReturned": .integer(numberReturned),
            "timeStamp": timeStamp.map { .string($0) }, "links": links.json(),
        ]
        var out = Array("],".utf8)
        out.append(contentsOf: members.bytes().dropFirst())
        return out
    }
}
