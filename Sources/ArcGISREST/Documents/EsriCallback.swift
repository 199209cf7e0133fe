internal import Wording

/// The function of a page that a document is handed to (`callback`, "JSONP"), for pages that cannot ask across origins otherwise.
public struct EsriCallback: Hashable, Sendable {
    /// A name or a path of names in JavaScript.
    public let name: String

    public static let mediaType = "application/javascript"
    private static let longest = 128

    /// - Throws: `EsriError` 400 for what could be anything but a function.
    public init(_ name: String) throws(EsriError) {
        guard name.utf8.count <= Self.longest, Self.isFunction(name) else {
            throw .parameter("callback", name, expected: .init(zh: "JavaScript 函数名", en: "the name of a JavaScript function"))
        }
        self.name = name
    }

    /// Of a form that no script can read.
    public static func refusal(_ name: String) -> EsriError {
        .parameter("callback", name, expected: .init(zh: "不与图片和 pbf 并用", en: "no callback beside pictures and pbf"))
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

    /// The call that hands a document over; the comment before it keeps the name from being the first bytes of a file.
    public func call(_ json: [UInt8]) -> [UInt8] { Array("/**/\(name)(".utf8) + json + Array(");".utf8) }
}
