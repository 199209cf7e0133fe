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
}
