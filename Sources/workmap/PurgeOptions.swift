import ArgumentParser
import Foundation
import MapService

/// How caches in front of the service are told what not to give any more.
struct PurgeOptions: ParsableArguments {
    @Option(
        help: """
            清除通知的接收地址 Where purge notices are posted to, with commas between: a JSON document after every change, and one \
            about everything when the service starts.
            """)
    var purgeWebhook: String?

    @Option(help: "清除通知的签名密钥文件 A file with the secret that signs purge notices (HMAC-SHA256); readable by its owner alone.")
    var purgeSecretFile: String?

    @Option(
        help: """
            瓦片的缓存键写入的头 The header that tiles carry their surrogate keys in: Surrogate-Key (as with --purge-webhook), \
            Cache-Tag or xkey.
            """)
    var surrogateKeyHeader: String?

    func validate() throws {
        if let surrogateKeyHeader, SurrogateKeyHeader(named: surrogateKeyHeader) == nil {
            let known = SurrogateKeyHeader.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--surrogate-key-header is one of \(known), not \(surrogateKeyHeader)")
        }
        guard purgeSecretFile == nil || purgeWebhook != nil else {
            throw ValidationError("--purge-secret-file signs what --purge-webhook sends; name both")
        }
        for receiver in receivers { try Self.check(receiver) }
    }

    private var receivers: [String] { purgeWebhook.map { $0.split(separator: ",").map(String.init) } ?? [] }

    private static func check(_ receiver: String) throws {
        guard let url = URL(string: receiver), ["http", "https"].contains(url.scheme?.lowercased()), url.host()?.isEmpty == false else {
            throw ValidationError("--purge-webhook takes addresses such as https://cdn.example/purge, not \(receiver)")
        }
    }

    /// - Throws: where the secret cannot be had.
    func apply(to settings: inout ServiceSettings) throws {
        settings.purge.receivers = receivers
        settings.purge.secret = try purgeSecretFile.map { Array(try ProtectedFile.secret(in: $0).utf8) } ?? []
        let header = surrogateKeyHeader.flatMap(SurrogateKeyHeader.init(named:))
        settings.caching.keyHeader = header ?? (receivers.isEmpty ? nil : .surrogateKey)
    }
}

extension SurrogateKeyHeader {
    /// Header names are the same in capitals.
    fileprivate init?(named name: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else { return nil }
        self = found
    }
}
