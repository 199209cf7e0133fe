extension TileArchive {
    /// Writes the same tiles and metadata into another file, PMTiles or MBTiles by its name; vector tiles as gzip, pictures as
    /// they are.
    ///
    /// The same archive always gives the same bytes.
    ///
    /// - Returns: the content hash of both.
    /// - Throws: `corrupt`, `unknownKind`, `notAccessible`, `storageFull`; the name is not taken then.
    public func convert(to path: String) throws(TileArchiveError) -> ArchiveContentHash {
        let packing = TileContents.packing(of: description.kind)
        var writer = try TileArchiveWriter(path: path, kind: description.kind, packing: packing)
        var runs = try runs()
        var contents = TileContents(of: self)
        var hasher = ContentHasher()
        while var run = try runs.next() {
            hasher.append(first: run.first, count: run.count, digest: try contents.digest(run.bytes))
            run.bytes = try contents.stored(run.bytes, as: packing)
            try writer.append(run)
        }
        var description = description
        description.packing = packing
        try writer.finish(description)
        return hasher.finish()
    }
}
