import Foundation
import Glibc
import Testing

/// A running `workmap serve`, asked over the loopback.
final class LocalServer {
    private let program: Program.Running
    let port: UInt16

    struct NotListening: Error, CustomStringConvertible {
        var description: String
    }

    /// Starts it and waits until it listens.
    init(_ data: DataDirectory, _ options: [String] = []) throws {
        program = try Program.Running(["serve", "--data", data.path, "--port", "0", "--workers", "2"] + options)
        var port: UInt16?
        for _ in 0..<3000 where port == nil && program.isRunning {
            usleep(10_000)
            port = Self.port(in: try program.said)
        }
        guard let port else {
            program.end(SIGKILL)
            throw NotListening(description: try program.said)
        }
        self.port = port
    }

    var log: String { get throws { try program.said } }

    func kill() { program.end(SIGKILL) }

    /// As an operator stops it.
    func stop() { program.end(SIGTERM) }

    /// From `address=[IPv4]127.0.0.1/127.0.0.1:40001`.
    private static func port(in log: String) -> UInt16? {
        guard let line = log.split(separator: "\n").first(where: { $0.contains("listening") }),
            let address = line.range(of: "127.0.0.1:")
        else { return nil }
        return UInt16(line[address.upperBound...].prefix { $0.isNumber })
    }

    struct Answer {
        var status: Int
        var head: String
        var body: [UInt8]
    }

    /// - Returns: `nil` when the server went away before the whole answer came.
    func get(_ target: String) -> Answer? { Self.get(target, port: port) }

    /// - Returns: `nil` when the server went away before the whole answer came.
    func post(_ target: String, _ body: String) -> Answer? {
        Self.ask("POST \(target)", port: port, more: "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// A server that goes away must not take the test with it (MSG_NOSIGNAL).
    private static let noSignal: Int32 = 0x4000

    static func get(_ target: String, port: UInt16) -> Answer? { ask("GET \(target)", port: port, more: "\r\n") }

    /// - Parameter more: what follows the header fields that every request has, from the next field on.
    private static func ask(_ line: String, port: UInt16, more: String) -> Answer? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        guard unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return nil }
        let request = Array("\(line) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\(more)".utf8)
        guard unsafe send(socket, request, request.count, noSignal) == request.count else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return answer(bytes)
    }

    private static func answer(_ bytes: [UInt8]) -> Answer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        let body = Array(bytes[end.upperBound...])
        if let line = head.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix("content-length:") }),
            let length = Int(line.split(separator: " ").last ?? ""), length != body.count { return nil }
        return Answer(status: status, head: head, body: body)
    }
}
