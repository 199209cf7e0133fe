/// Reads XML 1.0 documents without a document type: elements, attributes, text, CDATA; comments and processing instructions are
/// passed over.
///
/// There is no way to define an entity or to name another document, so nothing expands and nothing is fetched. Nothing recurses:
/// depth costs memory only, and that is bounded.
public struct MarkupReader {
    var bytes: [UInt8]
    var at = 0
    let limits: MarkupLimits
    /// Those whose end has not come, outermost first, with their text so far.
    private var open: [(element: MarkupElement, tag: ArraySlice<UInt8>, text: [UInt8])] = []
    private var count = 0
    private var root: MarkupElement?

    /// The document's outermost element.
    public static func read(_ document: [UInt8], limits: MarkupLimits = MarkupLimits()) throws(MarkupError) -> MarkupElement {
        guard document.count <= limits.bytes else {
            throw MarkupError(.tooLarge, at: limits.bytes, zh: "XML 至多 \(limits.bytes) 字节", en: "a document has at most \(limits.bytes) bytes")
        }
        guard String(validating: document, as: UTF8.self) != nil else {
            throw MarkupError(.encoding, at: 0, zh: "应为 UTF-8 编码", en: "the document has to be in UTF-8")
        }
        var reader = MarkupReader(bytes: document, limits: limits)
        return try reader.document()
    }

    private init(bytes: [UInt8], limits: MarkupLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(MarkupError) -> MarkupElement {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        if starts(with: "<?xml") { try declaration() }
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "<") { try markup() } else { try characters() }
        }
        guard let root, open.isEmpty else { throw syntax("文档未结束", "the document ends too early") }
        return root
    }

    /// Whatever begins with an angle bracket.
    private mutating func markup() throws(MarkupError) {
        if starts(with: "<!--") { return try skip("<!--", past: "-->") }
        if starts(with: "<?") { return try skip("<?", past: "?>") }
        if starts(with: "<![CDATA[") { return try characterData() }
        if starts(with: "<!") {
            throw MarkupError(
                .documentType, at: at, zh: "不接受文档类型声明与实体定义；请去掉 <!DOCTYPE …>", en: "no document type and no entities are taken; leave out <!DOCTYPE …>")
        }
        if starts(with: "</") { return try endTag() }
        try startTag()
    }

    // MARK: Tags

    private mutating func startTag() throws(MarkupError) {
        guard root == nil else { throw syntax("根元素之后不能再有元素", "nothing may follow the outermost element") }
        count += 1
        guard count <= limits.elements else {
            throw MarkupError(.tooLarge, at: at, zh: "至多 \(limits.elements) 个元素", en: "at most \(limits.elements) elements are read")
        }
        guard open.count < limits.depth else {
            throw MarkupError(.tooLarge, at: at, zh: "元素至多嵌套 \(limits.depth) 层", en: "elements stand at most \(limits.depth) deep in one another")
        }
        at += 1
        let tag = try name()
        var element = MarkupElement(Self.local(tag))
        let isClosed = try attributes(of: &element)
        if isClosed { close(element) } else { open.append((element, tag, [])) }
    }

    /// What follows the name of a start tag.
    ///
    /// - Returns: whether the tag closes its element too.
    private mutating func attributes(of element: inout MarkupElement) throws(MarkupError) -> Bool {
        var seen: Set<ArraySlice<UInt8>> = []
        while true {
            let isApart = skipSpace()
            if take("/>") { return true }
            if take(">") { return false }
            guard isApart else { throw syntax("属性之间应有空白", "attributes stand apart") }
            let name = try name()
            guard seen.insert(name).inserted else { throw syntax("属性重复", "an attribute stands twice") }
            guard seen.count <= limits.attributes else {
                throw MarkupError(.tooLarge, at: at, zh: "一个元素至多 \(limits.attributes) 个属性", en: "an element has at most \(limits.attributes) attributes")
            }
            skipSpace()
            guard take("=") else { throw syntax("属性名后应为 =", "an equals sign follows an attribute's name") }
            skipSpace()
            let value = try attributeValue()
            if !name.starts(with: "xmlns".utf8) { element.attributes[Self.local(name)] = value }
        }
    }

    private mutating func attributeValue() throws(MarkupError) -> String {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else {
            throw syntax("属性值应在引号中", "an attribute's value stands in quotes")
        }
        let quote = bytes[at]
        at += 1
        var value: [UInt8] = []
        while at < bytes.count, bytes[at] != quote {
            switch bytes[at] {
            case UInt8(ascii: "<"): throw syntax("属性值中的 < 应写作 &lt;", "in an attribute < is written &lt;")
            case UInt8(ascii: "&"): try reference(into: &value)
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                value.append(UInt8(ascii: " "))
                at += 1
            default: try character(into: &value)
            }
        }
        guard at < bytes.count else { throw syntax("属性值未结束", "an attribute does not end") }
        at += 1
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func endTag() throws(MarkupError) {
        at += 2
        let start = at
        let tag = try name()
        skipSpace()
        guard take(">") else { throw syntax("结束标签应以 > 结束", "an end tag ends with >") }
        guard let last = open.popLast(), last.tag == tag else {
            at = start
            throw syntax("此处没有可以结束的 \(String(decoding: tag.prefix(60), as: UTF8.self))", "no \(String(decoding: tag.prefix(60), as: UTF8.self)) is open here")
        }
        var element = last.element
        element.text = String(decoding: last.text, as: UTF8.self)
        close(element)
    }

    private mutating func close(_ element: MarkupElement) {
        if open.isEmpty { root = element } else { open[open.count - 1].element.children.append(element) }
    }

    // MARK: Text

    private mutating func characters() throws(MarkupError) {
        guard !open.isEmpty else {
            guard skipSpace() else { throw syntax("应为 XML 元素", "an element is expected") }
            return
        }
        // Taken out, so that what was read is not copied.
        var text: [UInt8] = []
        swap(&text, &open[open.count - 1].text)
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") {
            if bytes[at] == UInt8(ascii: "&") { try reference(into: &text) } else { try character(into: &text) }
        }
        swap(&text, &open[open.count - 1].text)
    }

    private mutating func characterData() throws(MarkupError) {
        guard !open.isEmpty else { throw syntax("应为 XML 元素", "an element is expected") }
        let start = at + "<![CDATA[".utf8.count
        try skip("<![CDATA[", past: "]]>")
        open[open.count - 1].text += bytes[start..<(at - 3)]
    }
}
