import FeatureStore
import FoundationEssentials
import Wording

/// Which registry the files of a data directory were derived from, and at which moment of it, on disk.
///
/// Files go by the version of their layer, and another registry gives the same numbers to other data: one that was put in its place, or
/// an older copy that has gone on from there.
struct PreparedOrigin {
    private let directory: DataDirectory

    init(_ directory: DataDirectory) { self.directory = directory }

    private var path: String { directory.path + "/origin.json" }

    /// `nil` where nothing is known: files made by an earlier program, or none at all.
    func read() -> RegistryMoment? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(RegistryMoment.self, from: data)
        } catch {
            return nil  // what cannot be read says nothing, and is written anew
        }
    }

    /// Writes the moment down where it can: on a full disk or a medium that cannot be written, what is there is served all the same.
    func write(_ moment: RegistryMoment) {
        do {
            try JSONEncoder().encode(moment).write(to: URL(filePath: path), options: .atomic)
        } catch {
            // An older moment of the same registry says as much of the files that there are, and one of another registry has them
            // made again once more: neither gives anything wrong.
            return
        }
    }

    /// Removes all that can be derived again. Archives of imagery cannot, and stay.
    ///
    /// - Throws: `storage` where a file stays.
    func removeDerived() throws(ProductionError) {
        var paths = try directory.preparedFiles().filter { PreparedFileName(fileName: $0)?.kind != .imagery }
            .map { "\(directory.preparedDirectory)/\($0)" }
        if FileManager.default.fileExists(atPath: directory.historyDirectory) { paths.append(directory.historyDirectory) }
        for path in paths {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch where FileManager.default.fileExists(atPath: path) {
                throw ProductionError(
                    code: .storage,
                    message: .init(
                        zh: "\(path) 由另一登记库生成，无法删除；请检查目录权限",
                        en: "\(path) was made of another registry and cannot be removed; check the directory's permissions"),
                    cause: error)
            } catch {
                continue  // another process was first
            }
        }
    }
}

extension MapLibrary {
    /// Lets go of all that was derived from another registry than the one that is there, or from a life that it has not had.
    ///
    /// - Returns: whether there was any.
    func leaveForeignFiles() async throws -> Bool {
        let origin = PreparedOrigin(directory)
        let (known, now) = (origin.read(), try await registry.moment())
        var (isDiskForeign, isOwnForeign) = (false, false)
        if let known, known != now { isDiskForeign = try await !registry.hasLived(through: known) }
        // Another process may have been first to notice, and have made anew what this one still has open.
        if let servedMoment, servedMoment != now { isOwnForeign = try await !registry.hasLived(through: servedMoment) }
        if isDiskForeign { try origin.removeDerived() }
        if isDiskForeign || isOwnForeign {
            (opened, openedNames, openedImagery, failures) = ([:], [:], [:], [:])
            edited = EditedLayers()
        }
        if known != now { origin.write(now) }
        servedMoment = now
        return isDiskForeign || isOwnForeign
    }
}
