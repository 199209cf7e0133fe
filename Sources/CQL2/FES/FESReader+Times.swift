internal import Markup
internal import SimpleFeatures

/// Temporal operators.
extension FESReader {
    mutating func temporal(_ relation: TemporalFunction, _ element: MarkupElement) throws(FESError) -> CQL2Expression {
        guard element.children.count == 2 else {
            throw FESError(.syntax, zh: "\(element.name) 中应有两个操作数", en: "\(element.name) holds two operands")
        }
        return .temporal(relation, try time(element.children[0]), try time(element.children[1]))
    }

    private mutating func time(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        try spend()
        switch element.name {
        case "ValueReference", "PropertyName": return try property(element)
        case "Literal":
            if element.children.count == 1 { return try time(element.children[0]) }
            return try instant(element.trimmedText, element.name)
        case "TimeInstant":
            guard let position = element["timePosition"] else {
                throw FESError(.syntax, zh: "TimeInstant 中应有 timePosition", en: "TimeInstant holds timePosition")
            }
            return try instant(position.trimmedText, position.name)
        case "TimePeriod": return .interval(try end(element, "begin"), try end(element, "end"))
        default: throw .unsupported(element.name)
        }
    }

    /// One end of a period; `nil` for one that is open.
    private mutating func end(_ period: MarkupElement, _ name: String) throws(FESError) -> CQL2Expression? {
        if let position = period[name + "Position"] {
            let text = position.trimmedText
            return text.isEmpty ? nil : try instant(text, position.name)
        }
        guard let inner = period[name]?["TimeInstant"] else {
            throw FESError(.syntax, zh: "TimePeriod 中应有 \(name)Position", en: "TimePeriod holds \(name)Position")
        }
        return try time(inner)
    }

    private func instant(_ text: String, _ name: String) throws(FESError) -> CQL2Expression {
        guard let instant = FESInstant.expression(text) else {
            throw .value(text, in: name, zh: "日期或时刻，如 2024-05-01 或 2024-05-01T08:00:00Z", en: "a day or a time, such as 2024-05-01 or 2024-05-01T08:00:00Z")
        }
        return instant
    }
}

/// Instants as XML Schema writes them.
enum FESInstant {
    private static let minute: Int64 = 60_000_000

    /// A day or a time; a time without a zone is one of UTC, as stored ones are. `nil` for what is neither.
    static func expression(_ text: String) -> CQL2Expression? {
        if InstantText.day(text.utf8) != nil { return .date(text) }
        let time = text.split(separator: "T", maxSplits: 1).last.map(String.init) ?? ""
        if text.hasSuffix("Z") { return InstantText.time(text.utf8) == nil ? nil : .timestamp(InstantText.normalised(text)) }
        guard let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return expression(text + "Z", when: text.contains("T")) }
        let zone = time[sign...].dropFirst().split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard zone.count == 2, let hours = zone[0], let minutes = zone[1], (0...14).contains(hours), (0..<60).contains(minutes),
            let local = InstantText.time((text.dropLast(time[sign...].count) + "Z").utf8)
        else { return nil }
        let offset = (hours * 60 + minutes) * minute
        return .timestamp(InstantText.text(time: time[sign] == "+" ? local - offset : local + offset))
    }

    private static func expression(_ text: String, when isTime: Bool) -> CQL2Expression? { isTime ? expression(text) : nil }
}
