public import FeatureStore
import Reprojection
import SimpleFeatures
import Wording

/// What an operator asks an import to do.
public struct LayerImportRequest: Sendable {
    public var layer: String
    public var files: [String]
    public var title: String?
    /// As the operator wrote it; `nil` to believe the files.
    public var crs: String?
    public var readerOptions: ReaderOptions
    /// Whether data far from the city is taken when its CRS is stated.
    public var acceptsRemoteData = false
    /// Fields to withhold beyond those the catalogue names.
    public var sensitiveFields: Set<String> = []

    public init(layer: String, files: [String], readerOptions: ReaderOptions = ReaderOptions()) {
        self.layer = layer
        self.files = files
        self.readerOptions = readerOptions
    }
}

extension Installation {
    /// Imports files into a layer, its prepared file included: when this returns, the layer is served as it now is.
    ///
    /// - Throws: `ImportError`, `ReaderError` or `ReprojectionError`; the layer is then as it was.
    public func importLayer(
        _ job: LayerImportRequest, progress: (@Sendable (ImportProgress) -> Void)? = nil
    ) async throws -> ImportReport {
        let known = catalogue.layers[job.layer]
        var request = ImportRequest(layer: job.layer, title: job.title ?? known?.title.zh)
        request.crs = try job.crs.map { try CRS($0) }
        request.cityEnvelope = city.box
        request.acceptsRemoteData = job.acceptsRemoteData
        request.policy = policy
        request.encoding = job.readerOptions.encoding
        request.sensitiveFields = job.sensitiveFields.union((known?.fields ?? []).filter(\.sensitive).map(\.name))
        for field in known?.fields ?? [] { request.fieldTitles[field.name] = field.title }

        var readers: [any FeatureReader] = []
        for file in job.files {
            readers += try FeatureFile.open(path: file, options: job.readerOptions).map { reader in
                known.map { CataloguedReader(reader, layer: $0) } ?? reader
            }
        }
        let sinks: [any ImportSink] = [PreparingSink(installation: self), NameIndexingSink(installation: self)]
        return try await LayerImporter(registry: registry, request: request, sinks: sinks, progress: progress)
            .run(readers)
    }
}
