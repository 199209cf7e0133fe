public import Tiling
internal import Wording

/// In which form a document of ArcGIS REST is wanted: `f`, and `callback` for pages that cannot ask across origins otherwise.
public struct EsriForm: Hashable, Sendable {
    public var isPretty: Bool
    public var callback: EsriCallback?

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
        self.callback = if let callback, !callback.isEmpty { try EsriCallback(callback) } else { nil }
    }

    /// The document without its callback.
    public func bytes(_ document: JSONDocument) -> [UInt8] { document.bytes(indent: isPretty ? 2 : nil) }
}
