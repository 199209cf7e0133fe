import FoundationEssentials
import Glibc

/// Appends blocks to a file of this process in a spool. What was appended outlives the process, killed or not.
@safe
public struct SpoolWriter: ~Copyable {
    public let path: String
    private let descriptor: Int32
    private var end: Int = 0

    /// - Parameter directory: of the spool; made when it is not there.
    /// - Throws: `storageFailed`, `storageFull`.
    public init(directory: String, process: ProcessIdentity = .current) throws(JobError) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw JobError.of(error, path: directory)
        }
        var number = 0
        while true {
            let path = "\(directory)/\(process.number)-\(process.startTicks)-\(number)\(Spool.suffix)"
            let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if descriptor >= 0 {
                self.path = path
                self.descriptor = descriptor
                return
            }
            guard errno == EEXIST else { throw Spool.refusal(path) }
            number += 1
        }
    }

    deinit { close(descriptor) }

    /// Appends a block whole or not at all.
    ///
    /// - Throws: `storageFull`, `storageFailed`.
    public mutating func append(_ block: SpooledBlock) throws(JobError) {
        let bytes = SpoolRecord.bytes(block)
        var done = 0
        while done < bytes.count {
            let n = unsafe bytes.withUnsafeBytes { source in
                unsafe pwrite(descriptor, source.baseAddress.map { unsafe $0 + done }, bytes.count - done, off_t(end + done))
            }
            if n < 0, errno == EINTR { continue }
            guard n > 0 else {
                let refusal = Spool.refusal(path)
                // Readers stop at a torn record in any case; cut off, it takes no room either.
                guard ftruncate(descriptor, off_t(end)) == 0 else { throw refusal }
                throw refusal
            }
            done += n
        }
        end += bytes.count
    }

    /// Makes everything appended outlive the machine's power too.
    public func sync() throws(JobError) {
        guard fdatasync(descriptor) == 0 else { throw Spool.refusal(path) }
    }
}
