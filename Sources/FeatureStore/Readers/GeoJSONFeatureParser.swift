import SimpleFeatures
import Wording

/// Builds features of one layer out of GeoJSON text.
struct GeoJSONFeatureParser {
    private(set) var geometries: GeoJSONParser
    private var fields: FieldIndex
    private let kinds: [FieldKind]
    private let identifierField: Int?
    private var notices: [Diagnostic] = []

    init(layout: GeoJSONLayout, limits: ReaderLimits) {
        geometries = GeoJSONParser(range: 0..<0, nestingLimit: limits.nestingDepth, positionLimit: limits.positions)
        fields = layout.fields
        kinds = layout.schema.fields.map(\.kind)
        identifierField = layout.identifierField
    }

    /// One past what the last call consumed.
    var position: Int { geometries.scanner.position }

    /// The feature, or bare geometry, that begins in `range` of `bytes`.
    mutating func feature(_ bytes: Span<UInt8>, in range: Range<Int>) throws(GeoJSONError) -> (Feature, [Diagnostic]) {
        geometries.scanner.position = range.lowerBound
        geometries.scanner.end = range.upperBound
        geometries.scanner.hasReplacedEscape = false
        geometries.droppedOrdinates = 0
        notices.removeAll(keepingCapacity: true)
        fields.rewind()
        var feature = Feature(id: 0, geometry: nil, values: [PropertyValue](repeating: .null, count: kinds.count))
        var type: Range<Int>?
        var hasGeometry = false
        guard geometries.scanner.peek(bytes) == 0x7B else { throw geometries.scanner.unexpected(bytes, wanted: "a feature") }
        let start = geometries.scanner.position
        var more = try geometries.scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let key = try geometries.scanner.rawKey(bytes).content
            if geometries.scanner.spells("type", key, bytes), geometries.scanner.peek(bytes) == 0x22 {
                type = try geometries.scanner.rawString(bytes).content
            } else if geometries.scanner.spells("geometry", key, bytes) {
                hasGeometry = true
                feature.geometry = try geometries.geometry(bytes)
            } else if geometries.scanner.spells("properties", key, bytes), geometries.scanner.peek(bytes) == 0x7B {
                try readProperties(bytes, &feature.values)
            } else if geometries.scanner.spells("id", key, bytes) {
                try readIdentifier(bytes, &feature)
            } else {
                try geometries.scanner.skipValue(bytes)
            }
            more = try geometries.scanner.hasNext(before: 0x7D, bytes)
        }
        if !isFeature(type, bytes) {
            feature = try bareGeometry(bytes, at: start, type)
        } else if !hasGeometry {
            notices.append(.geometryMissing)
        }
        return (feature, collectedNotices())
    }

    private func isFeature(_ type: Range<Int>?, _ bytes: Span<UInt8>) -> Bool {
        guard let type else { return false }
        return geometries.scanner.spells("Feature", type, bytes)
    }

    /// A geometry without a feature around it becomes a feature without values.
    private mutating func bareGeometry(_ bytes: Span<UInt8>, at start: Int, _ type: Range<Int>?) throws(GeoJSONError) -> Feature {
        let name = if let type { try geometries.scanner.text(type, bytes) } else { "" }
        guard GeometryKind.allCases.contains(where: { $0.name == name }) else {
            throw GeoJSONError(
                type == nil ? .memberMissing : .typeUnknown, at: type?.lowerBound ?? start,
                type == nil ? "the object has no type" : "\"\(name.prefix(40))\" is neither \"Feature\" nor a geometry type")
        }
        let behind = geometries.scanner.position
        geometries.scanner.position = start
        let geometry = try geometries.geometry(bytes)
        geometries.scanner.position = behind
        return Feature(id: 0, geometry: geometry, values: [PropertyValue](repeating: .null, count: kinds.count))
    }

    private mutating func readIdentifier(_ bytes: Span<UInt8>, _ feature: inout Feature) throws(GeoJSONError) {
        let isText = geometries.scanner.peek(bytes) == 0x22
        let start = geometries.scanner.position
        try geometries.scanner.skipValue(bytes)
        let range = isText ? (start + 1)..<(geometries.scanner.position - 1) : start..<geometries.scanner.position
        if let whole = TextForm.integer(range, bytes), whole >= 1 { feature.id = whole }
        if let identifierField {
            geometries.scanner.position = start
            feature.values[identifierField] = .text(
                isText ? try geometries.scanner.string(bytes) : try geometries.scanner.text(range, bytes))
            if !isText { geometries.scanner.position = range.upperBound }
        }
    }

    private mutating func readProperties(_ bytes: Span<UInt8>, _ values: inout [PropertyValue]) throws(GeoJSONError) {
        var more = try geometries.scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let key = try geometries.scanner.rawKey(bytes)
            if let position = fields.position(of: key, bytes) {
                values[position] = try value(bytes, position)
            } else {
                // Only a key that is not text is not in the index: its own fault says why.
                _ = key.hasEscape
                    ? try geometries.scanner.unescaped(key.content, bytes) : try geometries.scanner.text(key.content, bytes)
                try geometries.scanner.skipValue(bytes)
            }
            more = try geometries.scanner.hasNext(before: 0x7D, bytes)
        }
    }

    private mutating func value(_ bytes: Span<UInt8>, _ position: Int) throws(GeoJSONError) -> PropertyValue {
        switch geometries.scanner.peek(bytes) {
        case 0x22: return .text(try geometries.scanner.string(bytes))
        case 0x7B, 0x5B:
            let start = geometries.scanner.position
            try geometries.scanner.skipValue(bytes)
            return .text(try geometries.scanner.text(start..<geometries.scanner.position, bytes))
        default: return try word(bytes, position)
        }
    }

    private mutating func word(_ bytes: Span<UInt8>, _ position: Int) throws(GeoJSONError) -> PropertyValue {
        let word = geometries.scanner.skipWord(bytes)
        let kind = kinds[position]
        if geometries.scanner.spells("null", word, bytes) { return .null }
        for (name, flag) in [("true" as StaticString, true), ("false", false)] where geometries.scanner.spells(name, word, bytes) {
            return kind == .boolean ? .boolean(flag) : .text(flag ? "true" : "false")
        }
        if kind == .integer, let whole = TextForm.integer(word, bytes) { return .integer(whole) }
        var p = word.lowerBound
        guard let number = DecimalText.double(bytes, at: &p, end: word.upperBound), p == word.upperBound else {
            return try notANumber(word, bytes, position)
        }
        if kind == .real, number.isFinite { return .real(number) }
        return .text(try geometries.scanner.text(word, bytes))
    }

    /// Words such as NaN, which some writers put out, are no JSON but harm nothing else: the value is left out.
    private mutating func notANumber(
        _ word: Range<Int>, _ bytes: Span<UInt8>, _ position: Int
    ) throws(GeoJSONError) -> PropertyValue {
        for name: StaticString in ["NaN", "nan", "Infinity", "-Infinity"] where geometries.scanner.spells(name, word, bytes) {
            notices.append(
                Diagnostic(
                    key: "number-not-finite", field: fields.names[position], value: "\(name)",
                    reason: .init(zh: "此值不是数字，已留空。", en: "The value is no number and was left empty."),
                    suggestion: .init(zh: "没有值时请写 null。", en: "Write null where there is no value.")))
            return .null
        }
        geometries.scanner.position = word.lowerBound
        throw geometries.scanner.unexpected(bytes, wanted: "a value")
    }

    private func collectedNotices() -> [Diagnostic] {
        guard geometries.droppedOrdinates > 0 || geometries.scanner.hasReplacedEscape else { return notices }
        var all = notices
        if geometries.droppedOrdinates > 0 { all.append(.dimensionDropped) }
        if geometries.scanner.hasReplacedEscape {
            all.append(
                Diagnostic(
                    key: "text-escape-replaced",
                    reason: .init(zh: "文本中的转义不代表任何字符，已替换为 U+FFFD。", en: "An escape in a text is no character; it was replaced by U+FFFD."),
                    suggestion: .init(zh: "请直接写 UTF-8 字符，不用转义。", en: "Write characters as UTF-8 instead of escapes.")))
        }
        return all
    }
}

extension Diagnostic {
    static let dimensionDropped = Diagnostic(
        key: "dimension-dropped",
        reason: .init(zh: "高程或测量值已略去。", en: "Heights or measures were left out."),
        suggestion: .init(zh: "如有需要，请另存为属性。", en: "Keep them as a property if they are needed."))

    static let geometryMissing = Diagnostic(
        key: "geometry-missing",
        reason: .init(zh: "记录没有几何，不会绘制。", en: "The record has no geometry and will not be drawn."),
        suggestion: .init(zh: "应上图的，请补上几何。", en: "Give it a geometry if it should be on the map."))
}
