/// The header in which a cache in front of the service looks for the names of an answer.
///
/// A tile has many addresses (XYZ, and WMTS in key-value pairs of any order); its surrogate keys are the same under all of
/// them, so a cache that is told a key forgets the tile wherever it came from.
public enum SurrogateKeyHeader: String, Sendable, Hashable, CaseIterable {
    /// Fastly; Varnish where its configuration copies the header to `xkey`.
    case surrogateKey = "Surrogate-Key"
    /// Cloudflare, Akamai's `Edge-Cache-Tag` by another name.
    case cacheTag = "Cache-Tag"
    /// Varnish with `vmod_xkey`.
    case xkey

    /// As the header's reader splits it.
    var separator: String {
        switch self {
        case .surrogateKey, .xkey: " "
        case .cacheTag: ","
        }
    }
}
