import Foundation
import Glibc
import Testing

/// A file system of a few megabytes in memory.
enum SmallDisk {
    /// Whether this user may mount one.
    static let canMount: Bool = {
        do {
            let probe = try TemporaryDirectory()
            guard mount(at: probe.path) else { return false }
            try unmount(probe.path)
            return true
        } catch {
            return false
        }
    }()

    static func mount(at path: String, megabytes: Int = 6) -> Bool {
        guard geteuid() == 0 else { return false }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/mount")
        process.arguments = ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// As an operator makes room.
    static func enlarge(_ path: String) throws {
        let process = try Process.run(URL(filePath: "/bin/mount"), arguments: ["-o", "remount,size=64m", path])
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    static func unmount(_ path: String) throws {
        let process = try Process.run(URL(filePath: "/bin/umount"), arguments: [path])
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(path) is still mounted")
    }
}
