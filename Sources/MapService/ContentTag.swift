import Compression
import TileCache

/// Entity tags and packing of documents that are made for each request.
enum ContentTag {
    static func of(_ bytes: [UInt8]) -> String { EncodedTile.entityTag(of: bytes) }

    /// Weak comparison with a list of tags (RFC 9110 section 13.1.2).
    static func matches(_ ifNoneMatch: String, _ tag: String) -> Bool {
        ifNoneMatch == "*"
            || ifNoneMatch.split(separator: ",").contains { candidate in
                let bare = candidate.trimmingPrefix { $0 == " " }
                return bare == tag || bare == "W/" + tag
            }
    }

    static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.contains("json") || type.contains("xml") || type.contains("javascript")
            || type.contains("protobuf")
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] { Compressor(level: 1).compress(bytes, format: .gzip) }
}
