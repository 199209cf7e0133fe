import HTTPTypes
import Hummingbird
import Wording

/// How the world reaches this service: what every address in a document begins with.
///
/// A stated public URL wins. Else it is what trusted proxies say in `Forwarded` (RFC 7239) or, where there is no such field,
/// in `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`; else the request's own `Host`. What a field says that somebody else
/// wrote is never looked at. Of several proxies in a row the outermost trusted one is believed: who wrote an element is the
/// sender that the next element names, and the last one was written by the peer of the connection.
struct PublicAddress {
    let settings: ServiceSettings

    /// For the request that is being answered; `nil` where no middleware has looked at it.
    @TaskLocal static var current: String?

    /// - Parameter peer: the address of the connection's other end; asked for where proxies are trusted.
    /// - Returns: such as `https://map.example.gov.cn/work`, without a slash at the end.
    /// - Throws: 400 for a host, scheme or prefix that cannot be one, 421 for a host that the operator does not allow.
    func base(of request: Request, peer: () -> String?) throws(ProblemError) -> String {
        if let stated = settings.publicURL { return Self.withoutSlash(stated) }
        let claim = settings.trustedProxies.isEmpty ? Claim() : try claim(of: request, peer: peer())
        let scheme = try Self.scheme(claim.scheme)
        let host = try host(claim.host ?? request.head.authority, isClaimed: claim.host != nil)
        let port = try claim.port.map(Self.port)
        let prefix = try Self.prefix(claim.prefix)
        return "\(scheme)://\(HostName(host: host, port: host.port ?? port).authority(scheme: scheme))\(prefix)"
    }

    private static func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }

    // MARK: What proxies say

    /// Of the request as the outermost trusted proxy got it.
    private struct Claim {
        var scheme: String?
        var host: String?
        var port: String?
        var prefix: String?
    }

    private func claim(of request: Request, peer: String?) throws(ProblemError) -> Claim {
        guard let peer, settings.trustedProxies.contains(where: { $0.contains(peer) }) else { return Claim() }
        if let text = Self.field("Forwarded", request) {
            guard let field = ForwardedField(text) else { throw Self.refusal("Forwarded", text) }
            let believed = believed(field.elements.map(\.sender))
            var claim = Claim()
            // The element of the proxy farthest out says how the world asked; those behind it may say the rest.
            for element in field.elements.suffix(believed).reversed() {
                claim.scheme = element.parameters["proto"] ?? claim.scheme
                claim.host = element.parameters["host"] ?? claim.host
            }
            claim.prefix = Self.list("X-Forwarded-Prefix", request).suffix(believed).first
            return claim
        }
        let senders = Self.list("X-Forwarded-For", request)
        let count = max(1, believed(senders.map { ForwardedField.address($0) }))
        func outermost(_ name: String) -> String? { Self.list(name, request).suffix(count).first }
        return Claim(
            scheme: outermost("X-Forwarded-Proto"), host: outermost("X-Forwarded-Host"), port: outermost("X-Forwarded-Port"),
            prefix: outermost("X-Forwarded-Prefix"))
    }

    /// How many of the last elements were written by trusted proxies; the peer, who wrote the last one, is one.
    ///
    /// - Parameter senders: the sender that each element names.
    private func believed(_ senders: [String?]) -> Int {
        var count = 0
        for sender in senders.reversed() {
            count += 1
            guard let sender, settings.trustedProxies.contains(where: { $0.contains(sender) }) else { break }
        }
        return count
    }

    /// All lines of a field as one (RFC 9110 section 5.3).
    private static func field(_ name: String, _ request: Request) -> String? {
        guard let name = HTTPField.Name(name) else { return nil }
        let lines = request.headers[values: name]
        return lines.isEmpty ? nil : lines.joined(separator: ", ")
    }

    private static func list(_ name: String, _ request: Request) -> [String] {
        (field(name, request) ?? "").split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    // MARK: What may stand in an address

    private static func scheme(_ text: String?) throws(ProblemError) -> String {
        switch text?.lowercased() {
        case nil, "http": return "http"
        case "https": return "https"
        case let other?: throw refusal("X-Forwarded-Proto", other)
        }
    }

    private func host(_ text: String?, isClaimed: Bool) throws(ProblemError) -> HostName {
        guard let text, !text.isEmpty else {
            // HTTP/1.0 has no Host: the address that the service listens on is as good as any.
            guard let own = HostName(settings.host.contains(":") ? "[\(settings.host)]:\(settings.port)" : "\(settings.host):\(settings.port)") else {
                throw Self.refusal("Host", "")
            }
            return own
        }
        guard let host = HostName(text) else { throw Self.refusal(isClaimed ? "X-Forwarded-Host" : "Host", text) }
        guard settings.allowedHosts.isEmpty || settings.allowedHosts.contains(host.host) else {
            throw ProblemError(
                421, .init(zh: "非本服务的主机名", en: "Misdirected request"),
                .init(
                    zh: "本服务不以 \(host.host) 为名；请用管理员设定的地址访问",
                    en: "this service is not known as \(host.host); use the address that its operator has set"))
        }
        return host
    }

    private static func port(_ text: String) throws(ProblemError) -> Int {
        guard let number = HostName.portNumber(text) else { throw refusal("X-Forwarded-Port", text) }
        return number
    }

    /// Bytes of the longest prefix.
    private static let longestPrefix = 200

    /// Without a slash at the end; empty for none.
    private static func prefix(_ text: String?) throws(ProblemError) -> String {
        guard let text, !text.isEmpty, text != "/" else { return "" }
        let path = withoutSlash(text)
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isPlain = segments.allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".."
                && segment.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                        true
                    default: false
                    }
                }
        }
        guard path.hasPrefix("/"), path.utf8.count <= longestPrefix, isPlain else { throw refusal("X-Forwarded-Prefix", text) }
        return path
    }

    private static func refusal(_ name: String, _ value: String) -> ProblemError {
        let shown = String(value.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
        return ProblemError(
            400, .init(zh: "请求头有误", en: "Bad request header"),
            .init(
                zh: "请求头 \(name) 的值“\(shown)”不能写进地址；请检查客户端或其前的代理",
                en: "the field \(name) says '\(shown)', which cannot stand in an address; check the client, or the proxy before it"))
    }
}
