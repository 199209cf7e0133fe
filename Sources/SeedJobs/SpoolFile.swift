import Glibc

/// A file of a spool, read by position.
@safe
final class SpoolFile {
    let length: UInt64
    private let path: String
    private let descriptor: Int32

    init(path: String) throws(JobError) {
        self.path = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Spool.refusal(path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let refusal = Spool.refusal(path)
            close(descriptor)
            throw refusal
        }
        self.descriptor = descriptor
        length = UInt64(status.st_size)
    }

    deinit { close(descriptor) }

    /// `nil` where the file ends before.
    func read(at offset: UInt64, count: Int) throws(JobError) -> [UInt8]? {
        guard offset + UInt64(count) <= length else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let n = unsafe bytes.withUnsafeMutableBytes { target in
                unsafe pread(descriptor, target.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset) + off_t(done))
            }
            if n < 0, errno == EINTR { continue }
            guard n >= 0 else { throw Spool.refusal(path) }
            guard n > 0 else { return nil }
            done += n
        }
        return bytes
    }
}
