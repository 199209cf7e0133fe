internal import FoundationEssentials
internal import Reprojection
internal import SimpleFeatures
internal import Wording

/// Carries sources into single features of a layer: judged, repaired and counted as an import is, and committed as one edit.
///
/// A record with the id of a feature changes it, one without adds a feature. Fields that the source lacks stay as they are.
public struct LayerEditor {
    private let registry: any FeatureRegistry
    private let request: ImportRequest
    private let manner: EditManner

    public init(registry: any FeatureRegistry, request: ImportRequest, manner: EditManner = EditManner()) {
        self.registry = registry
        self.request = request
        self.manner = manner
    }

    /// Edits the layer, all of it or nothing.
    ///
    /// - Parameters:
    ///   - readers: the features to change or add.
    ///   - removals: ids of the features to remove.
    ///   - version: of the layer that the edit was made from; another one is refused. `nil` for whatever is there.
    /// - Returns: what was done; `recordsRejected` is 0.
    /// - Throws: `ImportError`; a record that is rejected rejects all, and the error's report says why.
    public func run(
        _ readers: [any FeatureReader], removals: [Int64], version: Int64? = nil
    ) async throws(ImportError) -> ImportReport {
        try await edit(readers, removals: removals, version: version).report
    }

    /// The same, with the ids of the features: one a record in the order of the readers, then the removed ones.
    public func edit(
        _ readers: [any FeatureReader], removals: [Int64], version: Int64? = nil
    ) async throws(ImportError) -> (report: ImportReport, identifiers: [Int64]) {
        var report = ImportReport(layer: request.layer)
        report.startedAt = Date().formatted(.iso8601)
        let started = ContinuousClock.now
        do {
            guard let layer = try await registry.layer(request.layer) else { throw unknown() }
            guard !readers.isEmpty || !removals.isEmpty else {
                throw ImportError(code: .nothingToRead, message: "there is nothing to change in \(request.layer)")
            }
            var features: [EditedFeature] = []
            var rejections: [Diagnostic] = []
            for reader in readers { features += try read(reader, into: layer, &report, &rejections) }
            guard report.recordsRejected == 0 else { throw rejected(report, rejections) }
            let changes = try await complete(features, layer) + removals.map(FeatureChange.remove)
            let edit = try await registry.edit(layer.id, changes, version: version ?? layer.version)
            report.version = edit.record.version
            report.crs = layer.crs?.label
            report.identifiersAssigned = features.count { $0.feature.id < 1 }
            report.featuresRemoved = removals.count
            let elapsed = (ContinuousClock.now - started).components
            report.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
            report.recordsPerSecond = Double(report.recordsIn) / max(report.seconds, 0.000_001)
            return (report, edit.identifiers)
        } catch let error as ImportError {
            throw error
        } catch let error as ReaderError {
            throw ImportError(code: .sourceUnreadable, message: error.message, cause: error, report: report)
        } catch let error as RegistryError {
            throw ImportError(code: .registryFailed, message: error.message.both, cause: error, report: report)
        } catch {
            throw ImportError(code: .crsUnusable, message: "\(request.layer): \(error)", cause: error, report: report)
        }
    }

    private struct EditedFeature {
        /// In the layer's schema.
        var feature: Feature
        /// Positions in the schema of the fields that the source has.
        var stated: [Int]
    }

    private func read(
        _ reader: any FeatureReader, into layer: LayerRecord, _ report: inout ImportReport, _ rejections: inout [Diagnostic]
    ) throws -> [EditedFeature] {
        var records: [ReadRecord] = []
        while let record = try reader.next() { records.append(record) }
        let crs = try SourceCRS.judge(reader, sample: records, request: request)
        let sensitive = Set(layer.schema.fields.filter(\.isSensitive).map(\.name))
        var findings = ImportFindings(examplesPerKey: request.examplesPerKey, sensitiveFields: sensitive)
        if let notice = crs.notice { findings.notices.add(notice, source: reader.sourceName, at: SourceLocation(.feature(1))) }
        let positions = reader.schema.fields.map { layer.schema.index(of: $0.name) }
        for (field, position) in zip(reader.schema.fields, positions) where position == nil {
            findings.notices.add(.unknownField(field.name, layer.id), source: reader.sourceName, at: SourceLocation(.feature(1)))
        }
        let definition = LayerDefinition(id: layer.id, crs: layer.crs, schema: layer.schema)
        let intake = try RecordIntake(
            source: reader.sourceName, positions: Array(layer.schema.fields.indices), definition: definition,
            operation: try operation(from: crs.used, to: layer.crs), mends: manner.mendsGeometry)
        var account = ImportReport.Source(name: reader.sourceName, format: reader.format.rawValue)
        account.declaredCRS = crs.declaredText
        account.usedCRS = crs.used?.label
        var features: [EditedFeature] = []
        for record in records {
            account.recordsIn += 1
            if let feature = intake.take(Self.arranged(record, positions, layer.schema), findings: &findings) {
                account.featuresStored += 1
                features.append(EditedFeature(feature: feature, stated: positions.compactMap { $0 }))
            } else {
                account.recordsRejected += 1
            }
        }
        report.recordsIn += account.recordsIn
        report.featuresStored += account.featuresStored
        report.recordsRejected += account.recordsRejected
        report.sources.append(account)
        report.rejections += findings.rejections.sorted
        rejections += findings.rejections.kept
        report.repairs += findings.repairs.sorted
        report.notices += findings.notices.sorted
        return features
    }

    /// The record with its values in the order of the layer's fields.
    private static func arranged(_ record: ReadRecord, _ positions: [Int?], _ schema: FeatureSchema) -> ReadRecord {
        guard var feature = record.feature else { return record }
        var values = [PropertyValue](repeating: .null, count: schema.fields.count)
        for (value, position) in zip(feature.values, positions) {
            if let position { values[position] = value }
        }
        feature.values = values
        return ReadRecord(location: record.location, outcome: .feature(feature), notices: record.notices)
    }

    private func operation(from used: CRS?, to target: CRS?) throws(ReprojectionError) -> CoordinateOperation? {
        guard let used, let target, used != target else { return nil }
        return try CoordinateOperation(from: used, to: target, policy: request.policy)
    }

    /// What the source does not say stays as it is: the other fields, and the place in a source without places.
    private func complete(_ edited: [EditedFeature], _ layer: LayerRecord) async throws(RegistryError) -> [FeatureChange] {
        var query = FeatureQuery(layer: layer.id, ids: edited.map(\.feature.id).filter { $0 > 0 }, fields: .all)
        query.version = layer.version
        let known = Dictionary(uniqueKeysWithValues: try await registry.features(query).map { ($0.id, $0) })
        return edited.map { item in
            var feature = item.feature
            guard let former = known[feature.id] else { return .put(feature) }
            let stated = Set(item.stated)
            for i in feature.values.indices where !stated.contains(i) { feature.values[i] = former.values[i] }
            if manner.keepsPlace { feature.geometry = feature.geometry ?? former.geometry }
            return .put(feature)
        }
    }

    private func unknown() -> ImportError {
        ImportError(
            code: .registryFailed,
            message: LocalisedText(
                zh: "没有图层 \(request.layer) 可编辑；请先用 workmap import 导入",
                en: "there is no layer \(request.layer) to edit; import it first with workmap import").both)
    }

    private func rejected(_ report: ImportReport, _ rejections: [Diagnostic]) -> ImportError {
        var error = ImportError(
            code: .everythingRejected,
            message: LocalisedText(
                zh: "\(report.recordsIn) 条记录中有 \(report.recordsRejected) 条不能入库，此次编辑未作任何改动；请按报告改正后重试",
                en: "\(report.recordsRejected) of \(report.recordsIn) records cannot be stored, so nothing was changed; mend them as the report says and try again").both,
            report: report)
        error.rejections = rejections
        return error
    }
}

/// How an edit takes what it is given.
public struct EditManner: Hashable, Sendable {
    /// Whether a geometry that is not valid is repaired, as an import does; otherwise its record is rejected.
    public var mendsGeometry: Bool
    /// Whether a changed feature whose record has no place stays where it is; otherwise it loses its place.
    public var keepsPlace: Bool

    public init(mendsGeometry: Bool = true, keepsPlace: Bool = true) {
        self.mendsGeometry = mendsGeometry
        self.keepsPlace = keepsPlace
    }
}

extension Diagnostic {
    fileprivate static func unknownField(_ name: String, _ layer: String) -> Diagnostic {
        Diagnostic(
            key: "field-unknown", field: name,
            reason: .init(zh: "图层 \(layer) 没有此字段，其值已略去。", en: "Layer \(layer) has no such field; its values were left out."),
            suggestion: .init(zh: "请核对字段名；新增字段须重新导入图层。", en: "Check the name; a new field takes an import of the layer."))
    }
}
