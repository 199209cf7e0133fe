import FoundationEssentials
import Glibc

/// The name that a file has until it is whole: the wanted one, the process that writes it, and `.part`.
enum PartialFile {
    private static let ending = ".part"

    /// The temporary name, after what processes that are gone have left under such names is removed.
    static func name(for path: String) throws(TileArchiveError) -> String {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ArchiveFile.refusal(path, writing: true, ENOENT)
        }
        for name in names where name.hasPrefix(url.lastPathComponent + ".") && name.hasSuffix(ending) {
            let middle = name.dropFirst(url.lastPathComponent.count + 1).dropLast(ending.count)
            guard let process = Int32(middle), process > 0, kill(process, 0) != 0, errno == ESRCH else { continue }
            unsafe unlink(folder + "/" + name)
        }
        return "\(path).\(getpid())\(ending)"
    }

    /// Makes what is written durable, then gives it its name, which holds after a loss of power too.
    static func takeName(_ descriptor: Int32, from temporary: String, to path: String) throws(TileArchiveError) {
        guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
            throw ArchiveFile.refusal(temporary, writing: true)
        }
        let folder = unsafe open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw ArchiveFile.refusal(path, writing: true) }
        defer { close(folder) }
        // Some file systems have no durable folders; they say EINVAL and have done what they can.
        guard fsync(folder) == 0 || errno == EINVAL else { throw ArchiveFile.refusal(path, writing: true) }
    }
}
