import FoundationEssentials
import Glibc
import Wording

/// The blocks that the processes of a job have made for one archive: a directory with a file of each process.
public struct Spool: Sendable {
    static let suffix = ".spool"

    public let directory: String

    public init(directory: String) { self.directory = directory }

    /// The block at a place; `nil` where it is damaged.
    ///
    /// - Throws: `storageFailed`.
    public func block(at place: SpoolPlace) throws(JobError) -> SpooledBlock? {
        let file = try SpoolFile(path: "\(directory)/\(place.segment)")
        return try file.read(at: place.offset, count: SpoolRecord.headLength + place.length).flatMap { SpoolRecord.block($0[...]) }
    }

    /// Where all blocks lie, those that were made more than once as often.
    public func allPlaces() throws(JobError) -> [SpoolPlace] {
        var all: [SpoolPlace] = []
        for segment in try segments() { all += try places(in: segment, from: 0).places }
        return all
    }

    /// The whole blocks of a file from an offset on, and where they end.
    func places(in segment: String, from start: UInt64) throws(JobError) -> (places: [SpoolPlace], end: UInt64) {
        let file = try SpoolFile(path: "\(directory)/\(segment)")
        var places: [SpoolPlace] = []
        var offset = start
        while let head = try file.read(at: offset, count: SpoolRecord.headLength), let found = SpoolRecord.head(head[...]) {
            var place = found.place
            let end = offset + UInt64(SpoolRecord.headLength + place.length)
            guard end <= file.length else { break }
            (place.segment, place.offset) = (segment, offset)
            places.append(place)
            offset = end
        }
        return (places, offset)
    }

    /// Lends the blocks at some places one after the other; `nil` for one that is damaged.
    public func forEachBlock(at places: [SpoolPlace], _ body: (SpoolPlace, SpooledBlock?) throws -> Void) throws {
        var files: [String: SpoolFile] = [:]
        for place in places {
            let file = try files[place.segment] ?? SpoolFile(path: "\(directory)/\(place.segment)")
            files[place.segment] = file
            let bytes = try file.read(at: place.offset, count: SpoolRecord.headLength + place.length)
            try body(place, bytes.flatMap { SpoolRecord.block($0[...]) })
        }
    }

    /// Deletes it; one that is not there is as good.
    public func remove() throws(JobError) {
        do {
            guard FileManager.default.fileExists(atPath: directory) else { return }
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            throw JobError.of(error, path: directory)
        }
    }

    func segments() throws(JobError) -> [String] {
        do {
            guard FileManager.default.fileExists(atPath: directory) else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(Self.suffix) }.sorted()
        } catch {
            throw JobError.of(error, path: directory)
        }
    }

    static func refusal(_ path: String, _ number: Int32 = errno) -> JobError {
        if number == ENOSPC || number == EDQUOT { return JobError.full(path) }
        let cause = unsafe String(cString: strerror(number))
        return JobError(
            code: .storageFailed,
            message: .init(
                zh: "\(path) 无法读写（\(cause)）；请检查目录和权限",
                en: "\(path) cannot be read or written (\(cause)); check the directory and its permissions"))
    }
}
