import HTTPTypes
public import NIOCore
public import NIOHTTPTypes
public import TileCache
import TileProduction

/// Answers a request for a tile that is in memory before the request reaches the router.
///
/// The router costs about twice what such an answer is worth (an actor hop and a body stream each way). Only a
/// `GET` or `HEAD` whose tile is found here is answered; everything else passes through untouched. HTTP/1.1
/// pipelining keeps its order: while an earlier request of the connection is with the router, the next ones go
/// there too. What arrives as whole plain requests is answered before it is even decoded, by the `TileDoor` that this
/// handler puts in front of the decoder.
public final class FastTileHandler: ChannelDuplexHandler, RemovableChannelHandler {
    public typealias InboundIn = HTTPRequestPart
    public typealias InboundOut = HTTPRequestPart
    public typealias OutboundIn = HTTPResponsePart
    public typealias OutboundOut = HTTPResponsePart

    /// The tile for a path, if it is in memory now; must not block.
    public typealias Lookup = @Sendable (TilePath) -> EncodedTile?

    private let lookup: Lookup
    private let metrics: Metrics
    private let caching: CachingRules.Fields
    /// Requests passed on whose response has not ended.
    private var forwarded = 0
    /// Whether the rest of the current request belongs to an answer already given.
    private var swallows = false
    private var closesAfterwards = false
    private let exchange = TileExchange()

    public init(metrics: Metrics, caching: CachingRules = CachingRules(), lookup: @escaping Lookup) {
        self.metrics = metrics
        self.caching = caching.fields()
        self.lookup = lookup
    }

    public func handlerAdded(context: ChannelHandlerContext) {
        let door = TileDoor(exchange: exchange, metrics: metrics, caching: caching, lookup: lookup)
        do {
            try context.pipeline.syncOperations.addHandler(door, position: .first)
        } catch {
            // The connection is already closing; there is nothing left to answer.
            context.close(promise: nil)
        }
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            if forwarded == 0, let (path, tile) = tile(for: request) {
                swallows = true
                closesAfterwards = request.headerFields[.connection]?.lowercased() == "close"
                answer(request, for: path, with: tile, context: context)
            } else {
                forwarded += 1
                context.fireChannelRead(data)
            }
        case .body:
            if !swallows { context.fireChannelRead(data) }
        case .end:
            guard swallows else {
                context.fireChannelRead(data)
                return
            }
            swallows = false
            exchange.isQuiet = true
            // The response has left; the router's own reader is idle, so the next request is asked for here.
            if closesAfterwards { context.close(promise: nil) } else { context.read() }
        }
    }

    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        if case .end = part {
            forwarded -= 1
            exchange.isQuiet = forwarded == 0
        }
    }

    private func tile(for request: HTTPRequest) -> (TilePath, EncodedTile)? {
        guard request.method == .get || request.method == .head, let target = request.path,
            let path = TilePath(target: target), let tile = lookup(path),
            !tile.isGzip || TileResponse.acceptsGzip(request.headerFields[.acceptEncoding])
        else { return nil }
        return (path, tile)
    }

    private func answer(_ request: HTTPRequest, for path: TilePath, with tile: EncodedTile, context: ChannelHandlerContext) {
        let unchanged = TileResponse.isUnchanged(tile, ifNoneMatch: request.headerFields[.ifNoneMatch])
        let status = unchanged ? .notModified : TileResponse.status(of: tile)
        var fields = TileResponse.headers(
            of: tile, bodyLength: tile.body.count, sendsGzip: tile.isGzip, caching: caching,
            keys: caching.keys(of: TileService.Request(path)))
        fields[.date] = exchange.date.now()
        fields[.server] = MapApplication.serverName
        if unchanged { fields[.contentLength] = nil }
        if closesAfterwards { fields[.connection] = "close" }
        context.write(wrapOutboundOut(.head(HTTPResponse(status: status, headerFields: fields))), promise: nil)
        var sent = 0
        if status == .ok, request.method == .get {
            sent = tile.body.count
            var buffer = context.channel.allocator.buffer(capacity: sent)
            buffer.writeBytes(tile.body)
            context.write(wrapOutboundOut(.body(buffer)), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        metrics.recordTileHit(status: status.code, bytes: sent)
    }
}
