import TileCache
import TileProduction

/// What `Cache-Control` says of tiles (RFC 9111, RFC 5861).
///
/// Whatever is set here, a browser asks each time whether its tile is still the one, and is told so by a short 304. What an
/// operator may allow is that a proxy or CDN in front answers by itself for a while.
public struct CachingRules: Sendable, Hashable {
    /// Seconds for which a proxy may answer without asking.
    public var sharedMaxAge = 0
    /// Seconds after that in which it may answer with what it has while it asks.
    public var staleWhileRevalidate = 0
    /// Seconds after that in which it may answer with what it has where this service does not answer.
    public var staleIfError = 0
    /// Where a tile's surrogate keys stand; `nil` to leave them out.
    public var keyHeader: SurrogateKeyHeader?

    public init() {}

    /// Computed once for all tiles that nothing is amiss with.
    struct Fields: Sendable {
        let fresh: String
        /// Of a tile whose successor is being made: to be asked for again each time.
        let stale = CachingRules.revalidating
        /// Of a tile that is for this moment alone.
        let provisional = "no-store"
        let keyHeader: SurrogateKeyHeader?

        func field(of tile: EncodedTile) -> String { tile.isProvisional ? provisional : tile.isStale ? stale : fresh }

        /// The surrogate keys of a tile as their header has them; `nil` where they are left out.
        func keys(of tile: TileService.Request) -> String? {
            keyHeader.map { header in
                SurrogateKeys(map: tile.map, kind: DirtyTiles.Kind(tile.format)).all(tile.matrixSet, tile.address)
                    .joined(separator: header.separator)
            }
        }
    }

    static let revalidating = "public, max-age=0, must-revalidate"

    /// - Parameter isOpen: whether everybody may see the tiles; otherwise no shared cache keeps them.
    func fields(isOpen: Bool = true) -> Fields {
        guard isOpen else { return Fields(fresh: "private, max-age=0, must-revalidate", keyHeader: nil) }
        var parts = ["public", "max-age=0"]
        if sharedMaxAge > 0 { parts.append("s-maxage=\(sharedMaxAge)") }
        if staleWhileRevalidate > 0 { parts.append("stale-while-revalidate=\(staleWhileRevalidate)") }
        if staleIfError > 0 { parts.append("stale-if-error=\(staleIfError)") }
        // To say that nothing stale may be given would take the last two back.
        if staleWhileRevalidate == 0, staleIfError == 0 { parts.append("must-revalidate") }
        return Fields(fresh: parts.joined(separator: ", "), keyHeader: keyHeader)
    }
}
