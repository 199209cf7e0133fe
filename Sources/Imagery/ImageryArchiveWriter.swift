import FoundationEssentials
import Glibc
import SimpleFeatures
import Tiling
import Wording

/// Writes an archive under a temporary name and gives it its own name when it is whole.
struct ImageryArchiveWriter: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32
    private var position = ArchiveFormat.headerLength
    private var entries: [ArchiveFormat.Entry] = []
    private var hash = ContentHash()

    init(path: String) throws(ImageryError) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).part"
        descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.refusal(temporaryPath) }
    }

    deinit {
        // Left open only when writing failed.
        if descriptor >= 0 {
            close(descriptor)
            unsafe unlink(temporaryPath)
        }
    }

    /// Tiles written so far.
    var count: Int { entries.count }

    mutating func append(_ tile: StoredTile, set: Int, _ address: TileAddress) throws(ImageryError) {
        let key = ArchiveFormat.key(set: set, address)
        entries.append(
            ArchiveFormat.Entry(
                key: key, offset: UInt64(position), length: UInt32(tile.bytes.count), format: tile.format.rawValue))
        hash.add(key)
        hash.add(tile.bytes)
        try write(tile.bytes)
    }

    /// Writes index, metadata and header, makes the file durable and gives it its name.
    mutating func finish(sets: [ImageryMetadata.MatrixSet], envelope: Envelope, sheets: Int) throws {
        entries.sort { $0.key < $1.key }
        var header = ArchiveFormat.Header()
        header.indexOffset = UInt64(position)
        header.tileCount = UInt64(entries.count)
        var index: [UInt8] = []
        for entry in entries {
            Self.append(entry.key, to: &index)
            Self.append(entry.offset, to: &index)
            Self.append(UInt64(entry.length) | UInt64(entry.format) << 32, to: &index)
        }
        try write(index)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let metadata = [UInt8](
            try encoder.encode(ImageryMetadata(sets: sets, envelope: envelope, sheets: sheets, tiles: entries.count)))
        header.metadataOffset = UInt64(position)
        header.metadataLength = UInt64(metadata.count)
        hash.add(metadata)
        try write(metadata)
        header.contentHash = hash.value
        let length = position
        position = 0
        try write(header.words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word.littleEndian >> (8 * UInt64($0))) } })
        guard ftruncate(descriptor, length) == 0, fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw Self.refusal(temporaryPath)
        }
        close(descriptor)
        descriptor = -1
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(i)))) }
    }

    private mutating func write(_ bytes: [UInt8]) throws(ImageryError) {
        var done = 0
        while done < bytes.count {
            let n = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, position + done) }
            if n < 0, errno == EINTR { continue }
            guard n > 0 else { throw Self.refusal(temporaryPath) }
            done += n
        }
        position += bytes.count
    }

    private static func refusal(_ path: String, _ number: Int32 = errno) -> ImageryError {
        let cause = unsafe String(cString: strerror(number))
        let isFull = number == ENOSPC || number == EDQUOT
        return ImageryError(
            code: isFull ? .storageFull : .archiveNotAccessible,
            message: LocalisedText(
                zh: "影像档案 \(path) 无法写入（\(cause)）；请检查目录、权限和磁盘空间",
                en: "the imagery archive \(path) cannot be written (\(cause)); check the directory, its permissions and the room on the disk"))
    }
}
