internal import Tiling

/// What surrounds the members of an answer: write `opening`, the members, then `closing`.
public struct WFSCollection: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case features
        case values
    }

    public var kind: Kind
    /// How many there are, however many of them are in the answer.
    public var numberMatched: Int
    public var numberReturned: Int
    /// RFC 3339, UTC.
    public var timeStamp: String
    /// The addresses of the pages beside this one.
    public var next: String?
    public var previous: String?
    /// Where the schema of the members is.
    public var schemaURL: String

    public init(kind: Kind, numberMatched: Int, numberReturned: Int, timeStamp: String, schemaURL: String) {
        self.kind = kind
        self.numberMatched = numberMatched
        self.numberReturned = numberReturned
        self.timeStamp = timeStamp
        self.schemaURL = schemaURL
    }

    private var name: String { kind == .features ? "wfs:FeatureCollection" : "wfs:ValueCollection" }

    public func opening() -> [UInt8] {
        var attributes = [("xmlns:wfs", "http://www.opengis.net/wfs/2.0")] + GMLWriter.namespaces + [
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("timeStamp", timeStamp), ("numberMatched", "\(numberMatched)"),
            ("numberReturned", "\(numberReturned)"),
        ]
        if let next { attributes.append(("next", next)) }
        if let previous { attributes.append(("previous", previous)) }
        attributes.append(("xsi:schemaLocation", Self.locations(schemaURL)))
        return Array(
            ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(name)" + attributes.map { " \($0)=\"\(XMLText.escape($1))\"" }.joined() + ">\n").utf8)
    }

    public func closing() -> [UInt8] { Array("</\(name)>\n".utf8) }

    /// Of the schemas that a document of our features follows.
    public static func locations(_ schemaURL: String) -> String {
        "http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd \(GMLFeatureType.namespace) \(schemaURL)"
    }
}
