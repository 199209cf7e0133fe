public import Reprojection
public import SimpleFeatures
internal import Wording

/// Compares two states of one layer, feature by feature, without holding either of them.
public struct LayerComparison: Sendable {
    private let registry: any FeatureRegistry
    private let before: ComparedState
    private let after: ComparedState
    private let policy: DatumPolicy
    /// The field whose value says which features are the same one; `nil` for the id.
    private let key: String?
    /// Fields that play a part, by name; `nil` for all.
    private let openFields: Set<String>?
    private let exclusions: [PropertyExclusion]

    private static let featuresAtOnce = 5_000

    /// - Parameters:
    ///   - key: the field whose value says which features are the same one; `nil` for the id, for files that have one.
    ///   - openFields: names of fields that the reader may know of; `nil` for all, sensitive ones included, of which the report
    ///     says how many changed.
    ///   - exclusions: what withholds features from the reader.
    public init(
        registry: any FeatureRegistry, before: ComparedState, after: ComparedState, policy: DatumPolicy, key: String? = nil,
        openFields: Set<String>? = nil, exclusions: [PropertyExclusion] = []
    ) {
        self.registry = registry
        self.before = before
        self.after = after
        self.policy = policy
        self.key = key
        self.openFields = openFields
        self.exclusions = exclusions
    }

    /// The fields that differences are given in: those of the later version that may be shown, never a sensitive one.
    public var shownSchema: FeatureSchema {
        FeatureSchema(fields: after.record.schema.fields.filter { !$0.isSensitive && isOpen($0.name) })
    }

    /// Shows `body` every difference, its values in the order of `shownSchema`: what was removed, what is new, what changed.
    ///
    /// - Throws: `fieldUnknown` for a key that a version does not have, `historyDropped` where a version goes meanwhile, and what
    ///   `body` throws.
    @concurrent
    public func run(_ body: (FeatureDifference) throws -> Void) async throws -> LayerDifferenceReport {
        var tally = DifferenceTally(before, after, matchedBy: key ?? "id")
        let pairing = try await pairing()
        tally.unmatched(pairing.unmatched)
        let fields = FieldPairing(before.record.schema, after.record.schema, shown: shownSchema) { isOpen($0) }
        tally.describe(fields)
        let places = try PlacePairing(from: before.record.crs, to: after.record.crs, policy: policy)
        for ids in Self.chunks(pairing.removed) {
            for feature in try await features(before, ids) {
                let shown = places.carried(fields.shownFromBefore(feature))
                tally.removed(shown)
                try body(.removed(shown))
            }
        }
        for ids in Self.chunks(pairing.added) {
            for feature in try await features(after, ids) {
                let shown = fields.shown(feature)
                tally.added(shown)
                try body(.added(shown))
            }
        }
        for pairs in Self.chunks(pairing.common) {
            let former = Dictionary(
                uniqueKeysWithValues: try await features(before, pairs.map(\.before).sorted()).map { ($0.id, places.carried($0)) })
            let later = try await features(after, pairs.map(\.after))
            for (pair, feature) in zip(pairs, later) {
                guard let old = former[pair.before] else { continue }
                let parts = FeatureChangeParts(
                    geometry: !places.isSame(old.geometry, feature.geometry), fields: fields.changed(old, feature))
                guard !parts.isEmpty else {
                    tally.unchanged()
                    continue
                }
                let shown = fields.shown(feature)
                tally.changed(old, shown, parts)
                try body(.changed(shown, parts))
            }
        }
        return tally.report
    }

    private func isOpen(_ field: String) -> Bool { openFields?.contains(field) ?? true }

    private static func chunks<Element>(_ all: [Element]) -> [ArraySlice<Element>] {
        stride(from: 0, to: all.count, by: featuresAtOnce).map { all[$0..<min($0 + featuresAtOnce, all.count)] }
    }

    private func query(_ state: ComparedState) -> FeatureQuery {
        var query = FeatureQuery(layer: state.record.id, fields: openFields == nil ? .all : .withoutSensitive)
        query.state = state.state
        query.exclusions = exclusions
        return query
    }

    private func features(_ state: ComparedState, _ ids: some Sequence<Int64>) async throws -> [Feature] {
        var query = query(state)
        query.ids = Array(ids)
        return try await registry.features(query)
    }

    // MARK: Which features are the same one

    private func pairing() async throws -> FeaturePairing {
        guard let key else {
            return FeaturePairing(
                before: try await registry.identifiers(query(before)), after: try await registry.identifiers(query(after)))
        }
        return FeaturePairing(before: try await keys(key, before), after: try await keys(key, after))
    }

    private func keys(_ field: String, _ state: ComparedState) async throws -> [(key: PropertyValue, id: Int64)] {
        guard let index = state.record.schema.index(of: field), isOpen(field) else {
            let names = state.record.schema.fields.filter { !$0.isSensitive && isOpen($0.name) }.map(\.name).joined(separator: ", ")
            throw RegistryError(
                code: .fieldUnknown,
                message: .init(
                    zh: "图层 \(state.record.id) 的版本“\(state.name)”没有字段 \(field)，不能据以对应；有：\(names)",
                    en: "version \"\(state.name)\" of layer \(state.record.id) has no field \(field) to match by; it has: \(names)"))
        }
        var query = query(state)
        query.fields = .some([index])
        return try await registry.scan(query, into: KeyConsumer()).keys
    }
}

/// Reads one value of every feature.
private struct KeyConsumer: FeatureRowConsumer {
    private(set) var keys: [(key: PropertyValue, id: Int64)] = []

    mutating func begin(layer: LayerRecord, fields: [Int]) {}

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        keys.append((row.value(at: 0), row.id))
        return true
    }
}
