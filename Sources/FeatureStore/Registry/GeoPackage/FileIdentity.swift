internal import Glibc

/// Which file a name leads to.
struct FileIdentity: Hashable {
    private var device: UInt64
    private var inode: UInt64

    /// `nil` where the name leads to none.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
