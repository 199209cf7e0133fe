/// The shapefiles in a zip archive.
enum ShapefileArchive {
    /// One reader a shapefile, in name order; only the one called `options.layer` when that is given.
    static func open(source: SourceBytes, options: ReaderOptions) throws(ReaderError) -> [any FeatureReader] {
        let archive = try ZipArchive(source: source, limits: options.limits)
        let files = archive.entries.filter { !$0.name.hasPrefix("__MACOSX/") && !$0.name.hasSuffix("/") }
        func file(_ stem: String, _ ending: String) throws(ReaderError) -> SourceBytes? {
            guard let entry = files.first(where: { $0.name.lowercased() == "\(stem).\(ending)".lowercased() }) else { return nil }
            return try archive.unpack(entry)
        }
        let stems = files.map(\.name).filter { $0.lowercased().hasSuffix(".shp") }.map { String($0.dropLast(4)) }.sorted()
        guard !stems.isEmpty else {
            throw ReaderError(
                code: .partMissing, message: "\(source.name): the archive holds no .shp; pack the .shp, .dbf, .shx, .prj and .cpg together")
        }
        var readers: [any FeatureReader] = []
        for stem in stems {
            let layer = stem.split(separator: "/").last.map(String.init) ?? stem
            if let wanted = options.layer, wanted != layer { continue }
            guard let shapes = try file(stem, "shp") else { continue }
            let parts = try ShapefileReader.Parts(
                shapes: shapes, table: file(stem, "dbf"), projection: file(stem, "prj"), codePage: file(stem, "cpg"))
            readers.append(try ShapefileReader(parts: parts, options: options))
        }
        guard !readers.isEmpty else {
            throw ReaderError(
                code: .optionInvalid,
                message: "\(source.name): there is no layer \"\(options.layer ?? "")\"; the layers are \(stems.joined(separator: ", "))")
        }
        return readers
    }
}
