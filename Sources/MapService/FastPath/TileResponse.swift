import HTTPTypes
import TileCache

/// What a tile says about itself in HTTP, the same on the fast path and through the router.
enum TileResponse {
    /// Header names that are ours.
    static let dataVersion = name("X-Data-Version")
    static let leftOut = name("X-Tile-Left-Out")
    static let allowOrigin = name("Access-Control-Allow-Origin")
    static let exposeHeaders = name("Access-Control-Expose-Headers")
    static let exposed = "ETag, X-Data-Version, X-Tile-Left-Out, Content-Crs, Link, Retry-After"

    static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }

    /// An empty vector tile is 204 and has no body; an empty picture is a transparent PNG like any other.
    static func status(of tile: EncodedTile) -> HTTPResponse.Status {
        tile.body.isEmpty ? .noContent : .ok
    }

    /// - Parameter sendsGzip: whether the body leaves as gzip (`false` when it is not, or was unpacked for a client
    ///   that does not take it).
    static func headers(of tile: EncodedTile, bodyLength: Int, sendsGzip: Bool) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(10)
        if !tile.body.isEmpty {
            fields[.contentType] = tile.format.mediaType
            fields[.contentLength] = String(bodyLength)
        }
        if sendsGzip { fields[.contentEncoding] = "gzip" }
        if tile.isGzip { fields[.vary] = "Accept-Encoding" }
        fields[.eTag] = tile.entityTag
        fields[.cacheControl] = "public, max-age=0, must-revalidate"
        fields[dataVersion] = String(tile.dataVersion)
        if !tile.leftOut.isEmpty {
            fields[leftOut] = tile.leftOut.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: ", ")
        }
        fields[allowOrigin] = "*"
        fields[exposeHeaders] = exposed
        return fields
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
