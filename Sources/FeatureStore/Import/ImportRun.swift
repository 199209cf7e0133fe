internal import Reprojection
internal import SimpleFeatures
internal import Topology
internal import Wording

/// One import on its way: features in batches to the sinks and the writer, everything counted.
struct ImportRun {
    private let writer: any LayerWriter
    private let sinks: [any ImportSink]
    private let definition: LayerDefinition
    private let request: ImportRequest
    private let started: ContinuousClock.Instant
    private let expected: Expectation
    private let progress: (@Sendable (ImportProgress) -> Void)?
    private var report: ImportReport
    private var findings: ImportFindings
    private var identifiers = IdentifierAllocation()
    private var envelope = Envelope.empty
    private var batch: [Feature] = []
    private var positionsInBatch = 0
    /// The batch before, being written while this one is read.
    private var writing: Task<Void, any Error>?
    private var lastProgress: ContinuousClock.Instant

    private static let featuresAtOnce = 4_096
    private static let positionsAtOnce = 500_000

    /// How much all sources hold.
    struct Expectation {
        var bytes: Int64?

        init(_ readers: [any FeatureReader]) {
            bytes = readers.reduce(0) { sum, reader in
                guard let sum, let total = reader.totalBytes else { return nil }
                return sum + total
            }
        }
    }

    init(
        writer: any LayerWriter, sinks: [any ImportSink], definition: LayerDefinition, request: ImportRequest,
        report: ImportReport, started: ContinuousClock.Instant, expected: Expectation,
        progress: (@Sendable (ImportProgress) -> Void)?
    ) {
        self.writer = writer
        self.sinks = sinks
        self.definition = definition
        self.request = request
        self.report = report
        self.started = started
        self.expected = expected
        self.progress = progress
        lastProgress = started
        let sensitive = Set(definition.schema.fields.filter(\.isSensitive).map(\.name))
        findings = ImportFindings(examplesPerKey: request.examplesPerKey, sensitiveFields: sensitive)
    }

    // MARK: Taking

    mutating func take(_ source: LayerImporter.Source, positions: [Int]) async throws {
        let reader = source.reader
        var account = ImportReport.Source(name: reader.sourceName, format: reader.format.rawValue)
        account.declaredCRS = source.crs.declaredText
        account.usedCRS = source.crs.used?.label
        if let notice = source.crs.notice { findings.notices.add(notice, source: reader.sourceName, at: SourceLocation(.feature(1))) }
        let intake = try RecordIntake(
            source: reader.sourceName, positions: positions, definition: definition, operation: try operation(from: source.crs.used))
        for record in source.sample { try await take(record, intake, &account, reader) }
        while let record = try reader.next() { try await take(record, intake, &account, reader) }
        bytesBefore += reader.totalBytes ?? 0
        report.sources.append(account)
    }

    private var bytesBefore: Int64 = 0

    /// `nil` where positions are stored as they come.
    private func operation(from used: CRS?) throws -> CoordinateOperation? {
        guard let used, let target = definition.crs, used != target else { return nil }
        return try CoordinateOperation(from: used, to: target, policy: request.policy)
    }

    private mutating func take(
        _ record: ReadRecord, _ intake: borrowing RecordIntake, _ account: inout ImportReport.Source, _ reader: any FeatureReader
    ) async throws {
        account.recordsIn += 1
        report.recordsIn += 1
        guard var feature = intake.take(record, findings: &findings) else {
            account.recordsRejected += 1
            report.recordsRejected += 1
            return
        }
        let id = identifiers.allocate(feature.id)
        if id != feature.id { report.identifiersAssigned += 1 }
        feature.id = id
        if let geometry = feature.geometry {
            envelope.formUnion(geometry.envelope)
            positionsInBatch += geometry.coordinateCount
        } else {
            report.featuresWithoutGeometry += 1
        }
        account.featuresStored += 1
        report.featuresStored += 1
        batch.append(feature)
        if batch.count >= Self.featuresAtOnce || positionsInBatch >= Self.positionsAtOnce {
            try await flush()
            tell(reader)
        }
    }

    /// Hands the batch on; the writer works on it while the next one is read.
    private mutating func flush() async throws {
        try Task.checkCancellation()
        guard !batch.isEmpty else { return }
        let features = batch
        batch.removeAll(keepingCapacity: true)
        positionsInBatch = 0
        try await writing?.value
        let writer = writer
        writing = Task { try await writer.append(features) }
        for sink in sinks { try await sink.take(features) }
    }

    private mutating func tell(_ reader: any FeatureReader) {
        guard let progress else { return }
        let now = ContinuousClock.now
        guard now - lastProgress >= .milliseconds(250) else { return }
        lastProgress = now
        let seconds = (now - started).seconds
        let fraction = expected.bytes.flatMap { $0 > 0 ? min(1, Double(bytesBefore + reader.bytesRead) / Double($0)) : nil }
        progress(
            ImportProgress(
                source: reader.sourceName, recordsRead: report.recordsIn,
                recordsPerSecond: Double(report.recordsIn) / max(seconds, .leastNormalMagnitude), fraction: fraction,
                secondsRemaining: fraction.flatMap { $0 > 0.01 ? seconds * (1 - $0) / $0 : nil }))
    }

    // MARK: Ending

    mutating func commit() async throws -> ImportReport {
        try await flush()
        try await writing?.value
        close()
        if report.featuresStored == 0, report.recordsRejected > 0 {
            throw ImportError(
                code: .everythingRejected,
                message: "layer \(request.layer) stays as it was: each of \(report.recordsRejected) records was rejected, "
                    + "the most for \(report.rejections.first?.key ?? "no reason")",
                report: report)
        }
        for sink in sinks { try await sink.finish() }
        let record = try await writer.commit(reportJSON: try report.json())
        report.delivery = await writer.outcome().map { ImportReport.Delivery($0, isStaged: request.delivery.isStaged) }
        for sink in sinks { try await sink.commit(record) }
        return report
    }

    mutating func abandon() async {
        // What it threw is already on its way to the caller, or is told by the writer's own end.
        _ = await writing?.result
        for sink in sinks { await sink.abort() }
        do throws(RegistryError) {
            try await writer.abort()
        } catch {
            findings.notices.add(
                Diagnostic(
                    key: "abort-failed",
                    reason: error.message,
                    suggestion: .init(zh: "下次导入会清除残留。", en: "The next import clears away what is left.")),
                source: request.layer, at: SourceLocation(.feature(1)))
        }
        close()
    }

    private mutating func close() {
        report.rejections = findings.rejections.sorted
        report.repairs = findings.repairs.sorted
        report.notices = findings.notices.sorted
        report.envelope =
            envelope.isEmpty
            ? nil : ImportReport.Bounds(minX: envelope.minX, minY: envelope.minY, maxX: envelope.maxX, maxY: envelope.maxY)
        report.seconds = (ContinuousClock.now - started).seconds
        report.recordsPerSecond = Double(report.recordsIn) / max(report.seconds, 0.000_001)
    }

    /// Whatever ended the run, as the importer's own error.
    func wording(_ error: any Error) -> ImportError {
        switch error {
        case let error as ImportError: error
        case let error as ReaderError:
            ImportError(code: .sourceUnreadable, message: error.message, cause: error, report: report)
        case let error as RegistryError:
            ImportError(code: .registryFailed, message: error.message.both, cause: error, report: report)
        case let error as ReprojectionError:
            ImportError(code: .crsUnusable, message: error.message, cause: error, report: report)
        case is CancellationError:
            ImportError(code: .cancelled, message: "the import of \(request.layer) was stopped; the layer is as it was", report: report)
        default:
            ImportError(code: .derivationFailed, message: "\(request.layer): \(error)", cause: error, report: report)
        }
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
