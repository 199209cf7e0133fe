import TestSupport
import Testing
import Wording

@testable import Markup

@Suite struct MarkupReaderTests {
    private static func read(_ text: String, limits: MarkupLimits = MarkupLimits()) throws(MarkupError) -> MarkupElement {
        try MarkupReader.read(Array(text.utf8), limits: limits)
    }

    @Test func elementsAttributesAndText() throws {
        let text = """
            \u{FEFF}<?xml version='1.0' encoding="UTF-8" standalone="yes"?>
            <!-- before --><?pi whatever?>
            <a:root xmlns:a="urn:a" xmlns='urn:b' a:first = 'one&amp;&#x4F60;&#22909;' second="x&quot;y">
              head<b/><a:b c=""> in <![CDATA[<raw> & ]]>&lt;end&gt;</a:b>tail<!-- a - b -->
            </a:root>
            <!-- after -->
            """
        let root = try Self.read(text)
        #expect(root.name == "root")
        #expect(root.attributes == ["first": "one&你好", "second": "x\"y"])
        #expect(root.children.map(\.name) == ["b", "b"])
        #expect(root.children[1].text == " in <raw> & <end>" && root.children[1].attributes == ["c": ""])
        #expect(root.trimmedText == "headtail")
        #expect(root["b"] == MarkupElement("b") && root["c"] == nil)
    }

    @Test(arguments: [
        "", " ", "text", "<a", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>text", "<a b/>", "<a b=c/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>",
        "<a b='<'/>", "<a>&</a>", "<a>&nope;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#99999999;</a>", "<1/>", "<a><!-- </a>", "<a><![CDATA[ ]]</a>", "<?xml version='1.0'",
        "<a>\u{1}</a>", "< a/>", "<a/ >",
    ])
    func whatIsNotWellFormedIsRefused(_ text: String) {
        #expect(#expect(throws: MarkupError.self, "\(text)") { try Self.read(text) }?.code == .syntax, "\(text)")
    }

    @Test(arguments: [
        "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<a><!ELEMENT b ANY></a>",
    ])
    func documentTypesAreRefused(_ text: String) {
        #expect(#expect(throws: MarkupError.self) { try Self.read(text) }?.code == .documentType)
    }

    @Test func onlyUnicodeIsRead() {
        #expect(#expect(throws: MarkupError.self) { try MarkupReader.read([0x3C, 0x61, 0x3E, 0xC4, 0xE3, 0x3C, 0x2F, 0x61, 0x3E]) }?.code == .encoding)
        #expect(#expect(throws: MarkupError.self) { try Self.read("<?xml version='1.0' encoding='GB18030'?><a/>") }?.code == .encoding)
        #expect(throws: Never.self) { try Self.read("<?xml version='1.0' encoding='us-ascii'?><a/>") }
    }

    @Test func limitsHold() throws {
        let limits = MarkupLimits(bytes: 1000, depth: 10, elements: 20, attributes: 3)
        func nested(_ depth: Int) -> String { String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth) }
        func many(_ count: Int) -> String { "<r>" + String(repeating: "<a/>", count: count - 1) + "</r>" }
        func attributes(_ count: Int) -> String { "<a " + (0..<count).map { "b\($0)='' " }.joined() + "/>" }
        for (fits, exceeds) in [
            (nested(10), nested(11)), (many(20), many(21)), (attributes(3), attributes(4)),
            ("<a>" + String(repeating: "x", count: 993) + "</a>", "<a>" + String(repeating: "x", count: 994) + "</a>"),
        ] {
            #expect(throws: Never.self) { try Self.read(fits, limits: limits) }
            #expect(#expect(throws: MarkupError.self) { try Self.read(exceeds, limits: limits) }?.code == .tooLarge)
        }
        // What is beyond is refused before it is looked at.
        #expect(#expect(throws: MarkupError.self) { try Self.read(nested(1_000_000), limits: MarkupLimits(bytes: 1 << 24)) }?.code == .tooLarge)
    }

    // MARK: Any tree

    private static func tree(_ random: inout SeededGenerator, depth: Int) -> MarkupElement {
        let names = ["a", "Filter", "门楼牌", "b-c.d", "_e"]
        let texts = ["", "plain", "<&>\"'", "你好 𠮷", "]]>", "a\nb"]
        var element = MarkupElement(names.randomElement(using: &random) ?? "a")
        for name in ["x", "y"] where Bool.random(using: &random) { element.attributes[name] = texts.filter { !$0.contains("\n") }.randomElement(using: &random) }
        element.text = texts.randomElement(using: &random) ?? ""
        if depth > 0 { for _ in 0..<Int.random(in: 0...3, using: &random) { element.children.append(tree(&random, depth: depth - 1)) } }
        return element
    }

    private static func written(_ element: MarkupElement, _ random: inout SeededGenerator) -> String {
        func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&#62;").replacing("\"", with: "&quot;")
        }
        let prefix = Bool.random(using: &random) ? "p:" : ""
        let attributes = element.attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
        var out = "<\(prefix)\(element.name)\(attributes)>"
        // The text may stand anywhere between the children.
        let place = Int.random(in: 0...element.children.count, using: &random)
        for (index, child) in element.children.enumerated() {
            if index == place { out += escaped(element.text) }
            out += written(child, &random)
        }
        if place == element.children.count { out += escaped(element.text) }
        return out + "</\(prefix)\(element.name)>"
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func whatIsWrittenIsRead(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tree = Self.tree(&random, depth: 4)
        #expect(try Self.read(Self.written(tree, &random)) == tree, "seed \(seed)")
    }

    /// Bytes changed, left out or doubled: refused or read, and never anything else.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func damageIsHarmless(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(Self.written(Self.tree(&random, depth: 3), &random).utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(bytes[place], at: place)
            }
        }
        do throws(MarkupError) {
            #expect(try !MarkupReader.read(bytes).name.isEmpty)
        } catch {
            #expect(error.offset <= bytes.count && !error.message.zh.isEmpty, "seed \(seed)")
        }
    }
}
