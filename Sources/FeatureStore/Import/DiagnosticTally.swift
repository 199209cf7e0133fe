import Wording

/// Counts diagnostics by key and keeps the first few of each.
struct DiagnosticTally {
    private let examplesPerKey: Int
    private let sensitiveFields: Set<String>
    private var tallies: [String: ImportReport.Tally] = [:]
    /// Those that examples were made of, in their order, without values of sensitive fields.
    private(set) var kept: [Diagnostic] = []

    init(examplesPerKey: Int, sensitiveFields: Set<String>) {
        self.examplesPerKey = examplesPerKey
        self.sensitiveFields = sensitiveFields
    }

    mutating func add(_ diagnostic: Diagnostic, source: String, at location: SourceLocation) {
        tallies[diagnostic.key, default: ImportReport.Tally(key: diagnostic.key, count: 0, examples: [])].count += 1
        guard tallies[diagnostic.key]?.examples.count ?? 0 < examplesPerKey else { return }
        let isSensitive = diagnostic.field.map(sensitiveFields.contains) ?? false
        var shown = diagnostic
        if isSensitive { shown.value = nil }
        kept.append(shown)
        tallies[diagnostic.key]?.examples.append(
            ImportReport.Example(
                source: source, place: location.description, byteOffset: location.byteOffset, field: diagnostic.field,
                value: shown.value, reason: diagnostic.reason.both, suggestion: diagnostic.suggestion.both))
    }

    /// Most frequent first.
    var sorted: [ImportReport.Tally] {
        tallies.values.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
    }
}
