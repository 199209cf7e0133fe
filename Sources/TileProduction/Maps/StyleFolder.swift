import FoundationEssentials
import Glibc
import Portrayal

/// The files one style is made of, and the variants that derive from it.
///
/// `<id>/style.json`, its icons in `<id>/icons`, one variant a file in `<id>/variants`. The last directory that has a
/// style document of the id gives document and icons; variants come from all of them, the last of a name winning.
struct StyleFolder {
    let id: String
    /// Where the document and its icons lie.
    private(set) var directory: String
    /// Files by the name of the variant.
    private(set) var variants: [String: String] = [:]

    /// The styles under some directories, by id.
    static func all(in directories: [String]) -> [StyleFolder] {
        var found: [String: StyleFolder] = [:]
        for directory in directories {
            for name in names(in: directory) {
                let path = "\(directory)/\(name)"
                if FileManager.default.fileExists(atPath: path + "/style.json") {
                    found[name, default: StyleFolder(id: name, directory: path)].directory = path
                }
                for file in names(in: path + "/variants") where file.hasSuffix(".json") {
                    found[name]?.variants[String(file.dropLast(5))] = "\(path)/variants/\(file)"
                }
            }
        }
        return found.values.sorted { $0.id < $1.id }
    }

    /// Sizes and times of modification of everything the style and its variants are made of.
    var stamp: String { (files + variants.values.sorted()).map(Self.stamp).joined(separator: "\n") }

    /// Asked ten times a second: Foundation's attributes would look up the names of owner and group as well, in files.
    private static func stamp(of file: String) -> String {
        var status = stat()
        // A vanished file changes the stamp.
        guard unsafe stat(file, &status) == 0 else { return file }
        return "\(file) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    /// The document and its icons.
    func read() throws(PortrayalError) -> (document: JSONValue, sprites: SpriteBuilder) {
        var document = JSONValue.object([:])
        var sprites = SpriteBuilder()
        for file in files {
            try Self.checkSize(of: file)
            let data = try Self.content(of: file)
            if file.hasSuffix("/style.json") {
                document = try JSONValue(json: data)
            } else {
                try IconFile(path: file).add(data, to: &sprites)
            }
        }
        return (document, sprites)
    }

    /// The variant of a name that `variants` holds.
    func variant(_ name: String, file: String) throws(PortrayalError) -> StyleVariant {
        try StyleVariant(source: id, name: name, json: try Self.content(of: file))
    }

    private var files: [String] {
        [directory + "/style.json"]
            + Self.names(in: directory + "/icons").filter { name in IconFile.endings.contains { name.hasSuffix($0) } }
                .map { "\(directory)/icons/\($0)" }
    }

    private static func names(in directory: String) -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        return ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()  // unreadable is empty
    }

    private static func checkSize(of file: String) throws(PortrayalError) {
        let size: Int
        do {
            size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        } catch {
            throw unreadable(file)
        }
        guard size <= Style.sizeLimitInBytes else {
            let (megabytes, limit) = (size >> 20, Style.sizeLimitInBytes >> 20)
            throw PortrayalError(
                .invalidStyle,
                "\(file) 有 \(megabytes) MB，超过上限 \(limit) MB；大量数据请导入为图层 / \(file) has \(megabytes) MB, the limit is \(limit); "
                    + "import bulky data as a layer")
        }
    }

    private static func unreadable(_ file: String) -> PortrayalError {
        PortrayalError(.invalidJSON, "无法读取 \(file)，请检查权限 / \(file) cannot be read; check its permissions")
    }

    private static func content(of file: String) throws(PortrayalError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw unreadable(file)
        }
        return [UInt8](data)
    }
}
