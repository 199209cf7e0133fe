import Glibc

/// A file that appears whole under its name or not at all; bytes are gathered before they are written.
final class FileSink {
    let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isPlaced = false
    /// Bytes taken so far, written or not.
    private(set) var count = 0

    private static let flushBytes = 1 << 20

    init(path: String) throws(WriterError) {
        self.path = path
        temporary = path + ".part"
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileSink.failure(temporary) }
        buffer.reserveCapacity(FileSink.flushBytes + (64 << 10))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isPlaced { unsafe unlink(temporary) }
    }

    func append(_ bytes: some Collection<UInt8>) throws(WriterError) {
        buffer.append(contentsOf: bytes)
        count += bytes.count
        if buffer.count >= FileSink.flushBytes { try flush() }
    }

    /// Overwrites bytes that were appended before.
    func overwrite(at offset: Int, _ bytes: [UInt8]) throws(WriterError) {
        try flush()
        let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
        guard written == bytes.count else { throw FileSink.failure(temporary) }
    }

    /// Puts the file in its place, over one that is there.
    func finish() throws(WriterError) {
        try flush()
        guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else { throw FileSink.failure(path) }
        isPlaced = true
    }

    private func flush() throws(WriterError) {
        var done = 0
        while done < buffer.count {
            let written = unsafe buffer.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done) }
            guard written > 0 else { throw FileSink.failure(temporary) }
            done += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String) -> WriterError {
        WriterError(
            code: .fileNotWritable, message: "\(path): \(unsafe String(cString: strerror(errno))); check the folder, its permissions and the space left")
    }
}
