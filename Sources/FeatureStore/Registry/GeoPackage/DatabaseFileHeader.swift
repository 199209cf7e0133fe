internal import Glibc

/// What an SQLite file says of its own length (its format, section 1.3).
struct DatabaseFileHeader {
    private let pageSize: Int64
    private let pageCount: Int64
    private let fileSize: Int64

    private static let length = 32
    private static let magic = Array("SQLite format 3\0".utf8)

    /// `nil` where the name leads to no SQLite file.
    init?(path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.length)
        var status = stat()
        let count = unsafe pread(descriptor, &bytes, Self.length, 0)
        guard count == Self.length, bytes.starts(with: Self.magic), unsafe fstat(descriptor, &status) == 0 else { return nil }
        let size = Int64(bytes[16]) << 8 | Int64(bytes[17])
        pageSize = size == 1 ? 65_536 : size
        pageCount = bytes[28..<32].reduce(0) { $0 << 8 | Int64($1) }
        fileSize = Int64(status.st_size)
    }

    /// Whether the file has all of its pages. SQLite itself takes those that there are for all.
    var isWhole: Bool { fileSize >= pageSize * pageCount }
}
