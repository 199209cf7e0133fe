import Glibc

/// Writes a prepared layer's file under a temporary name and gives it its own name when it is whole.
struct PreparedFileWriter: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32
    private var position = 0
    private var hash = PreparedFileHash()
    private var entries: [PreparedHeader.Entry] = []
    private let headerLength: Int

    init(path: String, sectionCount: Int) throws(PreparedLayerError) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).part"
        headerLength = PreparedHeader.byteCount(entryCount: sectionCount)
        descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.refusal("create", temporaryPath) }
        position = headerLength
    }

    deinit {
        // Left open only when writing failed.
        if descriptor >= 0 {
            close(descriptor)
            unsafe unlink(temporaryPath)
        }
    }

    mutating func write<T: BitwiseCopyable>(_ section: PreparedSection, index: Int = 0, _ values: [T]) throws(PreparedLayerError) {
        let length = values.count * MemoryLayout<T>.stride
        entries.append(
            PreparedHeader.Entry(
                section: section.rawValue, index: UInt32(index), offset: UInt64(position), length: UInt64(length)))
        let failure = unsafe values.withUnsafeBytes { bytes in
            for i in 0..<(length / 8) {
                unsafe hash.add(bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self))
            }
            return unsafe writeAll(bytes, at: position)
        }
        guard failure == 0 else { throw Self.refusal("write", temporaryPath, failure) }
        for i in (length / 8 * 8)..<length {
            hash.add(unsafe values.withUnsafeBytes { unsafe UInt64($0[i]) })
        }
        position += (length + PreparedHeader.alignment - 1) / PreparedHeader.alignment * PreparedHeader.alignment
    }

    /// Writes the header, makes the file durable and gives it its name.
    /// - Returns: the hash of the features.
    mutating func finish(featureCount: Int, partCount: Int, vertexCount: Int) throws(PreparedLayerError) -> UInt64 {
        var header = PreparedHeader()
        (header.featureCount, header.partCount) = (UInt64(featureCount), UInt64(partCount))
        (header.vertexCount, header.fileLength) = (UInt64(vertexCount), UInt64(position))
        (header.fileHash, header.entries) = (hash.value, entries)
        precondition(PreparedHeader.byteCount(entryCount: entries.count) == headerLength, "as many sections as announced")
        guard ftruncate(descriptor, position) == 0 else { throw Self.refusal("write", temporaryPath) }
        try write(header)
        header.contentHash = try PreparedLayer(path: temporaryPath).hashOfFeatures()
        try write(header)
        guard fsync(descriptor) == 0 else { throw Self.refusal("write", temporaryPath) }
        close(descriptor)
        descriptor = -1
        guard unsafe rename(temporaryPath, path) == 0 else {
            let failure = errno
            unsafe unlink(temporaryPath)
            throw Self.refusal("rename to \(path)", temporaryPath, failure)
        }
        return header.contentHash
    }

    private func write(_ header: PreparedHeader) throws(PreparedLayerError) {
        let failure = unsafe header.words.withUnsafeBytes { unsafe writeAll($0, at: 0) }
        guard failure == 0 else { throw Self.refusal("write", temporaryPath, failure) }
    }

    /// 0 or the error number.
    private func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        var done = 0
        while done < bytes.count {
            let n = unsafe pwrite(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30), offset + done)
            if n < 0 && errno == EINTR { continue }
            if n <= 0 { return n < 0 ? errno : EIO }
            done += n
        }
        return 0
    }

    private static func refusal(_ verb: String, _ path: String, _ number: Int32 = errno) -> PreparedLayerError {
        PreparedLayerError(
            number == ENOSPC || number == EDQUOT ? .storageFull : .fileNotAccessible,
            "cannot \(verb) \(path); see that its directory exists, may be written and has room",
            cause: unsafe String(cString: strerror(number)))
    }
}
