import HTTPTypes
import NIOCore
import TileCache
import Testing

@testable import MapService

/// What an answer says about its tile, by the router and by the fast path alike.
struct TileResponseTests {
    private func tile(isProvisional: Bool) -> EncodedTile {
        var tile = EncodedTile(format: .png(ratio: 1), body: [1, 2, 3], isGzip: false, leftOut: ["density": 2], dataVersion: 7)
        tile.isProvisional = isProvisional
        return tile
    }

    private func head(_ tile: EncodedTile) -> String {
        var buffer = ByteBuffer()
        TileResponse.writeHead(of: tile, isUnchanged: false, date: "today", to: &buffer)
        return String(buffer: buffer)
    }

    @Test func aProvisionalPictureIsKeptByNobody() throws {
        let fields = TileResponse.headers(of: tile(isProvisional: true), bodyLength: 3, sendsGzip: false)
        #expect(fields[.cacheControl] == "no-store")
        #expect(fields[TileResponse.labels] == "provisional")
        let head = head(tile(isProvisional: true))
        #expect(head.contains("Cache-Control: no-store\r\n") && head.contains("X-Labels: provisional\r\n"))
    }

    @Test func anyOtherPictureSaysNothingOfItsLabels() throws {
        let fields = TileResponse.headers(of: tile(isProvisional: false), bodyLength: 3, sendsGzip: false)
        #expect(fields[.cacheControl] == TileResponse.cacheControl)
        #expect(fields[TileResponse.labels] == nil)
        #expect(!head(tile(isProvisional: false)).contains("X-Labels:"))
    }

    /// Said alike by the router and by the fast path.
    @Test func anOldTileSaysSoAndIsAskedForAgain() {
        var old = tile(isProvisional: false)
        old.isStale = true
        var rules = CachingRules()
        rules.sharedMaxAge = 60
        let fields = TileResponse.headers(of: old, bodyLength: 3, sendsGzip: false, caching: rules.fields())
        #expect(fields[TileResponse.freshness] == "stale" && fields[.cacheControl] == "public, max-age=0, must-revalidate")
        #expect(fields[.eTag] == old.entityTag)
        let head = head(old)
        #expect(head.contains("X-Tile-Freshness: stale\r\n") && head.contains("Cache-Control: public, max-age=0, must-revalidate\r\n"))
        #expect(TileResponse.headers(of: tile(isProvisional: false), bodyLength: 3, sendsGzip: false)[TileResponse.freshness] == nil)
        #expect(TileResponse.exposed.contains("X-Tile-Freshness"))
    }

    @Test(arguments: [
        (0, 0, 0, "public, max-age=0, must-revalidate"), (60, 0, 0, "public, max-age=0, s-maxage=60, must-revalidate"),
        (60, 30, 86_400, "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400"),
        (0, 0, 600, "public, max-age=0, stale-if-error=600"),
    ]) func whatProxiesMayDo(age: Int, whileRevalidate: Int, ifError: Int, text: String) {
        var rules = CachingRules()
        (rules.sharedMaxAge, rules.staleWhileRevalidate, rules.staleIfError) = (age, whileRevalidate, ifError)
        let usual = tile(isProvisional: false)
        #expect(TileResponse.headers(of: usual, bodyLength: 3, sendsGzip: false, caching: rules.fields())[.cacheControl] == text)
        var buffer = ByteBuffer()
        TileResponse.writeHead(of: usual, isUnchanged: true, date: "today", caching: rules.fields(), to: &buffer)
        #expect(String(buffer: buffer).contains("Cache-Control: \(text)\r\n"))
        #expect(rules.fields(isOpen: false).field(of: usual) == "private, max-age=0, must-revalidate")
        #expect(rules.fields().field(of: tile(isProvisional: true)) == "no-store")
    }
}
