import OGCAPI
import Tiling
import Wording

/// The description of the API for people: every operation with its parameters.
enum APIPage {
    static func body(_ description: APIDescription) -> [HTMLNode] {
        var body: [HTMLNode] = [.element("p", text: description.description)]
        for tag in APITag.allCases {
            let operations = description.operations.filter { $0.tag == tag }
            if operations.isEmpty { continue }
            body.append(.element("h2", text: "OGC API \(tag.rawValue)"))
            let rows = operations.map { row($0, base: description.baseURL) }
            body.append(.element("div", [.init("class", "wide")], [.element("table", [], [head] + rows)]))
        }
        return body
    }

    private static let head = HTMLNode.element(
        "tr", [], ["方法 method", "路径 path", "说明 summary", "参数 parameters"].map { .element("th", [.init("scope", "col")], text: $0) })

    private static func row(_ operation: APIOperation, base: String) -> HTMLNode {
        let hasPage = operation.responses.contains { response in response.content.contains { $0.mediaType == MediaType.html } }
        let isPlain = operation.method == .get && !operation.path.contains("{") && hasPage
        let path: HTMLNode = isPlain ? .link(base + operation.path + "?f=html", operation.path) : .element("code", text: operation.path)
        let names = operation.parameters.map(\.name).joined(separator: ", ")
        return .element("tr", [], [
            .element("td", text: operation.method.rawValue.uppercased()), .element("td", [], [path]),
            .element("td", [], HTMLNode.localised(operation.summary)), .element("td", text: names),
        ])
    }
}
