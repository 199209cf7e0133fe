import Glibc

/// A file mapped into memory for reading; unmapped when the last reader lets go.
///
/// Holds the address as a number, which unlike a pointer may be shared between threads: nothing ever writes there.
final class MappedFile: Sendable {
    private let address: UInt
    let length: Int

    /// - Throws: `.fileNotAccessible`, or `.fileCorrupt` for an empty file.
    init(path: String) throws(PreparedLayerError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.refusal("examine", path) }
        guard status.st_size > 0 else {
            throw PreparedLayerError(.fileCorrupt, "the prepared layer \(path) is empty; prepare the layer again")
        }
        length = Int(status.st_size)
        let base = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let base = unsafe base, unsafe base != MAP_FAILED else { throw Self.refusal("map", path) }
        address = UInt(bitPattern: base)
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), length)
    }

    /// `count` values from byte `offset` on; valid as long as the file is.
    func values<T: BitwiseCopyable>(_ type: T.Type, at offset: Int, count: Int) -> UnsafeBufferPointer<T> {
        precondition(
            offset >= 0 && count >= 0 && offset + count * MemoryLayout<T>.stride <= length
                && offset % MemoryLayout<T>.alignment == 0, "a section lies inside its file")
        return unsafe UnsafeBufferPointer(start: UnsafePointer<T>(bitPattern: address + UInt(offset)), count: count)
    }

    private static func refusal(_ verb: String, _ path: String) -> PreparedLayerError {
        PreparedLayerError(
            .fileNotAccessible, "cannot \(verb) the prepared layer \(path); see that it exists and may be read",
            cause: unsafe String(cString: strerror(errno)))
    }
}
