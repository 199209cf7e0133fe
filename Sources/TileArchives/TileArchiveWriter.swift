import Wording

/// Writes an archive of the kind that its name ends in.
public struct TileArchiveWriter: ~Copyable {
    private var pmtiles: PMTilesWriter?
    private var mbtiles: MBTilesWriter?

    /// - Parameter path: ends in `.pmtiles` or `.mbtiles`.
    /// - Throws: `unknownKind` for other names, `notAccessible`, `storageFull`.
    public init(path: String, kind: ArchivedTileKind, packing: ArchivedTilePacking) throws(TileArchiveError) {
        if path.hasSuffix(".pmtiles") {
            pmtiles = try PMTilesWriter(path: path, kind: kind, packing: packing)
        } else if path.hasSuffix(".mbtiles") {
            mbtiles = try MBTilesWriter(path: path)
        } else {
            throw TileArchiveError(
                code: .unknownKind,
                message: .init(
                    zh: "要写的档案 \(path) 须以 .pmtiles 或 .mbtiles 结尾", en: "the archive to write, \(path), must end in .pmtiles or .mbtiles"))
        }
    }

    /// Adds a run, which must follow the last one.
    ///
    /// - Throws: `notStorable` where it does not; else as `init`.
    public mutating func append(_ run: TileRun) throws(TileArchiveError) {
        if pmtiles != nil { try pmtiles?.append(run) }
        if mbtiles != nil { try mbtiles?.append(run) }
    }

    /// Writes the rest and gives the file its name.
    public mutating func finish(_ description: TileArchiveDescription) throws(TileArchiveError) {
        if pmtiles != nil { try pmtiles?.finish(description) }
        if mbtiles != nil { try mbtiles?.finish(description) }
    }
}
