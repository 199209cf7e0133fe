public import FeatureStore
import Imagery
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
    /// What becomes of it as a version of the layer.
    public var delivery = DeliveryRequest()

    public init(layer: String, files: [String], readerOptions: ReaderOptions = ReaderOptions()) {
        self.layer = layer
        self.files = files
        self.readerOptions = readerOptions
    }
}

extension Installation {
    /// Imports files into a layer, its prepared file included: when this returns, the layer is served as it now is, or its
    /// version waits to be published.
    ///
    /// - Throws: `ImportError`, `ReaderError` or `ReprojectionError`; the layer is then as it was.
    public func importLayer(
        _ job: LayerImportRequest, progress: (@Sendable (ImportProgress) -> Void)? = nil
    ) async throws -> ImportReport {
        let request = try importRequest(job)
        if catalogue.layers[job.layer]?.isImagery == true {
            if job.delivery != DeliveryRequest() { try checkVersions(of: job.layer) }
            return try await importImagery(job, request, progress: progress)
        }
        let readers = try readers(of: job)
        let sinks: [any ImportSink] = [PreparingSink(installation: self), NameIndexingSink(installation: self)]
        return try await LayerImporter(registry: registry, request: request, sinks: sinks, progress: progress)
            .run(readers)
    }

    /// Changes single features of a layer: those of the files by their ids, those without id are added.
    ///
    /// - Parameters:
    ///   - removals: ids of features to remove.
    ///   - version: of the layer that the edit was made from; `nil` for whatever is there.
    /// - Throws: `ImportError`, `ReaderError` or `ReprojectionError`; the layer is then as it was.
    public func editLayer(_ job: LayerImportRequest, removals: [Int64], version: Int64? = nil) async throws -> ImportReport {
        guard catalogue.layers[job.layer]?.isImagery != true else {
            throw ImportError(
                code: .registryFailed,
                message: LocalisedText(
                    zh: "影像图层 \(job.layer) 不能逐要素编辑；请用 workmap import 导入影像",
                    en: "the layer of imagery \(job.layer) is not edited by feature; import images with workmap import").both)
        }
        return try await LayerEditor(registry: registry, request: importRequest(job))
            .run(try readers(of: job), removals: removals, version: version)
    }

    private func importRequest(_ job: LayerImportRequest) throws -> ImportRequest {
        let known = catalogue.layers[job.layer]
        var request = ImportRequest(layer: job.layer, title: job.title ?? known?.title.zh)
        request.crs = try job.crs.map { try CRS($0) }
        request.cityEnvelope = city.box
        request.acceptsRemoteData = job.acceptsRemoteData
        request.policy = policy
        request.encoding = job.readerOptions.encoding
        request.delivery = known?.isImagery == true ? .replacement : job.delivery
        request.sensitiveFields = job.sensitiveFields.union((known?.fields ?? []).filter(\.sensitive).map(\.name))
        let indexed = (known?.fields ?? []).filter(\.indexed).map(\.name)
        if !indexed.isEmpty { request.indexedFields = Set(indexed) }
        for field in known?.fields ?? [] { request.fieldTitles[field.name] = field.title }
        return request
    }

    private func readers(of job: LayerImportRequest) throws -> [any FeatureReader] {
        let known = catalogue.layers[job.layer]
        return try job.files.flatMap { file in
            try FeatureFile.open(path: file, options: job.readerOptions).map { reader in
                known.map { CataloguedReader(reader, layer: $0) } ?? reader
            }
        }
    }

    /// Images become the layer's archive, later ones over earlier ones; the registry gets what each of them covers.
    private func importImagery(
        _ job: LayerImportRequest, _ request: ImportRequest, progress: (@Sendable (ImportProgress) -> Void)?
    ) async throws -> ImportReport {
        let recognition = CRSRecognition(cityEnvelope: city.box, policy: policy)
        let readers = try job.files.map { try SheetReader(path: $0, stated: request.crs, recognition: recognition) }
        let sheets = readers.map { SheetSource(path: $0.path, crs: $0.crs) }
        let sink = ImagerySink(installation: self, sources: sheets, progress: progress)
        return try await LayerImporter(registry: registry, request: request, sinks: [sink], progress: progress).run(readers)
    }
}
