import Crypto
import Tiling

/// A row of `tiles` with its blob.
struct StoredTile {
    var id: Int64
    var seal: Int64
    var styleVersion: UInt64
    var dataVersion: UInt64
    var format: String
    var isGzip: Bool
    var isEmpty: Bool
    var madeOf: UInt64
    var leftOut: String
    /// `nil` where the blob is not there.
    var tag: String?
    var body: [UInt8]
}

/// What is found under a key.
public enum StoreFinding: Sendable {
    case fresh(EncodedTile)
    /// The tile as it was before a change of its data or style.
    case stale(EncodedTile)
    case none

    public var fresh: EncodedTile? { if case .fresh(let tile) = self { tile } else { nil } }
    public var stale: EncodedTile? { if case .stale(let tile) = self { tile } else { nil } }
}

/// What is stored does not agree with itself.
struct ContentDamage: Error, CustomStringConvertible {
    var description: String
}

extension StoredTile {
    /// The tile, when every byte of it is what was stored under this very key.
    ///
    /// - Throws: `ContentDamage` otherwise.
    func finding(for key: TileKey) throws -> StoreFinding {
        var stored = key
        (stored.styleVersion, stored.dataVersion) = (styleVersion, dataVersion)
        guard let tag, let format = TileFormat(storedName: format) else {
            throw ContentDamage(description: "tile \(id) has no content")
        }
        var tile = EncodedTile(format: format, body: body, isGzip: isGzip, leftOut: Self.counts(leftOut), dataVersion: madeOf)
        tile.isEmpty = isEmpty
        guard tile.entityTag == tag else { throw ContentDamage(description: "the bytes of tile \(id) are not those of \(tag)") }
        guard seal == StoredTile.seal(of: tile, for: stored) else {
            throw ContentDamage(description: "tile \(id) is not sealed for \(key.map)/\(key.matrixSet)/\(key.address)")
        }
        return stored == key ? .fresh(tile) : .stale(tile)
    }

    /// One number over the key, what is said of the tile and the hash of its bytes.
    static func seal(of tile: EncodedTile, for key: TileKey) -> Int64 {
        let address = key.address
        let text = [
            key.map, key.matrixSet, key.format.storedName, key.policyClass, "\(address.level)", "\(address.row)", "\(address.column)",
            "\(key.styleVersion)", "\(key.dataVersion)", tile.format.storedName, "\(tile.isGzip)", "\(tile.isEmpty)",
            "\(tile.dataVersion)", tile.leftOutText, tile.entityTag,
        ].joined(separator: "\0")
        return SHA256.hash(data: Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Reads `EncodedTile.leftOutText` back.
    private static func counts(_ text: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=")
            guard parts.count == 2, let count = Int(parts[1]) else { continue }  // the seal, over the text, will not fit
            counts[String(parts[0].trimmingPrefix(" "))] = count
        }
        return counts
    }
}

extension TileFormat {
    /// As a store's rows spell it.
    var storedName: String {
        switch self {
        case .mvt: "mvt"
        case .png(let ratio): "png@\(ratio)"
        case .jpeg(let ratio): "jpeg@\(ratio)"
        case .webp(let ratio): "webp@\(ratio)"
        case .mixed(let ratio): "mixed@\(ratio)"
        }
    }

    init?(storedName: String) {
        let parts = storedName.split(separator: "@")
        let ratio = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.first, ratio) {
        case ("mvt", nil): self = .mvt
        case ("png", let ratio?): self = .png(ratio: ratio)
        case ("jpeg", let ratio?): self = .jpeg(ratio: ratio)
        case ("webp", let ratio?): self = .webp(ratio: ratio)
        case ("mixed", let ratio?): self = .mixed(ratio: ratio)
        default: return nil
        }
    }
}
