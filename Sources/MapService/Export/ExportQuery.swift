import FeatureStore
import OGCAPI
import Wording

/// In which file format a request wants features, and how that is written; what features is `ItemsQuery`'s.
struct ExportQuery {
    let format: ExportFormat
    let encoding: ExportEncoding
    /// Whether a table is written for spreadsheets, as `CSVText` has it.
    let keepsDigits: Bool
    /// What is left of the request for `ItemsQuery`.
    let rest: QueryParameters

    private static let own: Set<String> = ["f", "encoding", "excel"]

    /// Of `/collections/{collection}/items`: `nil` where `f` is absent or asks for what pages are written in.
    static func ofPage(_ parameters: QueryParameters) throws(ParameterError) -> ExportQuery? {
        guard let text = try parameters.value("f"), let format = ExportFormat(named: plain(text)), format != .geoJSON else { return nil }
        return try ExportQuery(parameters, format)
    }

    /// Of `/collections/{collection}/export`; GeoJSON unless `f` says otherwise.
    init(_ parameters: QueryParameters) throws(ParameterError) {
        let text = try parameters.value("f") ?? ExportFormat.geoJSON.rawValue
        guard let format = ExportFormat(named: Self.plain(text)) else {
            let choice = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ParameterError(.invalid, name: "f", value: text, expected: .init(zh: "下列之一：\(choice)", en: "one of \(choice)"))
        }
        try self.init(parameters, format)
    }

    private init(_ parameters: QueryParameters, _ format: ExportFormat) throws(ParameterError) {
        self.format = format
        if let text = try parameters.value("encoding") {
            guard let encoding = ExportEncoding(named: text), format.encodings.contains(encoding) else {
                let choice = format.encodings.map(\.rawValue).joined(separator: ", ")
                throw ParameterError(
                    .invalid, name: "encoding", value: text,
                    expected: .init(zh: "\(format.rawValue) 可用的编码：\(choice)", en: "an encoding of \(format.rawValue): \(choice)"))
            }
            self.encoding = encoding
        } else {
            encoding = format.encodings[0]
        }
        switch try parameters.value("excel")?.lowercased() {
        case nil, "false": keepsDigits = false
        case "true": keepsDigits = true
        case let text?:
            throw ParameterError(.invalid, name: "excel", value: text, expected: .init(zh: "true 或 false", en: "true or false"))
        }
        rest = QueryParameters(items: parameters.items.filter { !Self.own.contains($0.name) })
    }

    /// A plus sign that was not escaped has become a blank.
    private static func plain(_ text: String) -> String { String(text.map { $0 == " " ? "+" : $0 }) }
}
