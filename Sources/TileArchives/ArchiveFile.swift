internal import CFilePages
import Glibc
import Wording

/// A file that is read by position, from any thread.
///
/// Reading, not mapping: a file that is cut short while it is served gives an error and not a signal.
@safe
public final class ArchiveFile: Sendable {
    public let path: String
    public let length: UInt64
    private let descriptor: Int32

    /// - Throws: `notAccessible`.
    public init(path: String) throws(TileArchiveError) {
        self.path = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveFile.refusal(path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let error = ArchiveFile.refusal(path)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        length = UInt64(status.st_size)
    }

    deinit { close(descriptor) }

    /// What the file is now, which may have lost its name to another.
    ///
    /// - Throws: `notAccessible`.
    public var stamp: FileStamp {
        get throws(TileArchiveError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw ArchiveFile.refusal(path) }
            return FileStamp(status)
        }
    }

    /// Reads `count` bytes from `offset` on.
    ///
    /// - Throws: `corrupt` where the file ends before, `notAccessible`.
    public func read(at offset: UInt64, count: Int) throws(TileArchiveError) -> [UInt8] {
        let (end, overflows) = offset.addingReportingOverflow(UInt64(count))
        guard !overflows, end <= length else {
            throw .corrupt(
                path, zh: "要读 \(offset) 起 \(count) 字节，而文件只有 \(length) 字节",
                en: "\(count) bytes are wanted from \(offset) on and the file has \(length)")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let n = unsafe bytes.withUnsafeMutableBytes { target in
                unsafe pread(descriptor, target.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset) + off_t(done))
            }
            if n < 0, errno == EINTR { continue }
            guard n > 0 else {
                throw n < 0 ? ArchiveFile.refusal(path) : .corrupt(path, zh: "文件被截短", en: "the file has been cut short")
            }
            done += n
        }
        return bytes
    }

    /// As `read`, where the system has all of the bytes in memory; never waits for a disk.
    ///
    /// - Returns: `nil` where somebody has to wait, or `read` has something to say.
    func readAtHand(at offset: UInt64, count: Int) -> [UInt8]? {
        let (end, overflows) = offset.addingReportingOverflow(UInt64(count))
        guard !overflows, end <= length else { return nil }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, done in
            done = max(0, unsafe file_pages_read(descriptor, target.baseAddress, count, off_t(offset)))
        }
        return bytes.count == count ? bytes : nil
    }

    static func refusal(_ path: String, writing: Bool = false, _ number: Int32 = errno) -> TileArchiveError {
        let cause = unsafe String(cString: strerror(number))
        let isFull = number == ENOSPC || number == EDQUOT
        return TileArchiveError(
            code: isFull ? .storageFull : .notAccessible,
            message: writing
                ? LocalisedText(
                    zh: "瓦片档案 \(path) 无法写入（\(cause)）；请检查目录、权限和磁盘空间",
                    en: "the tile archive \(path) cannot be written (\(cause)); check the directory, its permissions and the room on the disk")
                : LocalisedText(
                    zh: "瓦片档案 \(path) 无法读取（\(cause)）；请检查路径和权限",
                    en: "the tile archive \(path) cannot be read (\(cause)); check the path and its permissions"))
    }
}
