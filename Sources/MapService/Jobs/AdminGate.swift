import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import Wording

/// Who may ask for what changes the installation: this machine itself, and whoever has the token.
struct AdminGate {
    /// `nil` where nobody but this machine may.
    let token: String?

    /// Whether the request has the token; nobody has one where there is none.
    func hasToken(_ request: Request) -> Bool {
        guard let token, let given = Self.bearer(request) else { return false }
        return Self.isEqual(given, token)
    }

    /// - Throws: 401 where a token would open, else 403.
    func check(_ request: Request, from address: SocketAddress?) throws(ProblemError) {
        if hasToken(request) { return }
        // A proxy on this machine speaks for others, and so does a page in a browser on it.
        let isForOthers = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Origin"].contains { name in
            HTTPField.Name(name).map { request.headers[$0] != nil } ?? false
        }
        if !isForOthers, Self.isLoopback(address) { return }
        throw ProblemError(
            token == nil ? 403 : 401, LocalisedText(zh: "无权管理", en: "Not allowed"),
            LocalisedText(
                zh: "/admin 只接受本机的直接请求，或带有管理令牌（--admin-token-file）的请求：Authorization: Bearer …",
                en: "/admin takes requests made directly from this machine, or with the operator's token (--admin-token-file): Authorization: Bearer …"))
    }

    private static func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        return String(header.dropFirst(7)).filter { $0 != " " }
    }

    /// Takes as long for a token that is nearly right.
    private static func isEqual(_ a: String, _ b: String) -> Bool {
        let (x, y) = (Array(SHA256.hash(data: Array(a.utf8))), Array(SHA256.hash(data: Array(b.utf8))))
        return zip(x, y).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func isLoopback(_ address: SocketAddress?) -> Bool {
        guard let ip = address?.ipAddress else { return false }
        return ip.hasPrefix("127.") || ip == "::1" || ip.hasPrefix("::ffff:127.")
    }
}
