import Compression
import TileCache

/// Entity tags and packing of documents that are made for each request.
enum ContentTag {
    static func of(_ bytes: [UInt8]) -> String { EncodedTile.entityTag(of: bytes) }

    /// Weak comparison with a list of tags (RFC 9110 section 13.1.2).
    static func matches(_ ifNoneMatch: String, _ tag: String) -> Bool {
        ifNoneMatch == "*" || ifNoneMatch.split(separator: ",").contains { strong($0) == strong(tag[...]) }
    }

    private static func strong(_ tag: Substring) -> Substring {
        let bare = tag.drop { $0 == " " }
        let value = bare.hasPrefix("W/") ? bare.dropFirst(2) : bare
        return value.hasSuffix(" ") ? value.prefix { $0 != " " } : value
    }

    static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.contains("json") || type.contains("xml") || type.contains("javascript")
            || type.contains("protobuf")
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] { Compressor(level: 1).compress(bytes, format: .gzip) }
}
