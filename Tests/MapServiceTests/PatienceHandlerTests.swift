import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import MapService

/// Clients that send or take hardly anything, on a clock of the test's own.
@Suite struct PatienceHandlerTests {
    private static let head = HTTPRequestPart.head(HTTPRequest(method: .post, scheme: "http", authority: "x", path: "/"))

    private func connection() throws -> (EmbeddedChannel, EmbeddedEventLoop) {
        let loop = EmbeddedEventLoop()
        let channel = EmbeddedChannel(
            handler: PatienceHandler(limits: .init(body: .seconds(60), taking: .seconds(60)), logger: Logger(label: "test")), loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, loop)
    }

    @Test func aBodyThatTricklesIsNotWaitedFor() throws {
        let (channel, loop) = try connection()
        try channel.writeInbound(Self.head)
        for _ in 0..<5 {
            loop.advanceTime(by: .seconds(11))
            try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(string: "x")))
        }
        #expect(channel.isActive)
        loop.advanceTime(by: .seconds(6))
        #expect(!channel.isActive)
    }

    @Test func aWholeRequestMayBeAnsweredForLong() throws {
        let (channel, loop) = try connection()
        try channel.writeInbound(Self.head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        loop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        _ = try? channel.finish()
    }

    @Test func anAnswerThatIsNotTakenIsGivenUp() throws {
        let (channel, loop) = try connection()
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        loop.advanceTime(by: .seconds(59))
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        loop.advanceTime(by: .hours(1))
        #expect(channel.isActive, "it went on before its time was over")
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        loop.advanceTime(by: .seconds(61))
        #expect(!channel.isActive)
    }
}
