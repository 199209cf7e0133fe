internal import Wording

/// A page of features as a table for people.
public struct ItemsTable: Hashable, Sendable {
    public struct Row: Hashable, Sendable {
        /// The feature's identifier and its own page.
        public var id: String
        public var address: String
        /// One a column; empty for no value.
        public var values: [String]

        public init(id: String, address: String, values: [String]) {
            self.id = id
            self.address = address
            self.values = values
        }
    }

    /// Names of the properties with what people call them.
    public var columns: [(name: String, title: String?)] { zip(names, titles).map { ($0, $1) } }
    private var names: [String]
    private var titles: [String?]
    public var rows: [Row]
    public var numberMatched: Int?
    /// Of the first row, from 0.
    public var offset: Int
    /// `next` and `prev`, as pages.
    public var pages: [Link]
    /// The map portal.
    public var portal: String

    public init(columns: [(name: String, title: String?)], rows: [Row], numberMatched: Int?, offset: Int, pages: [Link], portal: String) {
        names = columns.map(\.name)
        titles = columns.map(\.title)
        self.rows = rows
        self.numberMatched = numberMatched
        self.offset = offset
        self.pages = pages
        self.portal = portal
    }

    public var html: [HTMLNode] {
        let head = [HTMLNode.element("th", [.init("scope", "col")], text: "标识 id")] + columns.map { column in
            let title = column.title.flatMap { $0 == column.name ? nil : $0 }
            return .element("th", [.init("scope", "col")], [.text(title.map { $0 + " " } ?? "")] + [
                .element("span", [.init("class", title == nil ? "" : "en")], text: column.name)
            ])
        }
        let body = rows.map { row in
            HTMLNode.element("tr", [], [.element("td", [], [.link(row.address, row.id)])] + row.values.map { .element("td", text: $0) })
        }
        return [
            .element("p", [], HTMLNode.localised(count)), navigation,
            .element("div", [.init("class", "wide")], [.element("table", [], [.element("tr", [], head)] + body)]), navigation,
        ]
    }

    private var count: LocalisedText {
        let matched = numberMatched.map(String.init) ?? "?"
        guard !rows.isEmpty else { return LocalisedText(zh: "共 \(matched) 个，本页没有要素", en: "\(matched) in all, none on this page") }
        let (first, last) = (offset + 1, offset + rows.count)
        return LocalisedText(zh: "第 \(first)–\(last) 个，共 \(matched) 个", en: "\(first)–\(last) of \(matched)")
    }

    private var navigation: HTMLNode {
        let names = ["prev": "‹ 上一页 previous", "next": "下一页 next ›"]
        let links = pages.compactMap { link in names[link.rel].map { HTMLNode.link(link.href, $0) } }
        return .element("nav", [.init("class", "pages")], links + [.link(portal, "地图 map")])
    }
}
