import Glibc

/// What tells one state of a file from another without reading it.
public struct FileStamp: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    /// Bytes.
    public let size: UInt64
    /// Nanoseconds since 1970.
    public let modified: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = UInt64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    /// Of the file that has the name now.
    ///
    /// - Throws: `notAccessible`.
    public init(path: String) throws(TileArchiveError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw ArchiveFile.refusal(path) }
        self.init(status)
    }

    public var secondsSince1970: Int { Int(modified / 1_000_000_000) }

    /// A number that another state of the file does not have.
    public var version: UInt64 {
        // FNV-1a over the four words.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for word in [device, inode, size, UInt64(bitPattern: modified)] {
            for place in 0..<8 as Range<UInt64> {
                hash ^= word >> (8 * place) & 0xFF
                hash = hash &* 0x100_0000_01B3
            }
        }
        return hash
    }
}
