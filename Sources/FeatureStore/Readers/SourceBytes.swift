import Glibc

/// The bytes of one file, or of one part of an archive, for as long as the object lives.
///
/// Files are mapped, so that a file larger than memory can be read; they must not be shortened meanwhile.
@safe
final class SourceBytes {
    /// What messages call it.
    let name: String
    let count: Int
    private let base: UnsafeMutableRawPointer?
    private let isMapped: Bool

    /// Maps the file at `path`.
    init(path: String) throws(ReaderError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let isAbsent = errno == ENOENT
            throw ReaderError(
                code: isAbsent ? .fileNotFound : .fileNotReadable,
                message: "\(path): \(unsafe String(cString: strerror(errno))); check the path and its permissions")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ReaderError(code: .fileNotReadable, message: "\(path): not a regular file; give a file, not a folder or a pipe")
        }
        name = path
        count = Int(status.st_size)
        isMapped = true
        guard count > 0 else {
            unsafe base = nil
            return
        }
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw ReaderError(
                code: .fileNotReadable, message: "\(path): \(unsafe String(cString: strerror(errno))); the file cannot be mapped")
        }
        unsafe madvise(mapped, count, MADV_SEQUENTIAL)
        unsafe base = unsafe mapped
    }

    /// Memory of `count` bytes that `fill` writes whole.
    init<E: Error>(name: String, count: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void) throws(E) {
        self.name = name
        self.count = count
        isMapped = false
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 16)
        unsafe base = memory.baseAddress
        unsafe try fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
    }

    /// A copy of `bytes`.
    convenience init(name: String, bytes: [UInt8]) {
        unsafe self.init(name: name, count: bytes.count) { (target: UnsafeMutableRawBufferPointer) in unsafe target.copyBytes(from: bytes) }
    }

    deinit {
        if isMapped {
            if let base = unsafe base { unsafe munmap(base, count) }
        } else {
            unsafe base?.deallocate()
        }
    }

    func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
        return unsafe try body(Span(_unsafeBytes: buffer))
    }

    /// Whether a file is there that can be opened.
    static func exists(_ path: String) -> Bool {
        unsafe access(path, R_OK) == 0
    }
}
