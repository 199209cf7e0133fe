import HTTPTypes
import NIOCore
import TileCache
import TileProduction

/// Answers a request for a tile in memory from its raw bytes, ahead of the HTTP decoder.
///
/// Decoding a request, converting it, and encoding its response cost several times what such an answer is worth. The
/// door only takes what is beyond doubt: one read that is one whole `PlainRequest`, while no request of the connection
/// is with the router. Everything else passes untouched, and a connection that sends anything else than whole requests
/// one by one is left to the decoder for good.
final class TileDoor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = IOData

    private let lookup: FastTileHandler.Lookup
    private let metrics: Metrics
    private let exchange: TileExchange
    private let caching: CachingRules.Fields
    private var isOpen = true
    private var lastPassed = NIODeadline.now()

    /// The router's idle timer sees only what passes; a request now and then keeps it from closing a busy connection.
    private static let passesEvery = TimeAmount.seconds(30)

    init(
        exchange: TileExchange, metrics: Metrics, caching: CachingRules.Fields = TileResponse.usualCaching,
        lookup: @escaping FastTileHandler.Lookup
    ) {
        self.exchange = exchange
        self.caching = caching
        self.metrics = metrics
        self.lookup = lookup
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isOpen else {
            context.fireChannelRead(data)
            return
        }
        let bytes = unwrapInboundIn(data)
        guard exchange.isQuiet, let request = PlainRequest(bytes) else {
            isOpen = false
            context.fireChannelRead(data)
            return
        }
        if request.hasRawTarget {
            refuseRawTarget(context: context)
            return
        }
        let now = NIODeadline.now()
        guard now - lastPassed < Self.passesEvery, let path = request.path, let tile = lookup(path),
            !tile.isGzip || TileResponse.acceptsGzip(request.acceptEncoding)
        else {
            lastPassed = now
            exchange.isQuiet = false
            context.fireChannelRead(data)
            return
        }
        answer(request, for: path, with: tile, context: context)
    }

    private func refuseRawTarget(context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: TileResponse.headCapacity + RawTargetRefusal.bodyLength)
        RawTargetRefusal.write(date: exchange.date.now(), to: &buffer)
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
        metrics.record(route: "unrouted", status: RawTargetRefusal.status, bytes: RawTargetRefusal.bodyLength, seconds: 0)
        context.read()
    }

    private func answer(_ request: PlainRequest, for path: TilePath, with tile: EncodedTile, context: ChannelHandlerContext) {
        let isUnchanged = TileResponse.isUnchanged(tile, ifNoneMatch: request.ifNoneMatch)
        var buffer = context.channel.allocator.buffer(capacity: TileResponse.headCapacity + tile.body.count)
        TileResponse.writeHead(
            of: tile, isUnchanged: isUnchanged, date: exchange.date.now(), caching: caching,
            keys: caching.keys(of: TileService.Request(path)), to: &buffer)
        let sent = isUnchanged ? 0 : tile.body.count
        if sent > 0 { buffer.writeBytes(tile.body) }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
        metrics.recordTileHit(status: isUnchanged ? 304 : TileResponse.status(of: tile).code, bytes: sent)
        // Nothing went up the pipeline that would ask for the next request.
        context.read()
    }
}

/// What the door and the handler behind the decoder know together of one connection; lives on its event loop.
final class TileExchange {
    /// Whether every request that was passed on has its whole response.
    var isQuiet = true
    var date = DateStamp()
}
