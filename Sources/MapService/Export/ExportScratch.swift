import FoundationEssentials
import Glibc
import NIOCore
import Synchronization
import Wording

/// Where files lie while they are put together: a directory of the data directory, and how many may be under way at once.
final class ExportScratchRoom: Sendable {
    private let directory: String
    private let taken = Mutex<Int>(0)

    /// Files that are put together at the same time; each takes room on the disk and a thread's time.
    static let placeCount = 2

    /// Tells this process from a former one of the same number: in containers every process has the same.
    static let run = UUID().uuidString

    init(directory: String) {
        self.directory = directory
        Self.clear(directory)
    }

    /// A place for one file.
    ///
    /// - Throws: 503 while all places are taken.
    func place() throws -> ExportScratch {
        let isFree = taken.withLock { taken in
            guard taken < Self.placeCount else { return false }
            taken += 1
            return true
        }
        guard isFree else {
            throw ProblemError(
                503, .init(zh: "正在导出的文件过多", en: "Too many files are being made"),
                .init(
                    zh: "同时至多生成 \(Self.placeCount) 个文件；请稍后再试，或改用无须排队的 geojson、ndjson、csv",
                    en: "at most \(Self.placeCount) files are put together at once; try again soon, or take geojson, ndjson or csv, which need not wait"))
        }
        do {
            let path = "\(directory)/\(getpid()).\(Self.run).\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            return ExportScratch(path: path, room: self)
        } catch {
            giveBack()
            throw error
        }
    }

    fileprivate func giveBack() { taken.withLock { $0 -= 1 } }

    /// Removes what processes have left that were ended without warning: directories begin with the process's number and run.
    private static func clear(_ directory: String) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            return  // a directory that is not there yet holds nothing to clear
        }
        for name in names {
            let parts = name.split(separator: ".")
            guard parts.count >= 2, let process = Int32(parts[0]), process > 0 else { continue }
            let isDead = process == getpid() ? parts[1] != run : kill(process, 0) != 0 && errno == ESRCH
            guard isDead else { continue }
            remove("\(directory)/\(name)")
        }
    }

    fileprivate static func remove(_ path: String) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            return  // another process removed it first; what really stays is found again at the next start
        }
    }
}

/// The directory of one file in the making; it is gone when nobody holds this any more.
final class ExportScratch: Sendable {
    let path: String
    private let room: ExportScratchRoom

    fileprivate init(path: String, room: ExportScratchRoom) {
        self.path = path
        self.room = room
    }

    deinit {
        ExportScratchRoom.remove(path)
        room.giveBack()
    }
}

/// A finished file on its way to a client: nameless from the start, so that it is gone with the descriptor whatever happens.
final class ExportedFile: Sendable {
    private let descriptor: Int32
    let byteCount: Int

    /// Opens the file and takes its name away.
    init(path: String) throws {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw ExportedFileLost(reason: unsafe String(cString: strerror(errno)))
        }
        byteCount = Int(status.st_size)
        unsafe unlink(path)
    }

    deinit { close(descriptor) }

    /// The bytes from `start` on, at most `count`.
    func read(at start: Int, count: Int) throws -> [UInt8] {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, unsafe pread(descriptor, buffer.baseAddress, count, off_t(start)))
        }
        guard !bytes.isEmpty else { throw ExportedFileLost(reason: "it ends at byte \(start)") }
        return bytes
    }
}

struct ExportedFileLost: Error {
    var reason: String
}
