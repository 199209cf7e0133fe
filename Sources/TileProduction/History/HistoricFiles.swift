import FeatureStore
import FoundationEssentials
import Glibc

/// The prepared files of past states, beside those of the present, which are tidied away by other rules.
struct HistoricFiles {
    let preparer: LayerPreparer
    private let directory: DataDirectory
    private var opened: [String: PreparedLayer] = [:]
    /// File names, the one used last at the end.
    private var order: [String] = []

    init(library: MapLibrary) throws(ProductionError) {
        directory = try DataDirectory(library.directory.historyDirectory)
        preparer = LayerPreparer(
            directory: directory, registry: library.registry, served: library.served, policy: library.policy)
        order = try directory.preparedFiles().sorted()
        for file in try directory.abandonedFiles() { Self.remove("\(directory.preparedDirectory)/\(file)") }
    }

    /// `nil` where the file is missing or damaged.
    mutating func open(_ name: PreparedFileName) -> PreparedLayer? {
        order.removeAll { $0 == name.fileName }
        if let layer = opened[name.fileName] {
            order.append(name.fileName)
            return layer
        }
        do {
            let layer = try PreparedLayer(path: preparer.path(name))
            opened[name.fileName] = layer
            order.append(name.fileName)
            return layer
        } catch {
            return nil  // it is made anew
        }
    }

    /// Removes the files that were not used for longest, until the rest takes no more than the limit.
    mutating func tidy(keeping byteLimit: Int64) throws(ProductionError) {
        var sizes: [String: Int64] = [:]
        for file in order { sizes[file] = Self.size("\(directory.preparedDirectory)/\(file)") }
        var total = sizes.values.reduce(0, +)
        while total > byteLimit, let file = order.first {
            order.removeFirst()
            opened[file] = nil
            total -= sizes[file] ?? 0
            Self.remove("\(directory.preparedDirectory)/\(file)")
        }
    }

    private static func remove(_ path: String) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            return  // another process removed it first; a file that really stays is only disk space, found again next time
        }
    }

    /// 0 for a file that is gone.
    private static func size(_ path: String) -> Int64 {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}
