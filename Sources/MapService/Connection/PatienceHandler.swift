import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// Closes connections that hold a request open by sending or taking hardly anything.
///
/// Hummingbird's idle timer bounds the time until a whole head has come, but waits anew after every piece of a body and
/// never while an answer is on its way.
final class PatienceHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    struct Limits: Sendable {
        /// From a request's head to the end of its body.
        var body: TimeAmount = .seconds(60)
        /// Until what waits to be sent falls below the low-water mark (32 KiB) again.
        var taking: TimeAmount = .seconds(60)
    }

    private let limits: Limits
    private let logger: Logger
    private var body: Scheduled<Void>?
    private var taking: Scheduled<Void>?

    init(limits: Limits = Limits(), logger: Logger) {
        self.limits = limits
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            body?.cancel()
            body = close(context, after: limits.body, because: "the body of its request does not end")
        case .body: break
        case .end:
            body?.cancel()
            body = nil
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        taking?.cancel()
        taking = context.channel.isWritable ? nil : close(context, after: limits.taking, because: "it does not take its answer")
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    private func forget() {
        body?.cancel()
        taking?.cancel()
        (body, taking) = (nil, nil)
    }

    private func close(_ context: ChannelHandlerContext, after time: TimeAmount, because reason: Logger.MetadataValue) -> Scheduled<Void> {
        let (channel, logger) = (context.channel, logger)
        return context.eventLoop.scheduleTask(in: time) {
            logger.info(
                "closing the connection of a slow client",
                metadata: ["address": "\(channel.remoteAddress?.description ?? "?")", "reason": reason])
            channel.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension PatienceHandler: Sendable {}
