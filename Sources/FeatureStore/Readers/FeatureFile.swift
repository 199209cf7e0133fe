/// The door to every file format: what is in a file, and a reader for it.
public enum FeatureFile {
    /// Opens every layer of the file at `path`, or the one that `options.layer` names.
    ///
    /// The content decides, the extension only where the content leaves a choice: `.ndjson`, `.geojsonl`,
    /// `.geojsonseq` and `.jsonl` are sequences, `.csv`, `.tsv` and `.txt` are tables.
    /// - Throws: `ReaderError` that names the file and the formats that are known.
    public static func open(path: String, options: ReaderOptions = ReaderOptions()) throws(ReaderError) -> [any FeatureReader] {
        let source = try SourceBytes(path: path)
        switch try format(of: source, path: path) {
        case .archive: return try ShapefileArchive.open(source: source, options: options)
        case .known(.shapefile): return [try ShapefileReader(path: path, options: options)]
        case .known(.csv): return [try CSVReader(source: source, options: options)]
        case .known(.geoJSON), .known(.geoJSONSequence): return [try GeoJSONFileReader(path: path, options: options)]
        case .known(.geoPackage): return try GeoPackageFile.open(path: path, options: options)
        case .known(.geoTIFF):
            throw ReaderError(
                code: .formatUnknown,
                message: "\(path): an image; import it into a layer of imagery, such as --layer base.image, or state one with \"geometry\": \"Raster\" in layers.json")
        }
    }

    /// TIFF and BigTIFF, of either byte order.
    private static func isTIFF(_ head: [UInt8]) -> Bool {
        [[0x49, 0x49, 0x2A, 0], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2A], [0x4D, 0x4D, 0, 0x2B]].contains { head.starts(with: $0) }
    }

    private enum Content {
        case known(SourceFormat)
        case archive
    }

    private static func format(of source: SourceBytes, path: String) throws(ReaderError) -> Content {
        let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
        let start = source.lengthOfByteOrderMark
        let head = source.withBytes { bytes in
            var head: [UInt8] = []
            for p in start..<max(start, min(bytes.count, start + 64)) { head.append(bytes[p]) }
            return head
        }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .archive }
        if isTIFF(head) { return .known(.geoTIFF) }
        if head.starts(with: Array("SQLite format 3\0".utf8)) { return .known(.geoPackage) }
        if head.starts(with: [0, 0, 0x27, 0x0A]) || ["shp", "shx", "dbf", "prj", "cpg"].contains(ending) { return .known(.shapefile) }
        if ["csv", "tsv", "txt"].contains(ending) { return .known(.csv) }
        let first = head.first { $0 > 0x20 || $0 == GeoJSONLayout.recordSeparator }
        let isJSON = first == 0x7B || first == GeoJSONLayout.recordSeparator
        let isNamedJSON = ["json", "geojson", "ndjson", "geojsonl", "geojsons", "geojsonseq", "jsonl"].contains(ending)
        if isJSON || (isNamedJSON && first != nil) || source.wideEncoding != nil { return .known(.geoJSON) }
        throw ReaderError(
            code: source.count == 0 ? .contentDamaged : .formatUnknown,
            message: source.count == 0
                ? "\(path): the file is empty; transfer it again"
                : "\(path): not a format that is read; give .geojson, .ndjson, .shp, .zip of shapefiles, .csv or .gpkg")
    }
}
