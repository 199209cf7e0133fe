import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

@testable import MapService

/// The whole service on a loopback port of the operating system's choice, for the length of a test.
enum LoopbackServer {
    /// - Parameter body: given the port and a way to ask for the graceful stop that SIGTERM asks for.
    static func run<Value: Sendable>(
        _ service: ServiceContext, _ body: @Sendable (Int, @escaping @Sendable () async -> Void) async throws -> Value
    ) async throws -> Value {
        let application = try MapApplication(service)
        return try await run({ application.application(onListening: $0) }, logger: service.logger, body)
    }

    /// - Parameter make: the application, which tells its port to whom it is given.
    static func run<Value: Sendable>(
        _ make: (@escaping @Sendable (Int) async -> Void) -> some Service, logger: Logger,
        _ body: @Sendable (Int, @escaping @Sendable () async -> Void) async throws -> Value
    ) async throws -> Value {
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let application = make { port in
            told.yield(port)
            told.finish()
        }
        let group = ServiceGroup(services: [application], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { told.finish() }
                try await group.run()
            }
            guard let port = await ports.first(where: { _ in true }) else { throw NotListening() }
            let value: Value
            do {
                value = try await body(port) { await group.triggerGracefulShutdown() }
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }

    struct NotListening: Error {}
}

/// One TCP connection that speaks raw bytes.
enum RawConnection {
    /// Sends `text`, reads until the server closes or `isEnough` says so, and gives what was read.
    static func exchange(
        port: Int, sending text: String, until isEnough: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var bytes: [UInt8] = []
            for try await part in inbound {
                bytes += Array(part.readableBytesView)
                if isEnough(bytes) { break }
            }
            return bytes
        }
    }
}

/// Responses as they follow each other on a connection.
struct ResponseStream {
    struct Part: Sendable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
    }

    /// The complete responses at the start of `bytes`, whose bodies have stated lengths.
    static func parts(of bytes: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var rest = bytes[...]
        while let end = headEnd(rest) {
            let lines = String(decoding: rest[..<end], as: UTF8.self).components(separatedBy: "\r\n")
            guard let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") else { break }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let pair = line.split(separator: ":", maxSplits: 1)
                if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
            }
            let length = Int(headers["content-length"] ?? "0") ?? 0
            let start = end + 4
            guard rest.endIndex - start >= length else { break }
            parts.append(Part(status: status, headers: headers, body: Array(rest[start..<(start + length)])))
            rest = rest[(start + length)...]
        }
        return parts
    }

    private static func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (bytes.startIndex...(bytes.endIndex - 4)).first {
            bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
        }
    }
}
