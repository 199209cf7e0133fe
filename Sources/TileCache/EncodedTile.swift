import Crypto

/// The finished bytes of one tile, with what a response says about them.
public struct EncodedTile: Sendable {
    public var format: TileFormat
    /// As it is stored and sent: gzip for vector tiles, the file itself for pictures. Empty for an empty vector tile.
    public var body: [UInt8]
    /// Whether `body` is gzip (`Content-Encoding: gzip`).
    public var isGzip: Bool
    /// Quoted, a strong validator of the content.
    public var entityTag: String
    /// Features that the rules of the map left out, by reason: of a vector tile with its buffer, of a picture those whose
    /// boxes meet the tile itself.
    public let leftOut: [String: Int]
    /// The same as text, `reason=count, …` by reason; empty for nothing.
    public let leftOutText: String
    /// The version of the data that changed it last; of a tile that is kept nowhere, that it was made from.
    public var dataVersion: UInt64
    /// Whether nothing is drawn on it: an empty vector tile, or a picture on which all is transparent.
    public var isEmpty = false
    /// Whether the next picture of the same data may differ, because the level's labels are still being placed: not to be
    /// kept by anybody.
    public var isProvisional = false
    /// Whether it is of a former version and its successor is being made: given because that is better than nothing.
    public var isStale = false

    /// - Parameter entityTag: of `body`, where it is known; it is not worked out again.
    public init(
        format: TileFormat, body: [UInt8], isGzip: Bool, leftOut: [String: Int], dataVersion: UInt64, entityTag: String? = nil
    ) {
        self.format = format
        self.body = body
        self.isGzip = isGzip
        self.leftOut = leftOut
        leftOutText = leftOut.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        self.dataVersion = dataVersion
        self.entityTag = entityTag ?? Self.entityTag(of: body)
    }

    /// The first 128 bits of the SHA-256 of `body`, in quotes (RFC 9110 section 8.8.3).
    public static func entityTag(of body: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = [0x22]
        for byte in SHA256.hash(data: body).prefix(16) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        text.append(0x22)
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether it is for this moment alone: kept in no tier.
    public var isPassing: Bool { isProvisional || isStale }

    /// Bytes it holds on to in memory, for budgets.
    var cost: Int { body.count + 256 }
}
