/// How a service runs; what an operator may set.
public struct ServiceSettings: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    public var port = 8080
    /// Bytes of finished tiles kept in memory.
    public var cacheBytes = 512 << 20
    /// Bytes of finished tiles kept on disk; 0 for none.
    public var storeBytes = 4096 << 20
    /// What caches between the service and its readers may do.
    public var caching = CachingRules()
    /// Who is told which tiles not to give any more.
    public var purge = PurgeSettings()
    /// Threads that make tiles.
    public var workers = 2
    /// Tiles that may wait to be made before further requests are refused.
    public var queueLimit = 256
    /// Pictures of any place that may wait to be drawn before further requests are refused.
    public var pictureQueueLimit = 32
    /// Sheets that may wait to be printed, one at a time, before further requests are refused.
    public var printQueueLimit = 2
    /// Bytes of finished pictures kept in memory.
    public var pictureCacheBytes = 64 << 20
    /// Tiles along the side of a raster job.
    public var metatile = 4
    /// What the world calls this service, such as `https://map.example.gov.cn`; `nil` to believe trusted proxies and
    /// else the request's Host.
    public var publicURL: String?
    /// Proxies whose `Forwarded` and `X-Forwarded-*` fields are believed.
    public var trustedProxies: [AddressRange] = []
    /// Names under which documents may be asked for, in lower case and without a port; empty for any.
    public var allowedHosts: Set<String> = []
    /// Square kilometres of a layer of surveyed data that one request may take away as a file; `nil` for no such limit.
    ///
    /// More than 25 contiguous square kilometres of large-scale map data are a matter of state secrets.
    public var exportSquareKilometres: Double? = 25
    /// Opens /admin to whoever has it; `nil` for this machine alone.
    public var adminToken: String?
    /// Whose features may be changed over HTTP by whoever has that token.
    public var editing = EditSettings()
    /// Where `maplibre-gl.js` and `maplibre-gl.css` lie.
    public var assets: String?

    public init() {}
}
