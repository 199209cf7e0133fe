public import FeatureStore
import FoundationEssentials
import Glibc
public import Reprojection
public import SimpleFeatures
import Wording

/// Which features of a layer become a file, and how.
public struct LayerExportRequest: Sendable {
    public var layer: String
    /// The file to write; one that is there is replaced when the new one is whole.
    public var path: String
    public var format: ExportFormat
    /// Of the positions in the file.
    public var crs: CRS
    /// Only features with a position in this box, in `boxCRS`, east first; `nil` for all.
    public var box: Envelope?
    public var boxCRS = CRS.crs84
    /// One of the format's.
    public var encoding: ExportEncoding
    /// Of a table, as `CSVText` has it.
    public var keepsDigits = false

    public init(layer: String, path: String, format: ExportFormat, crs: CRS, encoding: ExportEncoding) {
        self.layer = layer
        self.path = path
        self.format = format
        self.crs = crs
        self.encoding = encoding
    }
}

extension Installation {
    /// Features read between two pieces of a file.
    private static let runLength = 1000

    /// Writes the features of a layer, as everybody may see them, to a file: without sensitive fields, and nothing of what is
    /// withheld or shown as aggregates only.
    ///
    /// - Throws: `layerUnknown`, `fieldSensitive` for a layer that is not shown feature by feature, `ReprojectionError`,
    ///   `ExportError` and `WriterError`; nothing is left behind then.
    public func exportLayer(_ request: LayerExportRequest) async throws -> ExportTally {
        guard let record = try await registry.layer(request.layer) else {
            throw RegistryError(
                code: .layerUnknown,
                message: .init(zh: "登记库中没有图层 \(request.layer)", en: "the registry has no layer \(request.layer)"))
        }
        let definition = catalogue.definition(of: record.id, title: record.title, schema: record.schema, dimension: record.dimension)
        guard definition.isServedByFeature else {
            throw RegistryError(
                code: .fieldSensitive,
                message: .init(
                    zh: "\(definition.title.zh)（\(record.id)）属 \(definition.access.rawValue) 级，仅以汇总数上图，不逐个导出",
                    en: "\(definition.title.en) (\(record.id)) is of class \(definition.access.rawValue); it is shown as aggregates only and not exported"))
        }
        let fields = record.schema.fields.indices.filter { definition.isOpen(record.schema.fields[$0]) }
        let stored = record.crs ?? request.crs
        let operation = try CoordinateOperation(from: stored, to: request.crs, policy: policy)
        let scratch = "\(request.path).\(ProcessInfo.processInfo.processIdentifier).part"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        var tally = ExportTally()
        do {
            let file = try request.format.begin(
                ExportLayer(record, as: definition, fields: fields, crs: request.crs), encoding: request.encoding,
                keepsDigits: request.keepsDigits, in: scratch)
            var query = FeatureQuery(layer: record.id, envelope: try box(request, stored), fields: .some(fields))
            query.exclusions = definition.exclusions
            query.version = record.version
            let ids = try await registry.identifiers(query)
            var unplaced = 0
            for start in stride(from: 0, to: ids.count, by: Self.runLength) {
                var page = FeatureQuery(layer: record.id, fields: .some(fields))
                page.version = record.version
                page.ids = Array(ids[start..<min(start + Self.runLength, ids.count)])
                let features = try await registry.features(page).map { feature in
                    Feature(id: feature.id, geometry: feature.geometry, values: fields.map { feature.values[$0] })
                }
                try file.append(operation.carry(features, unplaced: &unplaced))
            }
            let made = try file.finish()
            tally = file.tally
            tally.unplaced = unplaced
            try Self.place(made, at: request.path)
        } catch {
            try FileManager.default.removeItem(atPath: scratch)
            throw error
        }
        try FileManager.default.removeItem(atPath: scratch)
        return tally
    }

    private func box(_ request: LayerExportRequest, _ stored: CRS) throws -> Envelope? {
        guard let box = request.box else { return nil }
        return try CoordinateOperation(from: request.boxCRS, to: stored, policy: policy).transform(box) ?? .empty
    }

    private static func place(_ file: String, at path: String) throws {
        guard unsafe rename(file, path) == 0 else {
            throw WriterError(
                code: .fileNotWritable, message: "\(path): \(unsafe String(cString: strerror(errno))); check the folder and its permissions")
        }
    }
}
