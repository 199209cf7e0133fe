/// The links between the pages of a result.
public struct ItemsPage: Hashable, Sendable {
    /// Without its query, such as `http://map.example/collections/roads/items`.
    public var url: String
    /// The request as it came.
    public var parameters: QueryParameters
    public var limit: Int
    public var offset: Int

    public init(url: String, parameters: QueryParameters, limit: Int, offset: Int) {
        self.url = url
        self.parameters = parameters
        self.limit = limit
        self.offset = offset
    }

    /// `self`, `next` and `prev` where there are such pages, and `alternate`.
    ///
    /// - Parameter hasMore: whether features follow the last one of this page.
    public func links(hasMore: Bool) -> [Link] {
        var links = [Link(href: href(parameters), rel: "self", type: MediaType.geoJSON, title: "This page")]
        if hasMore {
            links.append(Link(href: href(page(at: offset + limit)), rel: "next", type: MediaType.geoJSON, title: "Next page"))
        }
        if offset > 0 {
            links.append(Link(href: href(page(at: max(0, offset - limit))), rel: "prev", type: MediaType.geoJSON, title: "Previous page"))
        }
        let people = parameters.replacing("f", with: "html")
        links.append(Link(href: href(people), rel: "alternate", type: MediaType.html, title: "This page as HTML"))
        return links
    }

    private func page(at offset: Int) -> QueryParameters {
        parameters.replacing("limit", with: String(limit)).replacing("offset", with: String(offset))
    }

    private func href(_ parameters: QueryParameters) -> String {
        parameters.items.isEmpty ? url : "\(url)?\(parameters.encoded)"
    }
}
