internal import Compression
internal import FeatureStore
public import TileCache
internal import VectorTiles

extension EncodedTile {
    /// A vector tile's layers that some collections give, with their counts and label points, in the order of the list.
    ///
    /// Made of the finished tile: caches hold the whole and nothing else. What rules left out is known of the whole alone, and not said.
    /// - Throws: for a tile that is no vector tile.
    public func selecting(_ collections: [String]) throws -> EncodedTile {
        precondition(format == .mvt, "pictures have no layers any more")
        guard !body.isEmpty else { return self }
        let whole = isGzip ? try Decompressor().decompress(body, format: .gzip, limit: Self.longestTile) : body
        let names = collections.flatMap { [$0, AggregateLayer.name(of: $0), LabelPointLayer.name(of: $0)] }
        let chosen = try VectorTileSelection.layers(names, of: whole)
        guard chosen != whole else { return self }
        let packed = chosen.isEmpty ? [] : Compressor(level: Self.level).compress(chosen, format: .gzip)
        var tile = EncodedTile(format: format, body: packed, isGzip: !packed.isEmpty, leftOut: [:], dataVersion: dataVersion)
        (tile.isEmpty, tile.isProvisional, tile.isStale) = (packed.isEmpty, isProvisional, isStale)
        return tile
    }

    private static let longestTile = 1 << 30
    /// Fast, for nobody keeps it.
    private static let level = 1
}
