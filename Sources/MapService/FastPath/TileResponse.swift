import HTTPTypes
import NIOCore
import TileCache

/// What a tile says about itself in HTTP, the same on the fast path and through the router.
enum TileResponse {
    /// Header names that are ours.
    static let dataVersion = name("X-Data-Version")
    static let leftOut = name("X-Tile-Left-Out")
    /// `provisional` on a picture whose labels were placed for its metatile alone, because the level's plan is being made.
    static let labels = name("X-Labels")
    /// `stale` on a tile as it was before a change, because the new one is not to be had yet.
    static let freshness = name("X-Tile-Freshness")
    static let allowOrigin = name("Access-Control-Allow-Origin")
    static let exposeHeaders = name("Access-Control-Expose-Headers")
    static let exposed = "ETag, Accept-Ranges, Content-Range, X-Data-Version, X-Tile-Left-Out, X-Labels, X-Tile-Freshness, Content-Crs, Link, Location, Preference-Applied, Retry-After"

    static let cacheControl = CachingRules.revalidating
    /// Where no operator says otherwise.
    static let usualCaching = CachingRules().fields()
    /// Bytes that hardly a head exceeds: the fixed fields, a tag, three numbers, the reasons with their counts, surrogate keys.
    static let headCapacity = 1280

    static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }

    /// An empty vector tile is 204 and has no body; an empty picture is a transparent PNG like any other.
    static func status(of tile: EncodedTile) -> HTTPResponse.Status {
        tile.body.isEmpty ? .noContent : .ok
    }

    /// - Parameters:
    ///   - sendsGzip: whether the body leaves as gzip (`false` when it is not, or was unpacked for a client that does not
    ///     take it).
    ///   - keys: the tile's surrogate keys, as `caching` has them.
    static func headers(
        of tile: EncodedTile, bodyLength: Int, sendsGzip: Bool, caching: CachingRules.Fields = usualCaching, keys: String? = nil
    ) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(11)
        if !tile.body.isEmpty {
            fields[.contentType] = tile.format.mediaType
            fields[.contentLength] = String(bodyLength)
        }
        if sendsGzip { fields[.contentEncoding] = "gzip" }
        if tile.isGzip { fields[.vary] = "Accept-Encoding" }
        fields[.eTag] = tile.entityTag
        fields[.cacheControl] = caching.field(of: tile)
        if let keys, let header = caching.keyHeader { fields[name(header.rawValue)] = keys }
        if tile.isProvisional { fields[labels] = "provisional" }
        if tile.isStale { fields[freshness] = "stale" }
        fields[dataVersion] = String(tile.dataVersion)
        if !tile.leftOut.isEmpty {
            fields[leftOut] = tile.leftOutText
        }
        fields[allowOrigin] = "*"
        fields[exposeHeaders] = exposed
        return fields
    }

    /// Writes status line and fields of an answer as `headers` has them, in wire form.
    static func writeHead(
        of tile: EncodedTile, isUnchanged: Bool, date: String, caching: CachingRules.Fields = usualCaching, keys: String? = nil,
        to buffer: inout ByteBuffer
    ) {
        let isEmpty = tile.body.isEmpty
        buffer.writeStaticString(
            isUnchanged ? "HTTP/1.1 304 Not Modified\r\n" : isEmpty ? "HTTP/1.1 204 No Content\r\n" : "HTTP/1.1 200 OK\r\n")
        write("Date: ", date, to: &buffer)
        write("Server: ", MapApplication.serverName, to: &buffer)
        if !isEmpty {
            write("Content-Type: ", tile.format.mediaType, to: &buffer)
            if !isUnchanged { write("Content-Length: ", String(tile.body.count), to: &buffer) }
        }
        if tile.isGzip { buffer.writeStaticString("Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n") }
        write("ETag: ", tile.entityTag, to: &buffer)
        write("Cache-Control: ", caching.field(of: tile), to: &buffer)
        if let keys, let header = caching.keyHeader { buffer.writeString("\(header.rawValue): \(keys)\r\n") }
        if tile.isProvisional { buffer.writeStaticString("X-Labels: provisional\r\n") }
        if tile.isStale { buffer.writeStaticString("X-Tile-Freshness: stale\r\n") }
        write("X-Data-Version: ", String(tile.dataVersion), to: &buffer)
        if !tile.leftOut.isEmpty { write("X-Tile-Left-Out: ", tile.leftOutText, to: &buffer) }
        buffer.writeStaticString("Access-Control-Allow-Origin: *\r\n")
        write("Access-Control-Expose-Headers: ", exposed, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    private static func write(_ name: StaticString, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(name)
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    /// Whether `If-None-Match` names the tile (RFC 9110 section 13.1.2, weak comparison).
    static func isUnchanged(_ tile: EncodedTile, ifNoneMatch: String?) -> Bool {
        guard let ifNoneMatch else { return false }
        if ifNoneMatch == tile.entityTag { return true }
        return ifNoneMatch.split(separator: ",").contains { candidate in
            let tag = candidate.trimmingPrefix { $0 == " " }
            return tag == "*" || tag == tile.entityTag || tag == "W/" + tile.entityTag
        }
    }

    /// Whether the client takes gzip: named without `q=0`, or everything is.
    static func acceptsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let coding = parts.first, coding == "gzip" || coding == "*" || coding == "x-gzip" else { return false }
            return !parts.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" || $0 == "q=0.00" || $0 == "q=0.000" }
        }
    }
}
