import Crypto

/// What identifies the tiles of an archive whatever file holds them: the same for PMTiles and MBTiles, packed or not, in any
/// order, shared or repeated.
///
/// It is the SHA-256 over all runs in the order of `HilbertOrder`, each as long as neighbours have one content: the first
/// tile's number and the count as 64 bits, the higher byte first, then the SHA-256 of the unpacked content. Metadata do not
/// count.
public struct ArchiveContentHash: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    init(_ digest: SHA256Digest) { bytes = Array(digest) }

    /// Of 64 hexadecimal digits; `nil` for other text.
    public init?(_ text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    public var description: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// Hashes the runs of an archive as they come.
struct ContentHasher {
    private var hash = SHA256()
    private var pending: (first: UInt64, count: UInt64, digest: SHA256Digest)?

    /// - Parameter digest: of the unpacked content.
    mutating func append(first: UInt64, count: UInt64, digest: SHA256Digest) {
        if let run = pending, run.first + run.count == first, run.digest == digest {
            pending = (run.first, run.count + count, digest)
        } else {
            flush()
            pending = (first, count, digest)
        }
    }

    /// Of an archive without tiles.
    static let nothing = ArchiveContentHash(SHA256().finalize())

    private mutating func flush() {
        guard let run = pending else { return }
        for word in [run.first, run.count] { hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }) }
        hash.update(data: Array(run.digest))
        pending = nil
    }

    mutating func finish() -> ArchiveContentHash {
        flush()
        return ArchiveContentHash(hash.finalize())
    }
}

extension TileArchive {
    /// Reads every content once.
    ///
    /// - Throws: `corrupt`, `notAccessible`, `unknownKind`.
    public func contentHash() throws(TileArchiveError) -> ArchiveContentHash {
        var runs = try runs()
        var contents = TileContents(of: self)
        var hasher = ContentHasher()
        while let run = try runs.next() { hasher.append(first: run.first, count: run.count, digest: try contents.digest(run.bytes)) }
        return hasher.finish()
    }
}
