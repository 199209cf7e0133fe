public import Foundation

/// Directories that go when the process does.
public enum ScratchDirectory {
    private static let root: String = {
        let path = FileManager.default.temporaryDirectory.path + "/workmap-tests-\(ProcessInfo.processInfo.processIdentifier)"
        atexit { ScratchDirectory.remove() }
        return path
    }()

    /// - Parameter name: told apart from other directories of this process; a new one where it is not given.
    public static func make(_ name: String = UUID().uuidString) throws -> String {
        let path = root + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private static func remove() {
        do { try FileManager.default.removeItem(atPath: root) } catch { print("left behind: \(root): \(error)") }
    }
}
