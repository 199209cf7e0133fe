import FeatureStore
import OGCAPI
import SimpleFeatures
import Tiling
import Wording

/// Why a change is refused, as problem documents.
enum EditRefusal {
    private static let notJSON = LocalisedText(zh: "请求体无法读取", en: "The body cannot be read")
    private static let notStorable = LocalisedText(zh: "要素不能入库", en: "The feature cannot be stored")

    static func unreadable(zh: String, en: String) -> ProblemError {
        ProblemError(400, notJSON, LocalisedText(zh: zh + "；请改正后重发", en: en + "; mend it and send it again"))
    }

    /// A body that is no JSON.
    static func unreadable(_ error: GeoJSONError) -> ProblemError {
        ProblemError(400, notJSON, at(error, zh: "请发送 UTF-8 的 JSON", en: "send JSON in UTF-8"))
    }

    /// A body that is JSON, but not of the shape that a feature has.
    static func misshapen(_ error: GeoJSONError) -> ProblemError {
        ProblemError(422, notStorable, at(error, zh: "请发送 GeoJSON 要素（RFC 7946）", en: "send a GeoJSON feature (RFC 7946)"))
    }

    private static func at(_ error: GeoJSONError, zh: String, en: String) -> LocalisedText {
        // Where the JSON is well, what stands in the wrong place is no fault of its syntax.
        let title = error.code == .syntax ? "此处的内容不合规定" : DiagnosticTitle.chinese(error.code)
        return LocalisedText(
            zh: "请求体第 \(error.byteOffset) 字节处：\(title)；\(zh)", en: "at byte \(error.byteOffset) of the body: \(error.reason); \(en)")
    }

    static func tooLarge(limit: Int) -> ProblemError {
        ProblemError(
            413, .init(zh: "请求体过大", en: "Too large"),
            .init(
                zh: "请求体至多 \(limit) 字节；请简化几何，或用 workmap edit 从文件编辑",
                en: "a body of at most \(limit) bytes is taken; simplify the geometry, or edit from a file with workmap edit"))
    }

    /// What the report of an edit says of its one record.
    static func rejected(_ diagnostics: [Diagnostic]) -> ProblemError {
        guard let first = diagnostics.first else { preconditionFailure("what is rejected has a reason") }
        var problem = ProblemError(
            422, notStorable,
            LocalisedText(
                zh: diagnostics.map { sentence($0, "字段“", "”", "，值“", "”：", \.zh) }.joined(separator: " "),
                en: diagnostics.map { sentence($0, "Field \"", "\"", ", value \"", "\": ", \.en) }.joined(separator: " ")))
        problem.document.members = [
            .init(name: "parameter", value: .string(first.field ?? "feature")),
            .init(name: "errors", value: .array(diagnostics.map(json))),
        ]
        if let value = first.value { problem.document.members.append(.init(name: "value", value: .string(value))) }
        return problem
    }

    private static func sentence(
        _ diagnostic: Diagnostic, _ field: String, _ end: String, _ value: String, _ close: String, _ language: KeyPath<LocalisedText, String>
    ) -> String {
        var text = ""
        if let name = diagnostic.field {
            text += field + name + end
            text += diagnostic.value.map { value + $0 + close } ?? close.filter { $0 == "：" || $0 == ":" || $0 == " " }
        }
        let gap = text.isEmpty || language == \LocalisedText.zh ? "" : " "
        return text + diagnostic.reason[keyPath: language] + gap + diagnostic.suggestion[keyPath: language]
    }

    private static func json(_ diagnostic: Diagnostic) -> JSONDocument {
        [
            "key": .string(diagnostic.key), "field": diagnostic.field.map { .string($0) }, "value": diagnostic.value.map { .string($0) },
            "reason": .string(diagnostic.reason.both), "suggestion": .string(diagnostic.suggestion.both),
        ]
    }

    static func failed(_ condition: String, _ id: Int64, _ layer: String) -> ProblemError {
        ProblemError(
            412, .init(zh: "要素已被改动", en: "The feature has changed meanwhile"),
            .init(
                zh: "\(layer) 的要素 \(id) 不符合请求的条件 \(condition)，未作改动；请重新读取该要素及其 ETag 后再试",
                en: "feature \(id) of \(layer) does not meet \(condition) of the request, and nothing was changed; read it and its ETag again and repeat"))
    }

    static func unconditional(_ id: Int64, _ layer: String) -> ProblemError {
        ProblemError(
            428, .init(zh: "须带条件", en: "A condition is required"),
            .init(
                zh: "改动 \(layer) 的要素 \(id) 须带 If-Match，其值为读取该要素时得到的 ETag",
                en: "a change of feature \(id) of \(layer) takes If-Match with the ETag that reading the feature gave"))
    }
}
