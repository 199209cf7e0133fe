import FeatureStore
import SimpleFeatures
import TileProduction
import Wording

/// Makes the record of an edit of what a body says, or says why it cannot be one.
struct SentFeatureJudge {
    let selection: FeatureSelection
    /// Whether what can be mended is mended, as an import does.
    let isLenient: Bool

    /// Bytes of one text.
    static let textLimit = 1 << 20

    /// A record with the fields of the layer that it states.
    struct Judged {
        var record: ReadRecord
        var schema: FeatureSchema
    }

    /// - Parameters:
    ///   - id: of the feature that is changed; 0 for a new one.
    ///   - states: whether fields that the body leaves out are said to have no value.
    ///   - place: in the layer's CRS.
    func judge(_ sent: SentFeature, id: Int64, statesAll: Bool, place: PlaceJudge.Place) -> Judged {
        var rejections = place.rejections
        var notices = place.notices
        var values: [String: PropertyValue] = [:]
        var properties: [SentFeature.Property] = []
        if case .value(let named) = sent.properties { properties = named }
        for property in properties {
            guard let field = selection.openSchema.fields.first(where: { $0.name == property.name }) else {
                let unknown = Diagnostic.unknown(property, selection)
                if isLenient { notices.append(unknown) } else { rejections.append(unknown) }
                continue
            }
            switch judge(property.value, field) {
            case .success(let value): values[field.name] = value
            case .failure(let refusal): rejections.append(refusal.diagnostic)
            }
        }
        // Members that are null in a body, and all of `properties`, have no value either.
        var isWhole = statesAll
        if case .null = sent.properties { isWhole = true }
        let fields = selection.openSchema.fields.filter { isWhole || values[$0.name] != nil }
        let feature = Feature(id: id, geometry: place.geometry, values: fields.map { values[$0.name] ?? .null })
        return Judged(
            record: ReadRecord(
                location: SourceLocation(.feature(1)), outcome: rejections.isEmpty ? .feature(feature) : .rejected(rejections),
                notices: notices),
            schema: FeatureSchema(fields: fields))
    }

    private struct Refusal: Error {
        var diagnostic: Diagnostic
    }

    private func judge(_ sent: SentValue, _ field: Field) -> Result<PropertyValue, Refusal> {
        guard let value = isLenient ? loose(sent) : exact(sent, field.kind) else {
            return .failure(Refusal(diagnostic: .wrongKind(sent, field)))
        }
        if case .text(let text) = value {
            if text.utf8.count > Self.textLimit { return .failure(Refusal(diagnostic: .tooLong(text, field))) }
            if text.utf8.contains(0) { return .failure(Refusal(diagnostic: .unprintable(field))) }
        }
        let rules = selection.layer.definition.withheld.filter { $0.field == field.name }
        if sent != .null, rules.contains(where: { $0.values.contains { Self.text($0.value) == sent.shown } }) {
            return .failure(Refusal(diagnostic: .withholding(sent, field)))
        }
        return .success(value)
    }

    /// The value as the schema document describes it.
    private func exact(_ sent: SentValue, _ kind: FieldKind) -> PropertyValue? {
        switch (sent, kind) {
        case (.null, _): .null
        case (.boolean(let flag), .boolean): .boolean(flag)
        case (.integer(let n), .integer): .integer(n)
        case (.real(let r), .integer): Int64(exactly: r).map { .integer($0) }
        case (.real(let r), .real): .real(r)
        case (.integer(let n), .real): .real(Double(n))
        case (.text(let text), .text): .text(text)
        case (.text(let text), .date): ISOTime.isDate(text) ? .text(text) : nil
        case (.text(let text), .dateTime): ISOTime.isInstant(text) ? .text(text) : nil
        default: nil
        }
    }

    /// The value as a file would have it: what it can be made is decided where it is stored.
    private func loose(_ sent: SentValue) -> PropertyValue? {
        switch sent {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .integer(let n): .integer(n)
        case .real(let r): .real(r)
        case .text(let text), .structure(let text): .text(text)
        }
    }

    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let flag): "\(flag)"
        case .integer(let n): "\(n)"
        case .real(let r): "\(r)"
        case .text(let text): text
        }
    }
}

extension Diagnostic {
    fileprivate static func unknown(_ property: SentFeature.Property, _ selection: FeatureSelection) -> Diagnostic {
        let names = selection.openSchema.fields.map(\.name).joined(separator: ", ")
        return Diagnostic(
            key: "field-unknown", field: String(property.name.prefix(Diagnostic.valueLimitInCharacters)), value: property.value.shown,
            reason: .init(zh: "图层 \(selection.record.id) 没有此字段。", en: "Layer \(selection.record.id) has no such field."),
            suggestion: .init(zh: "可用的字段：\(names)。", en: "It has \(names)."))
    }

    fileprivate static func wrongKind(_ sent: SentValue, _ field: Field) -> Diagnostic {
        let (zh, en) =
            switch field.kind {
            case .boolean: ("true 或 false", "true or false")
            case .integer: ("64 位整数", "a whole number of 64 bits")
            case .real: ("数字", "a number")
            case .text: ("文本", "a text")
            case .date: ("日期，如 2026-05-09", "a date such as 2026-05-09")
            case .dateTime: ("UTC 时刻，如 2026-05-09T08:00:00Z", "a time in UTC such as 2026-05-09T08:00:00Z")
            }
        return Diagnostic(
            key: "value-not-of-kind", field: field.name, value: sent.shown,
            reason: .init(zh: "此值不属字段类型 \(field.kind.rawValue)。", en: "The value is not of the field's kind, \(field.kind.rawValue)."),
            suggestion: .init(zh: "请给出\(zh)，或 null。", en: "Give \(en), or null."))
    }

    fileprivate static func tooLong(_ text: String, _ field: Field) -> Diagnostic {
        Diagnostic(
            key: "text-too-long", field: field.name, value: String(text.prefix(valueLimitInCharacters)),
            reason: .init(
                zh: "文本长 \(text.utf8.count) 字节，至多 \(SentFeatureJudge.textLimit) 字节。",
                en: "The text has \(text.utf8.count) bytes; at most \(SentFeatureJudge.textLimit) are kept."),
            suggestion: .init(zh: "请缩短文本。", en: "Shorten it."))
    }

    fileprivate static func unprintable(_ field: Field) -> Diagnostic {
        Diagnostic(
            key: "text-unprintable", field: field.name,
            reason: .init(zh: "文本含有 U+0000。", en: "The text holds U+0000."), suggestion: .init(zh: "请删去该字符。", en: "Leave it out."))
    }

    /// Whoever made a feature vanish from this interface could not bring it back by it.
    fileprivate static func withholding(_ sent: SentValue, _ field: Field) -> Diagnostic {
        Diagnostic(
            key: "value-withholds", field: field.name, value: sent.shown,
            reason: .init(zh: "有此值的要素不予公开，不能经 HTTP 写入。", en: "A feature with this value is withheld, and cannot be written over HTTP."),
            suggestion: .init(zh: "请用 workmap edit 编辑。", en: "Edit it with workmap edit."))
    }
}
