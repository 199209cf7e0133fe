import Glibc

/// Addresses with a common prefix, IPv4 or IPv6, as `10.0.0.0/8` writes them; without a length one address alone.
///
/// IPv4 addresses are kept as IPv6 has them (`::ffff:10.0.0.0`), so that a socket of either family is matched.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]
    /// Bits of the 128 that count.
    private let length: Int
    public let description: String

    /// `nil` for what is no address, or a length beyond it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        let isShort = !parts[0].contains(":")
        var length = 128
        if parts.count > 1 {
            guard let stated = Int(parts[1]), parts[1].allSatisfy(\.isNumber), (0...(isShort ? 32 : 128)).contains(stated) else { return nil }
            length = isShort ? 96 + stated : stated
        }
        self.bytes = bytes
        self.length = length
        description = text
    }

    /// Whether the address, without a port, lies in the range; `false` for what is none.
    public func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address) else { return false }
        for (index, (a, b)) in zip(bytes, other).enumerated() {
            let bits = min(8, length - index * 8)
            if bits <= 0 { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            if a & mask != b & mask { return false }
        }
        return true
    }

    /// Of an IPv6 address.
    private static let byteCount = 16

    /// Sixteen bytes; `nil` for what is no address.
    private static func bytes(of text: String) -> [UInt8]? {
        let isLong = text.contains(":")
        guard isLong || text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }) else { return nil }
        let mapped = isLong ? text : "::ffff:" + text
        // A zone such as %eth0 says where an address holds, not which it is.
        let plain = mapped.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { room, count in
            count = unsafe inet_pton(AF_INET6, String(plain), room.baseAddress) == 1 ? byteCount : 0
        }
        return bytes.isEmpty ? nil : bytes
    }
}
