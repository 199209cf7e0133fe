public import SimpleFeatures

/// A file of features that can be read only when it is whole; what it is built of lies in a scratch directory.
public protocol FileExport: AnyObject {
    /// What the format could not hold, so far.
    var tally: ExportTally { get }

    /// Takes the next features, positions in the layer's CRS and east first.
    ///
    /// - Throws: `ExportError`, `WriterError`.
    func append(_ features: [Feature]) throws

    /// Puts the file together.
    ///
    /// - Returns: its path, in the scratch directory.
    func finish() throws -> String
}

extension ExportFormat {
    /// A file of this format in the making.
    ///
    /// - Parameters:
    ///   - encoding: one of the format's.
    ///   - keepsDigits: of a table, as `CSVText` has it.
    ///   - directory: an empty one of its own, which the caller removes.
    public func begin(
        _ layer: ExportLayer, encoding: ExportEncoding, keepsDigits: Bool = false, in directory: String
    ) throws -> any FileExport {
        switch self {
        case .shapefile: try ShapefileExport(layer, encoding: encoding, directory: directory)
        case .geoPackage: try GeoPackageExport(layer, directory: directory)
        case .flatGeobuf: try FlatGeobufExport(layer, directory: directory)
        case .geoJSON, .geoJSONSequence, .newlineDelimited, .csv:
            try TextFileExport(layer, format: self, encoding: encoding, keepsDigits: keepsDigits, directory: directory)
        }
    }
}
