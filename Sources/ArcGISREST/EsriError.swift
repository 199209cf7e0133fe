public import Tiling
public import Wording

/// A request that cannot be honoured, as clients of ArcGIS REST are told.
public struct EsriError: Error, Hashable, Sendable {
    /// HTTP's numbers, within the document.
    public var code: Int
    public var message: LocalisedText
    public var details: [String]

    public init(_ code: Int = 400, _ message: LocalisedText, details: [String] = []) {
        self.code = code
        self.message = message
        self.details = details
    }

    /// A parameter with a value that is not taken.
    public static func parameter(_ name: String, _ value: String, expected: LocalisedText) -> EsriError {
        let shown = value.prefix(100)
        return EsriError(
            400,
            LocalisedText(zh: "参数“\(name)”的值“\(shown)”无效；应为\(expected.zh)。", en: "Parameter '\(name)' is '\(shown)'; expected \(expected.en)."),
            details: ["'\(name)' parameter is invalid"])
    }

    public func json() -> JSONDocument {
        ["error": ["code": .integer(code), "message": .string(message.both), "details": .strings(details)]]
    }
}
