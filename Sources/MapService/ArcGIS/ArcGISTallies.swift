import ArcGISREST
import FeatureStore
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// The box around rows.
struct ExtentTally: FeatureRowConsumer {
    private(set) var envelope = Envelope.empty
    private(set) var count = 0

    mutating func begin(layer: LayerRecord, fields: [Int]) {}

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        count += 1
        do {
            if let geometry = try row.geometry() { envelope.formUnion(geometry.envelope) }
        } catch {
            return true  // what cannot be read has no place
        }
        return true
    }
}

/// Counts, sums and extremes of rows, group by group.
struct StatisticsTally: FeatureRowConsumer {
    private let statistics: [EsriQuery.Statistic]
    /// How many of the fields read make the groups; the others are those of the statistics, in order, ids left out.
    private let groupFields: Int
    private var sums: [[PropertyValue]: [Sum]] = [:]
    private var hasTooMany = false

    /// Groups that one answer may have.
    private static let groupLimit = 100_000

    private struct Sum {
        var count = 0
        var total = 0.0
        var squares = 0.0
        var least = PropertyValue.null
        var most = PropertyValue.null
    }

    init(statistics: [EsriQuery.Statistic], groups: Int) {
        self.statistics = statistics
        groupFields = groups
    }

    mutating func begin(layer: LayerRecord, fields: [Int]) {}

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        let key = (0..<groupFields).map { row.value(at: $0) }
        if sums[key] == nil {
            guard sums.count < Self.groupLimit / max(1, statistics.count) else {
                hasTooMany = true
                return false
            }
            sums[key] = statistics.map { _ in Sum() }
        }
        var column = groupFields
        for (place, statistic) in statistics.enumerated() {
            let value: PropertyValue
            if statistic.field.uppercased() == EsriFeatureWriter.idField {
                value = .integer(row.id)
            } else {
                value = row.value(at: column)
                column += 1
            }
            Self.add(value, to: &sums[key, default: []][place])
        }
        return true
    }

    private static func add(_ value: PropertyValue, to sum: inout Sum) {
        if value == .null { return }
        sum.count += 1
        let number: Double =
            switch value {
            case .integer(let n): Double(n)
            case .real(let r): r
            default: 0
            }
        sum.total += number
        sum.squares += number * number
        if sum.least == .null || precedes(value, sum.least) { sum.least = value }
        if sum.most == .null || precedes(sum.most, value) { sum.most = value }
    }

    private static func precedes(_ a: PropertyValue, _ b: PropertyValue) -> Bool {
        switch (a, b) {
        case (.null, _): b != .null
        case (.integer(let x), .integer(let y)): x < y
        case (.real(let x), .real(let y)): x < y
        case (.integer(let x), .real(let y)): Double(x) < y
        case (.real(let x), .integer(let y)): x < Double(y)
        case (.text(let x), .text(let y)): x.utf8.lexicographicallyPrecedes(y.utf8)
        case (.boolean(let x), .boolean(let y)): !x && y
        default: false
        }
    }

    struct Group {
        var key: [PropertyValue]
        var values: [JSONDocument]
    }

    /// The groups in the order of their values; without groups one row, as SQL has it.
    ///
    /// - Throws: `EsriError` where there are too many groups.
    func sorted() throws(EsriError) -> [Group] {
        guard !hasTooMany else {
            throw .parameter(
                "groupByFieldsForStatistics", "", expected: .init(zh: "取值至多 \(Self.groupLimit) 组的字段", en: "fields with at most \(Self.groupLimit) combinations of values"))
        }
        let all = sums.isEmpty && groupFields == 0 ? [([], statistics.map { _ in Sum() })] : sums.map { ($0.key, $0.value) }
        let ordered = all.sorted { a, b in
            for (x, y) in zip(a.0, b.0) where x != y { return Self.precedes(x, y) }
            return false
        }
        return ordered.map { key, sums in
            Group(key: key, values: zip(statistics, sums).map { Self.value($0.kind, $1) })
        }
    }

    private static func value(_ kind: EsriQuery.Statistic.Kind, _ sum: Sum) -> JSONDocument {
        if kind == .count { return .integer(sum.count) }
        guard sum.count > 0 else { return .null }
        let count = Double(sum.count)
        // Of a sample, as databases have it.
        let variance = sum.count > 1 ? max(0, (sum.squares - sum.total * sum.total / count) / (count - 1)) : 0
        return switch kind {
        case .count: .integer(sum.count)
        case .sum: .number(sum.total)
        case .avg: .number(sum.total / count)
        case .min: EsriField.json(sum.least)
        case .max: EsriField.json(sum.most)
        case .var: .number(variance)
        case .stddev: .number(variance.squareRoot())
        }
    }
}

/// Fields and values as answers to queries describe them.
extension EsriField {
    static let identifier: JSONDocument = EsriField.all(of: FeatureSchema(fields: []))[0].json()

    static func json(_ field: Field, alias: String) -> JSONDocument {
        EsriField(name: field.name, alias: alias, type: type(field.kind), length: length(field.kind)).json()
    }

    static func number(_ name: String) -> JSONDocument {
        EsriField(name: name, alias: name, type: type(.real), length: nil).json()
    }

    /// A value of a field, times in ArcGIS' numbers.
    static func json(_ value: PropertyValue, _ kind: FieldKind) -> JSONDocument {
        guard case .text(let text) = value, kind == .date || kind == .dateTime else { return json(value) }
        return EsriTime.milliseconds(text).map { .integer(Int($0)) } ?? .null
    }

    static func json(_ value: PropertyValue) -> JSONDocument {
        switch value {
        case .null: .null
        case .boolean(let flag): .integer(flag ? 1 : 0)
        case .integer(let number): .integer(Int(number))
        case .real(let number): .number(number)
        case .text(let text): .string(text)
        }
    }
}

extension EsriGeometryType {
    /// Of a layer's features: of a mixed layer what most of it draws as; `nil` for a table.
    init?(_ record: LayerRecord) {
        switch record.geometry {
        case .only(let kind): self.init(kind)
        case .mixed: self = record.dimension.map { EsriGeometryType($0) } ?? .polygon
        case .none: return nil
        }
    }
}
