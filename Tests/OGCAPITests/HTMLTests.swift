import TestSupport
import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct HTMLTests {
    private static func text(_ node: HTMLNode) -> String {
        var out = ""
        node.append(to: &out)
        return out
    }

    @Test func everyTextAndAttributeIsEscaped() {
        let hostile = "<script>alert('1')</script>\" onload=\"x & y"
        let node = HTMLNode.element("td", [.init("title", hostile)], text: hostile)
        let escaped = "&lt;script&gt;alert('1')&lt;/script&gt;&quot; onload=&quot;x &amp; y"
        #expect(Self.text(node) == "<td title=\"\(escaped)\">\(escaped)</td>")
    }

    @Test(arguments: ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//evil.example/x", "", "vbscript:x", " http://x"])
    func onlyAddressesThatAreReadBecomeLinks(address: String) {
        #expect(Self.text(.link(address, "x")) == "x")
    }

    @Test(arguments: ["http://a/b?c=d&e", "https://a/", "/collections"]) func addressesBecomeLinks(address: String) {
        #expect(Self.text(.link(address, "x")).hasPrefix("<a href=\""))
    }

    /// Whatever strings a document is made of, the page has the elements that its shape asks for and no other.
    @Test(arguments: 0..<40) func noValueAddsAnElement(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["<", ">", "\"", "'", "&", "</td>", "<script>", "]]>", "<!--", "中", "\u{0}", "\n", "a"]
        func word() -> String { (0..<8).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined() }
        let plain: JSONDocument = ["a": "x", "rows": [["b": "x", "c": ["x", "x"]]], "links": [["href": "x", "rel": "x", "title": "x"]]]
        let hostile: JSONDocument = .object([
            .init(name: "a", value: .string(word())),
            .init(name: "rows", value: [.object([.init(name: "b", value: .string(word())), .init(name: "c", value: .strings([word(), word()]))])]),
            .init(name: "links", value: [["href": .string(word()), "rel": .string(word()), "title": .string(word())]]),
        ])
        #expect(Self.tags(hostile) == Self.tags(plain), "seed \(seed)")
    }

    private static func tags(_ document: JSONDocument) -> [String] {
        let page = HTMLPage(title: .init(zh: "题", en: "t"), steps: [], alternates: [], body: document.html)
        return String(decoding: page.bytes(), as: UTF8.self).matches(of: /<\/?[a-z0-9!]+/.ignoresCase()).map { String($0.0) }
    }

    @Test func aPageNeedsNothingBesideItself() {
        let page = HTMLPage(
            title: .init(zh: "图层", en: "Collections"), steps: [.init("首页", "http://m/")],
            alternates: [Link(href: "http://m/c?f=json", rel: "alternate", type: MediaType.json)], body: [])
        let text = String(decoding: page.bytes(), as: UTF8.self)
        #expect(text.hasPrefix("<!DOCTYPE html>") && text.contains("<html lang=\"zh-CN\">") && text.contains("lang=\"en\">Collections"))
        #expect(text.contains("<link rel=\"alternate\" type=\"application/json\" href=\"http://m/c?f=json\">"))
        #expect(!text.contains("<script") && !text.contains("src=") && !text.contains("url(") && !text.contains("@import"))
    }
}
