public import Markup
internal import Wording

extension WFSRequest {
    /// Reads a request that came as an XML document.
    ///
    /// - Throws: the exception to answer with.
    public init(xml element: MarkupElement) throws(ServiceException) {
        var items = [QueryParameters.Item(name: "REQUEST", value: element.name)]
        func add(_ name: String, _ value: String?) { if let value, !value.isEmpty { items.append(.init(name: name, value: value)) } }
        // Attributes are called as parameters are, and some clients have their letter case wrong too.
        for (attribute, value) in element.attributes.sorted(by: { $0.key < $1.key }) where Self.attributes.contains(attribute.uppercased()) {
            add(attribute.uppercased(), value)
        }
        var filter: MarkupElement?
        switch element.name {
        case "GetCapabilities":
            add("ACCEPTVERSIONS", element["AcceptVersions"]?.children.map(\.trimmedText).joined(separator: ","))
            add("SECTIONS", element["Sections"]?.children.map(\.trimmedText).joined(separator: ","))
        case "DescribeFeatureType": add("TYPENAMES", element.children.filter { $0.name == "TypeName" }.map(\.trimmedText).joined(separator: ","))
        case "DescribeStoredQueries": add("STOREDQUERY_ID", element.children.filter { $0.name == "StoredQueryId" }.map(\.trimmedText).joined(separator: ","))
        case "GetFeature", "GetPropertyValue":
            let queries = element.children.filter { $0.name == "Query" || $0.name == "StoredQuery" }
            guard let query = queries.first, queries.count == 1 else {
                throw ServiceException(
                    queries.isEmpty ? .operationParsingFailed : .optionNotSupported, locator: element.name,
                    .init(zh: "一次请求应有一个 Query 或 StoredQuery。", en: "A request holds one Query or StoredQuery."))
            }
            if query.name == "StoredQuery" {
                add("STOREDQUERY_ID", query.attributes["id"])
                for parameter in query.children where parameter.name == "Parameter" { add((parameter.attributes["name"] ?? "").uppercased(), parameter.trimmedText) }
            } else {
                add("TYPENAMES", query.attributes["typeNames"])
                add("ALIASES", query.attributes["aliases"])
                add("SRSNAME", query.attributes["srsName"])
                add("PROPERTYNAME", query.children.filter { $0.name == "PropertyName" }.map(\.trimmedText).joined(separator: ","))
                add("SORTBY", Self.order(query))
                filter = query["Filter"]
            }
        default: break
        }
        try self.init(kvp: QueryParameters(items: items), filter: filter)
    }

    private static let attributes: Set<String> = [
        "SERVICE", "VERSION", "COUNT", "STARTINDEX", "RESULTTYPE", "OUTPUTFORMAT", "RESOLVE", "VALUEREFERENCE", "UPDATESEQUENCE",
    ]

    private static func order(_ query: MarkupElement) -> String? {
        query["SortBy"]?.children.filter { $0.name == "SortProperty" }.map { property in
            let name = (property["ValueReference"] ?? property["PropertyName"])?.trimmedText ?? ""
            return name + (property["SortOrder"].map { " " + $0.trimmedText } ?? "")
        }.joined(separator: ",")
    }
}
