internal import Reprojection
internal import SimpleFeatures

/// Counts differences into a report.
struct DifferenceTally {
    private var counted: LayerDifferenceReport
    private var byField: [String: Int] = [:]
    private var titles: [String: String] = [:]
    private var envelope = Envelope.empty

    init(_ before: ComparedState, _ after: ComparedState, matchedBy: String) {
        counted = LayerDifferenceReport(
            layer: after.record.id, title: after.record.title, before: Self.version(before), after: Self.version(after))
        counted.matchedBy = matchedBy
        if before.record.crs != after.record.crs {
            counted.crsChanged = [before.record.crs?.label ?? "-", after.record.crs?.label ?? "-"]
        }
    }

    private static func version(_ state: ComparedState) -> LayerDifferenceReport.Version {
        LayerDifferenceReport.Version(
            name: state.name, version: state.record.version, features: state.record.featureCount, publishedAt: state.publishedAt)
    }

    mutating func describe(_ fields: FieldPairing) {
        counted.fieldsAdded = fields.added
        counted.fieldsRemoved = fields.removed
        titles = fields.titles
    }

    mutating func unmatched(_ count: Int) { counted.unmatched = count }

    mutating func added(_ feature: Feature) {
        counted.added += 1
        widen(feature)
    }

    mutating func removed(_ feature: Feature) {
        counted.removed += 1
        widen(feature)
    }

    mutating func unchanged() { counted.unchanged += 1 }

    mutating func changed(_ former: Feature, _ feature: Feature, _ parts: FeatureChangeParts) {
        counted.changed += 1
        if parts.geometry { counted.geometryChanged += 1 }
        for field in parts.fields { byField[field, default: 0] += 1 }
        widen(former)
        widen(feature)
    }

    private mutating func widen(_ feature: Feature) {
        if let geometry = feature.geometry { envelope.formUnion(geometry.envelope) }
    }

    var report: LayerDifferenceReport {
        var report = counted
        report.fields = byField.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            LayerDifferenceReport.FieldCount(field: $0.key, title: titles[$0.key], features: $0.value)
        }
        if !envelope.isEmpty {
            report.envelope = ImportReport.Bounds(
                minX: envelope.minX, minY: envelope.minY, maxX: envelope.maxX, maxY: envelope.maxY)
        }
        return report
    }
}
