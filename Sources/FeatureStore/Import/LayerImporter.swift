internal import FoundationEssentials
internal import Reprojection
internal import SimpleFeatures
internal import Wording

/// Carries sources into one layer of a registry: judged, repaired, counted, and committed as a whole or not at all.
public struct LayerImporter {
    private let registry: any FeatureRegistry
    private let request: ImportRequest
    private let sinks: [any ImportSink]
    private let progress: (@Sendable (ImportProgress) -> Void)?

    /// - Parameter sinks: receive what is stored, in order.
    /// - Parameter progress: called a few times a second at most.
    public init(
        registry: any FeatureRegistry, request: ImportRequest, sinks: [any ImportSink] = [],
        progress: (@Sendable (ImportProgress) -> Void)? = nil
    ) {
        self.registry = registry
        self.request = request
        self.sinks = sinks
        self.progress = progress
    }

    /// Replaces the layer with everything that the readers give, in their order.
    ///
    /// Positions are stored in the first source's CRS, those of other sources converted to it.
    /// - Throws: `ImportError`; the layer is then as it was before.
    public func run(_ readers: [any FeatureReader]) async throws(ImportError) -> ImportReport {
        guard !readers.isEmpty else {
            throw ImportError(code: .nothingToRead, message: "there is no source to import into \(request.layer)")
        }
        let clock = ContinuousClock()
        let started = clock.now
        var report = ImportReport(layer: request.layer)
        report.startedAt = Date().formatted(.iso8601)
        let sources = try prepare(readers)
        let union = SchemaUnion(readers.map(\.schema), request: request)
        let definition = definition(union.schema, sources, readers)
        report.datumStatement = request.policy.statement
        report.crs = definition.crs?.label
        report.encoding = request.encoding
        let writer = try await begin(definition)
        report.version = writer.version
        var run = ImportRun(
            writer: writer, sinks: sinks, definition: definition, request: request, report: report, started: started,
            expected: ImportRun.Expectation(readers), progress: progress)
        do {
            for sink in sinks { try await sink.begin(definition, version: writer.version) }
            for (index, source) in sources.enumerated() {
                try await run.take(source, positions: union.positions[index])
            }
            return try await run.commit()
        } catch {
            await run.abandon()
            throw run.wording(error)
        }
    }

    /// A source with the records that were read to judge it.
    struct Source {
        var reader: any FeatureReader
        var sample: [ReadRecord]
        var crs: SourceCRS
    }

    private static let sampleSize = 500

    private func prepare(_ readers: [any FeatureReader]) throws(ImportError) -> [Source] {
        var sources: [Source] = []
        for reader in readers {
            var sample: [ReadRecord] = []
            do throws(ReaderError) {
                while sample.count < Self.sampleSize, let record = try reader.next() { sample.append(record) }
            } catch {
                throw ImportError(code: .sourceUnreadable, message: error.message, cause: error)
            }
            sources.append(Source(reader: reader, sample: sample, crs: try SourceCRS.judge(reader, sample: sample, request: request)))
        }
        return sources
    }

    private func definition(
        _ schema: FeatureSchema, _ sources: [Source], _ readers: [any FeatureReader]
    ) -> LayerDefinition {
        let first = sources.lazy.compactMap(\.crs.used).first
        return LayerDefinition(
            id: request.layer, title: request.title, crs: first.map { $0.isObfuscated ? .cgcs2000 : $0 }, schema: schema,
            sourceNames: readers.map(\.sourceName), indexedFields: request.indexedFields)
    }

    private func begin(_ definition: LayerDefinition) async throws(ImportError) -> any LayerWriter {
        do throws(RegistryError) {
            return try await registry.beginReplacement(of: definition, as: request.delivery)
        } catch {
            throw ImportError(code: .registryFailed, message: error.message.both, cause: error)
        }
    }
}
