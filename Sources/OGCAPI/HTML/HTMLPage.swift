public import Wording

/// A whole HTML document in the one style that all pages for people share; it needs nothing beside itself.
public struct HTMLPage: Hashable, Sendable {
    /// A step of the way from the landing page to here.
    public struct Step: Hashable, Sendable {
        public var title: String
        public var address: String

        public init(_ title: String, _ address: String) {
            self.title = title
            self.address = address
        }
    }

    public var title: LocalisedText
    /// From the landing page to the page above this one.
    public var steps: [Step]
    /// The same resource in other forms, for machines.
    public var alternates: [Link]
    public var body: [HTMLNode]

    public init(title: LocalisedText, steps: [Step], alternates: [Link], body: [HTMLNode]) {
        self.title = title
        self.steps = steps
        self.alternates = alternates
        self.body = body
    }

    /// With the charset that the bytes are in.
    public static let mediaType = "text/html; charset=utf-8"
    /// Nothing but the page's own style and pictures of this service is ever loaded, and no script runs.
    public static let securityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"

    private static let style = """
        body{font:15px/1.6 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif;color:#1c2733;margin:0 auto;max-width:78rem;padding:0 1.2rem 3rem}\
        header{border-bottom:1px solid #d5dce3;padding:.8rem 0;display:flex;gap:1rem;flex-wrap:wrap;justify-content:space-between}\
        h1{font-size:1.5rem;margin:1rem 0 .6rem}h2{font-size:1.15rem;margin:1.4rem 0 .4rem}\
        a{color:#0b62a8}.en{color:#65717d;font-size:.85em}table{border-collapse:collapse;margin:.3rem 0}\
        .wide{overflow-x:auto}th,td{border:1px solid #d5dce3;padding:.2rem .55rem;text-align:left;vertical-align:top}\
        th{background:#f2f5f8;font-weight:600}td table{margin:0}td{overflow-wrap:anywhere}nav.pages a{margin-right:1.2rem}
        """

    public func bytes() -> [UInt8] {
        var head: [HTMLNode] = [
            .element("meta", [.init("charset", "utf-8")], []),
            .element("meta", [.init("name", "viewport"), .init("content", "width=device-width, initial-scale=1")], []),
            .element("title", text: title.both),
        ]
        head += alternates.map { link in
            .element("link", [.init("rel", link.rel), .init("type", link.type ?? MediaType.json), .init("href", link.href)], [])
        }
        var out = "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head>"
        for node in head { node.append(to: &out) }
        // The one text that is not escaped: it is ours, and style sheets know no entities.
        out += "<style>\(Self.style)</style></head>\n"
        HTMLNode.element("body", [], [banner, .element("main", [], heading + body)]).append(to: &out)
        return Array((out + "</html>\n").utf8)
    }

    private var heading: [HTMLNode] { [.element("h1", [], HTMLNode.localised(title))] }

    private var banner: HTMLNode {
        var way: [HTMLNode] = []
        for step in steps { way += [.link(step.address, step.title), .text(" › ")] }
        way.append(.text(title.zh))
        var forms: [HTMLNode] = []
        for link in alternates { forms += [.link(link.href, Self.name(link.type)), .text(" ")] }
        return .element("header", [], [.element("nav", [], way), .element("div", [], forms)])
    }

    private static func name(_ type: String?) -> String {
        switch type?.prefix(while: { $0 != ";" }) {
        case MediaType.geoJSON?: "GeoJSON"
        case MediaType.schema?: "JSON Schema"
        case "application/vnd.oai.openapi+json"?: "OpenAPI"
        case MediaType.html?: "HTML"
        default: "JSON"
        }
    }
}
