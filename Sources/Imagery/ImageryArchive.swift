import FoundationEssentials
import Glibc
public import Tiling
import Wording

/// Tiles of a mosaic in one immutable file, found by matrix set and address; any number of threads may read it.
///
/// Opening reads the header and the metadata; a look-up reads a few entries of the index.
public final class ImageryArchive: Sendable {
    public let path: String
    public let metadata: ImageryMetadata
    /// Differs when any tile does.
    public let contentHash: UInt64
    private let header: ArchiveFormat.Header
    private let descriptor: Int32

    /// - Throws: `archiveNotAccessible`, `archiveDamaged`.
    public init(path: String) throws(ImageryError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let cause = unsafe String(cString: strerror(errno))
            throw ImageryError(
                code: .archiveNotAccessible,
                message: LocalisedText(
                    zh: "影像档案 \(path) 无法打开（\(cause)）；请重新导入影像", en: "the imagery archive \(path) cannot be opened (\(cause)); import the imagery again"))
        }
        do {
            let header = try Self.header(descriptor, path)
            metadata = try Self.metadata(descriptor, header, path)
            self.header = header
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        contentHash = header.contentHash
    }

    deinit { close(descriptor) }

    /// The tile; `nil` where the mosaic shows nothing.
    ///
    /// - Parameter set: a place in `metadata.sets`.
    /// - Throws: `archiveDamaged`.
    public func tile(set: Int, _ address: TileAddress) throws(ImageryError) -> StoredTile? {
        let wanted = ArchiveFormat.key(set: set, address)
        var (low, high) = (0, Int(header.tileCount))
        while low < high {
            let middle = (low + high) / 2
            let words = try Self.words(descriptor, count: 3, at: Int(header.indexOffset) + middle * ArchiveFormat.entryLength, path)
            if words[0] == wanted { return try tile(offset: words[1], length: words[2] & 0xFFFF_FFFF, format: UInt32(words[2] >> 32)) }
            if words[0] < wanted { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private func tile(offset: UInt64, length: UInt64, format: UInt32) throws(ImageryError) -> StoredTile {
        guard let format = StoredTile.Format(rawValue: format), offset <= header.indexOffset, length <= header.indexOffset - offset else {
            throw Self.damaged(path)
        }
        return StoredTile(format: format, bytes: try Self.bytes(descriptor, count: Int(length), at: Int(offset), path))
    }

    private static func header(_ descriptor: Int32, _ path: String) throws(ImageryError) -> ArchiveFormat.Header {
        let words = try words(descriptor, count: ArchiveFormat.headerLength / 8, at: 0, path)
        var status = stat()
        guard words[0] == ArchiveFormat.magic, unsafe fstat(descriptor, &status) == 0 else { throw damaged(path) }
        let header = ArchiveFormat.Header(
            contentHash: words[1], indexOffset: words[2], tileCount: words[3], metadataOffset: words[4], metadataLength: words[5])
        let length = UInt64(status.st_size)
        guard header.indexOffset >= UInt64(ArchiveFormat.headerLength), header.metadataOffset >= header.indexOffset,
            header.metadataOffset <= length, header.metadataLength == length - header.metadataOffset,
            header.metadataLength <= UInt64(ArchiveFormat.mostMetadataBytes),
            header.tileCount <= length / UInt64(ArchiveFormat.entryLength),
            header.metadataOffset - header.indexOffset == header.tileCount * UInt64(ArchiveFormat.entryLength)
        else { throw damaged(path) }
        return header
    }

    private static func metadata(_ descriptor: Int32, _ header: ArchiveFormat.Header, _ path: String) throws(ImageryError) -> ImageryMetadata {
        let bytes = try bytes(descriptor, count: Int(header.metadataLength), at: Int(header.metadataOffset), path)
        do {
            return try JSONDecoder().decode(ImageryMetadata.self, from: Data(bytes))
        } catch {
            throw damaged(path)
        }
    }

    private static func words(_ descriptor: Int32, count: Int, at offset: Int, _ path: String) throws(ImageryError) -> [UInt64] {
        let bytes = try bytes(descriptor, count: count * 8, at: offset, path)
        return (0..<count).map { i in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[i * 8 + $1]) << (8 * UInt64($1)) } }
    }

    private static func bytes(_ descriptor: Int32, count: Int, at offset: Int, _ path: String) throws(ImageryError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let n = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress! + done, count - done, offset + done) }
            if n < 0, errno == EINTR { continue }
            guard n > 0 else { throw damaged(path) }
            done += n
        }
        return bytes
    }

    private static func damaged(_ path: String) -> ImageryError {
        ImageryError(
            code: .archiveDamaged,
            message: LocalisedText(
                zh: "影像档案 \(path) 已损坏；请重新导入影像", en: "the imagery archive \(path) is damaged; import the imagery again"))
    }
}
