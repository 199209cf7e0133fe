internal import Wording

/// The stored queries: the one that every service has (OGC 09-025r2 clause 7.9.3.6).
public struct WFSStoredQueries: Hashable, Sendable {
    /// With their prefix; what the query may give.
    public var types: [String]

    public init(types: [String]) {
        self.types = types
    }

    private static let title = LocalisedText(zh: "按标识取要素", en: "Get a feature by its id")

    private var head: [(String, String)] {
        [("xmlns:wfs", "http://www.opengis.net/wfs/2.0")] + GMLWriter.namespaces + [
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
            ("xsi:schemaLocation", "http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd"),
        ]
    }

    private var titles: [XMLText] {
        [XMLText("wfs:Title", [("xml:lang", "zh")], text: Self.title.zh), XMLText("wfs:Title", [("xml:lang", "en")], text: Self.title.en)]
    }

    /// What ListStoredQueries answers.
    public func list() -> [UInt8] {
        let query = XMLText(
            "wfs:StoredQuery", [("id", WFSRequest.featureByID)], titles + types.map { XMLText("wfs:ReturnFeatureType", text: $0) })
        return XMLText("wfs:ListStoredQueriesResponse", head, types.isEmpty ? [] : [query]).document()
    }

    /// What DescribeStoredQueries answers.
    public func descriptions() -> [UInt8] {
        let expression = XMLText(
            "wfs:QueryExpressionText",
            [
                ("returnFeatureTypes", types.joined(separator: " ")), ("language", "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"),
                ("isPrivate", "true"),
            ], [])
        let parameter = XMLText("wfs:Parameter", [("name", "ID"), ("type", "xsd:string")], [])
        return XMLText(
            "wfs:DescribeStoredQueriesResponse", head,
            [XMLText("wfs:StoredQueryDescription", [("id", WFSRequest.featureByID)], titles + [parameter, expression])]
        ).document()
    }
}
