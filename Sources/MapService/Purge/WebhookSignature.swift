import Crypto
import FoundationEssentials

/// Proves to a receiver who a delivery is from and that nobody changed it.
///
/// `Webhook-Signature` follows Standard Webhooks 1.0 (`v1,` and the HMAC-SHA256 in Base64 of id, timestamp and body with dots
/// between), so that a delivery cannot be played again later; `X-Hub-Signature-256` is the plain HMAC-SHA256 of the body in
/// hexadecimal, which a line of shell can check.
struct WebhookSignature {
    let key: [UInt8]

    func fields(id: String, timestamp: Int, body: [UInt8]) -> [(name: String, value: String)] {
        [
            ("Webhook-Signature", "v1," + Data(code(Array("\(id).\(timestamp).".utf8) + body)).base64EncodedString()),
            ("X-Hub-Signature-256", "sha256=" + code(body).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()),
        ]
    }

    private func code(_ bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }
}
