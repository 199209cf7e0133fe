public import Tiling
internal import Wording

/// In which form a document of ArcGIS REST is wanted: `f`, and `callback` for pages that cannot ask across origins otherwise.
public struct EsriForm: Hashable, Sendable {
    public var isPretty: Bool
    /// The function that the document is handed to.
    public var callback: String?

    private static let longestCallback = 128

    /// - Parameters:
    ///   - form: `json`, `pjson`, or anything that people's browsers ask for, which gets the pretty form.
    ///   - callback: a name or a path of names in JavaScript.
    /// - Throws: `EsriError` 400 for a form that is not offered, and for a callback that could be anything but a function.
    public init(form: String?, callback: String?) throws(EsriError) {
        switch form?.lowercased() {
        case "json": isPretty = false
        case nil, "", "pjson", "html": isPretty = true
        case let other?: throw .parameter("f", other, expected: .init(zh: "json 或 pjson", en: "json or pjson"))
        }
        guard let callback, !callback.isEmpty else { return }
        guard callback.utf8.count <= Self.longestCallback, Self.isFunction(callback) else {
            throw .parameter("callback", callback, expected: .init(zh: "JavaScript 函数名", en: "the name of a JavaScript function"))
        }
        self.callback = callback
    }

    /// Whether the text is identifiers of ASCII with dots between.
    static func isFunction(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { name in
            guard let first = name.utf8.first, isStart(first) else { return false }
            return name.utf8.allSatisfy { isStart($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    private static func isStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "$"): true
        default: false
        }
    }

    public var mediaType: String { callback == nil ? "application/json" : "application/javascript" }

    /// The document as it leaves; the comment before a callback keeps its name from being the first bytes of a file.
    public func bytes(_ document: JSONDocument) -> [UInt8] {
        let json = document.bytes(indent: isPretty ? 2 : nil)
        guard let callback else { return json }
        return Array("/**/\(callback)(".utf8) + json + Array(");".utf8)
    }
}
